package io.kohakuvault.internal.block.edit;

import io.kohakuvault.internal.block.BlockSizes;
import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.internal.block.Elements;

/**
 * How a block of variable size divides its page between the elements' bytes and their offsets, so that neither runs out
 * long before the other.
 *
 * @param rowCapacity how many elements it has offsets for
 * @param capacityBytes how many bytes they may have together
 */
record BlockDivision(int rowCapacity, int capacityBytes) {
    /** From so few elements nothing is concluded about those that will come. */
    private static final int FEW = 8;

    /** A block is divided anew for no less than this part of its page. */
    private static final int LEAST_SPARE_PART = 8;

    /**
     * Divides an empty block. An element that does not fit a page gets a block of exactly its size, as KohakuVault does
     * it.
     *
     * @param row the first of the elements that go into it
     */
    static BlockDivision first(ColumnRecord column, int pageSize, Elements elements, int row) {
        int next = elements.start(row + 1) - elements.start(row);
        boolean ofThisPage = column.blockBytes() == BlockSizes.variable(pageSize);
        if (ofThisPage && next + 8 <= room(pageSize)) {
            return of(column, pageSize, 0, 0, elements, row);
        }
        return next > column.blockBytes()
                ? new BlockDivision(1, next)
                : new BlockDivision(standardRows(column), (int) column.blockBytes());
    }

    /**
     * Whether a block that has run out of bytes or of offsets has so much of the other left that it should be divided
     * anew: it was divided by few elements, where rows come one by one, or by others than those that came.
     */
    static boolean isWorthwhile(ColumnRecord column, int pageSize, int rowCount, int usedBytes) {
        return !column.isFixed()
                && rowCount > 0
                && column.blockBytes() == BlockSizes.variable(pageSize)
                && room(pageSize) - usedBytes - 8 * rowCount >= room(pageSize) / LEAST_SPARE_PART;
    }

    /** Divides a block that holds something by that and by what is coming, of which at least one element fits. */
    static BlockDivision of(
            ColumnRecord column, int pageSize, int rowCount, int usedBytes, Elements elements, int row) {
        int spare = room(pageSize) - usedBytes - 8 * rowCount;
        int mostRows = room(pageSize) / 9; // leaves bytes also where all elements are empty
        int from = elements.start(row);
        int fitting = 1;
        int high = Math.max(1, Math.min(elements.rows() - row, mostRows - rowCount));
        while (fitting < high) {
            int middle = (fitting + high + 1) >>> 1;
            if (elements.start(row + middle) - from + 8L * middle <= spare) {
                fitting = middle;
            } else {
                high = middle - 1;
            }
        }
        int more = fitting;
        if (row + fitting == elements.rows()) { // all of them: what comes later is taken to be alike
            int coming = elements.start(row + fitting) - from;
            int rows = rowCount + fitting;
            int alike = rows < FEW ? standardRows(column) : spare / ((usedBytes + coming) / rows + 8);
            more = Math.max(fitting, Math.min(Math.min(alike, mostRows - rowCount), (spare - coming) / 8));
        }
        return new BlockDivision(rowCount + more, usedBytes + spare - 8 * more);
    }

    /** As many as KohakuVault gives a block. */
    private static int standardRows(ColumnRecord column) {
        return (int) Math.max(1, column.blockBytes() / 16);
    }

    /** What of a page elements and their offsets share; one more offset says where the first begins. */
    private static int room(int pageSize) {
        return BlockSizes.variableRoom(pageSize) - 8;
    }
}
