package io.kohakuvault.column;

import java.nio.ByteBuffer;

/**
 * A column, for reading and writing. Thread-safe. A mutating call is its own transaction unless the caller is in one.
 */
public interface Column extends ColumnReader {
    /**
     * Adds elements of a fixed size as they are stored: numbers little-endian, one after the other.
     *
     * @param elements its remaining bytes are taken
     * @throws IllegalArgumentException when they are no whole number of elements, or the column's elements have no
     *     fixed size
     */
    void appendRaw(ByteBuffer elements);

    /**
     * Removes an element.
     *
     * @param index from 0 to length - 1
     * @throws IndexOutOfBoundsException outside that range
     */
    default void remove(long index) {
        remove(index, index + 1);
    }

    /**
     * Removes a range: of a variable size a block or two are rewritten, of a fixed one what stands behind moves.
     *
     * @param from first index
     * @param to index after the last
     * @throws IndexOutOfBoundsException unless {@code 0 <= from <= to <= length}
     */
    void remove(long from, long to);

    /**
     * What {@link #remove(long, long)} was called before.
     *
     * @param from first index
     * @param to index after the last
     * @deprecated goes with 1.0; use {@link #remove(long, long)}
     */
    @Deprecated(forRemoval = true)
    default void removeRange(long from, long to) {
        remove(from, to);
    }

    /**
     * Removes what stands from an index on; does nothing when there are no more elements than that.
     *
     * @param length how many elements stay at most, at least 0
     */
    void truncate(long length);

    /** Removes all elements. */
    void clear();
}
