package io.kohakuvault.table;

import java.util.BitSet;
import java.util.List;

/**
 * A table, for reading. Thread-safe.
 *
 * <pre>{@code
 * TableReader table = snapshot.tables().get("flights");
 * for (Row row : table.scan("carrier", "delay")) System.out.println(row.getString("carrier"));
 * List<Row> some = table.rows(new long[] {5, 1, 17});
 * long delayed = table.count(Filter.where("delay", 1, null));
 * }</pre>
 */
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
     * Reads rows as objects by their indexes, all of one state of the table; a block is read once.
     *
     * @param indexes rows in any order, one may be given twice
     * @param columns names of the columns to read; none means all
     * @return as many rows, in the order given
     * @throws IndexOutOfBoundsException when there is no such row
     */
    List<Row> rows(long[] indexes, String... columns);

    /**
     * Reads all rows as objects, one after the other, however many there are: some are in memory at a time. On a live
     * vault rows that are appended after the iterator was made are not visited, and each part is read as the table is
     * then.
     *
     * @param columns names of the columns to read; none means all
     * @return the rows; each iterator starts anew
     */
    Iterable<Row> scan(String... columns);

    /**
     * {@link #scan(String...)} of the rows for which a filter holds. A part is looked through and read in one state of
     * the table.
     *
     * @param filter which rows
     * @param columns names of the columns to read, which need not be those of the filter; none means all
     * @return the rows in order; each iterator starts anew
     * @throws IllegalArgumentException when there is no such column, or it is not compared with such a value
     */
    Iterable<Row> scan(Filter filter, String... columns);

    /**
     * The indexes of the rows for which a filter holds, however many there are. They are what the table has when their
     * part is looked through: inserting and removing changes what an index means.
     *
     * @param filter which rows
     * @return batches of one index and more, together ascending; each iterator starts anew
     * @throws IllegalArgumentException when there is no such column, or it is not compared with such a value
     */
    Iterable<long[]> indexes(Filter filter);

    /**
     * How many rows there are for which a filter holds.
     *
     * @param filter which rows
     * @return at least 0
     * @throws IllegalArgumentException when there is no such column, or it is not compared with such a value
     */
    long count(Filter filter);

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
     * What {@link #indexes(Filter)} was called before, with the greatest value within the range.
     *
     * @param column name within the table
     * @param least the least value looked for, as {@link RowWriter#setObject} takes it
     * @param greatest the greatest value looked for
     * @return their indexes, ascending
     * @throws IllegalArgumentException when the column has no such order, or is not compared with such a value
     * @deprecated goes with 1.0; use {@code indexes(Filter.where(column, atLeast, below))}
     */
    @Deprecated(forRemoval = true)
    long[] indexesWithin(String column, Object least, Object greatest);

    /**
     * {@link #indexesWithin(String, Object, Object)} of some of the rows.
     *
     * @param column name within the table
     * @param least the least value looked for
     * @param greatest the greatest value looked for
     * @param from first row
     * @param to row after the last
     * @return their indexes in the table, ascending
     * @throws IllegalArgumentException when the column has no such order, or is not compared with such a value
     * @throws IndexOutOfBoundsException unless {@code 0 <= from <= to <= length}
     * @deprecated goes with 1.0; use {@code indexes(Filter.where(column, atLeast, below))}
     */
    @Deprecated(forRemoval = true)
    long[] indexesWithin(String column, Object least, Object greatest, long from, long to);
}
