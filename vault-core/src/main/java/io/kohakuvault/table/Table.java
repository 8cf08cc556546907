package io.kohakuvault.table;

import java.util.function.Consumer;

/** A table. Thread-safe. A mutating call is its own transaction unless the caller is in one. */
public interface Table extends TableReader {
    /**
     * Appends a row.
     *
     * @param filler sets the row's columns
     * @throws IllegalArgumentException when a value does not fit or is missing; nothing is appended then
     */
    void append(Consumer<RowWriter> filler);

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
     * @throws io.kohakuvault.VaultException when columns of the table differ in length, because somebody else has written to one alone
     */
    void append(RowBatch batch);
}
