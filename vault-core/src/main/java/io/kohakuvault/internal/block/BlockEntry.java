package io.kohakuvault.internal.block;

/** A row of kvault_col_blocks, the directory of a column's blocks. */
public record BlockEntry(
        long blockId, long blockNo, long firstRow, int rowCount, int usedBytes, int capacityBytes, int rowCapacity) {
    public BlockEntry withId(long id) {
        return new BlockEntry(id, blockNo, firstRow, rowCount, usedBytes, capacityBytes, rowCapacity);
    }

    public long endRow() {
        return firstRow + rowCount;
    }
}
