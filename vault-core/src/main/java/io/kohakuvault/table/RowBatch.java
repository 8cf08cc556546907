package io.kohakuvault.table;

import java.util.function.Consumer;

/**
 * Rows gathered in memory, column by column, to be appended in one call. Encoding happens while rows are added, so that
 * appending is copying. Not thread-safe.
 */
public interface RowBatch {
    /**
     * Adds a row, or nothing at all when the filler throws or a column that is not nullable was left out.
     *
     * @param filler sets the row's columns. Runs once, under no lock; it may use the vault, but not add to this batch
     * @throws IllegalArgumentException when a value does not fit or is missing
     */
    void add(Consumer<RowWriter> filler);

    /**
     * Adds many rows column by column, or nothing at all when the filler throws or the columns differ in length.
     *
     * @param filler sets the columns
     * @throws IllegalArgumentException when a value does not fit or a column is missing
     */
    void addColumns(Consumer<ColumnWriter> filler);

    /**
     * How many rows it holds.
     *
     * @return at least 0
     */
    int rowCount();

    /**
     * What {@link #rowCount} was called before.
     *
     * @return at least 0
     * @deprecated goes with 1.0; use {@link #rowCount}
     */
    @Deprecated(forRemoval = true)
    default int rows() {
        return rowCount();
    }

    /**
     * How many bytes its rows take, as columns store them. What is loaded by rows alone may outgrow the memory where
     * rows are long: append a batch when this exceeds some megabytes.
     *
     * @return at least 0
     */
    long sizeBytes();

    /** Forgets all rows and keeps the memory. */
    void clear();
}
