package io.kohakuvault.arrow.duckdb;

import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.table.SchemaColumn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
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
     * @throws IllegalArgumentException when a column has 16-bit floats, which DuckDB does not take; the message names
     * it.
     *     The reader is closed then
     */
    public static void register(
            DuckDBConnection connection, String name, ArrowReader reader, BufferAllocator allocator) {
        checkTaken(reader);
        // The driver takes the struct's content over at registration; the empty struct is freed here.
        try (ArrowArrayStream stream = allocate(reader, allocator)) {
            Data.exportArrayStream(allocator, reader, stream);
            try {
                connection.registerArrowStream(name, stream);
            } catch (RuntimeException | Error e) {
                stream.release(); // closes the reader
                throw e;
            }
        }
    }

    /**
     * The columns of a result that mean more than DuckDB's Arrow batches tell: UUIDs and JSON, which arrive as text.
     * For {@link io.kohakuvault.arrow.ArrowImport#withColumns}, so that a table gets what the query has.
     *
     * @param result of a query
     * @return those columns; a name that stands twice is left out
     * @throws SQLException when the driver cannot tell
     */
    public static List<SchemaColumn> columns(ResultSetMetaData result) throws SQLException {
        Map<String, SchemaColumn> columns = new LinkedHashMap<>();
        Set<String> names = new HashSet<>();
        for (int i = 1; i <= result.getColumnCount(); i++) {
            String name = result.getColumnLabel(i);
            String type = result.getColumnTypeName(i);
            if (!names.add(name) || name.isEmpty()) {
                columns.remove(name);
            } else if (type.equals("UUID")) {
                columns.put(name, SchemaColumn.of(name, new LogicalType.Uuid(), true));
            } else if (type.equals("JSON")) {
                columns.put(name, SchemaColumn.of(name, new LogicalType.Json(), true));
            }
        }
        return List.copyOf(columns.values());
    }

    private static ArrowArrayStream allocate(ArrowReader reader, BufferAllocator allocator) {
        try {
            return ArrowArrayStream.allocateNew(allocator);
        } catch (RuntimeException e) { // the allocator's limit
            throw closed(reader, e);
        }
    }

    /** The exception for a reader that does not get to DuckDB, which would have closed it. */
    private static RuntimeException closed(ArrowReader reader, RuntimeException e) {
        try {
            reader.close();
        } catch (IOException closing) {
            e.addSuppressed(closing);
        }
        return e;
    }

    private static void checkTaken(ArrowReader reader) {
        try {
            reader.getVectorSchemaRoot().getSchema().getFields().forEach(DuckDbArrow::checkTaken);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (IllegalArgumentException e) {
            throw closed(reader, e);
        }
    }

    private static void checkTaken(Field field) {
        if (isHalf(field) || field.getChildren().stream().anyMatch(DuckDbArrow::isHalf)) {
            throw new IllegalArgumentException(
                    "column '" + field.getName()
                            + "' has 16-bit floats, which DuckDB does not take; open the scan with .profile(ArrowProfile.duckDb())");
        }
    }

    private static boolean isHalf(Field field) {
        return field.getType() instanceof ArrowType.FloatingPoint number
                && number.getPrecision() == FloatingPointPrecision.HALF;
    }

    /**
     * What names have in common that are one name to DuckDB: case does not count of the letters A to Z, and of no
     * others.
     *
     * @param name of a view or a column
     * @return the name with these letters in lower case
     */
    public static String nameKey(String name) {
        StringBuilder key = new StringBuilder(name);
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            key.setCharAt(i, c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c);
        }
        return key.toString();
    }
}
