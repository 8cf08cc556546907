package io.kohakuvault.sql;

import io.kohakuvault.arrow.duckdb.ParquetTypes;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A query's result as Parquet. Columns that are columns of tables keep their types in the file's metadata, as an export
 * of the table has them; integers of 128 bits, which DuckDB would round to a DOUBLE, become decimals.
 */
final class ParquetResult {
    private ParquetResult() {}

    /** A result's columns, by name and DuckDB's type. */
    private record Columns(List<String> names, List<String> types) {}

    /**
     * Writes it; the file is there whole or not at all.
     *
     * @param query one statement
     * @return how many rows there are
     */
    static long copy(VaultSql vault, String query, Path target) throws SQLException {
        String asked = SqlText.oneStatement(query);
        return ResultFiles.replace(target, vault.file(), part -> {
            SqlConnection connection = vault.connect(false);
            try {
                return write(connection, asked, part);
            } finally {
                connection.proxy().close();
            }
        });
    }

    private static long write(SqlConnection connection, String query, Path file) throws SQLException {
        Columns columns = columns(connection, query);
        String types = columns == null ? "" : types(connection, query, columns);
        String options = "FORMAT parquet, COMPRESSION zstd"
                + (types.isEmpty() ? "" : ", KV_METADATA {'" + ParquetTypes.KEY + "': " + SqlText.literal(types) + "}");
        try (Statement statement = connection.proxy().createStatement()) {
            return statement.executeUpdate("COPY (" + (columns == null ? query : withDecimals(query, columns))
                    + "\n) TO " + SqlText.literal(file.toString()) + " (" + options + ")");
        }
    }

    /** What the query answers; null where DuckDB does not tell, and will say why when it is executed. */
    private static @Nullable Columns columns(SqlConnection connection, String query) {
        try (PreparedStatement prepared = connection.proxy().prepareStatement(query)) {
            ResultSetMetaData columns = prepared.getMetaData();
            if (columns == null) {
                return null;
            }
            List<String> types = new ArrayList<>();
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                types.add(columns.getColumnTypeName(i));
            }
            return new Columns(KnownTypes.names(columns), types);
        } catch (SQLException e) {
            return null;
        }
    }

    private static String withDecimals(String query, Columns columns) {
        List<String> types =
                columns.types().stream().map(DuckDbTypes::withDecimals).toList();
        if (types.equals(columns.types())) {
            return query;
        }
        List<Integer> places =
                IntStream.range(0, columns.names().size()).boxed().toList();
        String selected = places.stream()
                .map(i -> "c" + i
                        + (types.get(i).equals(columns.types().get(i)) ? "" : "::" + types.get(i)) + " AS "
                        + SqlText.quoted(columns.names().get(i)))
                .collect(Collectors.joining(", "));
        return "SELECT " + selected + " FROM (" + query + "\n) AS result("
                + places.stream().map(i -> "c" + i).collect(Collectors.joining(", ")) + ")";
    }

    /** The columns whose types are known, as {@code vault schema} prints them. */
    private static String types(SqlConnection connection, String query, Columns columns) throws SQLException {
        return ParquetTypes.text(KnownTypes.of(KnownTypes.plan(connection, query), columns.names()));
    }
}
