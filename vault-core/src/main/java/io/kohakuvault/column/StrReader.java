package io.kohakuvault.column;

import java.util.List;

/** A column of text, for reading. */
public interface StrReader extends ColumnReader {
    /**
     * One element.
     *
     * @param index from 0 to length - 1
     * @return the element
     * @throws IndexOutOfBoundsException outside that range
     */
    String get(long index);

    /**
     * A range, read in bulk.
     *
     * @param from first index
     * @param to index after the last
     * @return {@code to - from} elements
     * @throws IndexOutOfBoundsException unless {@code 0 <= from <= to <= length}
     */
    List<String> slice(long from, long to);
}
