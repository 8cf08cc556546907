package io.kohakuvault.arrow;

import java.util.Arrays;

/**
 * The rows of a batch as runs of rows that stand together, in ascending order, each with its place in the batch. Not
 * thread-safe.
 */
final class RowRuns {
    private long[] firsts;
    private int[] counts;
    private int[] places;
    private int size;
    private int rows;
    private boolean inOrder = true;

    RowRuns() {
        this(8);
    }

    private RowRuns(int expected) {
        firsts = new long[expected];
        counts = new int[expected];
        places = new int[expected];
    }

    /** One run. */
    static RowRuns of(long first, int count) {
        RowRuns runs = new RowRuns(1);
        runs.add(first, count, 0);
        return runs;
    }

    /** Adds rows behind those that are there. */
    void add(long first, int count) {
        add(first, count, rows);
    }

    /**
     * Adds rows.
     *
     * @param first not before the last run's
     * @param place where in the batch the first of them goes
     */
    void add(long first, int count, int place) {
        inOrder &= place == rows;
        rows += count;
        int last = size - 1;
        if (last >= 0 && firsts[last] + counts[last] == first && places[last] + counts[last] == place) {
            counts[last] += count;
            return;
        }
        if (size == firsts.length) {
            int more = size + (size >> 1) + 8;
            firsts = Arrays.copyOf(firsts, more);
            counts = Arrays.copyOf(counts, more);
            places = Arrays.copyOf(places, more);
        }
        firsts[size] = first;
        counts[size] = count;
        places[size++] = place;
    }

    /** How many runs. */
    int size() {
        return size;
    }

    /** How many rows in all. */
    int rows() {
        return rows;
    }

    /** Whether the rows stand in the batch in the order of the runs. */
    boolean inOrder() {
        return inOrder;
    }

    long first(int run) {
        return firsts[run];
    }

    int count(int run) {
        return counts[run];
    }

    int place(int run) {
        return places[run];
    }
}
