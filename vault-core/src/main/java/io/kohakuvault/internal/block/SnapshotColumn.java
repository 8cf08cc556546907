package io.kohakuvault.internal.block;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.internal.state.FileState;
import io.kohakuvault.internal.state.Hold;
import io.kohakuvault.spi.BlockView;
import io.kohakuvault.spi.ColumnBlocks;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A column of a snapshot: its directory is read when a block is asked for first, its blocks as they are asked for. So a
 * table of many columns costs little of which few are read.
 */
public final class SnapshotColumn implements ColumnBlocks {
    private final FileState snapshot;
    private final ColumnRecord column;
    private final String name;
    private final DType dtype;
    private final Optional<LogicalType> logicalType;
    private final boolean nullable;
    private volatile @Nullable Looked looked;

    /** What is read once. */
    private record Looked(Directory directory, Set<Long> withNulls) {}

    public SnapshotColumn(
            FileState snapshot, ColumnRecord column, String name, Optional<LogicalType> logicalType, boolean nullable) {
        this.snapshot = snapshot;
        this.column = column;
        this.name = name;
        this.dtype = column.type();
        this.logicalType = logicalType;
        this.nullable = nullable;
        // Reading blocks from here on looks at the -wal now, not when the first block is read: what is
        // written until then stays mapped.
        try (Hold hold = snapshot.hold()) {
            KnownColumns known = KnownColumns.of(hold);
            hold.mapped(() -> Optional.ofNullable(known.mapped(hold)));
        }
    }

    private Looked looked() {
        Looked known = looked;
        if (known == null) {
            try (Hold hold = snapshot.holdMore()) {
                known = new Looked(
                        KnownColumns.of(hold).load(column, hold),
                        nullable
                                ? hold.read(session -> BlockTables.blocksWithNulls(session, column.colId()))
                                : Set.of());
            }
            looked = known; // by several threads at once perhaps, with the same answer
        }
        return known;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public DType dtype() {
        return dtype;
    }

    @Override
    public Optional<LogicalType> logicalType() {
        return logicalType;
    }

    @Override
    public boolean nullable() {
        return nullable;
    }

    @Override
    public long length() {
        return column.length();
    }

    /** The column's row in the directory, when it is of this snapshot; null when it is not. */
    public @Nullable ColumnRecord recordIn(FileState state) {
        return state == snapshot ? column : null;
    }

    @Override
    public long blockStart(long row) {
        return entryOf(row).firstRow();
    }

    @Override
    public long blockEnd(long row) {
        BlockEntry entry = entryOf(row);
        return entry.firstRow() + entry.rowCount();
    }

    @Override
    public long blockBytes(long row) {
        return entryOf(row).usedBytes();
    }

    @Override
    public BlockView block(long row) {
        BlockEntry entry = entryOf(row);
        Hold hold = snapshot.holdMore();
        try {
            hold.checkSame();
            return hold.mapped(() -> {
                BlockReader reader = BlockReader.of(hold);
                BlockData data = reader.load(column, entry);
                return new HeldBlock(
                        entry.firstRow(),
                        entry.rowCount(),
                        data.payload(),
                        data.offsets(),
                        looked().withNulls.contains(entry.blockId()) ? reader.validity(entry) : null,
                        data.origin(),
                        hold::close);
            });
        } catch (RuntimeException | Error e) {
            hold.close();
            throw e;
        }
    }

    private BlockEntry entryOf(long row) {
        Objects.checkIndex(row, column.length());
        Directory directory = looked().directory;
        return directory.get(directory.indexOf(row));
    }
}
