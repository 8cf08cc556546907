package io.kohakuvault.column;

/** A column of integers. A long for a u64 column is the bits; an int is a number, and none is negative there. */
public interface LongColumn extends LongReader, Column {
    /**
     * Adds an element at the end.
     *
     * @param value the element
     * @throws IllegalArgumentException when one is out of the dtype's range
     */
    void append(long value);

    /**
     * Adds elements at the end, all or none.
     *
     * @param values the elements
     * @throws IllegalArgumentException when one is out of the dtype's range
     */
    void appendAll(long[] values);

    /**
     * Adds elements at the end, all or none.
     *
     * @param values the elements
     * @throws IllegalArgumentException when one is out of the dtype's range
     */
    void appendAll(int[] values);

    /**
     * Replaces an element.
     *
     * @param index from 0 to length - 1
     * @param value the new element
     * @throws IndexOutOfBoundsException outside that range
     * @throws IllegalArgumentException when one is out of the dtype's range
     */
    void set(long index, long value);

    /**
     * Inserts elements before the one at an index. Of a fixed size, what stands behind moves: linear in its number.
     *
     * @param index from 0 to length
     * @param values the elements
     * @throws IndexOutOfBoundsException outside that range
     * @throws IllegalArgumentException when one is out of the dtype's range
     */
    void insert(long index, long... values);
}
