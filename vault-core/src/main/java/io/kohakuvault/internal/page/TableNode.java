package io.kohakuvault.internal.page;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An interior page of a table's b-tree (https://sqlite.org/fileformat2.html#b_tree_pages): which page leads to which
 * rowids. Immutable.
 */
final class TableNode {
    static final int INTERIOR = 0x05;
    static final int LEAF = 0x0D;

    private static final int HEADER_BYTES = 12;

    private final long[] lastRowids;
    private final long[] pages;

    private TableNode(long[] lastRowids, long[] pages) {
        this.lastRowids = lastRowids;
        this.pages = pages;
    }

    /** Reads a page; null when it is no interior one. */
    static @Nullable TableNode of(ByteBuffer page) {
        int cells = page.getShort(3) & 0xFFFF;
        if (page.get(0) != INTERIOR || HEADER_BYTES + 2 * cells > page.limit()) {
            return null;
        }
        long[] lastRowids = new long[cells];
        long[] pages = new long[cells + 1];
        for (int i = 0; i < cells; i++) {
            int cell = page.getShort(HEADER_BYTES + 2 * i) & 0xFFFF;
            pages[i] = page.getInt(cell) & 0xFFFFFFFFL;
            lastRowids[i] = Varint.read(page, cell + 4);
        }
        pages[cells] = page.getInt(8) & 0xFFFFFFFFL;
        return new TableNode(lastRowids, pages);
    }

    /** Whether the node leads to a rowid whatever others there are: it lies between two that the node knows of. */
    boolean surrounds(long rowid) {
        return lastRowids.length > 0 && rowid > lastRowids[0] && rowid <= lastRowids[lastRowids.length - 1];
    }

    /** The page below that leads to a rowid. */
    long child(long rowid) {
        // Where each leaf has one row, as those of full blocks do, rowids follow each other and the guess is right.
        long guess = lastRowids.length == 0 ? -1 : rowid - lastRowids[0];
        if (guess >= 0 && guess < lastRowids.length && lastRowids[(int) guess] == rowid) {
            return pages[(int) guess];
        }
        int i = Arrays.binarySearch(lastRowids, rowid);
        return pages[i >= 0 ? i : -i - 1];
    }
}
