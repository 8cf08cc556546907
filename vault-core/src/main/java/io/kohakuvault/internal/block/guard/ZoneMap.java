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
import java.util.HashMap;
import java.util.Map;

/** The least and greatest values of a column's blocks, where the file is guarded so that they can be believed. */
public final class ZoneMap {
    private final Map<Long, Zone> zones;

    private ZoneMap(Map<Long, Zone> zones) {
        this.zones = zones;
    }

    @SuppressWarnings("ArrayRecordComponent") // a row of a table, never compared
    private record Zone(int rows, byte[] min, byte[] max, boolean hasNulls) {}

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
        ZoneMap zones = reader.read(session -> load(session, column, from, to, zerosCount));
        reader.visit(column, from, to, entry -> zones.mayHold(entry, test), visitor);
    }

    /** The bounds of the blocks with the rows [from, to), none where they cannot be believed. */
    public static ZoneMap of(BlockReader reader, ColumnRecord column, long from, long to) {
        return reader.read(session -> load(session, column, from, to, false));
    }

    private static ZoneMap load(Session session, ColumnRecord column, long from, long to, boolean zerosCount) {
        Map<Long, Zone> zones = new HashMap<>();
        if (BlockTables.hasExtensions(session) && Guard.isInstalled(session)) {
            try (Rows rows = session.query(
                    "SELECT e.block_id, e.row_count, e.min_value, e.max_value, e.validity IS NOT NULL FROM kvault_col_blocks b JOIN vault_block_ext e USING (block_id) "
                            + "WHERE b.col_id = ?1 AND b.first_row < ?3 AND b.first_row >= "
                            + "(SELECT max(first_row) FROM kvault_col_blocks WHERE col_id = ?1 AND first_row <= ?2) "
                            + "AND e.min_value IS NOT NULL AND e.max_value IS NOT NULL"
                            + (zerosCount ? " AND e.validity IS NULL" : ""),
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
                        zones.put(rows.getLong(0), new Zone(rows.getInt(1), min, max, rows.getInt(4) != 0));
                    }
                }
            }
        }
        return new ZoneMap(zones);
    }

    /** Whether a block need be read. One without bounds, or of which they describe fewer rows, must be. */
    public boolean mayHold(BlockEntry entry, Test test) {
        Zone zone = zones.get(entry.blockId());
        return zone == null || zone.rows != entry.rowCount() || test.mayHold(one(zone.min), one(zone.max));
    }

    /** Whether all rows of a block are looked for, so that it need not be read either. */
    public boolean holdsAll(BlockEntry entry, Test test) {
        Zone zone = zones.get(entry.blockId());
        return zone != null
                && !zone.hasNulls
                && zone.rows == entry.rowCount()
                && test.holdsAll(one(zone.min), one(zone.max));
    }

    private static BlockData one(byte[] value) {
        ByteBuffer offsets =
                ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(8, value.length);
        return new BlockData(
                new BlockEntry(0, 0, 0, 1, value.length, Math.max(1, value.length), 1),
                ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN),
                offsets,
                null,
                Origin.COPIED);
    }
}
