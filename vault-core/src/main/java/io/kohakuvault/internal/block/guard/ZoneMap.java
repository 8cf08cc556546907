package io.kohakuvault.internal.block.guard;

import io.kohakuvault.internal.block.BlockData;
import io.kohakuvault.internal.block.BlockEntry;
import io.kohakuvault.internal.block.BlockReader;
import io.kohakuvault.internal.block.BlockTables;
import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.spi.Origin;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The least and greatest values of a column's blocks, where the file is guarded so that they can be believed. Compact,
 * because a column may have many blocks, and immutable.
 */
public final class ZoneMap {
    /** Ascending. */
    private final long[] blockIds;

    private final int[] rows;
    private final BitSet withNulls;

    /** The least and the greatest value of the first block, of the second and so on, one behind the other. */
    private final byte[] bounds;

    /** Where the least values begin, at even places, and the greatest; and the end of all. */
    private final int[] starts;

    private ZoneMap(Building building) {
        int size = building.size;
        this.blockIds = Arrays.copyOf(building.blockIds, size);
        this.rows = Arrays.copyOf(building.rows, size);
        this.withNulls = building.withNulls;
        this.bounds = Arrays.copyOf(building.bounds, building.starts[2 * size]);
        this.starts = Arrays.copyOf(building.starts, 2 * size + 1);
    }

    /** What may be left out. */
    @FunctionalInterface
    public interface Test {
        /** Whether a block whose values lie between the only elements of two blocks may hold what is looked for. */
        boolean mayHold(BlockData min, BlockData max);

        /** Whether all values between the only elements of two blocks are looked for. */
        default boolean holdsAll(BlockData min, BlockData max) {
            return false;
        }
    }

    /**
     * {@link BlockReader#visit(ColumnRecord, long, long, BlockReader.Visitor)}, less the blocks of a guarded file whose
     * bounds rule them out.
     *
     * @param zerosCount whether the zeros of nulls are looked for too, which the bounds leave out
     */
    public static void visit(
            BlockReader reader,
            ColumnRecord column,
            long from,
            long to,
            boolean zerosCount,
            Test test,
            BlockReader.Visitor visitor) {
        ZoneMap zones = of(reader, column, from, to);
        reader.visit(
                column,
                from,
                to,
                entry -> zones.mayHold(entry, test) || (zerosCount && zones.hasNulls(entry)),
                visitor);
    }

    /** The bounds of the blocks with the rows [from, to), none where they cannot be believed. */
    public static ZoneMap of(BlockReader reader, ColumnRecord column, long from, long to) {
        KnownZones known = reader.memo(KnownZones.class, KnownZones::new);
        ZoneMap zones = known == null ? null : known.of(reader, column, to - from);
        return zones != null ? zones : load(reader, column, from, to);
    }

    static ZoneMap load(BlockReader reader, ColumnRecord column, long from, long to) {
        return reader.read(session -> load(session, column, from, to));
    }

    private static ZoneMap load(Session session, ColumnRecord column, long from, long to) {
        Building zones = new Building();
        if (BlockTables.hasExtensions(session) && Guard.isInstalled(session)) {
            try (Rows rows = session.query(
                    "SELECT e.block_id, e.row_count, e.min_value, e.max_value, e.validity IS NOT NULL "
                            + "FROM kvault_col_blocks b JOIN vault_block_ext e USING (block_id) "
                            + "WHERE b.col_id = ?1 AND b.first_row < ?3 AND b.first_row >= "
                            + "(SELECT max(first_row) FROM kvault_col_blocks WHERE col_id = ?1 AND first_row <= ?2) "
                            + "AND e.min_value IS NOT NULL AND e.max_value IS NOT NULL ORDER BY e.block_id",
                    column.colId(),
                    from,
                    to)) {
                while (rows.next()) {
                    byte[] min = rows.getBlob(2);
                    byte[] max = rows.getBlob(3);
                    if (min == null || max == null) {
                        continue;
                    }
                    int size = column.elemSize();
                    if (size == 0 || (min.length == size && max.length == size)) {
                        zones.add(rows.getLong(0), rows.getInt(1), min, max, rows.getInt(4) != 0);
                    }
                }
            }
        }
        return new ZoneMap(zones);
    }

    private static final class Building {
        private long[] blockIds = new long[16];
        private int[] rows = new int[16];
        private final BitSet withNulls = new BitSet();
        private byte[] bounds = new byte[256];
        private int[] starts = new int[33];
        private int size;

        void add(long blockId, int rowCount, byte[] min, byte[] max, boolean hasNulls) {
            if (size == rows.length) {
                blockIds = Arrays.copyOf(blockIds, 2 * size);
                rows = Arrays.copyOf(rows, 2 * size);
                starts = Arrays.copyOf(starts, 4 * size + 1);
            }
            int at = starts[2 * size];
            if (bounds.length - at < min.length + max.length) {
                bounds = Arrays.copyOf(bounds, Math.max(2 * bounds.length, at + min.length + max.length));
            }
            System.arraycopy(min, 0, bounds, at, min.length);
            System.arraycopy(max, 0, bounds, at + min.length, max.length);
            blockIds[size] = blockId;
            rows[size] = rowCount;
            withNulls.set(size, hasNulls);
            size++;
            starts[2 * size - 1] = at + min.length;
            starts[2 * size] = at + min.length + max.length;
        }
    }

    /** The place of what is known of a block as it is now; negative where nothing is. */
    private int find(BlockEntry entry) {
        int i = Arrays.binarySearch(blockIds, entry.blockId());
        return i >= 0 && rows[i] == entry.rowCount() ? i : -1;
    }

    /** Whether a block need be read. One without bounds, or of which they describe fewer rows, must be. */
    public boolean mayHold(BlockEntry entry, Test test) {
        int i = find(entry);
        return i < 0 || test.mayHold(one(2 * i), one(2 * i + 1));
    }

    /** Whether all rows of a block are looked for, so that it need not be read either. */
    public boolean holdsAll(BlockEntry entry, Test test) {
        int i = find(entry);
        return i >= 0 && !withNulls.get(i) && test.holdsAll(one(2 * i), one(2 * i + 1));
    }

    private boolean hasNulls(BlockEntry entry) {
        int i = find(entry);
        return i < 0 || withNulls.get(i);
    }

    /** A bound as the only element of a block. */
    private BlockData one(int bound) {
        int from = starts[bound];
        int length = starts[bound + 1] - from;
        ByteBuffer offsets =
                ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(8, length);
        return new BlockData(
                new BlockEntry(0, 0, 0, 1, length, Math.max(1, length), 1),
                ByteBuffer.wrap(bounds, from, length).slice().order(ByteOrder.LITTLE_ENDIAN),
                offsets,
                null,
                Origin.COPIED);
    }
}
