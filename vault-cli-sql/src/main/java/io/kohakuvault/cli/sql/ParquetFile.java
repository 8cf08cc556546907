package io.kohakuvault.cli.sql;

import io.kohakuvault.Vault;
import io.kohakuvault.arrow.ArrowImport;
import io.kohakuvault.arrow.ArrowProfile;
import io.kohakuvault.arrow.ForwardingArrowReader;
import io.kohakuvault.arrow.duckdb.DuckDbArrow;
import io.kohakuvault.arrow.duckdb.ParquetTypes;
import io.kohakuvault.cli.ColumnarFiles.Rows;
import io.kohakuvault.cli.Interruption;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.tabular.internal.ColumnTypes;
import io.kohakuvault.tabular.internal.InputFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.duckdb.DuckDBResultSet;

/**
 * Parquet by DuckDB. A file says in its metadata what the columns of the table were, of which several are one of
 * Parquet's types; it is read back as that table. Files of other programs are what DuckDB makes of them.
 */
final class ParquetFile {
    private static final int BATCH_ROWS = 65_536;

    /** More than these DuckDB reads as a DOUBLE. */
    private static final int MOST_DIGITS = 38;

    private static final String ROWS = "exported_rows";

    /** The target is a file of its own already, beside which another may have no room. */
    private static final String COPIED = " (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false";

    /** A folder that is called {@code key=value} would otherwise be a column. */
    private static final String READ = ", hive_partitioning = false)";

    private ParquetFile() {}

