package io.kohakuvault.internal.page;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One column of BLOBs of a table, found by rowid in the mapped file as an open read transaction sees them. Sound for
 * the reason that {@link MappedTable} gives; here every page on the way must be the state's own. The transaction must
 * be open during each call. Thread-safe.
 */
public final class MappedRows {
    private static final int MAX_DEPTH = 20;

    private final StatePages pages;
    private final long root;
    private final int column;

    private MappedRows(StatePages pages, long root, int column) {
        this.pages = pages;
        this.root = root;
        this.column = column;
    }

    /**
     * A column.
     *
     * @param root root page of the table, as the reader's sqlite_master has it
     * @param column which of the table's stored columns, from 0
     */
    public static MappedRows of(StatePages pages, long root, int column) {
        return new MappedRows(pages, root, column);
    }

    /** Where a BLOB stands: in a cell of a leaf, and on the pages that its record goes on on. */
    private record Found(ByteBuffer leaf, int record, long recordBytes, int before, int length) {}

    /** A copy of a row's BLOB; null when SQLite must be asked. */
    byte @Nullable [] read(long rowid) throws IOException {
        Found found = find(rowid);
        if (found == null) {
            return null;
        }
        byte[] value;
        if (!overflows(found)) {
            value = new byte[found.length];
            found.leaf.get(found.record + found.before, value);
            return value;
        }
        ByteBuffer gathered = OverflowChain.gather(pages, found.leaf, found.record, found.recordBytes, found.before);
        if (gathered == null) {
            return null;
        }
        if (gathered.hasArray() && gathered.arrayOffset() == 0 && gathered.array().length == found.length) {
            return gathered.array();
        }
        value = new byte[found.length];
        gathered.get(0, value);
        return value;
    }

    /**
     * Reads floats of a BLOB, straight from the mapped pages.
     *
     * @param bytes how long the BLOB must be
     * @param from where in it the first one stands, in bytes
     * @param target where they go
     * @param at where there the first one goes
     * @param count how many
     * @return false when SQLite must be asked; the target's content is unspecified then
     */
    public boolean floats(long rowid, int bytes, int from, float[] target, int at, int count) {
        return copy(rowid, bytes, from, 4 * count, WordTarget.of(target, at, count));
    }

    /** {@link #floats} of ints. */
    public boolean ints(long rowid, int bytes, int from, int[] target, int at, int count) {
        return copy(rowid, bytes, from, 4 * count, WordTarget.of(target, at, count));
    }

    /** {@link #floats} of bytes. */
    public boolean bytes(long rowid, int bytes, int from, byte[] target, int at, int count) {
        return copy(rowid, bytes, from, count, new ByteTarget(target, at, count));
    }

    private boolean copy(long rowid, int bytes, int from, int length, BytePieces target) {
        try {
            Found found = find(rowid);
            if (found == null || found.length != bytes) {
                return false;
            }
            if (!overflows(found)) {
                target.add(found.leaf, found.record + found.before + from, length);
                return true;
            }
            return OverflowChain.copy(
                    pages, found.leaf, found.record, found.recordBytes, found.before + from, length, target);
        } catch (IOException | IndexOutOfBoundsException | InternalError e) {
            return false; // damage is reported by reading it through SQLite
        }
    }

    private boolean overflows(Found found) {
        return found.recordBytes > pages.pageSize() - 35;
    }

    private @Nullable Found find(long rowid) throws IOException {
        long number = root;
        for (int depth = 0; depth <= MAX_DEPTH; depth++) {
            ByteBuffer page = pages.page(number);
            if (page == null) {
                return null;
            }
            int type = page.get(0);
            if (type == TableNode.LEAF) {
                int cell = leafCell(page, page.getShort(3) & 0xFFFF, rowid);
                return cell < 0 ? null : found(page, cell);
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

    private @Nullable Found found(ByteBuffer page, int cell) {
        long size = Varint.read(page, cell);
        int record = cell + Varint.length(page, cell);
        record += Varint.length(page, record);
        int headerBytes = (int) Varint.read(page, record);
        int at = record + Varint.length(page, record);
        long before = headerBytes;
        for (int i = 0; i < column; i++) {
            long type = at < record + headerBytes ? Varint.read(page, at) : -1;
            if (type < 0 || before < 0 || before > size) {
                return null;
            }
            before += bytes(type);
            at += Varint.length(page, at);
        }
        long type = at < record + headerBytes ? Varint.read(page, at) : 0;
        if (type < 12
                || type % 2 != 0
                || before < 0
                || before > size
                || bytes(type) > size - before
                || before > Integer.MAX_VALUE
                || bytes(type) > Integer.MAX_VALUE - 8) {
            return null;
        }
        return new Found(page, record, size, (int) before, (int) bytes(type));
    }

    /** How many bytes a serial type stands for. */
    private static long bytes(long type) {
        return type >= 12 ? (type - 12) / 2 : type == 5 ? 6 : type == 6 || type == 7 ? 8 : type >= 8 ? 0 : type;
    }
}
