package io.kohakuvault.tabular.internal;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import io.kohakuvault.spi.VaultFiles;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * An input that is read once for a sample and then from its beginning: a file, or something that gives its bytes only
 * once, of which the sample's are kept in a temporary file. What is compressed with gzip or zstd, which its first bytes
 * tell, is decompressed. Not thread-safe.
 */
public final class TextInput implements Closeable {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int ZSTD_FRAME = 0xFD2FB528;
    private static final int ZSTD_SKIPPABLE_FRAME = 0x184D2A50;

    private final String name;
    private final @Nullable Path file;
    private final Opening opening;

    private @Nullable InputStream once;
    private @Nullable Path kept;
    private @Nullable OutputStream keeping;
    /** Whether what was opened is ours to close. */
    private boolean owned;

    private long count;
    private long size;

    /** Opens an input. */
    @FunctionalInterface
    public interface Opening {
        /** A stream from the beginning. */
        InputStream open() throws IOException;
    }

    private TextInput(String name, @Nullable Path file, Opening opening) {
        this.name = name;
        this.file = file;
        this.opening = opening;
    }

    /**
     * A file; a pipe or a device too.
     *
     * @throws IOException when it is missing
     */
    public static TextInput of(Path path) throws IOException {
        boolean regular = Files.isRegularFile(path);
        TextInput input = new TextInput(path.toString(), regular ? path : null, () -> InputFile.open(path));
        input.owned = true;
        input.size = regular ? Files.size(path) : 0;
        return input;
    }

    /** What can be read only once. */
    public static TextInput of(String name, InputStream stream) {
        return new TextInput(name, null, () -> stream);
    }

    /** How messages call it. */
    public String name() {
        return name;
    }

    /** Bytes that have been read of it, compressed ones where they are, in the pass that is under way. */
    public long count() {
        return count;
    }

    /** Bytes that it has, 0 where that is not known. */
    public long size() {
        return size;
    }

    /** Whether it can be read as often as one likes. */
    boolean isFile() {
        return file != null;
    }

    /** Whether it is the file of a vault, or one of those beside it. */
    boolean isFileOf(Path vault) throws IOException {
        Path input = file;
        return input != null && VaultFiles.contains(vault, input);
    }

    /** A first stream, of which no more than a sample is read. Closed before {@link #all}. */
    InputStream sample() throws IOException {
        if (file != null) {
            return decompressed(counting(opening.open()));
        }
        InputStream source = opening.open();
        once = source;
        kept = Files.createTempFile("vault-import", ".sample");
        OutputStream copy = Files.newOutputStream(kept);
        keeping = copy;
        return decompressed(new FilterInputStream(counting(source)) {
            @Override
            public int read() throws IOException {
                int b = super.read();
                if (b >= 0) {
                    copy.write(b);
                }
                return b;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                int n = super.read(target, offset, length);
                if (n > 0) {
                    copy.write(target, offset, n);
                }
                return n;
            }

            @Override
            public void close() {} // the rest is read later
        });
    }

    /** All of it. */
    InputStream all() throws IOException {
        count = 0;
        InputStream rest = once;
        Path sample = kept;
        if (rest == null || sample == null) {
            return decompressed(counting(opening.open()));
        } else if (keeping != null) {
            keeping.close();
        }
        return decompressed(new SequenceInputStream(Files.newInputStream(sample), counting(rest)));
    }

    private InputStream counting(InputStream source) {
        return new FilterInputStream(source) {
            @Override
            public int read() throws IOException {
                int b = super.read();
                count += b < 0 ? 0 : 1;
                return b;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                int n = super.read(target, offset, length);
                count += Math.max(0, n);
                return n;
            }
        };
    }

    private InputStream decompressed(InputStream raw) throws IOException {
        BufferedInputStream bytes = new BufferedInputStream(raw, BUFFER_BYTES);
        byte[] first = first(bytes, 4);
        boolean gzip = first.length >= 2 && first[0] == 0x1F && first[1] == (byte) 0x8B;
        int magic = first.length < 4
                ? 0
                : ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).getInt();
        // pzstd begins with a frame to be skipped (RFC 8878, section 3.1.2).
        boolean zstd = magic == ZSTD_FRAME || (magic & ~0xF) == ZSTD_SKIPPABLE_FRAME;
        if (!gzip && !zstd) {
            return withoutMark(bytes);
        }
        try {
            InputStream inner = gzip ? new GzipInputStream(bytes, BUFFER_BYTES) : new ZstdInputStream(bytes);
            return withoutMark(new BufferedInputStream(new Compressed(inner, gzip ? "gzip" : "zstd"), BUFFER_BYTES));
        } catch (EOFException | ZipException e) {
            throw damaged("gzip", e);
        }
    }

    private static byte[] first(BufferedInputStream bytes, int count) throws IOException {
        bytes.mark(count);
        byte[] first = bytes.readNBytes(count);
        bytes.reset();
        return first;
    }

    /** Skips the mark that some programs put before UTF-8. */
    private InputStream withoutMark(BufferedInputStream bytes) throws IOException {
        byte[] first = first(bytes, 3);
        if (first.length >= 2
                && ((first[0] == (byte) 0xFF && first[1] == (byte) 0xFE)
                        || (first[0] == (byte) 0xFE && first[1] == (byte) 0xFF))) {
            throw new IOException(name + ": is UTF-16; convert it first: iconv -f utf-16 -t utf-8");
        }
        if (first.length == 3 && first[0] == (byte) 0xEF && first[1] == (byte) 0xBB && first[2] == (byte) 0xBF) {
            bytes.skipNBytes(3);
        }
        return bytes;
    }

    private IOException damaged(String format, IOException e) {
        return new IOException(
                name + ": is damaged or cut off: its " + format + " data ends too early or cannot be read", e);
    }

    /** Says of what is damaged which input it is. */
    private final class Compressed extends FilterInputStream {
        private final String format;

        Compressed(InputStream in, String format) {
            super(in);
            this.format = format;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            try {
                return super.read(target, offset, length);
            } catch (ZstdIOException e) {
                if (e.getErrorCode() == Zstd.errFrameParameterWindowTooLarge()) {
                    throw new IOException(
                            name
                                    + ": was compressed with a window of more than 128 MiB; decompress it first: zstd -d --long=31",
                            e);
                }
                throw damaged(format, e);
            } catch (EOFException | ZipException e) {
                throw damaged(format, e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        try {
            if (keeping != null) {
                keeping.close();
            }
        } finally {
            if (kept != null) {
                Files.deleteIfExists(kept);
            }
            InputStream source = once;
            if (owned && source != null) {
                source.close(); // a pipe whose other end would go on to write into it
            }
        }
    }
}
