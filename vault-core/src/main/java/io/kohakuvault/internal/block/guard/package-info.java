/** Keeping KohakuVault from writing columns, and what can be derived from their bytes then. */
@NullMarked
package io.kohakuvault.internal.block.guard;

import org.jspecify.annotations.NullMarked;
