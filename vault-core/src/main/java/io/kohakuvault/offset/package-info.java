/**
 * The ledger of what a source has delivered: the base of exactly-once writing.
 *
 * <pre>{@code
 * Claim claim = vault.offsets().claim("my-import", "events", 0); // fences whoever had it before
 * long next = Math.max(0, claim.nextOffset());
 * vault.transact(() -> {
 *     vault.kv("events").put("event:" + next, bytes);
 *     vault.offsets().advance(claim, next + 1); // committed with what was delivered
 * });
 * }</pre>
 *
 * <p>The interfaces here are implemented by this library alone, and may get further methods.
 */
@NullMarked
package io.kohakuvault.offset;

import org.jspecify.annotations.NullMarked;
