package io.kohakuvault.internal.block.edit;

import io.kohakuvault.internal.block.BlockData;
import io.kohakuvault.internal.block.BlockEntry;
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
 * Keeps what hangs on a block true when its bytes are rewritten: for columns without nulls. Used with the write lock
 * held.
 */
final class BlockUpkeep {
    private final Session session;
    private final ColumnRecord column;
    private final boolean extensions;
    private final boolean guarded;

    private BlockUpkeep(Session session, ColumnRecord column, boolean extensions, boolean guarded) {
        this.session = session;
        this.column = column;
        this.extensions = extensions;
        this.guarded = guarded;
    }

    static BlockUpkeep of(Session session, ColumnRecord column) {
        boolean extensions = BlockTables.hasExtensions(session);
        return new BlockUpkeep(session, column, extensions, extensions && Guard.isInstalled(session));
    }

    /**
     * After a block was rewritten or added.
     *
     * @param full whether nothing more goes into it
     */
    void rewritten(BlockEntry entry, boolean full, byte[] payload, byte @Nullable [] offsets) {
        if (!extensions) {
            return;
        }
        if (!guarded || !full || entry.rowCount() == 0) {
            BlockWriter.forgetDerived(session, entry.blockId());
            return;
        }
        ByteBuffer bytes =
                ByteBuffer.wrap(payload, 0, entry.usedBytes()).slice().order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer used = offsets == null
                ? null
                : ByteBuffer.wrap(offsets, 0, 8 * (entry.rowCount() + 1))
                        .slice()
                        .order(ByteOrder.LITTLE_ENDIAN);
        Derived.write(session, column, new BlockData(entry, bytes, used, null, Origin.COPIED), null);
    }
}
