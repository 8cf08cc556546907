/**
 * Tables from CSV and JSON lines, and to them: {@link io.kohakuvault.tabular.VaultCsv} and {@link
 * io.kohakuvault.tabular.VaultJsonLines}. The command {@code vault} imports and exports through this.
 *
 * <pre>{@code
 * try (Vault vault = Vault.open(Path.of("flights.db"))) {
 *     long rows = VaultCsv.read(Path.of("flights.csv.gz")).nulls("NA").into(vault, "flights");
 *     System.out.println(rows + " rows of " + vault.tables().get("flights").schema());
 *     try (Snapshot snapshot = vault.snapshot()) {
 *         VaultJsonLines.write(snapshot, "flights").columns("carrier", "delay").to(Path.of("delays.jsonl"));
 *     }
 * }
 * }</pre>
 */
@NullMarked
package io.kohakuvault.tabular;

import org.jspecify.annotations.NullMarked;
