package io.kohakuvault.cli.sql;

import io.kohakuvault.Vault;
import io.kohakuvault.arrow.ArrowImport;
import io.kohakuvault.arrow.ForwardingArrowReader;
import io.kohakuvault.cli.ColumnarFiles.Heard;
import io.kohakuvault.tabular.internal.InputFile;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.jspecify.annotations.Nullable;

/** Arrow IPC of either form, of a file or a pipe. */
final class ArrowInput implements Closeable {
    /** What an IPC file begins with, two bytes before the stream that it holds. */
    private static final byte[] MAGIC = "ARROW1".getBytes(StandardCharsets.US_ASCII);

    /** What a stream ends with; its first half is before each message. */
    private static final byte[] END = {-1, -1, -1, -1, 0, 0, 0, 0};

    private static final int STREAM_AT = 8;
    private static final int BUFFER_BYTES = 1 << 16;

    private final String name;
    private final InputStream in;
    private final ArrowReader reader;

    private ArrowInput(String name, InputStream in, ArrowReader reader) {
        this.name = name;
        this.in = in;
        this.reader = reader;
    }

    /**
     * Opens an input.
     *
     * @param path null for standard input
     */
    static ArrowInput open(@Nullable Path path, BufferAllocator allocator, Heard heard) throws IOException {
        String name = path == null ? "standard input" : path.toString();
        long size = path != null && Files.isRegularFile(path) ? Files.size(path) : 0;
        LastBytes in = new LastBytes(
                new BufferedInputStream(path == null ? InputFile.standard() : InputFile.open(path), BUFFER_BYTES));
        try {
            in.mark(STREAM_AT);
            byte[] first = in.readNBytes(STREAM_AT);
            if (first.length == 0) {
                throw new IOException(name + ": is empty, and no Arrow");
            }
            boolean isFile = Arrays.equals(first, 0, Math.min(first.length, MAGIC.length), MAGIC, 0, MAGIC.length);
            if (!isFile) {
                in.reset();
            }
            boolean isMarked = Arrays.equals(first, 0, Integer.BYTES, END, 0, Integer.BYTES); // since Arrow 0.15
            ArrowStreamReader stream = new ArrowStreamReader(in, allocator);
            ArrowReader indexed = schemaOrIndex(stream, isFile ? path : null, name, allocator);
            if (indexed != null) {
                return new ArrowInput(name, in, new ForwardingArrowReader(allocator, indexed, batches -> {
                    heard.at(0, size);
                    return load(batches);
                }));
            }
            return new ArrowInput(name, in, new ForwardingArrowReader(allocator, stream, batches -> {
                heard.at(stream.bytesRead(), size);
                boolean more = load(batches);
                if (!more && isFile && in.read() < 0) { // the index would follow
                    throw new IOException("the file breaks off, its last rows may be missing");
                }
                if (!more && !isFile && isMarked && !in.endWith(END)) {
                    throw new IOException(
                            "the stream has no end mark, so that it may break off; where it is whole, the bytes FF FF FF FF 00 00 00 00 are missing at its end");
                }
                return more;
            }));
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    /**
     * Reads the schema; where a file has none at its beginning, as those that Polars writes, its index has it.
     *
     * @param file null for what is no file
     * @return the file's reader; null where the stream is to be read
     */
    private static @Nullable ArrowReader schemaOrIndex(
            ArrowStreamReader stream, @Nullable Path file, String name, BufferAllocator allocator) throws IOException {
        try {
            stream.getVectorSchemaRoot();
            return null;
        } catch (IOException | RuntimeException e) {
            stream.close();
            if (file == null || !isIndexed(file)) {
                throw new IOException(name + ": is no Arrow file or stream" + because(e), e);
            }
        }
        ArrowFileReader indexed = new ArrowFileReader(FileChannel.open(file, StandardOpenOption.READ), allocator);
        try {
            indexed.getVectorSchemaRoot();
            return indexed;
        } catch (IOException | RuntimeException e) {
            indexed.close();
            throw new IOException(name + ": is no Arrow file or stream" + because(e), e);
        }
    }

    private static boolean isIndexed(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false; // a pipe
        }
        try (FileChannel bytes = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer last = ByteBuffer.allocate(MAGIC.length);
            bytes.read(last, Math.max(0, bytes.size() - MAGIC.length));
            return Arrays.equals(last.array(), MAGIC);
        }
    }

    /** Codecs and vectors fail in many ways at what is damaged. */
    private static boolean load(ArrowReader batches) throws IOException {
        try {
            return batches.loadNextBatch();
        } catch (CancellationException e) {
            throw e;
        } catch (RuntimeException e) {
            throw damaged(e);
        }
    }

    /** Appends all rows to a table. */
    long into(Vault vault, String table) throws IOException {
        ArrowImport rows = ArrowImport.of(reader);
        try {
            return rows.into(vault, table);
        } catch (CancellationException e) {
            throw e;
        } catch (IndexOutOfBoundsException e) { // offsets lead out of the values
            throw new IOException(name + ": " + damaged(e).getMessage(), e);
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException(name + ": " + e.getMessage(), e);
        }
    }

    private static IOException damaged(RuntimeException e) {
        return new IOException("is damaged or breaks off" + because(e), e);
    }

    private static String because(Exception e) {
        return e.getMessage() == null ? "" : ": " + e.getMessage();
    }

    @Override
    public void close() throws IOException {
        try (in) {
            reader.close();
        }
    }

    /** Knows the last bytes that were read, since a reader of Arrow does not say whether it met the end or a mark. */
    private static final class LastBytes extends FilterInputStream {
        private final byte[] last = new byte[END.length];

        LastBytes(InputStream in) {
            super(in);
        }

        boolean endWith(byte[] end) {
            return Arrays.equals(last, end);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] to, int from, int length) throws IOException {
            int count = super.read(to, from, length);
            if (count > 0) {
                int kept = Math.max(0, last.length - count);
                System.arraycopy(last, last.length - kept, last, 0, kept);
                System.arraycopy(to, from + Math.max(0, count - last.length), last, kept, last.length - kept);
            }
            return count;
        }
    }
}
