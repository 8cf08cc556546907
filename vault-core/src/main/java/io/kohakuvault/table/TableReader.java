package io.kohakuvault.table;

import java.util.List;

/** A table, for reading. Thread-safe. */
public interface TableReader {
    /**
     * The table's name.
     *
     * @return the name
     */
    String name();

    /**
     * Its columns.
     *
     * @return the schema
     */
    Schema schema();

    /**
     * How many rows it has.
     *
     * @return at least 0
     */
    long length();

    /**
     * Reads rows as objects. For bulk work read columns or Arrow batches instead.
     *
     * @param from first row
     * @param to row after the last
     * @param columns names of the columns to read; none means all
     * @return {@code to - from} rows
     * @throws IndexOutOfBoundsException unless {@code 0 <= from <= to <= length}
     */
    List<Row> rows(long from, long to, String... columns);
}
