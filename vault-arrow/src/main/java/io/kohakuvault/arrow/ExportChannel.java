package io.kohakuvault.arrow;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a writer of Arrow's writes to: it leaves the caller's channel open, gathers the writer's many small pieces, and
 * drops everything once it has been broken off.
 */
final class ExportChannel implements WritableByteChannel {
    private static final int GATHERED_BYTES = 64 << 10;

    private final @Nullable WritableByteChannel channel;
    private final @Nullable OutputStream stream;
    private final ByteBuffer gathered;
    private boolean broken;

    ExportChannel(WritableByteChannel channel) {
        this.channel = channel;
        this.stream = null;
        this.gathered = ByteBuffer.allocateDirect(GATHERED_BYTES);
    }

    ExportChannel(OutputStream stream) {
        this.channel = null;
        this.stream = stream;
        this.gathered = ByteBuffer.allocate(GATHERED_BYTES);
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        int size = bytes.remaining();
        if (broken) {
            bytes.position(bytes.limit());
            return size;
        }
        if (size > gathered.remaining()) {
            flush();
        }
        if (channel != null && size > gathered.remaining()) {
            drain(bytes);
            return size;
        }
        while (bytes.hasRemaining()) {
            if (!gathered.hasRemaining()) {
                flush();
            }
            int part = Math.min(bytes.remaining(), gathered.remaining());
            gathered.put(gathered.position(), bytes, bytes.position(), part);
            gathered.position(gathered.position() + part);
            bytes.position(bytes.position() + part);
        }
        return size;
    }

    /** Hands on what is gathered. */
    void flush() throws IOException {
        gathered.flip();
        if (stream != null) {
            stream.write(gathered.array(), 0, gathered.limit());
        } else {
            drain(gathered);
        }
        gathered.clear();
    }

    private void drain(ByteBuffer bytes) throws IOException {
        WritableByteChannel to = Objects.requireNonNull(channel);
        while (bytes.hasRemaining()) {
            if (to.write(bytes) == 0) {
                throw new IOException("the channel takes no more bytes: it must be a blocking one");
            }
        }
    }

    /** Nothing more gets to the caller. */
    void breakOff() {
        broken = true;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {
        // The caller's to close.
    }
}
