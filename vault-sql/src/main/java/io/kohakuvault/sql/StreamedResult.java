package io.kohakuvault.sql;

import io.kohakuvault.arrow.ForwardingArrowReader;
import io.kohakuvault.arrow.duckdb.DuckDbArrow;
import io.kohakuvault.arrow.duckdb.ParquetTypes;
import io.kohakuvault.table.SchemaColumn;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.duckdb.DuckDBResultSet;

/** Results as batches, of which few are in memory. */
final class StreamedResult {
    static final String SETTING = "jdbc_stream_results";

    /** How a statement begins that changes nothing else. */
    static final List<String> SETTING_WORDS = List.of("SET", "SESSION", "JDBC_STREAM_RESULTS");

    private static final int BATCH_ROWS = 65_536;

    private StreamedResult() {}

    /** Reads a result. */
    @FunctionalInterface
    interface Reading {
        /**
         * Reads all of it.
         *
         * @param columns those that mean more than the batches' types say; their fields tell it too
         * @return how many rows there are
         */
        long read(ArrowReader batches, List<SchemaColumn> columns) throws SQLException, IOException;
    }

    /** Executes a query and hands its result on, while DuckDB works on. */
    static long read(VaultSql vault, String statements, Reading reading) throws SQLException, IOException {
        String query = SqlText.oneStatement(statements);
        vault.running().lock().lock();
        try {
            return readOpen(vault, query, reading);
        } finally {
            vault.running().lock().unlock();
        }
    }

    private static long readOpen(VaultSql vault, String query, Reading reading) throws SQLException, IOException {
        SqlConnection own = vault.connect(false);
        try (Connection connection = own.proxy()) {
            try (Statement setting = connection.createStatement()) {
                setting.execute("SET SESSION " + SETTING + " = true");
            }
            try (Statement statement = connection.createStatement()) {
                Cancellable result = new Cancellable(own, statement);
                vault.running().began(result);
                try (ResultSet rows = statement.executeQuery(query)) {
                    checkTold(rows.getMetaData());
                    List<SchemaColumn> columns = KnownTypes.more(
                            DuckDbArrow.columns(rows.getMetaData()),
                            KnownTypes.of(SqlStatement.executed(statement), KnownTypes.names(rows.getMetaData())));
                    return readBatches(vault, rows, columns, result, reading);
                } catch (SQLException | IOException e) {
                    if (result.isCancelled) {
                        throw new SQLException(Cancellable.CANCELLED, e);
                    }
                    throw e;
                } finally {
                    vault.running().ended(result);
                }
            }
        } catch (SQLException e) {
            throw String.valueOf(e.getMessage()).endsWith("Invalid result set") ? told(vault, query, e) : e;
        }
    }

    /**
     * The driver keeps to itself why a result has failed that is a stream: executed once more, and not read, the query
     * says it. What it would change, where it does not fail again, is undone.
     */
    private static SQLException told(VaultSql vault, String query, SQLException untold) {
        try (Connection connection = vault.connection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            try {
                statement.execute("EXPLAIN ANALYZE " + query);
            } finally {
                connection.rollback();
            }
            return untold;
        } catch (SQLException e) {
            e.addSuppressed(untold);
            return e;
        }
    }

    private static long readBatches(
            VaultSql vault, ResultSet rows, List<SchemaColumn> columns, Cancellable result, Reading reading)
            throws SQLException, IOException {
        try (ArrowReader batches = new ForwardingArrowReader(
                vault.allocator(),
                (ArrowReader) rows.unwrap(DuckDBResultSet.class).arrowExportStream(vault.allocator(), BATCH_ROWS),
                result,
                field -> columns.stream()
                        .filter(column -> column.name().equals(field.getName()))
                        .findFirst()
                        .map(column -> ParquetTypes.field(field, column))
                        .orElse(field))) {
            return reading.read(batches, columns);
        }
    }

    /** Refuses by name what DuckDB's batches hand out as something else: bits as bytes, times without their offset. */
    private static void checkTold(ResultSetMetaData columns) throws SQLException {
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            String type = columns.getColumnTypeName(i);
            String untold = DuckDbTypes.untold(type);
            if (untold != null) {
                throw new IllegalArgumentException("column '" + columns.getColumnLabel(i)
                        + (untold.equals(type) ? "' is " : "' holds values of ") + untold
                        + ", which does not cross; cast it in the query");
            }
        }
    }

    /** A result that is read, which another thread may end. */
    static final class Cancellable implements ForwardingArrowReader.Loading {
        private static final String CANCELLED = "the query was cancelled";

        private final SqlConnection connection;
        private final Statement statement;

        private volatile boolean isCancelled;

        Cancellable(SqlConnection connection, Statement statement) {
            this.connection = connection;
            this.statement = statement;
        }

        /** No further batch is handed on, and DuckDB computes the next one no longer. */
        void cancel() {
            isCancelled = true;
            try {
                statement.cancel();
            } catch (SQLException e) {
                // it has ended meanwhile
            }
            connection.interruptStreams();
        }

        @Override
        public boolean load(ArrowReader batches) throws IOException {
            if (isCancelled) {
                throw new IOException(CANCELLED);
            }
            boolean isThere = batches.loadNextBatch();
            if (isCancelled) {
                throw new IOException(CANCELLED);
            }
            return isThere;
        }
    }
}
