package io.kohakuvault.internal.table;

import io.kohakuvault.internal.block.BlockReader;
import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.table.Filter;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;

/**
 * Walks the rows that a filter holds for, window by window, each looked through in one state of the table. Windows grow
 * while few rows are found in them and shrink when there are more than a batch takes. For one thread at a time.
 *
 * @param <B> what is made of the rows that were found
 */
final class FilterScan<B> implements Iterator<B> {
    /** Most rows of a window: a bit of memory each. */
    static final int MOST = 1 << 20;

    private static final int LEAST = 1 << 13;

    private final long end;
    private final Windows<B> windows;
    private long at;
    private int window = LEAST;
    private Found<B> found = new Found<>(List.of(), 0, false);
    private int next;

    /**
     * What a window gave.
     *
     * @param batches none where no row was found
     * @param end where the next window begins
     * @param isCut whether the window had more than was taken
     */
    record Found<B>(List<B> batches, long end, boolean isCut) {}

    /** Looks through rows of a table. */
    @FunctionalInterface
    interface Windows<B> {
        /** Looks through the rows [from, to), of which some may be gone. */
        Found<B> look(long from, long to);
    }

    FilterScan(long from, long end, Windows<B> windows) {
        this.at = from;
        this.end = end;
        this.windows = windows;
    }

    @Override
    public boolean hasNext() {
        while (next == found.batches.size() && at < end) {
            found = windows.look(at, Math.min(end, at + window));
            at = Math.max(at + 1, found.end);
            next = 0;
            window = found.isCut ? Math.max(LEAST, window / 2) : Math.min(MOST, window * 2);
        }
        return next < found.batches.size();
    }

    @Override
    public B next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return found.batches.get(next++);
    }

    /** The rows of [from, to) for which a filter holds, counted from the first. */
    static BitSet rows(
            BlockReader reader,
            TableShape now,
            Function<TableColumn, ColumnRecord> records,
            Filter filter,
            long from,
            long to) {
        return PreparedFilter.of(now::column, filter).matching(reader, records, from, to);
    }

    /** Throws where a condition cannot be asked of the table's columns. */
    static void check(TableShape now, Filter filter) {
        PreparedFilter.of(now::column, filter);
    }

    /** The rows of a bit set as their indexes, at most so many from the first on. */
    static long[] indexes(BitSet rows, long from, int most) {
        long[] indexes = new long[Math.min(most, rows.cardinality())];
        int row = rows.nextSetBit(0);
        for (int i = 0; i < indexes.length; i++) {
            indexes[i] = from + row;
            row = rows.nextSetBit(row + 1);
        }
        return indexes;
    }
}
