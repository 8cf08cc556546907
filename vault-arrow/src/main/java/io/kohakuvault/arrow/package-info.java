/**
 * Column slices of a snapshot as Arrow batches. Start at {@link io.kohakuvault.arrow.VaultArrow}.
 */
@NullMarked
package io.kohakuvault.arrow;

import org.jspecify.annotations.NullMarked;
