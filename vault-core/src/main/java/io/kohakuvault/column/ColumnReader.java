package io.kohakuvault.column;

import io.kohakuvault.codec.DType;
import java.nio.ByteBuffer;
import java.util.List;

/** A column, for reading. Thread-safe. Indexes count elements from 0; ranges are {@code [from, to)}. */
public interface ColumnReader {
    /**
     * The column's name.
     *
     * @return its full name, for a table's column {@code table.column}
     */
    String name();

    /**
     * What its elements are.
     *
     * @return the dtype
     */
    DType dtype();

    /**
     * How many elements it has.
     *
     * @return the length, at least 0
     * @throws java.util.NoSuchElementException when the column has been deleted
     */
    long length();

    /**
     * The elements as a list; of a column that can be written, one that can be changed. A live view: each call reads or
     * writes the column.
     *
     * @return Long, Double, Boolean, String, byte[], {@code float[]}, {@link io.kohakuvault.codec.NumericArray} or
     *     the values of {@code msgpack} and {@code cbor}
     */
    List<?> asList();

    /**
     * Copies elements of a fixed size as they are stored: numbers little-endian, one after the other.
     *
     * @param from first index
     * @param to index after the last
     * @param into takes the bytes at its position, which moves on
     * @throws IndexOutOfBoundsException unless {@code 0 <= from <= to <= length}
     * @throws IllegalArgumentException when the buffer has too little room, or the column's elements have no fixed size
     */
    void readRaw(long from, long to, ByteBuffer into);
}
