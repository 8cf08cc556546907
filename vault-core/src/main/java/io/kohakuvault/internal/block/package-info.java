/**
 * Blocks of columns: their directory, their bytes, how they grow.
 */
@NullMarked
package io.kohakuvault.internal.block;

import org.jspecify.annotations.NullMarked;
