/**
 * The entry point: a {@link io.kohakuvault.Vault} is one file, a {@link io.kohakuvault.Snapshot} one consistent view
 * over it.
 *
 * <pre>{@code
 * try (Vault vault = Vault.open(Path.of("data.db"))) {
 *     vault.transact(() -> { // all of it or nothing, whatever it touches
 *         vault.kv("media").putValue("video:42", Map.of("fps", 60));
 *         vault.columns().ensure("ids", DType.I64).append(42);
 *         vault.text("docs").insert("a video of a talk", 42L);
 *     });
 *     try (Snapshot snapshot = vault.snapshot()) {
 *         System.out.println(snapshot.contents().list());
 *     }
 * }
 * }</pre>
 */
@NullMarked
package io.kohakuvault;

import org.jspecify.annotations.NullMarked;
