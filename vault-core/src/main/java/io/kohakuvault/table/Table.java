package io.kohakuvault.table;

import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A table. Thread-safe. A mutating call is its own transaction unless the caller is in one.
 *
 * <pre>{@code
 * RowBatch batch = flights.newBatch();
 * for (int i = 0; i < 10_000; i++) {
 *     int minutes = i;
 *     batch.add(row -> row.set("departed", Instant.now()).set("carrier", "UA").set("delay", minutes));
 * }
 * flights.append(batch); // all of them or none
 * flights.set(17, row -> row.set("delay", 5));
 * flights.addColumn(
 *         SchemaColumn.of("late", DType.BOOL, false), row -> !row.isNull("delay") && row.getLong("delay") > 60);
 * }</pre>
 */
public interface Table extends TableReader {
    /**
     * Appends a row.
     *
     * @param filler sets the row's columns. Runs once, on the calling thread, inside the write transaction: it may
     *     use the vault, and others wait for the writer meanwhile. The row writer is valid only within it
     * @throws IllegalArgumentException when a value does not fit or is missing; nothing is appended then
     */
    void append(Consumer<RowWriter> filler);

    /**
     * Appends a row for each of some objects, all or none. Rows are gathered in memory, some megabytes at a time: where
     * there are more, the iterable and the filler run inside the transaction, and other writers wait for them.
     *
     * @param items the objects: records, for example
     * @param filler sets a row's columns from an object
     * @param <T> what they are
     * @throws IllegalArgumentException when a value does not fit or is missing; nothing is appended then
     */
    <T> void appendAll(Iterable<T> items, BiConsumer<? super T, RowWriter> filler);

    /**
     * Appends many rows column by column.
     *
     * @param filler sets the columns
     * @throws IllegalArgumentException when a value does not fit, a column is missing or the columns differ in
     *     length; nothing is appended then
     */
    default void appendColumns(Consumer<ColumnWriter> filler) {
        RowBatch batch = newBatch();
        batch.addColumns(filler);
        append(batch);
    }

    /**
     * An empty batch for this table.
     *
     * @return the batch
     */
    RowBatch newBatch();

    /**
     * Appends all rows of a batch, or none. The batch is left as it is.
     *
     * @param batch made by this table's {@link #newBatch()}
     * @throws io.kohakuvault.VaultException when columns of the table differ in length, because somebody else has
     *     written to one alone
     */
    void append(RowBatch batch);

    /**
     * Corrects a row: the columns that the filler sets get these values, nulls too, the others stay. Rewrites the block
     * that holds the value, for each column that is set.
     *
     * @param index from 0 to length - 1
     * @param filler sets columns. Runs once, on the calling thread, inside the write transaction
     * @throws IndexOutOfBoundsException outside that range; nothing is changed
     * @throws IllegalArgumentException when a value does not fit; nothing is changed
     */
    void set(long index, Consumer<RowWriter> filler);

    /**
     * Removes a row.
     *
     * @param index from 0 to length - 1
     * @throws IndexOutOfBoundsException outside that range
     */
    default void remove(long index) {
        remove(index, index + 1);
    }

    /**
     * Removes rows, in one transaction. What stands behind them moves: columns of a variable size drop whole blocks and
     * rewrite one or two, those of a fixed size rewrite everything behind, unless the rows are whole blocks.
     *
     * @param from first row
     * @param to row after the last
     * @throws IndexOutOfBoundsException unless {@code 0 <= from <= to <= length}
     */
    void remove(long from, long to);

    /**
     * Removes the oldest rows, as a retention does: {@code remove(0, index)}. Costs in proportion to what stays, for it
     * moves: remove a good part at a time, or, where all columns have a fixed size of 1, 2, 4 or 8 bytes and the file
     * has pages of 32 KiB, multiples of 32,704 rows, which are whole blocks and move nothing.
     *
     * @param index the first row that stays
     * @throws IndexOutOfBoundsException unless {@code 0 <= index <= length}
     */
    default void removeBefore(long index) {
        remove(0, index);
    }

    /**
     * Removes the rows for which a filter holds, in one transaction. Writes the table anew, so it costs what that does
     * however few they are: what is at the beginning or the end is removed by {@link #removeBefore} or {@link
     * #truncate}. (A loop over {@link #indexes} that removes would remove others: each removal moves the rows behind
     * it.)
     *
     * @param filter which rows
     * @return how many there were
     * @throws IllegalArgumentException when there is no such column, or it is not compared with such a value
     */
    long removeIf(Filter filter);

    /**
     * Inserts the rows of a batch before one that is there, or behind the last. Costs what {@link #remove(long, long)}
     * does; the batch is left as it is.
     *
     * @param index from 0 to length
     * @param batch made by this table's {@link #newBatch()}
     * @throws IndexOutOfBoundsException outside that range
     */
    void insert(long index, RowBatch batch);

    /**
     * Removes the rows from an index on, from every column that has them. Also mends a table whose columns differ in
     * length because something else has written to one alone: cut it to the shortest.
     *
     * @param length how many rows stay at most, at least 0
     */
    void truncate(long length);

    /**
     * Adds a nullable column; rows that are there are null in it.
     *
     * @param column the column
     * @throws IllegalArgumentException when it is not nullable, or there is one of that name
     */
    void addColumn(SchemaColumn column);

    /**
     * Adds a column with one value in all rows that are there.
     *
     * @param column the column
     * @param value as {@link RowWriter#setObject} takes it; null where the column is nullable
     * @throws IllegalArgumentException when the value does not fit the column, or there is one of that name
     */
    void addColumn(SchemaColumn column, @Nullable Object value);

    /**
     * Adds a column whose values are computed from the rows that are there.
     *
     * @param column the column
     * @param function from a row, with all other columns, to its value. Runs once a row in their order, on the calling
     *     thread, inside the write transaction, and may use the vault but not change this table
     * @throws IllegalArgumentException when a value does not fit the column, or there is one of that name; nothing is
     *     changed
     */
    void addColumn(SchemaColumn column, Function<? super Row, ? extends @Nullable Object> function);

    /**
     * Deletes a column with its values.
     *
     * @param column name within the table; not the only one
     */
    void deleteColumn(String column);

    /**
     * What {@link #deleteColumn} was called before.
     *
     * @param column name within the table; not the only one
     * @deprecated goes with 1.0; use {@link #deleteColumn}
     */
    @Deprecated(forRemoval = true)
    default void dropColumn(String column) {
        deleteColumn(column);
    }

    /**
     * Gives a column another name.
     *
     * @param column name within the table
     * @param newName its new name
     * @throws IllegalArgumentException when there is one of that name
     */
    void renameColumn(String column, String newName);
}
