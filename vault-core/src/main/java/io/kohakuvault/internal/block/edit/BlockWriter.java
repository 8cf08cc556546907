package io.kohakuvault.internal.block.edit;

import io.kohakuvault.internal.block.BlockEntry;
import io.kohakuvault.internal.sqlite.Session;
import org.jspecify.annotations.Nullable;

/** Writes rows of kvault_col_blocks and kvault_col_data. Used with the write lock held. */
public final class BlockWriter {
    private BlockWriter() {}

    /** Adds a block; the entry's id is ignored. */
    static BlockEntry insert(Session session, long colId, BlockEntry entry, byte[] payload, byte @Nullable [] offsets) {
        insertOnly(session, colId, entry, payload, offsets);
        return entry.withId(session.lastInsertRowid());
    }

    /** {@link #insert} without asking for the block's id, which is the connection's last rowid then. */
    static void insertOnly(Session session, long colId, BlockEntry entry, byte[] payload, byte @Nullable [] offsets) {
        session.update(
                "INSERT INTO kvault_col_blocks (col_id, block_no, first_row, row_count, used_bytes, capacity_bytes, row_capacity) "
                        + "VALUES (?, ?, ?, ?, ?, ?, ?)",
                colId,
                entry.blockNo(),
                entry.firstRow(),
                entry.rowCount(),
                entry.usedBytes(),
                entry.capacityBytes(),
                entry.rowCapacity());
        session.update(
                "INSERT INTO kvault_col_data (block_id, payload, offsets) VALUES (last_insert_rowid(), ?, ?)",
                payload,
                offsets);
    }

    /**
     * Writes a block anew under its id: SQLite compares and dirties only the pages that change, while the sizes stay.
     */
    static void update(Session session, BlockEntry entry, byte[] payload, byte @Nullable [] offsets) {
        session.update(
                "UPDATE kvault_col_blocks SET first_row = ? WHERE block_id = ?", entry.firstRow(), entry.blockId());
        updateInPlace(session, entry, payload, offsets);
    }

    /**
     * {@link #update} of a block that begins where it began: named in the statement, its place would be written into
     * the index again.
     */
    static void updateInPlace(Session session, BlockEntry entry, byte[] payload, byte @Nullable [] offsets) {
        session.update(
                "UPDATE kvault_col_blocks SET row_count = ?, used_bytes = ?, capacity_bytes = ?, row_capacity = ? "
                        + "WHERE block_id = ?",
                entry.rowCount(),
                entry.usedBytes(),
                entry.capacityBytes(),
                entry.rowCapacity(),
                entry.blockId());
        if (offsets == null) {
            session.update("UPDATE kvault_col_data SET payload = ? WHERE block_id = ?", payload, entry.blockId());
        } else {
            session.update(
                    "UPDATE kvault_col_data SET payload = ?, offsets = ? WHERE block_id = ?",
                    payload,
                    offsets,
                    entry.blockId());
        }
    }

    /** Says which of a block's rows are present; bits of the last byte past them are cleared. */
    public static void writeValidity(Session session, long blockId, int rows, byte[] bits) {
        if ((rows & 7) != 0) {
            bits[rows >> 3] &= (byte) ((1 << (rows & 7)) - 1);
        }
        int present = 0;
        for (byte b : bits) {
            present += Integer.bitCount(b & 0xFF);
        }
        session.update(
                "INSERT INTO vault_block_ext (block_id, row_count, validity, null_count) VALUES (?, ?, ?, ?) "
                        + "ON CONFLICT(block_id) DO UPDATE SET row_count = excluded.row_count, "
                        + "validity = excluded.validity, null_count = excluded.null_count, "
                        // What was derived from fewer rows no longer holds.
                        + "min_value = NULL, max_value = NULL, crc32c = NULL",
                blockId,
                rows,
                bits,
                rows - present);
    }

    /** What was derived from a block's bytes no longer holds. */
    static void forgetDerived(Session session, long blockId) {
        session.update("DELETE FROM vault_block_ext WHERE block_id = ?", blockId);
    }

    /**
     * Moves the blocks behind one of a given number: by so many rows and so many numbers. Numbers are unique, so they
     * are moved in two steps: SQLite checks after each row.
     */
    static void moveFollowing(Session session, long colId, long afterBlockNo, long rows, long blocks) {
        if (blocks == 0) {
            session.update(
                    "UPDATE kvault_col_blocks SET first_row = first_row + ? WHERE col_id = ? AND block_no > ?",
                    rows,
                    colId,
                    afterBlockNo);
            return;
        }
        session.update(
                "UPDATE kvault_col_blocks SET first_row = first_row + ?, block_no = -(block_no + ?) - 1 "
                        + "WHERE col_id = ? AND block_no > ?",
                rows,
                blocks,
                colId,
                afterBlockNo);
        session.update(
                "UPDATE kvault_col_blocks SET block_no = -block_no - 1 WHERE col_id = ? AND block_no < 0", colId);
    }

    /** Removes a block; its data and what else hangs on it go by the foreign keys. */
    static void delete(Session session, long blockId) {
        session.update("DELETE FROM kvault_col_blocks WHERE block_id = ?", blockId);
    }
}
