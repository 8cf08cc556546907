/**
 * SQL over a vault, by DuckDB.
 *
 * <pre>{@code
 * try (Connection sql = VaultSql.connect(vault);
 *         Statement statement = sql.createStatement();
 *         ResultSet rows = statement.executeQuery("SELECT carrier, avg(delay) FROM flights GROUP BY carrier")) {
 *     while (rows.next()) {
 *         System.out.println(rows.getString(1) + " " + rows.getDouble(2));
 *     }
 * }
 * }</pre>
 */
@NullMarked
package io.kohakuvault.sql;

import org.jspecify.annotations.NullMarked;
