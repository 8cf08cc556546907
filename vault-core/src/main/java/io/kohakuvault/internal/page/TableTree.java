package io.kohakuvault.internal.page;

import java.nio.ByteBuffer;

/** The pages of a table's b-tree (https://sqlite.org/fileformat2.html#b_tree_pages). */
final class TableTree {
    static final int INTERIOR = 0x05;
    static final int LEAF = 0x0D;

    private TableTree() {}

    /** The page below an interior one that leads to a rowid. */
    static long child(ByteBuffer page, long rowid) {
        int cells = page.getShort(3) & 0xFFFF;
        int low = 0;
        int high = cells;
        while (low < high) { // the first cell whose rowids reach this one
            int middle = (low + high) >>> 1;
            if (Varint.read(page, cell(page, middle) + 4) < rowid) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return (low < cells ? page.getInt(cell(page, low)) : page.getInt(8)) & 0xFFFFFFFFL;
    }

    private static int cell(ByteBuffer page, int i) {
        return page.getShort(12 + 2 * i) & 0xFFFF;
    }
}
