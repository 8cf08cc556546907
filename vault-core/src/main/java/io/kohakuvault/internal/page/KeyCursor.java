package io.kohakuvault.internal.page;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Walks the keys of a {@link KeyIndex} in order, either way. In the b-tree of an index interior cells are keys too. Not
 * thread-safe.
 */
final class KeyCursor {
    /** What a step has come to. */
    enum Step {
        KEY,
        END,
        UNKNOWN
    }

    private static final int MAX_DEPTH = 20;

    private final KeyIndex index;
    private final boolean descending;
    private final ByteBuffer[] path = new ByteBuffer[MAX_DEPTH];

    /**
     * Upwards the cell that comes next on a leaf, and above it the child that is being walked; downwards one more on a
     * leaf.
     */
    private final int[] position = new int[MAX_DEPTH];

    private int depth = -1;
    private long pending = -1;
    private @Nullable ByteBuffer page;
    private int cell;

    KeyCursor(KeyIndex index, boolean descending) {
        this.index = index;
        this.descending = descending;
    }

    /**
     * Stands before the first key within a bound, null for the outermost key; false when a page on the way cannot be
     * read from the map.
     */
    boolean seek(byte @Nullable [] bound, boolean inclusive) throws IOException {
        return descend(index.root(), bound, inclusive == descending);
    }

    private boolean descend(long from, byte @Nullable [] bound, boolean equalCounts) throws IOException {
        long number = from;
        while (depth + 1 < MAX_DEPTH) {
            ByteBuffer p = index.page(number);
            int at = p == null
                    ? -1
                    : bound != null ? index.rank(p, bound, equalCounts) : descending ? KeyIndex.cells(p) : 0;
            // No page but the root is without cells: SQLite tells of the damage.
            if (p == null || at < 0 || (depth >= 0 && KeyIndex.cells(p) == 0)) {
                return false;
            }
            depth++;
            path[depth] = p;
            position[depth] = at;
            if (!KeyIndex.isInterior(p)) {
                return true;
            }
            number = KeyIndex.child(p, at);
        }
        return false;
    }

    Step next() throws IOException {
        if (pending >= 0) {
            long child = pending;
            pending = -1;
            if (!descend(child, null, false)) {
                return Step.UNKNOWN;
            }
        }
        while (depth >= 0) {
            ByteBuffer p = path[depth];
            int at = position[depth];
            if (descending ? at > 0 : at < KeyIndex.cells(p)) {
                page = p;
                cell = KeyIndex.cell(p, descending ? at - 1 : at);
                position[depth] = descending ? at - 1 : at + 1;
                if (KeyIndex.isInterior(p)) {
                    pending = KeyIndex.child(p, position[depth]);
                }
                return Step.KEY;
            }
            depth--;
        }
        return Step.END;
    }

    /** The key that the cursor stands at; null where the cell does not hold it. */
    byte @Nullable [] key() {
        ByteBuffer p = page;
        return p == null ? null : index.key(p, cell);
    }

    /** Its rowid or {@link KeyIndex#UNKNOWN}. */
    long rowid() {
        ByteBuffer p = page;
        return p == null ? KeyIndex.UNKNOWN : index.rowidAt(p, cell);
    }
}
