/**
 * What looks after a file: knows every table of the format, but not how its features work.
 */
@NullMarked
package io.kohakuvault.internal.maintenance;

import org.jspecify.annotations.NullMarked;
