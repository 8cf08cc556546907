package io.kohakuvault.column;

/** A column of truth values. */
public interface BooleanColumn extends BooleanReader, Column {
    /**
     * Adds an element at the end.
     *
     * @param value the element
     */
    void append(boolean value);

    /**
     * Adds elements at the end, all or none.
     *
     * @param values the elements
     */
    void appendAll(boolean[] values);

    /**
     * Replaces an element.
     *
     * @param index from 0 to length - 1
     * @param value the new element
     * @throws IndexOutOfBoundsException outside that range
     */
    void set(long index, boolean value);

    /**
     * Inserts elements before the one at an index. Of a fixed size, what stands behind moves: linear in its number.
     *
     * @param index from 0 to length
     * @param values the elements
     * @throws IndexOutOfBoundsException outside that range
     */
    void insert(long index, boolean... values);
}
