package io.kohakuvault.cli.sql;

import io.kohakuvault.Vault;
import io.kohakuvault.arrow.ArrowExport;
import io.kohakuvault.arrow.ArrowImport;
import io.kohakuvault.arrow.ArrowProfile;
import io.kohakuvault.arrow.IpcFormat;
import io.kohakuvault.arrow.VaultArrow;
import io.kohakuvault.arrow.duckdb.DuckDbArrow;
import io.kohakuvault.cli.ColumnarFiles;
import io.kohakuvault.cli.FileFormat;
import io.kohakuvault.cli.Interruption;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.CancellationException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.duckdb.DuckDBResultSet;
import org.jspecify.annotations.Nullable;

/** Arrow by its own library, Parquet by DuckDB. */
public final class SqlColumnarFiles implements ColumnarFiles {
    private static final int BATCH_ROWS = 65_536;
    private static final String ROWS = "exported_rows";

    @Override
    public void write(FileFormat format, Rows rows, Path target, Path named) throws IOException {
        try (BufferAllocator allocator = VaultArrow.allocator()) {
            if (format == FileFormat.parquet) {
                parquet(allocator, rows, target);
                return;
            }
            boolean streamed = named.toString().toLowerCase(Locale.ROOT).endsWith(".arrows");
            try (FileChannel out = FileChannel.open(target, StandardOpenOption.WRITE);
                    ArrowReader reader = new SelectedRows(allocator, rows, ArrowProfile.exact())) {
                ArrowExport.of(reader)
                        .withFormat(streamed ? IpcFormat.STREAM : IpcFormat.FILE)
                        .to(out);
            }
        }
    }

    @Override
    public void write(Rows rows, OutputStream out) throws IOException {
        try (BufferAllocator allocator = VaultArrow.allocator();
                ArrowReader reader = new SelectedRows(allocator, rows, ArrowProfile.exact())) {
            ArrowExport.of(reader).withFormat(IpcFormat.STREAM).to(out);
        }
    }

    private static void parquet(BufferAllocator allocator, Rows rows, Path target) throws IOException {
        try (DuckDBConnection duck = connect();
                Statement statement = duck.createStatement()) {
            stoppable(statement);
            DuckDbArrow.register(duck, ROWS, new SelectedRows(allocator, rows, ArrowProfile.duckDb()), allocator);
            statement.execute("COPY " + ROWS + " TO " + literal(target) + " (FORMAT parquet, COMPRESSION zstd)");
        } catch (SQLException e) {
            throw failed(target.toString(), e);
        }
    }

    @Override
    public long read(FileFormat format, @Nullable Path input, Vault vault, String table, Heard heard)
            throws IOException {
        try (BufferAllocator allocator = VaultArrow.allocator()) {
            if (format == FileFormat.parquet && input != null) {
                return parquet(allocator, input, vault, table, heard);
            }
            try (ArrowInput source = ArrowInput.open(input, allocator, heard)) {
                return source.into(vault, table);
            }
        }
    }

    private static long parquet(BufferAllocator allocator, Path input, Vault vault, String table, Heard heard)
            throws IOException {
        Files.newInputStream(input).close(); // says in the same words as for other forms what cannot be read
        try (DuckDBConnection duck = connect();
                Statement statement = duck.createStatement()) {
            stoppable(statement);
            try (ResultSet rows = statement.executeQuery("SELECT * FROM read_parquet(" + pattern(input) + ")");
                    ArrowReader reader = new HeardBatches(
                            allocator,
                            (ArrowReader) ((DuckDBResultSet) rows).arrowExportStream(allocator, BATCH_ROWS),
                            () -> heard.at(0, 0))) {
                return ArrowImport.of(reader).into(vault, table);
            }
        } catch (SQLException e) {
            throw failed(input.toString(), e);
        }
    }

    private static DuckDBConnection connect() throws SQLException {
        Properties streamed = new Properties();
        streamed.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true"); // else all of a result is in memory first
        return DriverManager.getConnection("jdbc:duckdb:", streamed).unwrap(DuckDBConnection.class);
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
        return "'" + path.toAbsolutePath().toString().replace("'", "''") + "'";
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
        return new IOException(name + ": " + SqlCommand.said(e), e);
    }
}
