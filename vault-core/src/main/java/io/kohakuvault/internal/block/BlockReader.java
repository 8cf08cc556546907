package io.kohakuvault.internal.block;

import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.internal.page.MappedTable;
import io.kohakuvault.internal.sqlite.ReadAccess;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.state.FileState;
import io.kohakuvault.internal.state.Hold;
import io.kohakuvault.internal.state.Payoff;
import io.kohakuvault.internal.state.StateAccess;
import io.kohakuvault.spi.Origin;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads columns and blocks of one state of the file: from the mapped file where there is one and it may be used, else
 * through SQLite. As thread-safe as the access that it reads through.
 */
public final class BlockReader {
    private static final Payoff AT_ONCE = Payoff.atOnce();

    private final ReadAccess sql;
    private final @Nullable MappedTable mapped;
    private final @Nullable KnownColumns cache;

    private BlockReader(ReadAccess sql, @Nullable MappedTable mapped, @Nullable KnownColumns cache) {
        this.sql = sql;
        this.mapped = mapped;
        this.cache = cache;
    }

    /** A reader of the transaction that a connection is in. */
    public static BlockReader of(Session session) {
        return new BlockReader(
                new ReadAccess() {
                    @Override
                    public <T> T read(Function<Session, T> work) {
                        return work.apply(session);
                    }
                },
                null,
                null);
    }

    /**
     * A reader of a state, which never changes: what the directory says is remembered. Valid as long as the hold is.
     */
    static BlockReader of(Hold hold) {
        KnownColumns known = KnownColumns.of(hold);
        return new BlockReader(hold, known.mapped(hold), known);
    }

    /** Runs the work with a reader of a state, of the one that the calling thread sees now. */
    public static <T> T read(StateAccess access, Function<BlockReader, T> work) {
        try (Hold hold = access.hold(AT_ONCE)) {
            if (hold != null) {
                return hold.mapped(() -> work.apply(of(hold)));
            }
        }
        long start = System.nanoTime();
        T result = access.read(session -> work.apply(of(session)));
        access.spent(access.payoff(), System.nanoTime() - start);
        return result;
    }

