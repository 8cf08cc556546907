package io.kohakuvault.cli;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * How far somebody has read in rows that others append to, remove from and correct. Rows have no names: those before
 * the place are known by marks of what they hold, so that the place is found again when they have moved.
 */
final class FollowedPlace {
    /** So many rows before the place are known. */
    static final int KNOWN = 256;

    /** So many are compared each time. */
    private static final int COMPARED = 32;

    /** So many of those that are left, one behind the other, say where the place is. */
    private static final int LEFT_TOGETHER = 8;

    /** How far around the old place it is looked for. */
    private static final int REACH = 1 << 16;

    private long next;
    private long[] known = {};
    private long[] first = {};

    /** The rows as they are now. */
    interface Rows {
        /** How many there are. */
        long length();

        /** A mark for each row of a range, the same for what holds the same. */
        long[] marks(long from, long to);
    }

    /** What has happened before the place. */
    enum Change {
        /** Nothing, but that rows were corrected. */
        NONE,
        /**
         * Rows were removed or inserted, or the last one was corrected; the place is behind the last one that is left
         * of those before it.
         */
        MOVED,
        /** No row before the place is left: it is at the beginning now. */
        ANEW,
        /**
         * So many rows were removed or corrected that the place is not known: it stands where it stood, or at the end.
         */
        LOST
    }

    FollowedPlace(long next, Rows rows) {
        moveTo(next, rows);
    }

    /** The first row that has not been read. */
    long next() {
        return next;
    }

    /** The rows up to here have been read. */
    void moveTo(long place, Rows rows) {
        next = place;
        known = rows.marks(Math.max(0, place - KNOWN), place);
        first = rows.marks(0, Math.min(1, rows.length()));
    }

    /** Finds the place in the rows as they are now. */
    Change find(Rows rows) {
        long length = rows.length();
        int compared = Math.min(COMPARED, known.length);
        long[] there = length >= next ? rows.marks(next - compared, next) : new long[0];
        int tail = known.length - compared;
        if (length >= next && Arrays.equals(known, tail, known.length, there, 0, compared)) {
            return Change.NONE;
        }
        long from = Math.max(0, Math.min(next, length) - REACH);
        long[] around = rows.marks(from, Math.min(length, next + REACH));
        long found = moved(around, from, compared);
        if (found < 0 && length >= next && isCorrected(there, tail)) {
            moveTo(next, rows);
            return Change.NONE;
        }
        found = found >= 0 ? found : left(around, from);
        if (found >= 0) {
            moveTo(found, rows);
            return Change.MOVED;
        }
        // The first row is the last one that is known beyond those near the place.
        boolean begins = first.length > 0 && length > 0 && rows.marks(0, 1)[0] == first[0];
        moveTo(begins ? Math.min(next, length) : 0, rows);
        return begins ? Change.LOST : Change.ANEW;
    }

    /**
     * Whether rows were corrected where they stand: most of those before the place are the same, and so is the last,
     * which would have moved if one were gone.
     */
    private boolean isCorrected(long[] there, int tail) {
        int same = 0;
        for (int i = 0; i < there.length; i++) {
            same += there[i] == known[tail + i] ? 1 : 0;
        }
        return same * 2 > there.length && there[there.length - 1] == known[known.length - 1];
    }

    private interface Test {
        /** Whether it is the place that stands behind some of the marks. */
        boolean isPlace(int behind);
    }

    /** Rows are removed more often than inserted, so the place is looked for before the old one first. */
    private long search(long[] around, long from, Test test) {
        int old = (int) (Math.min(next, from + around.length) - from);
        for (int at = old; at > 0; at--) {
            if (test.isPlace(at)) {
                return from + at;
            }
        }
        for (int at = old + 1; at <= around.length; at++) {
            if (test.isPlace(at)) {
                return from + at;
            }
        }
        return -1;
    }

    /** The place behind the same rows; where fewer are left, behind all of those. */
    private long moved(long[] around, long from, int compared) {
        return search(around, from, at -> {
            int length = from == 0 ? Math.min(compared, at) : compared;
            return length > 0
                    && length <= at
                    && Arrays.equals(around, at - length, at, known, known.length - length, known.length);
        });
    }

    /** The place behind the last rows that are left of those that are known. */
    private long left(long[] around, long from) {
        Set<Long> marks = new HashSet<>();
        Arrays.stream(known).forEach(marks::add);
        return search(around, from, at -> marks.contains(around[at - 1]) && areLeft(around, at));
    }

    /** Whether the rows before are some of the known ones, in their order. */
    private boolean areLeft(long[] around, int end) {
        int at = end - 1;
        int least = Math.max(0, end - LEFT_TOGETHER);
        for (int i = known.length - 1; i >= 0 && at >= least; i--) {
            at -= around[at] == known[i] ? 1 : 0;
        }
        return at < least;
    }
}
