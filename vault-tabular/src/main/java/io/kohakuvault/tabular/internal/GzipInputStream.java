package io.kohakuvault.tabular.internal;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Reads gzip (RFC 1952), all members of it. The JDK's stream looks for a further member only where the source says that
 * bytes are available, which pipes do not, and takes a member whose header is cut off or damaged for the end: both lose
 * rows without a word.
 */
final class GzipInputStream extends InputStream {
    private static final int CHECKSUM_OF_HEADER = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;

    private final InputStream source;
    private final byte[] buffer;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32();
    private int at;
    private int end;
    private boolean ended;

    /**
     * Reads the first header.
     *
     * @throws EOFException when it is cut off, as later calls do
     * @throws ZipException when it is damaged, as later calls do
     */
    GzipInputStream(InputStream source, int bufferBytes) throws IOException {
        this.source = source;
        this.buffer = new byte[bufferBytes];
        try {
            header(next());
        } catch (IOException | RuntimeException e) {
            inflater.end();
            throw e;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (!ended) {
            int n = inflate(target, offset, length);
            if (n > 0) {
                checksum.update(target, offset, n);
                return n;
            } else if (inflater.finished()) {
                trailer();
            } else if (inflater.needsDictionary()) {
                throw new ZipException("a dictionary is asked for");
            } else if (inflater.needsInput()) {
                if (at == end && !fill()) {
                    throw new EOFException();
                }
                inflater.setInput(buffer, at, end - at);
                at = end;
            }
        }
        return -1;
    }

    private int inflate(byte[] target, int offset, int length) throws ZipException {
        try {
            return inflater.inflate(target, offset, length);
        } catch (DataFormatException e) {
            throw new ZipException(e.getMessage());
        }
    }

    private void header(int first) throws IOException {
        if (first != 0x1F || needed() != 0x8B || needed() != 8) {
            throw new ZipException("no gzip");
        }
        int flags = needed();
        skip(6);
        if ((flags & EXTRA) != 0) {
            skip(needed() | needed() << 8);
        }
        for (int text : new int[] {NAME, COMMENT}) {
            while ((flags & text) != 0 && needed() != 0) {
                // up to the zero at its end
            }
        }
        if ((flags & CHECKSUM_OF_HEADER) != 0) {
            skip(2);
        }
        inflater.reset();
        checksum.reset();
    }

    /** Checks the end of a member; behind it stands another one, or nothing but zeros. */
    private void trailer() throws IOException {
        at = end - inflater.getRemaining();
        if (number() != (int) checksum.getValue() || number() != (int) inflater.getBytesWritten()) {
            throw new ZipException("a wrong checksum");
        }
        int b = next();
        while (b == 0) {
            b = next();
        }
        if (b < 0) {
            ended = true;
        } else {
            header(b);
        }
    }

    private int number() throws IOException {
        return needed() | needed() << 8 | needed() << 16 | needed() << 24;
    }

    private void skip(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            needed();
        }
    }

    private int needed() throws IOException {
        int b = next();
        if (b < 0) {
            throw new EOFException();
        }
        return b;
    }

    private int next() throws IOException {
        return at < end || fill() ? buffer[at++] & 0xFF : -1;
    }

    private boolean fill() throws IOException {
        at = 0;
        end = Math.max(0, source.read(buffer, 0, buffer.length));
        return end > 0;
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        source.close();
    }
}