    /** Writes rows to a file that is there and empty, or to a pipe. */
    static void write(BufferAllocator allocator, Rows rows, Path target) throws IOException {
        try (DuckDBConnection duck = connect();
                Statement statement = duck.createStatement()) {
            stoppable(statement);
            SelectedRows source = new SelectedRows(allocator, rows, ArrowProfile.duckDb());
            checkNames(source.getVectorSchemaRoot().getSchema());
            DuckDbArrow.register(duck, ROWS, source, allocator);
            if (Files.isSymbolicLink(target)) {
                FileChannel.open(target, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                        .close(); // DuckDB opens no link to what is to be made
            }
            statement.execute("COPY " + ROWS + " TO " + literal(target) + COPIED + ", KV_METADATA {'" + ParquetTypes.KEY
                    + "': " + literal(types(source.getVectorSchemaRoot().getSchema())) + "})");
        } catch (SQLException e) {
            throw failed(target.toString(), e);
        }
    }

    /** The columns, without those of a type that only a later release knows. */
    private static String types(Schema schema) {
        return ParquetTypes.text(schema.getFields().stream()
                .flatMap(field -> ParquetTypes.column(field.getName(), field).stream())
                .toList());
    }

    /** DuckDB would give the second another name. */
    private static void checkNames(Schema schema) {
        Map<String, String> names = new HashMap<>();
        for (Field field : schema.getFields()) {
            String other = names.put(DuckDbArrow.nameKey(field.getName()), field.getName());
            if (other != null) {
                throw new IllegalArgumentException("the columns '" + other + "' and '" + field.getName()
                        + "' differ in case alone, which is one name in parquet; leave one out with --columns, or"
                        + " write arrow");
            }
        }
    }

    /** Appends what a file holds to a table, and tells of each batch. */
    static long read(BufferAllocator allocator, Path input, Vault vault, String table, Runnable heard)
            throws IOException {
        InputFile.open(input).close(); // says in the same words as for other forms what cannot be read
        try (DuckDBConnection duck = connect();
                Statement statement = duck.createStatement()) {
            stoppable(statement);
            String read = " FROM read_parquet(" + pattern(input) + READ;
            String columns = columns(statement, input, read); // says first what is no Parquet
            Map<String, SchemaColumn> kept = kept(statement, input);
            try (ResultSet rows = statement.executeQuery("SELECT " + columns + read);
                    ArrowReader reader = new ForwardingArrowReader(
                            allocator,
                            (ArrowReader) ((DuckDBResultSet) rows).arrowExportStream(allocator, BATCH_ROWS),
                            batches -> {
                                heard.run();
                                return batches.loadNextBatch();
                            })) {
                return ArrowImport.of(reader)
                        .withColumns(becomes(rows, kept))
                        .withoutInfinite()
                        .into(vault, table);
            } catch (IllegalArgumentException e) { // names the column alone
                throw new IOException(input + ": " + e.getMessage(), e);
            }
        } catch (SQLException e) {
            throw failed(input.toString(), e);
        }
    }

    /** What the file says that its columns were; nothing where that is somebody else's, or of a later release. */
    private static Map<String, SchemaColumn> kept(Statement statement, Path input) throws SQLException {
        try (ResultSet kept = statement.executeQuery("SELECT value FROM parquet_kv_metadata(" + pattern(input)
                + ") WHERE key = '" + ParquetTypes.KEY + "'::BLOB")) {
            return kept.next() ? ColumnTypes.parse(new String(kept.getBytes(1), StandardCharsets.UTF_8)) : Map.of();
        } catch (IllegalArgumentException e) {
            return Map.of();
        }
    }

    /** What columns are to be: what the file says that they were, else what DuckDB says of them. */
    private static Collection<SchemaColumn> becomes(ResultSet rows, Map<String, SchemaColumn> kept)
            throws SQLException {
        Map<String, SchemaColumn> columns = new LinkedHashMap<>();
        for (SchemaColumn column : DuckDbArrow.columns(rows.getMetaData())) {
            columns.put(column.name(), column);
        }
        columns.putAll(kept);
        return columns.values();
    }

    /** All columns, called as the file calls them: DuckDB renames one that differs from another in case alone. */
    private static String columns(Statement statement, Path input, String read) throws SQLException, IOException {
        List<String> called = new ArrayList<>();
        try (ResultSet columns = statement.executeQuery("DESCRIBE SELECT *" + read)) {
            while (columns.next()) {
                called.add(columns.getString("column_name"));
            }
        }
        List<String> names = names(statement, input); // refuses what DuckDB would round
        if (names.equals(called) || names.size() != called.size() || names.contains("")) {
            return "*";
        }
        return IntStream.range(0, names.size())
                .mapToObj(i -> quoted(called.get(i)) + " AS " + quoted(names.get(i)))
                .collect(Collectors.joining(", "));
    }

    /** The names of a file's columns: of its tree, each node but the first stands in the list before its children. */
    private static List<String> names(Statement statement, Path input) throws SQLException, IOException {
        List<String> names = new ArrayList<>();
        String sql = "SELECT name, coalesce(num_children, 0), coalesce(precision, 0) FROM parquet_schema("
                + pattern(input) + ")";
        try (ResultSet nodes = statement.executeQuery(sql)) {
            nodes.next(); // the root
            long within = 0;
            while (nodes.next()) {
                if (within == 0) {
                    names.add(nodes.getString(1));
                } else {
                    within--;
                }
                within += nodes.getLong(2);
                if (nodes.getLong(3) > MOST_DIGITS) {
                    throw new IOException(input + ": column '" + names.get(names.size() - 1) + "' has decimals of "
                            + nodes.getLong(3) + " digits, where a table has " + MOST_DIGITS
                            + "; round it in SQL: vault sql FILE \"SELECT … FROM '" + input + "'\" --into TABLE");
                }
            }
        }
        return names;
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private static DuckDBConnection connect() throws SQLException {
        Properties streamed = new Properties();
        streamed.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true"); // else all of a result is in memory first
        DuckDBConnection duck =
                DriverManager.getConnection("jdbc:duckdb:", streamed).unwrap(DuckDBConnection.class);
        try (Statement statement = duck.createStatement()) {
            statement.execute("SET TimeZone = 'Etc/UTC'"); // else the types of times are called as the machine's zone
            return duck;
        } catch (SQLException e) {
            duck.close();
            throw e;
        }
    }

    private static void stoppable(Statement statement) {
        Interruption.whenRequested(() -> {
            try {
                statement.cancel();
            } catch (SQLException e) {
                // it has ended meanwhile
            }
        });
        Interruption.check();
    }

    /** A path as SQL. */
    private static String literal(Path path) {
        return literal(path.toAbsolutePath().toString());
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** The pattern that one file alone matches. */
    private static String pattern(Path path) {
        return literal(path).replaceAll("[*?\\[]", "[$0]");
    }

    private static IOException failed(String name, SQLException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CancellationException cancelled) {
                throw cancelled;
            }
        }
        String said = SqlCommand.said(e).replaceFirst("; LINE [0-9]+: .*", ""); // SQL that the user has not written
        if (said.endsWith("Invalid result set")) { // of a stream the driver tells no more
            said = "its values cannot be read: it is damaged, or there is not enough memory";
        }
        return new IOException(name + ": " + said, e);
    }
}
