package io.kohakuvault.internal.block.edit;

import io.kohakuvault.internal.block.BlockChecks;
import io.kohakuvault.internal.block.BlockEntry;
import io.kohakuvault.internal.block.BlockReader;
import io.kohakuvault.internal.block.BlockTables;
import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.internal.block.Elements;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Blocks of which single elements were replaced lately: each is written once, however many of
 * its elements change in a transaction. They outlive a transaction, so that the next correction need not read its
 * block; the oldest are written and dropped when they hold too much memory. Used with the write lock held.
 */
final class EditedBlocks {
    private static final long MOST_HELD_BYTES = 8L << 20;

    private final Map<Long, Column> columns = new HashMap<>();
    private final LinkedHashMap<Place, Block> blocks = new LinkedHashMap<>(64, 0.75f, true);
    private long heldBytes;

    private record Place(long colId, long firstRow) {}

    /** @param firstRows the blocks that are held: where each begins, and ends */
    private record Column(ColumnRecord record, BlockUpkeep upkeep, TreeMap<Long, Long> firstRows) {}

    private static final class Block {
        final Column column;
        final BlockEntry entry;
        final byte[] payload;
        final byte @Nullable [] offsetBytes;
        final @Nullable ByteBuffer offsets;
        final int capacity;
        int used;
        byte @Nullable [] present;
        boolean changed;
        boolean directoryChanged;

        Block(Session session, Column column, BlockEntry entry) {
            this.column = column;
            this.entry = entry;
            this.present = column.upkeep.present(entry);
            byte[] storedPayload = null;
            byte[] storedOffsets = null;
            try (Rows rows =
                    session.query("SELECT payload, offsets FROM kvault_col_data WHERE block_id = ?", entry.blockId())) {
                if (rows.next()) {
                    storedPayload = rows.getBytes(0);
                    storedOffsets = rows.getBytes(1);
                }
            }
            if (storedPayload == null) {
                throw BlockChecks.damage(session.file(), column.record, entry, "has no row in kvault_col_data");
            }
            BlockChecks.payload(session.file(), column.record, entry, storedPayload.length);
            payload = storedPayload;
            used = entry.usedBytes();
            // What the directory promises beyond the stored bytes is not there.
            capacity = Math.min(entry.capacityBytes(), payload.length);
            if (column.record.isFixed()) {
                offsets = null;
                offsetBytes = null;
            } else {
                offsetBytes = storedOffsets;
                offsets = BlockReader.wrap(storedOffsets);
                BlockChecks.offsets(session.file(), column.record, entry, offsets);
            }
        }

        int heldBytes() {
            return payload.length + (offsets == null ? 0 : offsets.capacity()) + 200;
        }

        /** False, and nothing has been changed, when the block has no room for an element so long. */
        boolean set(int row, Elements element) {
            int size = element.sizeBytes();
            ByteBuffer o = offsets;
            int start = o == null ? row * size : (int) o.getLong(8 * row);
            if (o != null) {
                int end = (int) o.getLong(8 * (row + 1));
                int more = size - (end - start);
                if (used + more > capacity) {
                    return false;
                }
                System.arraycopy(payload, end, payload, end + more, used - end);
                if (more < 0) {
                    Arrays.fill(payload, used + more, used, (byte) 0);
                }
                for (int i = row + 1; more != 0 && i <= entry.rowCount(); i++) {
                    o.putLong(8 * i, o.getLong(8 * i) + more);
                }
                used += more;
            }
            System.arraycopy(element.bytes(), 0, payload, start, size);
            setPresent(row, element.isPresent(0));
            changed = true;
            return true;
        }

        private void setPresent(int row, boolean isPresent) {
            byte[] bits = present;
            if (bits == null && !isPresent) {
                bits = new byte[(entry.rowCount() + 7) / 8];
                Arrays.fill(bits, (byte) -1);
                present = bits;
            }
            if (bits != null) {
                int mask = 1 << (row & 7);
                bits[row >> 3] = (byte) (isPresent ? bits[row >> 3] | mask : bits[row >> 3] & ~mask);
            }
        }

