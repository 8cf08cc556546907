package io.kohakuvault.arrow;

import java.util.Arrays;

/** Row numbers that a scan asks for, in the order in which it wants them. Immutable. */
final class TakenRows {
    /** Most rows of a batch, and how many bits their places in it take, of tables of any size that fits a file. */
    private static final int PLACE_BITS = 20;

    private static final int FEWER_PLACE_BITS = 15;
    private static final long LARGE = 1L << (63 - PLACE_BITS);

    private final long[] rows;

    TakenRows(long[] rows) {
        this.rows = rows;
    }

    int size() {
        return rows.length;
    }

    long row(int i) {
        return rows[i];
    }

    /** How many of them from one on may be in a batch. */
    int most(int from, int most) {
        int end = (int) Math.min(rows.length, (long) from + Math.min(most, 1 << PLACE_BITS));
        for (int i = from; i < end; i++) {
            if (rows[i] >= LARGE) {
                return Math.min(end - from, 1 << FEWER_PLACE_BITS);
            }
        }
        return end - from;
    }

    /** Some of them as a batch. */
    RowRuns runs(int from, int count) {
        int bits = count > 1 << FEWER_PLACE_BITS ? PLACE_BITS : FEWER_PLACE_BITS;
        long[] ordered = new long[count];
        for (int i = 0; i < count; i++) {
            ordered[i] = rows[from + i] << bits | i;
        }
        Arrays.sort(ordered);
        RowRuns runs = new RowRuns();
        for (long each : ordered) {
            runs.add(each >>> bits, 1, (int) (each & ((1 << bits) - 1)));
        }
        return runs;
    }
}
