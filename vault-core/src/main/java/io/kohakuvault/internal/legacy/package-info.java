/**
 * Columns as KohakuVault 0.x laid them out: found and read, never written.
 */
@NullMarked
package io.kohakuvault.internal.legacy;

import org.jspecify.annotations.NullMarked;
