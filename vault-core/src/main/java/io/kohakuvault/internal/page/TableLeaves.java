package io.kohakuvault.internal.page;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The leaf pages of a table's b-tree with the rowids that they bound, from walking its interior pages alone
 * (https://sqlite.org/fileformat2.html#b_tree_pages). Anything odd makes the walk give up: the caller reads through SQLite then.
 */
final class TableLeaves {
    private static final int INTERIOR = 0x05;
    private static final int LEAF = 0x0D;
    private static final int MAX_DEPTH = 20;

    private long[] lastRowids = new long[64];
    private long[] pages = new long[64];
    private int count;

    private final StatePages state;
    private final long most;

    private TableLeaves(StatePages state) throws IOException {
        this.state = state;
        this.most = state.mostPages();
    }

    /** Walks from the root; null when the tree cannot be followed. */
    static @Nullable TableLeaves walk(StatePages state, long rootPage) throws IOException {
        TableLeaves leaves = new TableLeaves(state);
        int depth = leaves.depth(rootPage);
        return depth >= 0 && leaves.collect(rootPage, depth, Long.MAX_VALUE) ? leaves : null;
    }

    /** Levels of interior pages above the leaves; all leaves of a b-tree are equally deep. */
    private int depth(long rootPage) throws IOException {
        long page = rootPage;
        for (int depth = 0; depth <= MAX_DEPTH; depth++) {
            ByteBuffer bytes = state.latest(page);
            if (bytes == null) {
                return -1;
            }
            int type = bytes.get(0);
            if (type == LEAF) {
                return depth;
            }
            if (type != INTERIOR) {
                return -1;
            }
            int cells = bytes.getShort(3) & 0xFFFF;
            page = cells == 0 ? bytes.getInt(8) & 0xFFFFFFFFL : child(bytes, 0);
            if (page == 0) {
                return -1;
            }
        }
        return -1;
    }

    private boolean collect(long page, int depth, long lastRowid) throws IOException {
        if (depth == 0) {
            if (count >= most) {
                return false; // more leaves than pages: pages that name each other again and again
            }
            add(page, lastRowid);
            return true;
        }
        ByteBuffer bytes = state.latest(page);
        if (bytes == null || bytes.get(0) != INTERIOR) {
            return false;
        }
        int cells = bytes.getShort(3) & 0xFFFF;
        if (12 + 2 * cells > state.pageSize()) {
            return false;
        }
        for (int i = 0; i < cells; i++) {
            long child = child(bytes, i);
            if (child == 0
                    || !collect(child, depth - 1, Varint.read(bytes, (bytes.getShort(12 + 2 * i) & 0xFFFF) + 4))) {
                return false;
            }
        }
        return collect(bytes.getInt(8) & 0xFFFFFFFFL, depth - 1, lastRowid);
    }

    private long child(ByteBuffer page, int cell) {
        int at = page.getShort(12 + 2 * cell) & 0xFFFF;
        return at < 12 || at + 5 > state.pageSize() ? 0 : page.getInt(at) & 0xFFFFFFFFL;
    }

    private void add(long page, long lastRowid) {
        if (count == pages.length) {
            pages = Arrays.copyOf(pages, 2 * count);
            lastRowids = Arrays.copyOf(lastRowids, 2 * count);
        }
        pages[count] = page;
        lastRowids[count] = lastRowid;
        count++;
    }

    /** The leaf page on which a rowid would stand; 0 when there is none. */
    long leafOf(long rowid) {
        int i = Arrays.binarySearch(lastRowids, 0, count, rowid);
        int at = i >= 0 ? i : -i - 1;
        return at < count ? pages[at] : 0;
    }
}
