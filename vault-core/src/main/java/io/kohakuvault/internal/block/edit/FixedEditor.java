package io.kohakuvault.internal.block.edit;

import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.internal.block.BlockChecks;
import io.kohakuvault.internal.block.BlockEntry;
import io.kohakuvault.internal.block.BlockReader;
import io.kohakuvault.internal.block.BlockTables;
import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.internal.block.Elements;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
            byte[] present = upkeep.present(entry);
            int source = (int) (entry.firstRow() + first - from);
            System.arraycopy(with.bytes(), source * size, payload, first * size, (last - first) * size);
            session.update("UPDATE kvault_col_data SET payload = ? WHERE block_id = ?", payload, entry.blockId());
            upkeep.rewritten(
                    entry,
                    entry.rowCount() == rowsPerBlock,
                    payload,
                    null,
                    overwritten(present, entry.rowCount(), first, last, with, source));
        }
    }

    /** A block's bitmap after its rows [first, last) were replaced; null when all are present. */
    private static byte @Nullable [] overwritten(
            byte @Nullable [] present, int rows, int first, int last, Elements with, int source) {
        if (present == null && with.nulls() == 0) {
            return null;
        }
        BitSet bits = new BitSet(rows);
        if (present == null) {
            bits.set(0, rows);
        } else {
            bits.or(BitSet.valueOf(present));
            bits.clear(rows, Math.max(rows, bits.length()));
        }
        for (int i = first; i < last; i++) {
            bits.set(i, with.isPresent(source + i - first));
        }
        return bits.cardinality() == rows ? null : Arrays.copyOf(bits.toByteArray(), (rows + 7) / 8);
    }

    /** Removes the rows [from, to) by taking whole blocks out, where they are whole blocks; false when they are not. */
    boolean removeBlocks(long from, long to) {
        if (from % rowsPerBlock != 0 || to % rowsPerBlock != 0) {
            return false;
        }
        List<BlockEntry> entries = BlockTables.entries(session, column, from, to);
        BlockChecks.all(session.file(), column, entries, from, to);
        entries.forEach(entry -> BlockWriter.delete(session, entry.blockId()));
        BlockWriter.moveFollowing(
                session, column.colId(), to / rowsPerBlock - 1, from - to, (from - to) / rowsPerBlock);
        return true;
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
        moving.add(with.bytes(), 0, with.rows() * size, with.present(0, with.rows()), 0);
        int existing = 0; // entries[existing] stands at blockNo
        for (long row = blockNo * rowsPerBlock; row < length; row += rowsPerBlock, blockNo++) {
            int rows = (int) Math.min(rowsPerBlock, length - row);
            // The block that is about to be overwritten must have been read.
            moving.readUntil(existing, rows * size);
            byte[] payload = new byte[rowsPerBlock * size];
            byte[] present = moving.take(payload, rows * size);
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
            upkeep.rewritten(entry, rows == rowsPerBlock, payload, null, present);
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
        private byte @Nullable [] heldPresent;

        /** Which of the rows that have been read and not yet written are null. */
        private BitSet absent = new BitSet();

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
                byte[] present = upkeep.present(first);
                add(payload, 0, (int) (from - first.firstRow()) * size, present, 0);
                if (keptFrom < first.endRow()) {
                    int at = (int) (keptFrom - first.firstRow()) * size;
                    held = ByteBuffer.wrap(payload, at, first.rowCount() * size - at);
                    heldPresent = present;
                }
                next = 1;
            }
        }

        /** @param present which rows are, counted from {@code firstRow} on; null for all */
        void add(byte[] more, int at, int count, byte @Nullable [] present, int firstRow) {
            int row = available() / size;
            for (int i = 0; present != null && i < count / size; i++) {
                if (!BlockReader.isPresent(present, firstRow + i)) {
                    absent.set(row + i);
                }
            }
            pending.write(more, at, count);
        }

        /** Reads on until the given block has been read and there are so many bytes, or nothing is left. */
        void readUntil(int block, int wanted) {
            if (held.hasRemaining()) {
                add(held.array(), held.position(), held.remaining(), heldPresent, held.position() / size);
                held = ByteBuffer.allocate(0);
            }
            while (next < entries.size() && (next <= block || available() < wanted)) {
                BlockEntry entry = entries.get(next++);
                if (entry.endRow() > keptFrom) {
                    int skip = (int) Math.max(0, keptFrom - entry.firstRow());
                    int count = (entry.rowCount() - skip) * size;
                    add(payload(entry), skip * size, count, upkeep.present(entry), skip);
                }
            }
        }

        private int available() {
            return bytes.length - pendingAt + pending.size();
        }

        /** Takes bytes, and answers which of their rows are present; null when all are. */
        byte @Nullable [] take(byte[] target, int count) {
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
            int rows = count / size;
            BitSet taken = absent.get(0, rows);
            absent = absent.get(rows, Math.max(rows, absent.length()));
            if (taken.isEmpty()) {
                return null;
            }
            taken.flip(0, rows);
            return Arrays.copyOf(taken.toByteArray(), (rows + 7) / 8);
        }
    }
}
