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

    /** The least and the greatest value of the first block, of the second and so on, as the elements of one block. */
    private final BlockData bounds;

    private ZoneMap(Building building, boolean isFixed) {
        int size = building.size;
        this.blockIds = Arrays.copyOf(building.blockIds, size);
        this.rows = Arrays.copyOf(building.rows, size);
        this.withNulls = building.withNulls;
        int used = building.starts[2 * size];
        ByteBuffer offsets = null;
        if (!isFixed) {
            offsets = ByteBuffer.allocate(Long.BYTES * (2 * size + 1)).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i <= 2 * size; i++) {
                offsets.putLong(Long.BYTES * i, building.starts[i]);
            }
        }
        this.bounds = new BlockData(
                new BlockEntry(0, 0, 0, 2 * size, used, Math.max(1, used), 2 * size),
                ByteBuffer.wrap(Arrays.copyOf(building.bounds, used)).order(ByteOrder.LITTLE_ENDIAN),
                offsets,
                null,
                Origin.COPIED);
    }

    /** What may be left out. */
    @FunctionalInterface
    public interface Test {
        /** Whether a block whose values lie between two elements of another may hold what is looked for. */
        boolean mayHold(BlockData bounds, int min, int max);

        /** Whether all values between two elements of a block are looked for. */
        default boolean holdsAll(BlockData bounds, int min, int max) {
            return false;
        }
    }

    /** How many rows of a block are looked for, as far as its bounds tell. */
    public enum Share {
        NONE,
        UNKNOWN,
        ALL
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
        return new ZoneMap(zones, column.elemSize() > 0);
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
        return i < 0 || test.mayHold(bounds, 2 * i, 2 * i + 1);
    }

    /** What can be said of a block that is not read. */
    public Share share(BlockEntry entry, Test test) {
        int i = find(entry);
        if (i < 0) {
            return Share.UNKNOWN;
        } else if (!test.mayHold(bounds, 2 * i, 2 * i + 1)) {
            return Share.NONE;
        }
        return !withNulls.get(i) && test.holdsAll(bounds, 2 * i, 2 * i + 1) ? Share.ALL : Share.UNKNOWN;
    }

    private boolean hasNulls(BlockEntry entry) {
        int i = find(entry);
        return i < 0 || withNulls.get(i);
    }
}
