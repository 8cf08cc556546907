/**
 * Offsets over their table.
 */
@NullMarked
package io.kohakuvault.internal.offset;

import org.jspecify.annotations.NullMarked;
