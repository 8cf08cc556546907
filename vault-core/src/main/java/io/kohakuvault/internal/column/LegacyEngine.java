package io.kohakuvault.internal.column;

import io.kohakuvault.VaultFormatException;
import io.kohakuvault.codec.DType;
import io.kohakuvault.internal.block.BlockData;
import io.kohakuvault.internal.block.BlockEntry;
import io.kohakuvault.internal.block.BlockReader;
import io.kohakuvault.internal.block.guard.ZoneMap;
import io.kohakuvault.internal.legacy.LegacyColumn;
import io.kohakuvault.internal.legacy.LegacyReader;
import io.kohakuvault.internal.legacy.LegacyTables;
import io.kohakuvault.internal.sqlite.Access;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.state.StateAccess;
import io.kohakuvault.spi.Origin;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;

/** A column of KohakuVault 0.x: read in place, never written. */
final class LegacyEngine extends ColumnEngine {
    private final Access<? extends StateAccess> access;
    private final String name;

    /**
     * The reader of the last call, for the next one: chunks are read as a whole, and most calls want a part of the same
     * one.
     */
    private final AtomicReference<SoftReference<Kept>> kept = new AtomicReference<>(new SoftReference<>(null));

    /**
     * A reader and the state of the file that it reads.
     *
     * @param dataVersion changes for a connection when another one has changed the file; of columns of this layout
     *     nothing but others do
     */
    private record Kept(Session session, long dataVersion, LegacyColumn column, LegacyReader reader) {}

    LegacyEngine(Access<? extends StateAccess> access, LegacyColumn column, DType dtype) {
        super(access, -1, column.name(), column.dtype(), dtype);
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
                        + "' is in the layout of KohakuVault 0.x: migrate it first (Vault.maintenance().migrateLegacyColumns() does)",
                null);
    }

    private LegacyColumn column(Session session) {
        return LegacyTables.column(session, name)
                .orElseThrow(() -> new NoSuchElementException(
                        session.file() + ": " + this + " is no longer in the older layout; ask for it anew"));
    }

    /** Runs the work with a reader that is nobody else's meanwhile. */
    private <T> T read(BiFunction<LegacyColumn, LegacyReader, T> work) {
        return access.read(session -> {
            LegacyColumn column = column(session);
            Long version = session.queryLong("PRAGMA data_version");
            Kept last = kept.getAndSet(new SoftReference<>(null)).get();
            Kept used = last != null
                            && version != null
                            && last.session == session
                            && last.dataVersion == version
                            && last.column.equals(column)
                    ? last
                    : new Kept(session, version == null ? -1 : version, column, new LegacyReader(session, column));
            T result = work.apply(column, used.reader);
            kept.set(new SoftReference<>(used));
            return result;
        });
    }

    @Override
    long length() {
        return access.read(session -> column(session).length());
    }

    @Override
    void visit(long from, long to, BlockReader.Visitor visitor) {
        read((column, reader) -> {
            checkRange(from, to, column.length());
            for (long row = from; row < to; ) {
                LegacyReader.Run run = reader.run(row, to);
                visitor.accept(block(run), 0, run.rows());
                row += run.rows();
            }
            return true;
        });
    }

    @Override
    long endWithin(long from, long to, long bytes) {
        return access.read(session -> {
            LegacyReader reader = new LegacyReader(session, column(session));
            long row = from;
            for (long left = bytes; row < to; ) {
                LegacyReader.Run run = reader.run(row, to);
                left -= run.payload().length;
                if (left < 0 && row > from) {
                    break;
                }
                row += run.rows();
            }
            return row;
        });
    }

    @Override
    void visitWhere(long from, long to, ZoneMap.Test test, BlockReader.Visitor visitor) {
        visit(from, Math.min(to, length()), visitor);
    }

    @Override
    void take(long[] indexes, Taker taker) {
        read((column, reader) -> {
            for (long index : indexes) {
                checkRange(index, index + 1, column.length());
            }
            for (int place : SortedPlaces.ascending(indexes)) {
                taker.accept(block(reader.run(indexes[place], indexes[place] + 1)), 0, place);
            }
            return true;
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
    void checkWritable() {
        throw refusal(name());
    }
}
