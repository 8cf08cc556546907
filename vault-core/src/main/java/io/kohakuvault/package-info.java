/**
 * The entry point: a {@link io.kohakuvault.Vault} is one file, a {@link io.kohakuvault.Snapshot} one consistent view
 * over it.
 */
@NullMarked
package io.kohakuvault;

import org.jspecify.annotations.NullMarked;
