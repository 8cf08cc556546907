package io.kohakuvault.sql;

import io.kohakuvault.arrow.duckdb.DuckDbArrow;
import io.kohakuvault.table.SchemaColumn;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.duckdb.DuckDBResultSet;

/** Results as batches, of which few are in memory. */
final class StreamedResult {
    static final String SETTING = "jdbc_stream_results";
    private static final int BATCH_ROWS = 65_536;

    private StreamedResult() {}

    /** Reads a result. */
    @FunctionalInterface
    interface Reading {
        /**
         * Reads all of it.
         *
         * @param columns those that mean more than the batches say
         * @return how many rows there are
         */
        long read(ArrowReader batches, List<SchemaColumn> columns) throws SQLException, IOException;
    }

    /** Executes a query and hands its result on, while DuckDB works on. */
    static long read(VaultSql vault, String query, Reading reading) throws SQLException, IOException {
        try (Connection connection = vault.connection()) {
            try (Statement setting = connection.createStatement()) {
                setting.execute("SET SESSION " + SETTING + " = true");
            }
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(query);
                    ArrowReader batches = (ArrowReader)
                            rows.unwrap(DuckDBResultSet.class).arrowExportStream(vault.allocator(), BATCH_ROWS)) {
                return reading.read(batches, DuckDbArrow.columns(rows.getMetaData()));
            }
        }
    }
}
