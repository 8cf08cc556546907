package io.kohakuvault.internal.page;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The values of one key-value table, found by key in the mapped file as an open read transaction sees them: down the
 * key's index, then down the table. Sound for the reason that {@link MappedTable} gives; here every page on the way
 * must be unchanged, so that absence is an answer too. The transaction must be open during each call. Thread-safe.
 */
public final class MappedKeys {
    /** Answered, as this very object, where there is no such key. */
    @SuppressWarnings("MutablePublicArray") // empty
    public static final byte[] ABSENT = new byte[0];

    private final KeyIndex index;
    private final MappedRows values;

    private MappedKeys(StatePages pages, long tableRoot, long indexRoot, int valueColumn) {
        this.index = new KeyIndex(pages, indexRoot);
        this.values = MappedRows.of(pages, tableRoot, valueColumn);
    }

    /**
     * A table.
     *
     * @param tableRoot root page of the table, as the reader's sqlite_master has it
     * @param indexRoot root page of the index over its key alone, ascending, compared as bytes
     * @param valueColumn which of the table's columns the value is, from 0
     */
    public static MappedKeys of(StatePages pages, long tableRoot, long indexRoot, int valueColumn) {
        return new MappedKeys(pages, tableRoot, indexRoot, valueColumn);
    }

    /** A copy of the value under a key, {@link #ABSENT}, or null when SQLite must be asked. */
    public byte @Nullable [] find(byte[] key) {
        try {
            long rowid = index.rowid(key);
            return rowid == KeyIndex.ABSENT ? ABSENT : rowid == KeyIndex.UNKNOWN ? null : values.read(rowid);
        } catch (IOException | IndexOutOfBoundsException | InternalError e) {
            return null; // damage is reported by reading it through SQLite
        }
    }

    /** Takes entries in order. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * Takes an entry.
         *
         * @param stored null where keys alone are wanted
         * @return whether there shall be more
         */
        boolean accept(byte[] key, byte @Nullable [] stored);
    }

    /** Why a scan has ended. */
    public enum End {
        /** There are no more in the range. */
        RANGE,
        /** The visitor wanted no more. */
        VISITOR,
        /** SQLite must be asked for what comes after the last entry that was visited. */
        UNKNOWN,
        /** The next key does not follow the last one that was visited: the index is damaged. */
        DISORDER
    }

    /**
     * Which entries.
     *
     * @param low null where there is no bound; so with {@code high}
     * @param values whether values are wanted
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    public record Range(
            byte @Nullable [] low,
            boolean lowInclusive,
            byte @Nullable [] high,
            boolean highInclusive,
            boolean descending,
            boolean values) {}

    /** Visits the entries of a range in order. */
    public End scan(Range range, Visitor visitor) {
        boolean descending = range.descending;
        KeyCursor cursor = new KeyCursor(index, descending);
        byte[] previous = null;
        byte[] far = descending ? range.low : range.high;
        boolean farInclusive = descending ? range.lowInclusive : range.highInclusive;
        while (true) {
            byte[] key;
            byte[] stored = null;
            try {
                if (previous == null) {
                    // What is no BLOB comes before the empty one.
                    boolean sought = descending
                            ? cursor.seek(range.high, range.highInclusive)
                            : range.low == null
                                    ? cursor.seek(ABSENT, true)
                                    : cursor.seek(range.low, range.lowInclusive);
                    if (!sought) {
                        return End.UNKNOWN;
                    }
                }
                KeyCursor.Step step = cursor.next();
                if (step != KeyCursor.Step.KEY) {
                    return step == KeyCursor.Step.END ? End.RANGE : End.UNKNOWN;
                }
                key = cursor.key();
                if (key == null) {
                    return End.UNKNOWN;
                } else if (previous != null && !follows(previous, key, descending)) {
                    return End.DISORDER; // and might go round for ever
                }
                if (far != null) {
                    int order = Arrays.compareUnsigned(key, far);
                    if (order == 0 ? !farInclusive : order > 0 != descending) {
                        return End.RANGE;
                    }
                }
                if (range.values) {
                    long rowid = cursor.rowid();
                    stored = rowid == KeyIndex.UNKNOWN ? null : values.read(rowid);
                    if (stored == null) {
                        return End.UNKNOWN;
                    }
                }
            } catch (IOException | IndexOutOfBoundsException | InternalError e) {
                return End.UNKNOWN;
            }
            if (!visitor.accept(key, stored)) {
                return End.VISITOR;
            }
            previous = key;
        }
    }

    private static boolean follows(byte[] previous, byte[] key, boolean descending) {
        int order = Arrays.compareUnsigned(previous, key);
        return descending ? order > 0 : order < 0;
    }
}
