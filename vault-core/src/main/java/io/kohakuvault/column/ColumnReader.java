package io.kohakuvault.column;

import io.kohakuvault.codec.DType;

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
}
