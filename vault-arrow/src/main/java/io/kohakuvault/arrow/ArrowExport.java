package io.kohakuvault.arrow;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compression.CompressionCodec;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.ArrowWriter;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.jspecify.annotations.Nullable;

/**
 * Writes Arrow IPC: the rows of a scan, or the batches of any {@code ArrowReader}, as a file or a stream, compressed on
 * request. It takes the memory of one batch, however many there are. What {@link ArrowImport} reads of it is the same
 * table again. Immutable.
 *
 * <pre>{@code
 * try (BufferAllocator allocator = VaultArrow.allocator(); Snapshot snapshot = vault.snapshot()) {
 *     ArrowScan scan = VaultArrow.scan(snapshot, "flights");
 *     long rows = ArrowExport.of(scan, allocator).withCompression(IpcCompression.ZSTD).to(Path.of("flights.arrow"));
 * }
 * }</pre>
 */
public final class ArrowExport {
    private static final int BATCH_ROWS = 65_536;

    private final @Nullable ArrowScan scan;
    private final @Nullable BufferAllocator allocator;
    private final @Nullable ArrowReader reader;
    private final IpcFormat format;
    private final IpcCompression compression;
    private final boolean overwrites;
    private final int batchRows;

    private ArrowExport(
            @Nullable ArrowScan scan,
            @Nullable BufferAllocator allocator,
            @Nullable ArrowReader reader,
            IpcFormat format,
            IpcCompression compression,
            boolean overwrites,
            int batchRows) {
        this.scan = scan;
        this.allocator = allocator;
        this.reader = reader;
        this.format = format;
        this.compression = compression;
        this.overwrites = overwrites;
        this.batchRows = batchRows;
    }

    /**
     * An export of what a scan reads, in batches of 65,536 rows ({@link #withBatchRows}), or fewer where those are more
     * than some 32 MiB. May be written several times.
     *
     * @param scan what to read; the size of its batches does not count
     * @param allocator for one batch, to be closed by the caller
     * @return the export, to be written
     */
    public static ArrowExport of(ArrowScan scan, BufferAllocator allocator) {
        return new ArrowExport(
                Objects.requireNonNull(scan, "scan"),
                Objects.requireNonNull(allocator, "allocator"),
                null,
                IpcFormat.FILE,
                IpcCompression.NONE,
                false,
                BATCH_ROWS);
    }

    /**
     * An export of all batches that a reader has left, as they come.
     *
     * @param reader the batches; the caller closes it
     * @return the export, to be written once
     */
    public static ArrowExport of(ArrowReader reader) {
        return new ArrowExport(
                null,
                null,
                Objects.requireNonNull(reader, "reader"),
                IpcFormat.FILE,
                IpcCompression.NONE,
                false,
                BATCH_ROWS);
    }

    /**
     * The form that is written, whatever it is written to.
     *
     * @param other {@link IpcFormat#FILE} by default
     * @return a changed copy
     */
    public ArrowExport withFormat(IpcFormat other) {
        return new ArrowExport(
                scan, allocator, reader, Objects.requireNonNull(other, "format"), compression, overwrites, batchRows);
    }

    /**
     * Compresses buffers. It needs a library on the class path that this one does not bring: {@code
     * org.apache.arrow:arrow-compression} for zstd, and for whoever reads with Java, {@code at.yawk.lz4:lz4-java} for
     * lz4.
     *
     * @param other {@link IpcCompression#NONE} by default
     * @return a changed copy
     * @throws IllegalStateException when that library is missing; the message names it
     */
    public ArrowExport withCompression(IpcCompression other) {
        other.check();
        return new ArrowExport(scan, allocator, reader, format, other, overwrites, batchRows);
    }

    /**
     * Lets {@link #to(Path)} replace a file. By default one that is there is refused.
     *
     * @return a changed copy
     */
    public ArrowExport withOverwriting() {
        return new ArrowExport(scan, allocator, reader, format, compression, true, batchRows);
    }

