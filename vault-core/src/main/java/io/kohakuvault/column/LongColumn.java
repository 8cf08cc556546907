package io.kohakuvault.column;

/** A column of integers. */
public interface LongColumn extends LongReader, Column {
    /**
     * Adds an element at the end.
     *
     * @param value the element; an integer out of the dtype's range is an IllegalArgumentException
     */
    void append(long value);

    /**
     * Adds elements at the end, all or none.
     *
     * @param values the elements
     */
    void appendAll(long[] values);

    /**
     * Replaces an element.
     *
     * @param index from 0 to length - 1
     * @param value the new element
     * @throws IndexOutOfBoundsException outside that range
     */
    void set(long index, long value);
}
