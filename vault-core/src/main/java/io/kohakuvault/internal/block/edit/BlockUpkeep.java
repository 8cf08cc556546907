package io.kohakuvault.internal.block.edit;

import io.kohakuvault.internal.block.BlockData;
import io.kohakuvault.internal.block.BlockEntry;
import io.kohakuvault.internal.block.BlockReader;
import io.kohakuvault.internal.block.BlockTables;
import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.internal.block.guard.Derived;
import io.kohakuvault.internal.block.guard.Guard;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.spi.Origin;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what hangs on a block true when its bytes are rewritten: which rows are null, statistics, the checksum. Used
 * with the write lock held.
 */
final class BlockUpkeep {
    private final Session session;
    private final ColumnRecord column;
    private final boolean extensions;
    private final boolean guarded;
    private final boolean nullable;

    private BlockUpkeep(Session session, ColumnRecord column, boolean nullable, boolean extensions, boolean guarded) {
        this.nullable = nullable;
        this.session = session;
        this.column = column;
        this.extensions = extensions;
        this.guarded = guarded;
    }

    static BlockUpkeep of(Session session, ColumnRecord column, boolean nullable) {
        boolean extensions = BlockTables.hasExtensions(session);
        return new BlockUpkeep(session, column, nullable, extensions, extensions && Guard.isInstalled(session));
    }

    /** Which rows of a block are present; null when all are. To be asked before the block is rewritten. */
    byte @Nullable [] present(BlockEntry entry) {
        return extensions && nullable ? BlockReader.of(session).validity(entry) : null;
    }

    /**
     * After a block was rewritten or added.
     *
     * @param full whether nothing more goes into it
     * @param present which of its rows are, null for all
     */
    void rewritten(
            BlockEntry entry, boolean full, byte[] payload, byte @Nullable [] offsets, byte @Nullable [] present) {
        if (!extensions) {
            return;
        }
        boolean derived = guarded && full && entry.rowCount() > 0;
        if (present != null) {
            BlockWriter.writeValidity(session, entry.blockId(), entry.rowCount(), present);
        } else if (!derived) {
            BlockWriter.forgetDerived(session, entry.blockId());
        }
        if (!derived) {
            return;
        }
        ByteBuffer bytes =
                ByteBuffer.wrap(payload, 0, entry.usedBytes()).slice().order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer used = offsets == null
                ? null
                : ByteBuffer.wrap(offsets, 0, 8 * (entry.rowCount() + 1))
                        .slice()
                        .order(ByteOrder.LITTLE_ENDIAN);
        Derived.write(session, column, new BlockData(entry, bytes, used, null, Origin.COPIED), present);
    }
}