    /** {@link #read} of a state that somebody holds, also when it has been closed meanwhile. */
    public static <T> T readHeld(FileState state, Function<BlockReader, T> work) {
        try (Hold hold = state.holdMore()) {
            hold.checkSame();
            return hold.mapped(() -> work.apply(of(hold)));
        }
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

    /** Other reads of the same state. */
    public <T> T read(Function<Session, T> work) {
        return sql.read(work);
    }

    /**
     * What has been found in the state that is read, remembered with it; null where none is remembered.
     *
     * @param type under which class; must be thread-safe
     * @param make makes an empty one
     */
    public <T> @Nullable T memo(Class<T> type, Supplier<T> make) {
        return sql instanceof Hold hold ? hold.memo(type, make) : null;
    }

    /** The directory's row of a column; empty when it was deleted. */
    public Optional<ColumnRecord> column(long colId) {
        KnownColumns c = cache;
        return c != null ? c.column(colId, sql) : sql.read(session -> BlockTables.columnById(session, colId));
    }

    /** Visits the rows [from, to) of a column in order, block by block. The range must lie within the column. */
    public void visit(ColumnRecord column, long from, long to, Visitor visitor) {
        visit(column, from, to, entry -> true, visitor);
    }

    /** {@link #visit(ColumnRecord, long, long, Visitor)}, less the blocks that are not wanted. */
    public void visit(ColumnRecord column, long from, long to, Predicate<BlockEntry> wanted, Visitor visitor) {
        if (from >= to) {
            return;
        }
        Directory directory = cache == null ? null : cache.directory(column, sql);
        if (directory != null) {
            for (int i = directory.indexOf(from); i < directory.size(); i++) {
                BlockEntry entry = directory.get(i);
                if (entry.firstRow() >= to) {
                    return;
                }
                if (wanted.test(entry)) {
                    accept(column, entry, from, to, visitor);
                }
            }
            return;
        }
        long row = from;
        BlockEntry previous = null;
        List<BlockEntry> entries = sql.read(session -> BlockTables.entries(session, column, from, to));
        if (cache != null) {
            cache.queried(column, entries.size());
        }
        for (BlockEntry entry : entries) {
            if (entry.rowCount() == 0) {
                continue; // KohakuVault may leave an empty block at the end
            }
            BlockChecks.entry(file(), column, entry);
            BlockChecks.continuity(file(), column, previous, entry, row);
            if (wanted.test(entry)) {
                accept(column, entry, row, to, visitor);
            }
            row = Math.min(to, entry.endRow());
            previous = entry;
        }
        if (row < to) {
            BlockChecks.continuity(file(), column, previous, null, row);
        }
    }

    private void accept(ColumnRecord column, BlockEntry entry, long from, long to, Visitor visitor) {
        int start = (int) Math.max(0, from - entry.firstRow());
        int end = (int) Math.min(entry.rowCount(), to - entry.firstRow());
        visitor.accept(load(column, entry), start, end);
    }

    private String file() {
        return sql.read(Session::file);
    }

    /** Loads a block whose entry has been checked. */
    public BlockData load(ColumnRecord column, BlockEntry entry) {
        MappedTable.Row row = mapped == null ? null : mapped.find(entry.blockId());
        if (row != null) {
            return checked(
                    column, entry, row.payload(), row.offsets(), row.gathered() ? Origin.GATHERED : Origin.MAPPED);
        }
        return sql.read(session -> {
            try (Rows rows =
                    session.query("SELECT payload, offsets FROM kvault_col_data WHERE block_id = ?", entry.blockId())) {
                boolean found = rows.next();
                return checked(
                        column,
                        entry,
                        found ? wrap(rows.getBytes(0)) : null,
                        found && !column.isFixed() ? wrap(rows.getBytes(1)) : null,
                        Origin.COPIED);
            }
        });
    }

    private BlockData checked(
            ColumnRecord column,
            BlockEntry entry,
            @Nullable ByteBuffer payload,
            @Nullable ByteBuffer offsets,
            Origin origin) {
        if (payload == null) {
            throw new VaultCorruptException(
                    file() + ": kvault_col_data has no row " + entry.blockId() + ", which kvault_col_blocks names for "
                            + column.describe(),
                    null);
        }
        if (payload.remaining() < entry.usedBytes()) {
            BlockChecks.payload(file(), column, entry, payload.remaining());
        }
        int used = column.isFixed() ? entry.rowCount() * column.elemSize() : entry.usedBytes();
        ByteBuffer exact = payload.slice(0, used).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer exactOffsets = null;
        if (!column.isFixed()) {
            if (!BlockChecks.offsetsHold(entry, offsets)) {
                BlockChecks.offsets(file(), column, entry, offsets);
            }
            if (offsets != null) {
                exactOffsets = offsets.slice(0, 8 * (entry.rowCount() + 1)).order(ByteOrder.LITTLE_ENDIAN);
            }
        }
        return new BlockData(entry, exact, exactOffsets, null, origin);
    }

    /**
     * The bitmap of a block of a nullable column, as long as the block has rows: rows that somebody else has added
     * since it was written are present. Null when all are.
     */
    public byte @Nullable [] validity(BlockEntry entry) {
        return sql.read(session -> {
            try (Rows rows = session.query(
                    "SELECT validity, row_count FROM vault_block_ext WHERE block_id = ?", entry.blockId())) {
                byte[] stored = rows.next() ? rows.getBytes(0) : null;
                return stored == null
                        ? null
                        : complete(stored, (int) Math.min(rows.getLong(1), entry.rowCount()), entry, session.file());
            }
        });
    }

    /** Whether row i of a block is present by its bitmap. */
    public static boolean isPresent(byte @Nullable [] validity, int i) {
        return validity == null || (validity[i >> 3] >> (i & 7) & 1) != 0;
    }

    static byte[] complete(byte[] stored, int described, BlockEntry entry, String file) {
        if (described < 0 || stored.length < (described + 7) / 8) {
            throw new VaultCorruptException(
                    file + ": vault_block_ext row " + entry.blockId() + " has a bitmap of " + stored.length
                            + " bytes for " + described + " rows",
                    null);
        }
        byte[] bits = Arrays.copyOf(stored, (entry.rowCount() + 7) / 8);
        for (int i = described; i < entry.rowCount(); i++) {
            bits[i >> 3] |= (byte) (1 << (i & 7));
        }
        return bits;
    }

    public static @Nullable ByteBuffer wrap(byte @Nullable [] bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
