package io.kohakuvault.column;

/** A column of integers, for reading. Unsigned 64-bit integers are given and taken as the long of the same bits. */
public interface LongReader extends ColumnReader {
    /**
     * One element.
     *
     * @param index from 0 to length - 1
     * @return the element
     * @throws IndexOutOfBoundsException outside that range
     */
    long get(long index);

    /**
     * A range, copied in bulk.
     *
     * @param from first index
     * @param to index after the last
     * @return {@code to - from} elements
     * @throws IndexOutOfBoundsException unless {@code 0 <= from <= to <= length}
     */
    long[] slice(long from, long to);
}
