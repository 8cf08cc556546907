package io.kohakuvault.internal.block;

import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.VaultFormatException;
import io.kohakuvault.codec.DType;

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

    /** What its elements are; an unknown dtype makes this column unreadable and no other. */
    public DType type() {
        DType type;
        try {
            type = DType.parse(dtype);
        } catch (IllegalArgumentException e) {
            throw new VaultFormatException("column '" + name + "' cannot be read: " + e.getMessage(), e);
        }
        if (type.elementSizeBytes() != elemSize) {
            throw new VaultCorruptException(
                    describe() + " says elem_size " + elemSize + ", its dtype takes " + type.elementSizeBytes(), null);
        }
        return type;
    }

    /** How to name it in messages. */
    public String describe() {
        return "column '" + name + "' (" + dtype + ")";
    }
}
