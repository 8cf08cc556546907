package io.kohakuvault.column;

import java.util.List;

/** A column of byte strings, for reading. */
public interface BytesReader extends ColumnReader {
    /**
     * One element.
     *
     * @param index from 0 to length - 1
     * @return the element
     * @throws IndexOutOfBoundsException outside that range
     */
    byte[] get(long index);

    /**
     * A range, read in bulk.
     *
     * @param from first index
     * @param to index after the last
     * @return {@code to - from} elements
     * @throws IndexOutOfBoundsException unless {@code 0 <= from <= to <= length}
     */
    List<byte[]> slice(long from, long to);
}
