package io.kohakuvault.column;

import java.util.List;

/** A column of vectors of 32-bit floats, for reading. */
public interface FloatVectorReader extends ColumnReader {
    /**
     * One element.
     *
     * @param index from 0 to length - 1
     * @return the element
     * @throws IndexOutOfBoundsException outside that range
     */
    float[] get(long index);

    /**
     * A range, read in bulk.
     *
     * @param from first index
     * @param to index after the last
     * @return {@code to - from} elements
     * @throws IndexOutOfBoundsException unless {@code 0 <= from <= to <= length}
     */
    List<float[]> slice(long from, long to);
}
