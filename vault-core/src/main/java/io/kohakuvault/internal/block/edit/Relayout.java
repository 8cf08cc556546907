package io.kohakuvault.internal.block.edit;

import io.kohakuvault.codec.DType;
import io.kohakuvault.internal.block.BlockReader;
import io.kohakuvault.internal.block.BlockSizes;
import io.kohakuvault.internal.block.BlockTables;
import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.internal.block.Elements;
import io.kohakuvault.internal.sqlite.Session;
import java.util.function.LongPredicate;

/**
 * Writes a column anew, nulls and all: in blocks of another size, or without some rows. Used with the write lock held.
 */
public final class Relayout {
    private Relayout() {}

    /**
     * Rewrites a column when its blocks are not as large as they should be with this page size.
     *
     * @param pageSize the page size that the file has or is about to get
     * @return whether it was rewritten
     */
    public static boolean run(Session session, OpenBlocks tails, ColumnRecord column, int pageSize) {
        DType dtype;
        try {
            dtype = DType.parse(column.dtype());
        } catch (IllegalArgumentException e) {
            return false; // what cannot be read stays as it is
        }
        long wanted = BlockSizes.blockBytes(dtype, pageSize);
        if (wanted == column.blockBytes()) {
            return false;
        }
        rewrite(session, tails, column, wanted, row -> true);
        return true;
    }

    /**
     * Writes a column anew without some of its rows. Costs as much as all of it has bytes, however few are removed.
     *
     * @param kept which rows stay
     */
    public static void keep(Session session, OpenBlocks tails, ColumnRecord column, LongPredicate kept) {
        rewrite(session, tails, column, column.blockBytes(), kept);
    }

    private static void rewrite(
            Session session, OpenBlocks tails, ColumnRecord column, long blockBytes, LongPredicate kept) {
        tails.settle(session, column.colId());
        BlockReader reader = BlockReader.of(session);
        // The blocks go into a column of their own first, and are then given to the old one, whose id others know.
        session.update(
                "INSERT INTO kvault_col_columns (name, dtype, elem_size, length, block_bytes) VALUES (?, ?, ?, 0, ?)",
                column.name() + "\u0000new layout",
                column.dtype(),
                column.elemSize(),
                blockBytes);
        long temporary = session.lastInsertRowid();
        boolean extensions = BlockTables.hasExtensions(session);
        reader.visit(column, 0, column.length(), (block, from, to) -> {
            byte[] present = extensions ? reader.validity(block.entry()) : null;
            Elements elements = new Elements(column.elemSize(), to - from);
            for (int i = from; i < to; ) {
                boolean isKept = kept.test(block.firstRow() + i);
                int end = i + 1;
                while (end < to && kept.test(block.firstRow() + end) == isKept) {
                    end++;
                }
                if (isKept) {
                    elements.addBlock(block, present, i, end);
                }
                i = end;
            }
            tails.append(session, temporary, true, elements);
        });
        tails.settle(session, temporary);
        session.update("DELETE FROM kvault_col_blocks WHERE col_id = ?", column.colId());
        session.update("UPDATE kvault_col_blocks SET col_id = ? WHERE col_id = ?", column.colId(), temporary);
        session.update(
                "UPDATE kvault_col_columns SET block_bytes = ?, length = (SELECT length FROM kvault_col_columns WHERE col_id = ?) "
                        + "WHERE col_id = ?",
                blockBytes,
                temporary,
                column.colId());
        session.update("DELETE FROM kvault_col_columns WHERE col_id = ?", temporary);
    }
}
