package io.kohakuvault.internal.column;

import io.kohakuvault.VaultFormatException;
import io.kohakuvault.codec.DType;
import io.kohakuvault.internal.block.BlockAccess;
import io.kohakuvault.internal.block.BlockData;
import io.kohakuvault.internal.block.BlockEntry;
import io.kohakuvault.internal.block.BlockReader;
import io.kohakuvault.internal.block.ZoneMap;
import io.kohakuvault.internal.legacy.LegacyColumn;
import io.kohakuvault.internal.legacy.LegacyReader;
import io.kohakuvault.internal.legacy.LegacyTables;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.SqliteFile;
import io.kohakuvault.spi.Origin;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.NoSuchElementException;

/** A column of KohakuVault 0.x: read in place, never written. */
final class LegacyEngine extends ColumnEngine {
    private final BlockAccess access;
    private final String name;

    LegacyEngine(BlockAccess access, LegacyColumn column, DType dtype) {
        super(access, null, null, -1, column.name(), column.dtype(), dtype);
        this.access = access;
        this.name = column.name();
    }

    @Override
    String name() {
        return name;
    }

    static VaultFormatException refusal(String name) {
        return new VaultFormatException(
                "column '" + name
                        + "' is in the layout of KohakuVault 0.x: migrate it first (Vault.migrateLegacyColumns() does)",
                null);
    }

    private LegacyColumn column(Session session) {
        return LegacyTables.column(session, name)
                .orElseThrow(() -> new NoSuchElementException(
                        session.file() + ": " + this + " is no longer in the older layout; ask for it anew"));
    }

    @Override
    long length() {
        return access.read(session -> column(session).length());
    }

    @Override
    void visit(long from, long to, BlockReader.Visitor visitor) {
        access.read(session -> {
            LegacyColumn column = column(session);
            checkRange(from, to, column.length());
            LegacyReader reader = new LegacyReader(session, column);
            for (long row = from; row < to; ) {
                LegacyReader.Run run = reader.run(row, to);
                visitor.accept(block(run), 0, run.rows());
                row += run.rows();
            }
            return null;
        });
    }

    @Override
    void visitWhere(ZoneMap.Test test, BlockReader.Visitor visitor) {
        visit(0, length(), visitor);
    }

    @Override
    void take(long[] indexes, Taker taker) {
        access.read(session -> {
            LegacyColumn column = column(session);
            LegacyReader reader = new LegacyReader(session, column);
            for (int place : Order.ascending(indexes)) {
                long index = indexes[place];
                checkRange(index, index + 1, column.length());
                taker.accept(block(reader.run(index, index + 1)), 0, place);
            }
            return null;
        });
    }

    /** A run as a block of the newer layout. */
    static BlockData block(LegacyReader.Run run) {
        int[] ends = run.ends();
        ByteBuffer offsets = null;
        if (ends != null) {
            offsets = ByteBuffer.allocate(8 * (run.rows() + 1)).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < run.rows(); i++) {
                offsets.putLong(8 * (i + 1), ends[i]);
            }
        }
        int bytes = run.payload().length;
        return new BlockData(
                new BlockEntry(0, 0, run.firstRow(), run.rows(), bytes, Math.max(1, bytes), Math.max(1, run.rows())),
                ByteBuffer.wrap(run.payload()).order(ByteOrder.LITTLE_ENDIAN),
                offsets,
                null,
                Origin.COPIED);
    }

    @Override
    SqliteFile writable() {
        throw refusal(name());
    }
}
