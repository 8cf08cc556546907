package io.kohakuvault.arrow;

import io.kohakuvault.spi.RowFilter;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of a scan are wanted, found out as they come: forwards, or again from where it was. Not thread-safe.
 */
final class RowSelection {
    /** Rows that are looked through together: few at first, for whoever wants the first ones soon. */
    private static final int FIRST_WINDOW = 1 << 16;

    private static final int MOST_WINDOW = 1 << 20;

    private final @Nullable RowFilter where;
    private final @Nullable RowFilter hint;
    private final long end;
    private int size = FIRST_WINDOW;
    private BitSet window = new BitSet();
    private long windowStart;
    private long windowEnd;

    /**
     * Rows up to one.
     *
     * @param where what must hold for a row; null for all rows
     * @param hint what must hold for some row of a block, as far as that is known; null for all rows
     */
    RowSelection(@Nullable RowFilter where, @Nullable RowFilter hint, long end) {
        this.where = where;
        this.hint = hint;
        this.end = end;
    }

    /** Whether all rows are wanted. */
    boolean isAll() {
        return where == null && hint == null;
    }

    /** The first row from one on that is wanted; the end where there is none. */
    long next(long from) {
        if (isAll()) {
            return Math.min(from, end);
        }
        long row = from;
        while (row < end) {
            look(row);
            int next = window.nextSetBit((int) (row - windowStart));
            if (next >= 0) {
                return windowStart + next;
            }
            row = windowEnd;
        }
        return end;
    }

    /** The first row after one that is not wanted; the limit where there is none before it. */
    long runEnd(long from, long limit) {
        long most = Math.min(limit, end);
        if (isAll()) {
            return most;
        }
        long row = from;
        while (row < most) {
            look(row);
            row = windowStart + window.nextClearBit((int) (row - windowStart));
            if (row < windowEnd) {
                return Math.min(row, most);
            }
            row = windowEnd;
        }
        return most;
    }

    private void look(long row) {
        if (row >= windowStart && row < windowEnd) {
            return;
        }
        long to = Math.min(end, row + size);
        BitSet wanted = null;
        if (hint != null) {
            wanted = hint.possible(row, to);
        }
        if (where != null && (wanted == null || !wanted.isEmpty())) {
            BitSet matching = where.matching(row, to);
            if (wanted == null) {
                wanted = matching;
            } else {
                wanted.and(matching);
            }
        }
        window = wanted == null ? new BitSet() : wanted;
        windowStart = row;
        windowEnd = to;
        size = Math.min(MOST_WINDOW, 2 * size);
    }
}
