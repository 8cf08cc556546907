package io.kohakuvault.internal.block;

import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.internal.page.MappedTable;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.spi.Origin;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads blocks within one read transaction: from the mapped file where there is one and it may be used, else through SQLite. */
public final class BlockReader {
    private final Session session;
    private final @Nullable MappedTable mapped;

    public BlockReader(Session session, @Nullable MappedTable mapped) {
        this.session = session;
        this.mapped = mapped;
    }

    /** What is called for each block of a range. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * Takes the rows [from, to) of a block, counted within the block.
         *
         * @param block the whole block
         */
        void accept(BlockData block, int from, int to);
    }

    /** Visits the rows [from, to) of a column in order, block by block. The range must lie within the column. */
    public void visit(ColumnRecord column, long from, long to, Visitor visitor) {
        long row = from;
        BlockEntry previous = null;
        List<BlockEntry> entries = from < to ? BlockTables.entries(session, column, from, to) : List.of();
        for (BlockEntry entry : entries) {
            if (entry.rowCount() == 0) {
                continue; // KohakuVault may leave an empty block at the end
            }
            BlockChecks.entry(session.file(), column, entry);
            BlockChecks.continuity(session.file(), column, previous, entry, row);
            BlockData data = load(column, entry);
            int start = (int) (row - entry.firstRow());
            int end = (int) Math.min(entry.rowCount(), to - entry.firstRow());
            visitor.accept(data, start, end);
            row = entry.firstRow() + end;
            previous = entry;
        }
        if (row < to) {
            BlockChecks.continuity(session.file(), column, previous, null, row);
        }
    }

    /** Loads a block whose entry has been checked. */
    BlockData load(ColumnRecord column, BlockEntry entry) {
        ByteBuffer payload = null;
        ByteBuffer offsets = null;
        Origin origin = Origin.COPIED;
        MappedTable.Row row = mapped == null ? null : mapped.find(entry.blockId());
        if (row != null) {
            payload = row.payload();
            offsets = row.offsets();
            origin = Origin.MAPPED;
        } else {
            try (Rows rows =
                    session.query("SELECT payload, offsets FROM kvault_col_data WHERE block_id = ?", entry.blockId())) {
                if (rows.next()) {
                    payload = wrap(rows.getBytes(0));
                    offsets = column.isFixed() ? null : wrap(rows.getBytes(1));
                }
            }
        }
        if (payload == null) {
            throw new VaultCorruptException(
                    session.file() + ": kvault_col_data has no row " + entry.blockId()
                            + ", which kvault_col_blocks names for " + column.describe(),
                    null);
        }
        String file = session.file();
        BlockChecks.payload(file, column, entry, payload.remaining());
        int used = column.isFixed() ? entry.rowCount() * column.elemSize() : entry.usedBytes();
        ByteBuffer exact = payload.slice(0, used).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer exactOffsets = null;
        if (!column.isFixed()) {
            BlockChecks.offsets(file, column, entry, offsets);
            if (offsets != null) {
                exactOffsets = offsets.slice(0, 8 * (entry.rowCount() + 1)).order(ByteOrder.LITTLE_ENDIAN);
            }
        }
        return new BlockData(entry, exact, exactOffsets, null, origin);
    }

    /**
     * The bitmap of a block of a nullable column, as long as the block has rows: rows that somebody else has added since it was
     * written are present. Null when all are.
     */
    public byte @Nullable [] validity(BlockEntry entry) {
        try (Rows rows =
                session.query("SELECT validity, row_count FROM vault_block_ext WHERE block_id = ?", entry.blockId())) {
            byte[] stored = rows.next() ? rows.getBytes(0) : null;
            return stored == null
                    ? null
                    : complete(stored, (int) Math.min(rows.getLong(1), entry.rowCount()), entry, session.file());
        }
    }

    static byte[] complete(byte[] stored, int described, BlockEntry entry, String file) {
        if (described < 0 || stored.length < (described + 7) / 8) {
            throw new VaultCorruptException(
                    file + ": vault_block_ext row " + entry.blockId() + " has a bitmap of " + stored.length
                            + " bytes for " + described + " rows",
                    null);
        }
        byte[] bits = java.util.Arrays.copyOf(stored, (entry.rowCount() + 7) / 8);
        for (int i = described; i < entry.rowCount(); i++) {
            bits[i >> 3] |= (byte) (1 << (i & 7));
        }
        return bits;
    }

    static @Nullable ByteBuffer wrap(byte @Nullable [] bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
