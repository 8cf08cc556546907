package io.kohakuvault.table;

import java.util.BitSet;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

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

    /**
     * Reads all rows as objects, one after the other, however many there are: some are in memory at a time. On a live
     * vault rows that are appended while the table is scanned are not visited.
     *
     * @param columns names of the columns to read; none means all
     * @return the rows; each iterator starts anew
     */
    default Iterable<Row> scan(String... columns) {
        return () -> {
            Iterator<List<Row>> batches =
                    batches(0, length(), 1000, 4 << 20, columns).iterator();
            return new Iterator<>() {
                private Iterator<Row> batch = Collections.emptyIterator();

                @Override
                public boolean hasNext() {
                    while (!batch.hasNext() && batches.hasNext()) {
                        batch = batches.next().iterator();
                    }
                    return batch.hasNext();
                }

                @Override
                public Row next() {
                    if (!hasNext()) {
                        throw new NoSuchElementException();
                    }
                    return batch.next();
                }
            };
        };
    }

    /**
     * Reads rows as objects, batch by batch, for ranges that do not fit the memory. On a live vault each batch is read
     * as the table is then.
     *
     * @param from first row
     * @param to row after the last
     * @param rows most rows of a batch, at least 1
     * @param bytes about how much memory the values of a batch may take, at least 1; a batch has one row at least,
     *     however long
     * @param columns names of the columns to read; none means all
     * @return the batches, together {@code to - from} rows; each iterator starts anew
     * @throws IndexOutOfBoundsException from the iterator, unless {@code 0 <= from <= to <= length}
     * @throws IllegalArgumentException when {@code rows} or {@code bytes} is less than 1
     */
    Iterable<List<Row>> batches(long from, long to, int rows, long bytes, String... columns);

    /**
     * Which rows of a range have a value in a column. The values themselves are read in bulk as those of the column
     * {@code table.column}, with zero or empty for a null.
     *
     * @param column name within the table
     * @param from first row
     * @param to row after the last
     * @return bit i set when row {@code from + i} has one
     * @throws IndexOutOfBoundsException unless {@code 0 <= from <= to <= length}
     */
    BitSet present(String column, long from, long to);

    /**
     * Where the rows are that have a value in a range: a span of time, for example. In a guarded file blocks whose
     * statistics rule them out are not read; nulls are never found.
     *
     * @param column name within the table, of integers, floating-point numbers, timestamps, dates, times, or
     *     decimals in an i64
     * @param least the least value looked for, as {@link RowWriter#setObject} takes it
     * @param greatest the greatest value looked for
     * @return their indexes, ascending
     * @throws IllegalArgumentException when the column has no such order, or a value does not fit it
     */
    long[] indexesWithin(String column, Object least, Object greatest);

    /**
     * {@link #indexesWithin(String, Object, Object)} of some of the rows: of a table of any size it takes as much
     * memory as the range says.
     *
     * @param column name within the table
     * @param least the least value looked for
     * @param greatest the greatest value looked for
     * @param from first row
     * @param to row after the last
     * @return their indexes in the table, ascending
     * @throws IllegalArgumentException when the column has no such order, or a value does not fit it
     * @throws IndexOutOfBoundsException unless {@code 0 <= from <= to <= length}
     */
    long[] indexesWithin(String column, Object least, Object greatest, long from, long to);
}
