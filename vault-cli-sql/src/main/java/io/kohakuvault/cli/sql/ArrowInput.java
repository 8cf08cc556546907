package io.kohakuvault.cli.sql;

import io.kohakuvault.Vault;
import io.kohakuvault.arrow.ArrowImport;
import io.kohakuvault.cli.ColumnarFiles.Heard;
import io.kohakuvault.tabular.internal.InputFile;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.jspecify.annotations.Nullable;

/** Arrow IPC of either form, of a file or a pipe. */
final class ArrowInput implements Closeable {
    /** What an IPC file begins with, two bytes before the stream that it holds. */
    private static final byte[] MAGIC = "ARROW1".getBytes(StandardCharsets.US_ASCII);

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
        InputStream in =
                new BufferedInputStream(path == null ? InputFile.standard() : InputFile.open(path), BUFFER_BYTES);
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
            ArrowStreamReader stream = new ArrowStreamReader(in, allocator);
            return new ArrowInput(
                    name, in, new HeardBatches(allocator, stream, () -> heard.at(stream.bytesRead(), size)) {
                        @Override
                        public boolean loadNextBatch() throws IOException {
                            boolean more = loaded();
                            if (!more && isFile && in.read() < 0) { // the index would follow
                                throw new IOException("the file breaks off, its last rows may be missing");
                            }
                            return more;
                        }

                        /** Codecs and vectors fail in many ways at what is damaged. */
                        private boolean loaded() throws IOException {
                            try {
                                return super.loadNextBatch();
                            } catch (CancellationException e) {
                                throw e;
                            } catch (RuntimeException e) {
                                throw damaged(e);
                            }
                        }
                    });
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    /** Appends all rows to a table. */
    long into(Vault vault, String table) throws IOException {
        ArrowImport rows = ArrowImport.of(reader);
        try {
            reader.getVectorSchemaRoot();
        } catch (IOException | RuntimeException e) {
            throw new IOException(name + ": is no Arrow file or stream" + because(e), e);
        }
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
}
