package io.kohakuvault.spi;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one block of a column: a run of rows that stand together. Counted references: it starts with one, each
 * {@link #retain()} adds one, each {@link #close()} takes one away; with the last one the snapshot may end. The buffers
 * must not be touched after that. Thread-safe; the buffers are read-only, little-endian and must be duplicated before
 * their position changes.
 */
public final class BlockView implements AutoCloseable {
    private final long firstRow;
    private final int rows;
    private final ByteBuffer payload;
    private final @Nullable ByteBuffer offsets;
    private final byte @Nullable [] validity;
    private final Origin origin;
    private final Runnable onLastClose;
    private final AtomicInteger references = new AtomicInteger(1);

    /**
     * Made by the engine.
     *
     * @param firstRow row of the column at which the block begins
     * @param rows how many rows it holds
     * @param payload the elements' bytes
     * @param offsets for columns of variable size, else null
     * @param validity the bitmap of nulls, or null when all are present
     * @param origin where the bytes come from
     * @param onLastClose run once, with the last close
     */
    public BlockView(
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

    /**
     * Where the block begins.
     *
     * @return the row of the column, from 0
     */
    public long firstRow() {
        return firstRow;
    }

    /**
     * How many rows it holds.
     *
     * @return at least 1
     */
    public int rows() {
        return rows;
    }

    /**
     * The elements' bytes: for a fixed size, element i of the block at i · size; else element i from offsets[i] to
     * offsets[i + 1].
     *
     * @return the used bytes of the block
     */
    public ByteBuffer payload() {
        return payload;
    }

    /**
     * The (rows + 1) unsigned 64-bit offsets of a column of variable size, the first one 0. They have been checked:
     * they ascend and end at the payload's end.
     *
     * @return the offsets, or null for a fixed size
     */
    public @Nullable ByteBuffer offsets() {
        return offsets;
    }

    /**
     * Which elements are present: bit {@code i & 7} of byte {@code i >> 3} for row i of the block. The array must not
     * be changed.
     *
     * @return the bitmap, or null when all are present
     */
    public byte @Nullable [] validity() {
        return validity;
    }

    /**
     * Where the bytes come from.
     *
     * @return the origin
     */
    public Origin origin() {
        return origin;
    }

    /**
     * Adds a reference, to be given back with {@link #close()}.
     *
     * @return this
     * @throws IllegalStateException when the last one is gone already
     */
    public BlockView retain() {
        if (references.getAndUpdate(n -> n == 0 ? 0 : n + 1) == 0) {
            throw new IllegalStateException("this block has been released");
        }
        return this;
    }

    /** Gives a reference back. */
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
