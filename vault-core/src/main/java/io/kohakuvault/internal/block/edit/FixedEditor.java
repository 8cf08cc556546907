package io.kohakuvault.internal.block.edit;

import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.internal.block.BlockChecks;
import io.kohakuvault.internal.block.BlockEntry;
import io.kohakuvault.internal.block.BlockTables;
import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.internal.block.Elements;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Changes within a column of fixed-size elements. The layout wants every block but the last full, so an insertion or
 * removal moves the bytes behind it from block to block; values are never looked at. Used with the write lock held.
 */
final class FixedEditor {
    private final Session session;
    private final ColumnRecord column;
    private final int size;
    private final int rowsPerBlock;

    private final BlockUpkeep upkeep;

    FixedEditor(Session session, ColumnRecord column, BlockUpkeep upkeep) {
        this.upkeep = upkeep;
        this.session = session;
        this.column = column;
        this.size = column.elemSize();
        this.rowsPerBlock = (int) column.rowsPerBlock();
    }

    /** Replaces as many elements as are given, in place. */
    void overwrite(long from, Elements with) {
        List<BlockEntry> entries = BlockTables.entries(session, column, from, from + with.rows());
        BlockChecks.all(session.file(), column, entries, from, from + with.rows());
        for (BlockEntry entry : entries) {
            int first = (int) Math.max(0, from - entry.firstRow());
            int last = (int) Math.min(entry.rowCount(), from + with.rows() - entry.firstRow());
            byte[] payload = payload(entry);
            int source = (int) (entry.firstRow() + first - from) * size;
            System.arraycopy(with.bytes(), source, payload, first * size, (last - first) * size);
            session.update("UPDATE kvault_col_data SET payload = ? WHERE block_id = ?", payload, entry.blockId());
            upkeep.rewritten(entry, entry.rowCount() == rowsPerBlock, payload, null);
        }
    }

    /** Replaces the rows [from, to) by elements of another number: everything behind moves. */
    void splice(long from, long to, Elements with) {
        long length = column.length() - (to - from) + with.rows();
        // Up to the end, so that an empty block which KohakuVault may have left there is among them.
        List<BlockEntry> entries = BlockTables.entries(session, column, from, Long.MAX_VALUE);
        BlockChecks.all(session.file(), column, entries, from, column.length());
        long blockNo = from / rowsPerBlock;
        Moving moving = new Moving(entries, to);
        moving.takeHead(from);
        moving.add(with.bytes(), 0, with.rows() * size);
        int existing = 0; // entries[existing] stands at blockNo
        for (long row = blockNo * rowsPerBlock; row < length; row += rowsPerBlock, blockNo++) {
            int rows = (int) Math.min(rowsPerBlock, length - row);
            // The block that is about to be overwritten must have been read.
            moving.readUntil(existing, rows * size);
            byte[] payload = new byte[rowsPerBlock * size];
            moving.take(payload, rows * size);
            BlockEntry old = existing < entries.size() ? entries.get(existing) : null;
            BlockEntry entry = new BlockEntry(
                    old == null ? 0 : old.blockId(),
                    blockNo,
                    row,
                    rows,
                    rows * size,
                    old == null ? payload.length : Math.max(old.capacityBytes(), payload.length),
                    old == null ? rowsPerBlock : Math.max(old.rowCapacity(), rowsPerBlock));
            if (old == null) {
                entry = BlockWriter.insert(session, column.colId(), entry, payload, null);
            } else {
                BlockWriter.update(session, entry, payload, null);
            }
            upkeep.rewritten(entry, rows == rowsPerBlock, payload, null);
            existing++;
        }
        for (int i = existing; i < entries.size(); i++) {
            BlockWriter.delete(session, entries.get(i).blockId());
        }
    }

    /** The payload as long as KohakuVault wants it, so that it may be written back. */
    private byte[] payload(BlockEntry entry) {
        try (Rows rows = session.query("SELECT payload FROM kvault_col_data WHERE block_id = ?", entry.blockId())) {
            byte[] payload = rows.next() ? rows.getBytes(0) : null;
            if (payload == null) {
                throw new VaultCorruptException(
                        session.file() + ": kvault_col_data has no row " + entry.blockId()
                                + ", which kvault_col_blocks names for " + column.describe(),
                        null);
            }
            BlockChecks.payload(session.file(), column, entry, payload.length);
            return payload;
        }
    }

    /** Bytes between where they were read and where they are written. */
    private final class Moving {
        private final List<BlockEntry> entries;
        private final long keptFrom;
        private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
        private int pendingAt;
        private ByteBuffer held = ByteBuffer.allocate(0);
        private byte[] bytes = {};
        private int next;

        Moving(List<BlockEntry> entries, long keptFrom) {
            this.entries = entries;
            this.keptFrom = keptFrom;
        }

        /** The rows of the first block before the change. */
        void takeHead(long from) {
            if (!entries.isEmpty()) {
                BlockEntry first = entries.get(0);
                byte[] payload = payload(first);
                add(payload, 0, (int) (from - first.firstRow()) * size);
                if (keptFrom < first.endRow()) {
                    int at = (int) (keptFrom - first.firstRow()) * size;
                    held = ByteBuffer.wrap(payload, at, first.rowCount() * size - at);
                }
                next = 1;
            }
        }

        void add(byte[] more, int at, int count) {
            pending.write(more, at, count);
        }

        /** Reads on until the given block has been read and there are so many bytes, or nothing is left. */
        void readUntil(int block, int wanted) {
            if (held.hasRemaining()) {
                add(held.array(), held.position(), held.remaining());
                held = ByteBuffer.allocate(0);
            }
            while (next < entries.size() && (next <= block || available() < wanted)) {
                BlockEntry entry = entries.get(next++);
                if (entry.endRow() > keptFrom) {
                    int skip = (int) Math.max(0, keptFrom - entry.firstRow()) * size;
                    add(payload(entry), skip, entry.rowCount() * size - skip);
                }
            }
        }

        private int available() {
            return bytes.length - pendingAt + pending.size();
        }

        void take(byte[] target, int count) {
            if (bytes.length - pendingAt < count) {
                byte[] joined = new byte[available()];
                System.arraycopy(bytes, pendingAt, joined, 0, bytes.length - pendingAt);
                byte[] more = pending.toByteArray();
                System.arraycopy(more, 0, joined, bytes.length - pendingAt, more.length);
                pending.reset();
                bytes = joined;
                pendingAt = 0;
            }
            System.arraycopy(bytes, pendingAt, target, 0, count);
            pendingAt += count;
        }
    }
}
