package io.kohakuvault.internal.kv;

import io.kohakuvault.kv.KvUpload;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** What is written waits in memory, and what is larger than a buffer in a temporary file. Not thread-safe. */
final class SpooledUpload implements KvUpload {
    private static final int BUFFER_BYTES = 1 << 20;

    private final Path folder;
    private final Target target;
    private byte[] buffer = new byte[8192];
    private int buffered;
    private @Nullable FileChannel spool;
    private boolean ended;

    /** Where the value goes. */
    @FunctionalInterface
    interface Target {
        /**
         * Puts the value.
         *
         * @param value all bytes
         * @throws IOException when they cannot be read
         */
        void put(InputStream value) throws IOException;
    }

    private final OutputStream stream = new Writing();

    /** Closing it is what streams around it do: it ends the writing alone. */
    private final class Writing extends OutputStream {
        private boolean closed;

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (closed) {
                throw new IOException("this stream is closed; take another upload for another value");
            }
            SpooledUpload.this.write(bytes, offset, length);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    /**
     * An upload.
     *
     * @param folder where a value that is larger than a buffer waits
     * @param target takes the value when it is committed
     */
    SpooledUpload(Path folder, Target target) {
        this.folder = folder;
        this.target = target;
    }

    @Override
    public OutputStream stream() {
        return stream;
    }

    private void write(byte[] bytes, int offset, int length) throws IOException {
        checkOpen();
        if ((long) buffered + length > buffer.length && buffer.length < BUFFER_BYTES) {
            buffer = java.util.Arrays.copyOf(buffer, (int)
                    Math.min(BUFFER_BYTES, Math.max(2L * buffer.length, (long) buffered + length)));
        }
        if ((long) buffered + length > buffer.length) {
            spool(ByteBuffer.wrap(buffer, 0, buffered));
            buffered = 0;
        }
        if (length > buffer.length) {
            spool(ByteBuffer.wrap(bytes, offset, length));
        } else {
            System.arraycopy(bytes, offset, buffer, buffered, length);
            buffered += length;
        }
    }

    private void spool(ByteBuffer bytes) throws IOException {
        FileChannel channel = spool;
        if (channel == null) {
            Path file = Files.createTempFile(folder, ".vault-upload-", ".tmp");
            // Deleted by the system with the last descriptor: nothing is left behind by a process that dies.
            channel = FileChannel.open(
                    file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
            spool = channel;
        }
        long begin = channel.position();
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            if (channel.isOpen()) {
                channel.position(begin); // what a full disk took of it is written again
            }
            throw e;
        }
    }

    private void checkOpen() {
        if (ended) {
            throw new IllegalStateException("this upload has been committed or closed");
        }
    }

    @Override
    public void commit() throws IOException {
        checkOpen();
        FileChannel channel = spool;
        if (channel == null) {
            target.put(new java.io.ByteArrayInputStream(buffer, 0, buffered));
        } else {
            spool(ByteBuffer.wrap(buffer, 0, buffered));
            buffered = 0;
            long end = channel.position();
            try {
                channel.position(0);
                target.put(Channels.newInputStream(channel));
            } finally {
                if (channel.isOpen()) {
                    channel.position(end); // it may be committed again
                }
            }
        }
        close();
    }

    @Override
    public void close() throws IOException {
        ended = true;
        FileChannel channel = spool;
        if (channel != null) {
            spool = null;
            channel.close();
        }
    }
}
