package io.kohakuvault.internal.kv;

import io.kohakuvault.internal.sqlite.Access;
import io.kohakuvault.internal.sqlite.ReadAccess;
import io.kohakuvault.internal.sqlite.ReadLease;
import io.kohakuvault.internal.state.StateAccess;
import io.kohakuvault.internal.value.ValueCodec;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Random access to a value, of which one segment at a time is in memory. For one thread at a time. */
final class KvChannel implements SeekableByteChannel {
    private final ReadAccess access;
    private final Runnable onClose;
    private final String table;
    private final byte[] key;
    private final String where;
    private final KvSegments.Layout layout;
    private final int segmentBytes;

    private byte[] segment;
    private long segmentNumber;
    private long position;
    private boolean open = true;

    private KvChannel(
            ReadAccess access,
            Runnable onClose,
            String table,
            byte[] key,
            String where,
            KvSegments.Layout layout,
            int segmentBytes,
            byte[] segment,
            long segmentNumber) {
        this.access = access;
        this.onClose = onClose;
        this.table = table;
        this.key = key;
        this.where = where;
        this.layout = layout;
        this.segmentBytes = segmentBytes;
        this.segment = segment;
        this.segmentNumber = segmentNumber;
    }

    /** A channel over the value of a key, with a read transaction of its own where the value is in segments. */
    static KvChannel open(Access<? extends StateAccess> access, KvRows rows, byte[] key) {
        ReadLease lease = access.lease("a stream of " + rows.where(key)).orElse(null);
        if (lease == null) {
            return open(access, rows, key, () -> {});
        }
        try {
            KvChannel channel = open(lease, rows, key, lease::close);
            if (!channel.readsSegments()) {
                lease.close(); // the whole value is in memory
            }
            return channel;
        } catch (RuntimeException | Error e) {
            lease.close();
            throw e;
        }
    }

    private static KvChannel open(ReadAccess reads, KvRows rows, byte[] key, Runnable onClose) {
        byte[] stored = reads.<byte @Nullable []>read(session -> rows.lookup(session, key, (s, k, found) -> found));
        if (stored == null) {
            throw new NoSuchElementException(rows.where(key) + " is not there");
        }
        return ValueCodec.isSegmented(stored)
                ? of(reads, onClose, rows.segments, key, rows.where(key), KvSegments.Layout.of(stored, rows.where(key)))
                : of(reads, ValueCodec.decodeRaw(stored));
    }

    /** Over a value that is in memory as one piece. */
    private static KvChannel of(ReadAccess access, byte[] value) {
        return new KvChannel(
                access,
                () -> {},
                "",
                new byte[0],
                "",
                new KvSegments.Layout(1, value.length),
                Math.max(1, value.length),
                value,
                0);
    }

    /** @param onClose ends the read transaction of the access */
    private static KvChannel of(
            ReadAccess access, Runnable onClose, String table, byte[] key, String where, KvSegments.Layout layout) {
        int length = access.read(session -> KvSegments.segmentBytes(session, table, key, layout, where));
        return new KvChannel(access, onClose, table, key, where, layout, length, new byte[0], -1);
    }

    /** Whether the value is read piece by piece. */
    boolean readsSegments() {
        return !table.isEmpty();
    }

    @Override
    public int read(ByteBuffer target) throws ClosedChannelException {
        checkOpen();
        if (position >= layout.size()) {
            return -1;
        }
        int total = 0;
        while (target.hasRemaining() && position < layout.size()) {
            long number = position / segmentBytes;
            if (number != segmentNumber) {
                int expected = (int) Math.min(segmentBytes, layout.size() - number * segmentBytes);
                segment = access.read(
                        session -> KvSegments.segment(session, table, key, number, expected, layout, where));
                segmentNumber = number;
            }
            int at = (int) (position - number * segmentBytes);
            int count = Math.min(target.remaining(), segment.length - at);
            target.put(segment, at, count);
            position += count;
            total += count;
        }
        return total;
    }

    @Override
    public int write(ByteBuffer source) {
        throw new NonWritableChannelException();
    }

    @Override
    public long position() throws ClosedChannelException {
        checkOpen();
        return position;
    }

    @Override
    public SeekableByteChannel position(long newPosition) throws ClosedChannelException {
        checkOpen();
        if (newPosition < 0) {
            throw new IllegalArgumentException("a position must be at least 0, but was " + newPosition);
        }
        position = newPosition;
        return this;
    }

    @Override
    public long size() throws ClosedChannelException {
        checkOpen();
        return layout.size();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
        throw new NonWritableChannelException();
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    private void checkOpen() throws ClosedChannelException {
        if (!open) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            segment = new byte[0];
            onClose.run();
        }
    }
}
