/**
 * SQL by DuckDB over Arrow batches of a vault.
 *
 * <pre>{@code
 * try (BufferAllocator allocator = VaultArrow.allocator();
 *         DuckDBConnection duck = DriverManager.getConnection("jdbc:duckdb:").unwrap(DuckDBConnection.class)) {
 *     DuckDbArrow.register(duck, "flights", VaultArrow.scan(snapshot, "flights").open(allocator), allocator);
 *     try (Statement sql = duck.createStatement();
 *             ResultSet rows = sql.executeQuery("SELECT carrier, avg(delay) FROM flights GROUP BY carrier")) {
 *         while (rows.next()) System.out.println(rows.getString(1) + " " + rows.getDouble(2));
 *     }
 * }
 * }</pre>
 */
@NullMarked
package io.kohakuvault.arrow.duckdb;

import org.jspecify.annotations.NullMarked;
