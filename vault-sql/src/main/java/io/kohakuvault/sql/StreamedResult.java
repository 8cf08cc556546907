package io.kohakuvault.sql;

import io.kohakuvault.arrow.duckdb.DuckDbArrow;
import io.kohakuvault.table.SchemaColumn;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
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
         * @param columns those that mean more than the batches say
         * @return how many rows there are
         */
        long read(ArrowReader batches, List<SchemaColumn> columns) throws SQLException, IOException;
    }

    /** Executes a query and hands its result on, while DuckDB works on. */
    static long read(VaultSql vault, String query, Reading reading) throws SQLException, IOException {
        vault.running().lock().lock();
        try {
            return readOpen(vault, query, reading);
        } finally {
            vault.running().lock().unlock();
        }
    }

    private static long readOpen(VaultSql vault, String query, Reading reading) throws SQLException, IOException {
        try (Connection connection = vault.connection()) {
            try (Statement setting = connection.createStatement()) {
                setting.execute("SET SESSION " + SETTING + " = true");
            }
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(query);
                    Batches batches = new Batches(vault.allocator(), (ArrowReader)
                            rows.unwrap(DuckDBResultSet.class).arrowExportStream(vault.allocator(), BATCH_ROWS))) {
                vault.running().began(batches);
                try {
                    return reading.read(batches, DuckDbArrow.columns(rows.getMetaData()));
                } catch (IOException e) {
                    if (batches.isCancelled) {
                        throw new SQLException(Batches.CANCELLED, e);
                    }
                    throw e;
                } finally {
                    vault.running().ended(batches);
                }
            }
        }
    }

    /** The batches of a result, which another thread may end; closing them closes those of DuckDB. */
    static final class Batches extends ArrowReader {
        private static final String CANCELLED = "the query was cancelled";

        private final ArrowReader batches;
        private volatile boolean isCancelled;

        private Batches(BufferAllocator allocator, ArrowReader batches) {
            super(allocator);
            this.batches = batches;
        }

        /** The next batch is not read. */
        void cancel() {
            isCancelled = true;
        }

        @Override
        public boolean loadNextBatch() throws IOException {
            boolean isThere = batches.loadNextBatch();
            if (isCancelled) {
                throw new IOException(CANCELLED);
            }
            return isThere;
        }

        @Override
        public VectorSchemaRoot getVectorSchemaRoot() throws IOException {
            return batches.getVectorSchemaRoot();
        }

        @Override
        public Map<Long, Dictionary> getDictionaryVectors() throws IOException {
            return batches.getDictionaryVectors();
        }

        @Override
        public Dictionary lookup(long id) {
            return batches.lookup(id);
        }

        @Override
        public Set<Long> getDictionaryIds() {
            return batches.getDictionaryIds();
        }

        @Override
        public long bytesRead() {
            return batches.bytesRead();
        }

        @Override
        protected void closeReadSource() throws IOException {
            batches.close();
        }

        @Override
        protected Schema readSchema() throws IOException {
            return batches.getVectorSchemaRoot().getSchema();
        }
    }
}
