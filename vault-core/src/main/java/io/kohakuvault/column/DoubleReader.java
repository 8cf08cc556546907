package io.kohakuvault.column;

/** A column of floating-point numbers, for reading. Elements of f16 and f32 columns are rounded to the nearest on writing. */
public interface DoubleReader extends ColumnReader {
    /**
     * One element.
     *
     * @param index from 0 to length - 1
     * @return the element
     * @throws IndexOutOfBoundsException outside that range
     */
    double get(long index);

    /**
     * A range, copied in bulk.
     *
     * @param from first index
     * @param to index after the last
     * @return {@code to - from} elements
     * @throws IndexOutOfBoundsException unless {@code 0 <= from <= to <= length}
     */
    double[] slice(long from, long to);
}
