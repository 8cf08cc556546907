package io.kohakuvault.internal.block;

import io.kohakuvault.spi.BlockView;
import io.kohakuvault.spi.Origin;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A block with the hold on the state in which its bytes stand, ended by the last reference. */
final class HeldBlock implements BlockView {
    private final long firstRow;
    private final int rows;
    private final ByteBuffer payload;
    private final @Nullable ByteBuffer offsets;
    private final byte @Nullable [] validity;
    private final Origin origin;
    private final Runnable onLastClose;
    private final AtomicInteger references = new AtomicInteger(1);

    /** @param onLastClose run once, with the last close */
    HeldBlock(
            long firstRow,
            int rows,
            ByteBuffer payload,
            @Nullable ByteBuffer offsets,
            byte @Nullable [] validity,
            Origin origin,
            Runnable onLastClose) {
        this.firstRow = firstRow;
        this.rows = rows;
        this.payload = payload;
        this.offsets = offsets;
        this.validity = validity;
        this.origin = origin;
        this.onLastClose = onLastClose;
    }

    @Override
    public long firstRow() {
        return firstRow;
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public ByteBuffer payload() {
        return payload;
    }

    @Override
    public @Nullable ByteBuffer offsets() {
        return offsets;
    }

    @Override
    public byte @Nullable [] validity() {
        return validity;
    }

    @Override
    public Origin origin() {
        return origin;
    }

    @Override
    public BlockView retain() {
        if (references.getAndUpdate(n -> n == 0 ? 0 : n + 1) == 0) {
            throw new IllegalStateException("this block has been released");
        }
        return this;
    }

    @Override
    public void close() {
        int before = references.getAndUpdate(n -> n == 0 ? 0 : n - 1);
        if (before == 0) {
            throw new IllegalStateException("this block was released more often than it was retained");
        }
        if (before == 1) {
            onLastClose.run();
        }
    }
}
