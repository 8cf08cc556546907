package io.kohakuvault.table;

import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** A table. Thread-safe. A mutating call is its own transaction unless the caller is in one. */
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
     * Drops a column with its values.
     *
     * @param column name within the table; not the only one
     */
    void dropColumn(String column);

    /**
     * Gives a column another name.
     *
     * @param column name within the table
     * @param newName its new name
     * @throws IllegalArgumentException when there is one of that name
     */
    void renameColumn(String column, String newName);
}
