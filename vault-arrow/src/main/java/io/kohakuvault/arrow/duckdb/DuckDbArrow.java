package io.kohakuvault.arrow.duckdb;

import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.duckdb.DuckDBConnection;

/** Hands Arrow batches to DuckDB. Needs org.duckdb:duckdb_jdbc on the class path. */
public final class DuckDbArrow {
    private DuckDbArrow() {}

    /**
     * Makes a reader's batches a view that SQL of this connection can name. DuckDB reads the stream once: register anew
     * for a second query. It pulls batches while the query runs and closes the reader when the stream has ended or the
     * connection closes.
     *
     * @param connection DuckDB's connection, for example {@code DriverManager.getConnection("jdbc:duckdb:").unwrap(…)}
     * @param name the view's name
     * @param reader the batches; it belongs to DuckDB from here on
     * @param allocator accounts what crosses; to be closed after the connection
     */
    public static void register(
            DuckDBConnection connection, String name, ArrowReader reader, BufferAllocator allocator) {
        // The driver takes the struct's content over at registration; the empty struct is freed here.
        try (ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator)) {
            Data.exportArrayStream(allocator, reader, stream);
            try {
                connection.registerArrowStream(name, stream);
            } catch (RuntimeException | Error e) {
                stream.release(); // closes the reader
                throw e;
            }
        }
    }
}
