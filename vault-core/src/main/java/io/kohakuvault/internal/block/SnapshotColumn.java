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

/** A column of a snapshot: its directory is read once, its blocks as they are asked for. */
public final class SnapshotColumn implements ColumnBlocks {
    private final FileState snapshot;
    private final ColumnRecord column;
    private final String name;
    private final DType dtype;
    private final Optional<LogicalType> logicalType;
    private final boolean nullable;
    private final Directory directory;
    private final Set<Long> withNulls;

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
            hold.mapped(() -> known.mapped(hold));
            this.directory = known.load(column, hold);
        }
        this.withNulls =
                nullable ? snapshot.read(session -> BlockTables.blocksWithNulls(session, column.colId())) : Set.of();
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
                        withNulls.contains(entry.blockId()) ? reader.validity(entry) : null,
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
        return directory.get(directory.indexOf(row));
    }
}
