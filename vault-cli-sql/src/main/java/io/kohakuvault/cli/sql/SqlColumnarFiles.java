package io.kohakuvault.cli.sql;

import io.kohakuvault.Vault;
import io.kohakuvault.arrow.ArrowExport;
import io.kohakuvault.arrow.ArrowProfile;
import io.kohakuvault.arrow.IpcFormat;
import io.kohakuvault.arrow.VaultArrow;
import io.kohakuvault.cli.ColumnarFiles;
import io.kohakuvault.cli.FileFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.jspecify.annotations.Nullable;

/** Arrow by its own library, Parquet by DuckDB. */
public final class SqlColumnarFiles implements ColumnarFiles {
    /** Of what is written in its own place nothing may stay: the index is looked for at the end of a file. */
    private static final Set<StandardOpenOption> WRITTEN =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);

    @Override
    public void write(FileFormat format, Rows rows, Path target, Path named) throws IOException {
        try (BufferAllocator allocator = VaultArrow.allocator()) {
            if (format == FileFormat.parquet) {
                ParquetFile.write(allocator, rows, target);
                return;
            }
            boolean streamed = named.toString().toLowerCase(Locale.ROOT).endsWith(".arrows");
            try (FileChannel out = FileChannel.open(target, WRITTEN);
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

    @Override
    public long read(FileFormat format, @Nullable Path input, Vault vault, String table, Heard heard)
            throws IOException {
        try (BufferAllocator allocator = VaultArrow.allocator()) {
            if (format == FileFormat.parquet && input != null) {
                return ParquetFile.read(allocator, input, vault, table, () -> heard.at(0, 0));
            }
            try (ArrowInput source = ArrowInput.open(input, allocator, heard)) {
                return source.into(vault, table);
            }
        }
    }
}
