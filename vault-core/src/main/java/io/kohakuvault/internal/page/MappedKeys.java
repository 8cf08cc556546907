package io.kohakuvault.internal.page;

import java.io.IOException;
import java.nio.ByteBuffer;
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

    private static final int MAX_DEPTH = 20;

    private final StatePages pages;
    private final KeyIndex index;
    private final long tableRoot;
    private final int valueColumn;

    private MappedKeys(StatePages pages, long tableRoot, long indexRoot, int valueColumn) {
        this.pages = pages;
        this.index = new KeyIndex(pages, indexRoot);
        this.tableRoot = tableRoot;
        this.valueColumn = valueColumn;
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
            return rowid == KeyIndex.ABSENT ? ABSENT : rowid == KeyIndex.UNKNOWN ? null : value(rowid);
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
        UNKNOWN
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
                // Keys that do not go one way are damage, and might go round for ever.
                if (key == null || (previous != null && !follows(previous, key, descending))) {
                    return End.UNKNOWN;
                }
                if (far != null) {
                    int order = Arrays.compareUnsigned(key, far);
                    if (order == 0 ? !farInclusive : order > 0 != descending) {
                        return End.RANGE;
                    }
                }
                if (range.values) {
                    long rowid = cursor.rowid();
                    stored = rowid == KeyIndex.UNKNOWN ? null : value(rowid);
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

    private byte @Nullable [] value(long rowid) throws IOException {
        long number = tableRoot;
        for (int depth = 0; depth <= MAX_DEPTH; depth++) {
            ByteBuffer page = pages.page(number);
            if (page == null) {
                return null;
            }
            int type = page.get(0);
            int cells = page.getShort(3) & 0xFFFF;
            if (type == TableNode.LEAF) {
                int cell = leafCell(page, cells, rowid);
                return cell < 0 ? null : value(page, cell);
            } else if (type != TableNode.INTERIOR) {
                return null;
            }
            number = childOf(page, rowid);
        }
        return null;
    }

    private static long childOf(ByteBuffer page, long rowid) {
        int cells = page.getShort(3) & 0xFFFF;
        int low = 0;
        int high = cells;
        while (low < high) { // the first cell whose rowids reach this one
            int middle = (low + high) >>> 1;
            if (Varint.read(page, (page.getShort(12 + 2 * middle) & 0xFFFF) + 4) < rowid) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return (low < cells ? page.getInt(page.getShort(12 + 2 * low) & 0xFFFF) : page.getInt(8)) & 0xFFFFFFFFL;
    }

    private static int leafCell(ByteBuffer page, int cells, long rowid) {
        int low = 0;
        int high = cells - 1;
        // Rows that were never deleted follow each other: the first guess is right, and one cell is touched instead of
        // many.
        long guess = cells == 0 ? 0 : rowid - rowid(page, cell(page, 0));
        while (low <= high) {
            int at = guess >= low && guess <= high ? (int) guess : (low + high) >>> 1;
            guess = -1;
            int cell = cell(page, at);
            long candidate = rowid(page, cell);
            if (candidate == rowid) {
                return cell;
            } else if (candidate < rowid) {
                low = at + 1;
            } else {
                high = at - 1;
            }
        }
        return -1;
    }

    private static int cell(ByteBuffer page, int i) {
        return page.getShort(8 + 2 * i) & 0xFFFF;
    }

    private static long rowid(ByteBuffer page, int cell) {
        return Varint.read(page, cell + Varint.length(page, cell));
    }

    private byte @Nullable [] value(ByteBuffer page, int cell) throws IOException {
        long size = Varint.read(page, cell);
        int record = cell + Varint.length(page, cell);
        record += Varint.length(page, record);
        int headerBytes = (int) Varint.read(page, record);
        int at = record + Varint.length(page, record);
        long before = headerBytes;
        for (int column = 0; column < valueColumn; column++) {
            long type = at < record + headerBytes ? Varint.read(page, at) : -1;
            if (type < 0 || before < 0 || before > size) {
                return null;
            }
            before += bytes(type);
            at += Varint.length(page, at);
        }
        long type = at < record + headerBytes ? Varint.read(page, at) : 0;
        if (type < 12 || type % 2 != 0 || before < 0 || before > size || bytes(type) > size - before) {
            return null;
        }
        int length = (int) bytes(type);
        byte[] value;
        if (size <= pages.pageSize() - 35) {
            value = new byte[length];
            page.get(record + (int) before, value);
            return value;
        }
        if (before > Integer.MAX_VALUE) {
            return null;
        }
        ByteBuffer gathered = OverflowChain.gather(pages, page, record, size, (int) before);
        if (gathered == null) {
            return null;
        }
        if (gathered.hasArray() && gathered.arrayOffset() == 0 && gathered.array().length == length) {
            return gathered.array();
        }
        value = new byte[length];
        gathered.get(0, value);
        return value;
    }

    /** How many bytes a serial type stands for. */
    private static long bytes(long type) {
        return type >= 12 ? (type - 12) / 2 : type == 5 ? 6 : type == 6 || type == 7 ? 8 : type >= 8 ? 0 : type;
    }
}
