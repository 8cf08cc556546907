package io.kohakuvault.column;

/**
 * A column of floating-point numbers. Columns of f16 and f32 take the nearest number they have: one too small for them
 * is zero, but a finite one beyond their range (65504 and 3.4e38) is an {@link IllegalArgumentException}.
 */
public interface DoubleColumn extends DoubleReader, Column {
    /**
     * Adds an element at the end.
     *
     * @param value the element
     */
    void append(double value);

    /**
     * Adds elements at the end, all or none.
     *
     * @param values the elements
     */
    void appendAll(double[] values);

    /**
     * Adds elements at the end, all or none.
     *
     * @param values the elements
     */
    void appendAll(float[] values);

    /**
     * Replaces an element.
     *
     * @param index from 0 to length - 1
     * @param value the new element
     * @throws IndexOutOfBoundsException outside that range
     */
    void set(long index, double value);

    /**
     * Inserts elements before the one at an index. Of a fixed size, what stands behind moves: linear in its number.
     *
     * @param index from 0 to length
     * @param values the elements
     * @throws IndexOutOfBoundsException outside that range
     */
    void insert(long index, double... values);
}
