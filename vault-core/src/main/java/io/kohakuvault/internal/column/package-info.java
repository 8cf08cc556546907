/**
 * Columns over blocks.
 */
@NullMarked
package io.kohakuvault.internal.column;

import org.jspecify.annotations.NullMarked;
