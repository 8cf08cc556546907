package io.kohakuvault.internal.page;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The b-tree of an index over one BLOB column (https://sqlite.org/fileformat2.html#b_tree_pages), searched in the
 * mapped file. Every page on the way must be the snapshot's, so that a key that is not found is not there.
 */
final class KeyIndex {
    /** No row of that key. */
    static final long ABSENT = Long.MIN_VALUE;

    /** The pages do not say: look through SQLite. */
    static final long UNKNOWN = Long.MIN_VALUE + 1;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int INTERIOR = 0x02;
    private static final int LEAF = 0x0A;
    private static final int MAX_DEPTH = 20;
    private static final int AMBIGUOUS = Integer.MIN_VALUE;

    private final StatePages pages;
    private final long root;
    private final int mostLocal;

    KeyIndex(StatePages pages, long root) {
        this.pages = pages;
        this.root = root;
        this.mostLocal = (pages.pageSize() - 12) * 64 / 255 - 23;
    }

    StatePages pages() {
        return pages;
    }

    long root() {
        return root;
    }

    static boolean isInterior(ByteBuffer page) {
        return page.get(0) == INTERIOR;
    }

    static int cells(ByteBuffer page) {
        return page.getShort(3) & 0xFFFF;
    }

    /**
     * Where the record of a cell begins: an interior cell has the number of its child page in front of it.
     */
    static int cell(ByteBuffer page, int i) {
        return isInterior(page) ? (page.getShort(12 + 2 * i) & 0xFFFF) + 4 : page.getShort(8 + 2 * i) & 0xFFFF;
    }

    /** The page of what lies between cell i - 1 and cell i of an interior page. */
    static long child(ByteBuffer page, int i) {
        return (i < cells(page) ? page.getInt(cell(page, i) - 4) : page.getInt(8)) & 0xFFFFFFFFL;
    }

    /** A page of the index, or null when it cannot be read from the map. */
    @Nullable
    ByteBuffer page(long number) throws IOException {
        ByteBuffer page = pages.page(number);
        return page != null && (page.get(0) == INTERIOR || page.get(0) == LEAF) ? page : null;
    }

    /** How many cells of a page are less than a key, or equal where those count; -1 when the page does not say it. */
    int rank(ByteBuffer page, byte[] key, boolean equalCounts) {
        int low = 0;
        int high = cells(page);
        while (low < high) {
            int middle = (low + high) >>> 1;
            int order = compare(key, page, cell(page, middle));
            if (order == AMBIGUOUS) {
                return -1;
            } else if (order > 0 || (order == 0 && equalCounts)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The key of a cell; null where it is no BLOB or goes on on other pages. */
    byte @Nullable [] key(ByteBuffer page, int cell) {
        long size = Varint.read(page, cell);
        int record = cell + Varint.length(page, cell);
        int headerBytes = (int) Varint.read(page, record);
        long type = Varint.read(page, record + Varint.length(page, record));
        if (size > mostLocal || headerBytes < 0 || type < 12 || type % 2 != 0 || headerBytes + (type - 12) / 2 > size) {
            return null;
        }
        byte[] key = new byte[(int) ((type - 12) / 2)];
        page.get(record + headerBytes, key);
        return key;
    }

    /** The rowid of a key, {@link #ABSENT} or {@link #UNKNOWN}. */
    long rowid(byte[] key) throws IOException {
        long number = root;
        for (int depth = 0; depth <= MAX_DEPTH; depth++) {
            ByteBuffer page = page(number);
            if (page == null) {
                return UNKNOWN;
            }
            if (depth > 0 && cells(page) == 0) {
                return UNKNOWN; // no page but the root is without cells: SQLite tells of the damage
            }
            int low = 0;
            int high = cells(page) - 1;
            while (low <= high) {
                int middle = (low + high) >>> 1;
                int cell = cell(page, middle);
                int order = compare(key, page, cell);
                if (order == 0) {
                    return rowidAt(page, cell);
                } else if (order == AMBIGUOUS) {
                    return UNKNOWN;
                } else if (order > 0) {
                    low = middle + 1;
                } else {
                    high = middle - 1;
                }
            }
            if (!isInterior(page)) {
                return ABSENT;
            }
            number = child(page, low);
        }
        return UNKNOWN;
    }

    /** Orders a key and that of a cell as SQLite orders BLOBs; whatever is no BLOB comes before. */
    private int compare(byte[] key, ByteBuffer page, int cell) {
        long size = Varint.read(page, cell);
        int record = cell + Varint.length(page, cell);
        int headerBytes = (int) Varint.read(page, record);
        long type = Varint.read(page, record + Varint.length(page, record));
        if (type < 12 || type % 2 != 0) {
            return 1;
        }
        long length = (type - 12) / 2;
        int at = record + headerBytes;
        // The part that stands in the cell; the rest of a long key is on other pages.
        long stored = Math.min(length, local(size) - headerBytes);
        int common = (int) Math.min(key.length, stored);
        int i = 0;
        for (; i + 8 <= common; i += 8) {
            long mine = (long) LONGS.get(key, i);
            long its = page.getLong(at + i);
            if (mine != its) {
                return Long.compareUnsigned(mine, its);
            }
        }
        for (; i < common; i++) {
            int order = (key[i] & 0xFF) - (page.get(at + i) & 0xFF);
            if (order != 0) {
                return order;
            }
        }
        return common < Math.min(key.length, length) ? AMBIGUOUS : Long.compare(key.length, length);
    }

    private long local(long size) {
        if (size <= mostLocal) {
            return size;
        }
        int pageSize = pages.pageSize();
        int least = (pageSize - 12) * 32 / 255 - 23;
        long fitting = least + (size - least) % (pageSize - 4);
        return fitting <= mostLocal ? fitting : least;
    }

    /** The rowid is the record's last column. */
    long rowidAt(ByteBuffer page, int cell) {
        long size = Varint.read(page, cell);
        if (size > mostLocal) {
            return UNKNOWN;
        }
        int record = cell + Varint.length(page, cell);
        int headerBytes = (int) Varint.read(page, record);
        int at = record + Varint.length(page, record);
        long keyBytes = (Varint.read(page, at) - 12) / 2;
        at += Varint.length(page, at);
        long type = Varint.read(page, at);
        int value = (int) (record + headerBytes + keyBytes);
        return switch ((int) type) {
            case 1 -> page.get(value);
            case 2 -> page.getShort(value);
            case 3 -> (page.getShort(value) << 8) | (page.get(value + 2) & 0xFF);
            case 4 -> page.getInt(value);
            case 5 -> ((long) page.getShort(value) << 32) | (page.getInt(value + 2) & 0xFFFFFFFFL);
            case 6 -> page.getLong(value);
            case 8 -> 0;
            case 9 -> 1;
            default -> UNKNOWN;
        };
    }
}
