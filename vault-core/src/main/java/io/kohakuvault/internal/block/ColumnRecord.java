package io.kohakuvault.internal.block;

/**
 * A row of kvault_col_columns.
 *
 * @param length elements, as of the transaction that read it
 */
public record ColumnRecord(long colId, String name, String dtype, int elemSize, long length, long blockBytes) {
    public boolean isFixed() {
        return elemSize > 0;
    }

    /** Rows of a block of a column of fixed size; KohakuVault computes positions by this alone. */
    public long rowsPerBlock() {
        return Math.max(1, blockBytes / elemSize);
    }

    /** How to name it in messages. */
    public String describe() {
        return "column '" + name + "' (" + dtype + ")";
    }
}
