package io.kohakuvault.internal.page;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one table of two BLOBs behind a rowid ({@code kvault_col_data}), found in the mapped file as an open read
 * transaction sees them.
 *
 * <p>Why this is sound: within an open read transaction every page of the database file without a frame in the -wal is
 * the transaction's, and stays so until it ends, because a checkpoint copies back only frames up to the oldest reader's
 * mark. Where the transaction's moment is not known the way down may use newer interior pages than its own: a page that
 * is unchanged since and live in the newest tree was live then. A leaf still counts only when it holds the row asked
 * for with the sizes asked for. Thread-safe.
 */
public final class MappedTable {
    private static final int MAX_DEPTH = 20;

    private final StatePages state;
    private final long rootPage;

    private final Map<Long, TableNode> nodes = new ConcurrentHashMap<>();
    private volatile @Nullable TableNode root;

    /** The interior page right above the leaf that was looked for last: the next one is likely to be below it too. */
    private volatile @Nullable TableNode recent;

    /** Levels of interior pages above the leaves, which are all equally deep; -1 where that is not known yet. */
    private volatile int depth = -1;

    private MappedTable(StatePages state, long rootPage) {
        this.state = state;
        this.rootPage = rootPage;
    }

    /**
     * A table. Nothing is read yet, and later what leads to the rows that are asked for.
     *
     * @param rootPage the table's root page as the reader's sqlite_master has it
     */
    public static MappedTable of(StatePages state, long rootPage) {
        return new MappedTable(state, rootPage);
    }

    /**
     * The payload and offsets of a row.
     *
     * @param payload slice of the mapped file, or of an array where it was gathered
     * @param offsets likewise, null where the row has NULL
     * @param gathered whether the row goes on on overflow pages and was put together from them
     */
    public record Row(ByteBuffer payload, @Nullable ByteBuffer offsets, boolean gathered) {}

    /**
     * Finds a row that stands on unchanged pages alone; null otherwise. The buffers are read-only and little-endian.
     */
    public @Nullable Row find(long rowid) {
        try {
            long number = leafOf(rowid);
            ByteBuffer page = number == 0 ? null : state.mapped(number);
            if (page == null || page.get(0) != TableNode.LEAF) {
                return null;
            }
            int cells = page.getShort(3) & 0xFFFF;
            int low = 0;
            int high = cells - 1;
            while (low <= high) {
                int middle = (low + high) >>> 1;
                int cell = page.getShort(8 + 2 * middle) & 0xFFFF;
                long candidate = Varint.read(page, cell + Varint.length(page, cell));
                if (candidate == rowid) {
                    return parse(page, cell);
                }
                if (candidate < rowid) {
                    low = middle + 1;
                } else {
                    high = middle - 1;
                }
            }
            return null;
        } catch (IOException | IndexOutOfBoundsException | InternalError e) {
            return null;
        }
    }

    /** The leaf page on which a rowid would stand; 0 when the tree cannot be followed. */
    private long leafOf(long rowid) throws IOException {
        TableNode close = recent;
        if (close != null && close.surrounds(rowid)) {
            return close.child(rowid);
        }
        TableNode above = null;
        long number = rootPage;
        for (int level = 0; level <= MAX_DEPTH && number != 0; level++) {
            if (level == depth) {
                recent = above;
                return number; // its bytes are not wanted here: it may stand in the log
            }
            TableNode node = level == 0 ? root : nodes.get(number);
            if (node == null) {
                ByteBuffer page = state.latest(number);
                if (page == null) {
                    return 0;
                } else if (page.get(0) == TableNode.LEAF) {
                    depth = level;
                    return number;
                }
                node = TableNode.of(page);
                if (node == null) {
                    return 0;
                } else if (level == 0) {
                    root = node;
                } else {
                    nodes.put(number, node);
                }
            }
            above = node;
            number = node.child(rowid);
        }
        return 0;
    }

    /**
     * A cell: size of the record, rowid, record; a record: size of its header, one serial type a column, the values.
     */
    private @Nullable Row parse(ByteBuffer page, int cell) throws IOException {
        long size = Varint.read(page, cell);
        int record = cell + Varint.length(page, cell);
        record += Varint.length(page, record);
        int headerBytes = (int) Varint.read(page, record);
        int at = record + Varint.length(page, record);
        long rowidType = Varint.read(page, at); // an INTEGER PRIMARY KEY is stored as NULL
        at += Varint.length(page, at);
        long payloadType = Varint.read(page, at);
        at += Varint.length(page, at);
        long offsetsType = Varint.read(page, at);
        at += Varint.length(page, at);
        boolean offsetsAreBlob = offsetsType >= 12 && offsetsType % 2 == 0;
        if (at != record + headerBytes
                || rowidType != 0
                || payloadType < 12
                || payloadType % 2 != 0
                || !(offsetsAreBlob || offsetsType == 0)) {
            return null;
        }
        long payloadBytes = (payloadType - 12) / 2;
        long offsetsBytes = offsetsAreBlob ? (offsetsType - 12) / 2 : 0;
        if (headerBytes + payloadBytes + offsetsBytes != size || payloadBytes + offsetsBytes > Integer.MAX_VALUE - 8) {
            return null;
        }
        boolean overflows = size > state.pageSize() - 35;
        ByteBuffer values = overflows
                ? OverflowChain.gather(state, page, record, size, headerBytes)
                : page.slice(at, (int) (payloadBytes + offsetsBytes));
        if (values == null) {
            return null;
        }
        return new Row(
                values.slice(0, (int) payloadBytes).order(ByteOrder.LITTLE_ENDIAN),
                offsetsAreBlob
                        ? values.slice((int) payloadBytes, (int) offsetsBytes).order(ByteOrder.LITTLE_ENDIAN)
                        : null,
                overflows);
    }
}