        void flush(Session session) {
            if (!changed) {
                return;
            }
            ByteBuffer o = offsets;
            BlockEntry now = entry;
            if (o == null) {
                session.update("UPDATE kvault_col_data SET payload = ? WHERE block_id = ?", payload, entry.blockId());
            } else {
                now = new BlockEntry(
                        entry.blockId(),
                        entry.blockNo(),
                        entry.firstRow(),
                        entry.rowCount(),
                        used,
                        capacity,
                        Math.min(entry.rowCapacity(), o.capacity() / 8 - 1));
                if (used == entry.usedBytes() && !directoryChanged) {
                    session.update(
                            "UPDATE kvault_col_data SET payload = ?, offsets = ? WHERE block_id = ?",
                            payload,
                            offsetBytes,
                            entry.blockId());
                } else {
                    BlockWriter.updateInPlace(session, now, payload, offsetBytes);
                    directoryChanged = true;
                }
            }
            boolean full = o == null
                    ? entry.rowCount() == column.record.rowsPerBlock()
                    : entry.endRow() < column.record.length(); // the last block takes what is appended
            column.upkeep.rewritten(now, full, payload, offsetBytes, hasNull() ? present : null);
            changed = false;
        }

        private boolean hasNull() {
            byte[] bits = present;
            for (int i = 0; bits != null && i < entry.rowCount(); i++) {
                if (!BlockReader.isPresent(bits, i)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** How many elements a column has, as long as no tail of it is held. */
    long length(Session session, long colId, boolean nullable) {
        return column(session, colId, nullable).record.length();
    }

    private Column column(Session session, long colId, boolean nullable) {
        return columns.computeIfAbsent(colId, id -> {
            ColumnRecord record = BlockTables.columnById(session, colId)
                    .orElseThrow(() -> new NoSuchElementException(
                            session.file() + ": the column behind this handle (col_id " + colId + ") was deleted"));
            return new Column(record, BlockUpkeep.of(session, record, nullable), new TreeMap<>());
        });
    }

    /**
     * Replaces an element that the column has, in a block of which no tail is held.
     *
     * @return false, and nothing has been changed, when the block has no room for it
     */
    boolean set(Session session, long colId, boolean nullable, long row, Elements element) {
        Column column = column(session, colId, nullable);
        Block block = held(column, colId, row);
        if (block == null) {
            List<BlockEntry> entries = BlockTables.entries(session, column.record, row, row + 1);
            entries.removeIf(entry -> entry.rowCount() == 0); // KohakuVault may leave an empty one at the end
            BlockChecks.all(session.file(), column.record, entries, row, row + 1);
            block = new Block(session, column, entries.get(0));
            blocks.put(new Place(colId, block.entry.firstRow()), block);
            column.firstRows.put(block.entry.firstRow(), block.entry.endRow());
            heldBytes += block.heldBytes();
        }
        boolean fits = block.set((int) (row - block.entry.firstRow()), element);
        session.gathered(element.sizeBytes());
        trim(session, block);
        return fits;
    }

    private @Nullable Block held(Column column, long colId, long row) {
        Map.Entry<Long, Long> held = column.firstRows.floorEntry(row);
        return held == null || row >= held.getValue() ? null : blocks.get(new Place(colId, held.getKey()));
    }

    private void trim(Session session, Block keep) {
        Iterator<Block> oldest = blocks.values().iterator();
        while (heldBytes > MOST_HELD_BYTES && oldest.hasNext()) {
            Block block = oldest.next();
            if (block != keep) {
                block.flush(session);
                heldBytes -= block.heldBytes();
                block.column.firstRows.remove(block.entry.firstRow());
                oldest.remove();
            }
        }
    }

    /** Writes what was changed of a column and forgets it, before its blocks are changed otherwise. */
    void settle(Session session, long colId) {
        if (columns.remove(colId) == null) {
            return;
        }
        blocks.entrySet().removeIf(held -> {
            if (held.getKey().colId != colId) {
                return false;
            }
            held.getValue().flush(session);
            heldBytes -= held.getValue().heldBytes();
            return true;
        });
    }

    void flush(Session session) {
        blocks.values().forEach(block -> block.flush(session));
    }

    void discard() {
        columns.clear();
        blocks.clear();
        heldBytes = 0;
    }
}
