package io.kohakuvault.spi;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one block of a column: a run of rows that stand together. Counted references: it starts with one, each
 * {@link #retain()} adds one, each {@link #close()} takes one away; with the last one the snapshot may end. The buffers
 * must not be touched after that. Thread-safe; the buffers are read-only, little-endian and must be duplicated before
 * their position changes.
 */
public interface BlockView extends AutoCloseable {
    /**
     * Where the block begins.
     *
     * @return the row of the column, from 0
     */
    long firstRow();

    /**
     * How many rows it holds.
     *
     * @return at least 1
     */
    int rows();

    /**
     * The elements' bytes: for a fixed size, element i of the block at i · size; else element i from offsets[i] to
     * offsets[i + 1].
     *
     * @return the used bytes of the block
     */
    ByteBuffer payload();

    /**
     * The (rows + 1) unsigned 64-bit offsets of a column of variable size, the first one 0. They have been checked:
     * they ascend and end at the payload's end.
     *
     * @return the offsets, or null for a fixed size
     */
    @Nullable
    ByteBuffer offsets();

    /**
     * Which elements are present: bit {@code i & 7} of byte {@code i >> 3} for row i of the block. The array must not
     * be changed.
     *
     * @return the bitmap, or null when all are present
     */
    byte @Nullable [] validity();

    /**
     * Where the bytes come from.
     *
     * @return the origin
     */
    Origin origin();

    /**
     * Adds a reference, to be given back with {@link #close()}.
     *
     * @return this
     * @throws IllegalStateException when the last one is gone already
     */
    BlockView retain();

    /**
     * Gives a reference back.
     *
     * @throws IllegalStateException when none is left
     */
    @Override
    void close();
}
