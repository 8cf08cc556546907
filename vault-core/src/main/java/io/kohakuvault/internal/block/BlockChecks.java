package io.kohakuvault.internal.block;

import io.kohakuvault.VaultCorruptException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What must hold of a block before its bytes are believed: everything KohakuVault checks, and what it does not check
 * but misreads. Every violation names file, column, block and what was found.
 */
public final class BlockChecks {
    private BlockChecks() {}

    public static void entry(String file, ColumnRecord column, BlockEntry e) {
        if (e.rowCount() < 0
                || e.usedBytes() < 0
                || e.capacityBytes() <= 0
                || e.rowCapacity() <= 0
                || e.rowCount() > e.rowCapacity()
                || e.usedBytes() > e.capacityBytes()) {
            throw damage(
                    file,
                    column,
                    e,
                    "has row_count " + e.rowCount() + " of " + e.rowCapacity() + " and used_bytes " + e.usedBytes()
                            + " of " + e.capacityBytes());
        }
        if (column.isFixed()) {
            long perBlock = column.rowsPerBlock();
            long expected = Math.max(0, Math.min(perBlock, column.length() - e.blockNo() * perBlock));
            if (e.firstRow() != e.blockNo() * perBlock || e.rowCount() != expected) {
                throw damage(
                        file,
                        column,
                        e,
                        "holds rows [" + e.firstRow() + ", " + (e.firstRow() + e.rowCount()) + "), expected " + expected
                                + " rows from " + e.blockNo() * perBlock);
            }
            if (e.usedBytes() < (long) e.rowCount() * column.elemSize()) {
                throw damage(
                        file,
                        column,
                        e,
                        "has used_bytes " + e.usedBytes() + " for " + e.rowCount() + " rows of " + column.elemSize()
                                + " bytes");
            }
        }
    }

    /** Checks entries, and that they hold the rows [from, to) without a gap. An empty block at the end may follow. */
    public static void all(String file, ColumnRecord column, List<BlockEntry> entries, long from, long to) {
        long row = from;
        BlockEntry previous = null;
        for (BlockEntry entry : entries) {
            entry(file, column, entry);
            if (row < to) {
                continuity(file, column, previous, entry, row);
                row = entry.endRow();
                previous = entry;
            }
        }
        if (row < to) {
            continuity(file, column, previous, null, row);
        }
    }

    /** Checks that blocks follow each other from row {@code from} up to {@code to} without a gap. */
    public static void continuity(
            String file, ColumnRecord column, @Nullable BlockEntry previous, @Nullable BlockEntry next, long row) {
        if (next == null || next.firstRow() > row || next.firstRow() + next.rowCount() <= row) {
            throw new VaultCorruptException(
                    file + ": kvault_col_blocks: " + column.describe() + " has " + column.length()
                            + " rows, but no block holds row " + row
                            + (previous == null ? "" : " (after block_id " + previous.blockId() + ")"),
                    null);
        }
    }

    public static void payload(String file, ColumnRecord column, BlockEntry e, int payloadBytes) {
        if (payloadBytes < e.usedBytes()) {
            throw damage(
                    file,
                    column,
                    e,
                    "has a payload of " + payloadBytes + " bytes, but used_bytes says " + e.usedBytes());
        }
    }

    /**
     * Whether {@link #offsets} would find nothing: the same checks without the making of messages, for the hot path.
     */
    public static boolean offsetsHold(BlockEntry e, @Nullable ByteBuffer offsets) {
        int rows = e.rowCount();
        if (offsets == null || offsets.remaining() < 8L * (rows + 1L) || offsets.getLong(0) != 0) {
            return false;
        }
        long previous = 0;
        long disorder = 0;
        for (int i = 1; i <= rows; i++) {
            long next = offsets.getLong(8 * i);
            disorder |= next - previous; // negative where they descend
            previous = next;
        }
        return disorder >= 0 && previous == e.usedBytes();
    }

    /** Offsets must begin at 0, ascend, and end at used_bytes. */
    public static void offsets(String file, ColumnRecord column, BlockEntry e, @Nullable ByteBuffer offsets) {
        int rows = e.rowCount();
        if (offsets == null || offsets.remaining() < 8L * (rows + 1L)) {
            throw damage(
                    file,
                    column,
                    e,
                    "has " + (offsets == null ? "no offsets" : offsets.remaining() + " bytes of offsets") + " for "
                            + rows + " rows");
        }
        long previous = offsets.getLong(0);
        if (previous != 0) {
            throw damage(file, column, e, "has offsets that begin at " + previous);
        }
        for (int i = 1; i <= rows; i++) {
            long next = offsets.getLong(8 * i);
            if (next < previous || next > e.usedBytes()) {
                throw damage(
                        file,
                        column,
                        e,
                        "has offset " + next + " after " + previous + " at row " + (e.firstRow() + i - 1)
                                + ", used_bytes is " + e.usedBytes());
            }
            previous = next;
        }
        if (previous != e.usedBytes()) {
            throw damage(
                    file, column, e, "has offsets that end at " + previous + ", but used_bytes says " + e.usedBytes());
        }
    }

    public static VaultCorruptException damage(String file, ColumnRecord column, BlockEntry e, String what) {
        return new VaultCorruptException(
                file + ": kvault_col_blocks row " + e.blockId() + " (" + column.describe() + ", block_no " + e.blockNo()
                        + ", rows from " + e.firstRow() + ") " + what
                        + "; the block is damaged, restore it from a backup",
                null);
    }
}