    /**
     * How large batches of a scan are.
     *
     * @param rows at least 1
     * @return a changed copy
     * @throws IllegalArgumentException when it is less
     * @throws IllegalStateException when batches come of a reader, which has made them already
     */
    public ArrowExport withBatchRows(int rows) {
        if (rows < 1) {
            throw new IllegalArgumentException("a batch has at least 1 row, but " + rows + " was given");
        } else if (scan == null) {
            throw new IllegalStateException("the batches of a reader are written as they come; make larger ones there");
        }
        return new ArrowExport(scan, allocator, reader, format, compression, overwrites, rows);
    }

    /**
     * Writes to a path. It is written beside it, as a file whose name ends with {@code .part}, and gets its name when
     * all of it is there: whatever fails or interrupts this before leaves what was there. Nothing is forced to the
     * disk.
     *
     * @param target the file
     * @return how many rows there are
     * @throws java.nio.file.FileAlreadyExistsException when there is something already, unless {@link #withOverwriting}
     * @throws IOException when a batch cannot be read, or the file not written
     * @throws IllegalArgumentException when the target is the vault itself, or the scan's profile does not take a
     *     column, which the message names
     * @throws IllegalStateException when the reader or the snapshot is closed
     */
    public long to(Path target) throws IOException {
        return open(source -> ExportTarget.write(target, overwrites, file(), part -> {
            try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
                return write(source, new ExportChannel(channel));
            }
        }));
    }

    /**
     * Writes to a stream. When it fails, what was written breaks off without the end that both forms have.
     *
     * @param target the stream; the caller flushes and closes it
     * @return how many rows there are
     * @throws IOException when a batch cannot be read or written
     * @throws IllegalArgumentException when the scan's profile does not take a column; the message names it
     * @throws IllegalStateException when the reader or the snapshot is closed
     */
    public long to(OutputStream target) throws IOException {
        Objects.requireNonNull(target, "target");
        return open(source -> write(source, new ExportChannel(target)));
    }

    /**
     * Writes to a channel, from where it stands. When it fails, what was written breaks off without the end that both
     * forms have.
     *
     * @param target the channel, blocking; the caller closes it
     * @return how many rows there are
     * @throws IOException when a batch cannot be read or written
     * @throws IllegalArgumentException when the scan's profile does not take a column; the message names it
     * @throws IllegalStateException when the reader or the snapshot is closed
     */
    public long to(WritableByteChannel target) throws IOException {
        Objects.requireNonNull(target, "target");
        return open(source -> write(source, new ExportChannel(target)));
    }

    @FunctionalInterface
    private interface Use {
        long of(ArrowReader source) throws IOException;
    }

    /** Before anything is written, so that what cannot be read leaves no trace. */
    private long open(Use use) throws IOException {
        if (scan != null && allocator != null) {
            try (ArrowReader source = scan.copied(batchRows).open(allocator)) {
                return use.of(source);
            }
        }
        ArrowReader source = Objects.requireNonNull(reader);
        if (source instanceof VaultArrowReader ours && ours.isClosed()) {
            throw new IllegalStateException("this reader is closed");
        }
        return use.of(source);
    }

    /** The vault that is read, which nothing may be written over; null where that is not known. */
    private @Nullable Path file() {
        return scan != null ? scan.file() : reader instanceof VaultArrowReader ours ? ours.file() : null;
    }

    private long write(ArrowReader source, ExportChannel channel) throws IOException {
        VectorSchemaRoot root = source.getVectorSchemaRoot();
        ArrowWriter writer = writer(root, source, channel);
        boolean whole = false;
        try {
            long rows = 0;
            writer.start();
            while (source.loadNextBatch()) {
                writer.writeBatch();
                rows += root.getRowCount();
            }
            writer.end();
            channel.flush();
            whole = true;
            return rows;
        } finally {
            if (!whole) {
                channel.breakOff(); // closing the writer would write the end
            }
            writer.close();
        }
    }

    private ArrowWriter writer(VectorSchemaRoot root, ArrowReader source, ExportChannel channel) {
        CompressionCodec.Factory codecs = compression.codecs();
        return format == IpcFormat.FILE
                ? new ArrowFileWriter(root, source, channel, Map.of(), IpcOption.DEFAULT, codecs, compression.codec())
                : new ArrowStreamWriter(root, source, channel, IpcOption.DEFAULT, codecs, compression.codec());
    }
}
