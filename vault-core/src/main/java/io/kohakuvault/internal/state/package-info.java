/** States of the file: what a read transaction sees, held for as long as somebody reads it, and the newest one. */
@NullMarked
package io.kohakuvault.internal.state;

import org.jspecify.annotations.NullMarked;
