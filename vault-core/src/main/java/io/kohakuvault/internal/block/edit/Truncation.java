package io.kohakuvault.internal.block.edit;

import io.kohakuvault.internal.block.BlockChecks;
import io.kohakuvault.internal.block.BlockData;
import io.kohakuvault.internal.block.BlockEntry;
import io.kohakuvault.internal.block.BlockReader;
import io.kohakuvault.internal.block.BlockTables;
import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.internal.sqlite.Session;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a column's end off, nulls and all. Unlike {@link BlockEditor} it serves columns of tables. The column's tail
 * must have been settled. Used with the write lock held.
 */
public final class Truncation {
    private Truncation() {}

    /** Removes the rows from {@code length} on. */
    public static void cut(Session session, ColumnRecord column, long length) {
        if (length >= column.length()) {
            return;
        }
        boolean extensions = BlockTables.hasExtensions(session);
        List<BlockEntry> entries = BlockTables.entries(session, column, length, Long.MAX_VALUE);
        BlockChecks.all(session.file(), column, entries, length, column.length());
        for (BlockEntry entry : entries) {
            if (entry.firstRow() >= length) {
                BlockWriter.delete(session, entry.blockId());
            } else {
                shorten(session, column, entry, (int) (length - entry.firstRow()), extensions);
            }
        }
        session.update("UPDATE kvault_col_columns SET length = ? WHERE col_id = ?", length, column.colId());
    }

    private static void shorten(Session session, ColumnRecord column, BlockEntry entry, int rows, boolean extensions) {
        BlockReader reader = BlockReader.of(session);
        BlockData data = reader.load(column, entry);
        int used = column.isFixed() ? rows * column.elemSize() : data.start(rows);
        // What the directory promises beyond the stored bytes is not there, and is not allocated on its word.
        int capacity = (int) Math.min(entry.capacityBytes(), stored(session, "payload", entry));
        int rowCapacity = column.isFixed()
                ? entry.rowCapacity()
                : (int) Math.min(entry.rowCapacity(), stored(session, "offsets", entry) / 8 - 1);
        byte[] payload = new byte[capacity];
        data.payload().get(0, payload, 0, used);
        byte[] offsets = null;
        ByteBuffer old = data.offsets();
        if (old != null) {
            offsets = new byte[8 * (rowCapacity + 1)];
            old.get(0, offsets, 0, 8 * (rows + 1));
        }
        byte[] bits = extensions ? reader.validity(entry) : null;
        BlockWriter.update(
                session,
                new BlockEntry(entry.blockId(), entry.blockNo(), entry.firstRow(), rows, used, capacity, rowCapacity),
                payload,
                offsets);
        if (extensions) {
            BlockWriter.forgetDerived(session, entry.blockId());
        }
        if (bits != null) {
            BlockWriter.writeValidity(session, entry.blockId(), rows, Arrays.copyOf(bits, (rows + 7) / 8));
        }
    }

    private static long stored(Session session, String what, BlockEntry entry) {
        Long length = session.queryLong(
                "SELECT length(CAST(" + what + " AS BLOB)) FROM kvault_col_data WHERE block_id = ?", entry.blockId());
        return length == null ? 0 : length;
    }
}
