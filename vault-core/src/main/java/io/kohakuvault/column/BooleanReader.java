package io.kohakuvault.column;

/** A column of truth values, for reading. */
public interface BooleanReader extends ColumnReader {
    /**
     * One element.
     *
     * @param index from 0 to length - 1
     * @return the element
     * @throws IndexOutOfBoundsException outside that range
     */
    boolean get(long index);

    /**
     * A range, copied in bulk.
     *
     * @param from first index
     * @param to index after the last
     * @return {@code to - from} elements
     * @throws IndexOutOfBoundsException unless {@code 0 <= from <= to <= length}
     */
    boolean[] slice(long from, long to);
}
