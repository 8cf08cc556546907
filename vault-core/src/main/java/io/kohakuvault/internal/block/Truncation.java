package io.kohakuvault.internal.block;

import io.kohakuvault.internal.sqlite.Session;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Cuts a column's end off, nulls and all. Unlike {@link BlockEditor} it serves columns of tables. The column's tail must have been
 * settled. Used with the write lock held.
 */
public final class Truncation {
    private Truncation() {}

    /** Removes the rows from {@code length} on. */
    public static void cut(Session session, ColumnRecord column, long length) {
        if (length >= column.length()) {
            return;
        }
        boolean extensions = BlockTables.hasExtensions(session);
        for (BlockEntry entry : BlockTables.entries(session, column, length, Long.MAX_VALUE)) {
            BlockChecks.entry(session.file(), column, entry);
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
        byte[] payload = new byte[entry.capacityBytes()];
        data.payload().get(0, payload, 0, used);
        byte[] offsets = null;
        ByteBuffer old = data.offsets();
        if (old != null) {
            offsets = new byte[8 * (entry.rowCapacity() + 1)];
            old.get(0, offsets, 0, 8 * (rows + 1));
        }
        byte[] bits = extensions ? reader.validity(entry) : null;
        BlockWriter.update(
                session,
                new BlockEntry(
                        entry.blockId(),
                        entry.blockNo(),
                        entry.firstRow(),
                        rows,
                        used,
                        entry.capacityBytes(),
                        entry.rowCapacity()),
                payload,
                offsets);
        if (extensions) {
            BlockWriter.forgetDerived(session, entry.blockId());
        }
        if (bits != null) {
            BlockWriter.writeValidity(session, entry.blockId(), rows, Arrays.copyOf(bits, (rows + 7) / 8));
        }
    }
}
