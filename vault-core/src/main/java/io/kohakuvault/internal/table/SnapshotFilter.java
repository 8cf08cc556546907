package io.kohakuvault.internal.table;

import io.kohakuvault.internal.block.BlockReader;
import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.internal.block.SnapshotColumn;
import io.kohakuvault.internal.state.FileState;
import io.kohakuvault.spi.ColumnBlocks;
import io.kohakuvault.spi.RowFilter;
import io.kohakuvault.table.Filter;
import io.kohakuvault.table.SchemaColumn;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A filter of columns of a snapshot, of a table or not. Immutable. */
public final class SnapshotFilter implements RowFilter {
    private final FileState snapshot;
    private final PreparedFilter filter;
    private final Map<Long, ColumnRecord> records;
    private final long length;

    private SnapshotFilter(FileState snapshot, PreparedFilter filter, Map<Long, ColumnRecord> records, long length) {
        this.snapshot = snapshot;
        this.filter = filter;
        this.records = records;
        this.length = length;
    }

    /** See {@link io.kohakuvault.spi.BlockSource#filter}. */
    public static SnapshotFilter of(FileState snapshot, List<ColumnBlocks> columns, Filter filter) {
        Map<Long, ColumnRecord> records = new HashMap<>();
        Map<String, TableColumn> known = new HashMap<>();
        long length = columns.isEmpty() ? 0 : Long.MAX_VALUE;
        for (ColumnBlocks column : columns) {
            ColumnRecord record = column instanceof SnapshotColumn own ? own.recordIn(snapshot) : null;
            if (record == null) {
                throw new IllegalArgumentException("column '" + column.name() + "' is of another snapshot");
            }
            length = Math.min(length, column.length());
            records.put(record.colId(), record);
            known.put(
                    column.name(),
                    new TableColumn(
                            record.colId(),
                            new SchemaColumn(column.name(), column.dtype(), column.logicalType(), column.nullable())));
        }
        PreparedFilter prepared = PreparedFilter.of(
                name -> {
                    TableColumn column = known.get(name);
                    if (column == null) {
                        throw new IllegalArgumentException("there is no column '" + name + "' to filter by (" + filter
                                + "), there are "
                                + columns.stream().map(ColumnBlocks::name).toList());
                    }
                    return column;
                },
                filter);
        return new SnapshotFilter(snapshot, prepared, records, length);
    }

    @Override
    public BitSet possible(long from, long to) {
        check(from, to);
        return BlockReader.readHeld(snapshot, reader -> filter.possible(reader, this::record, from, to));
    }

    @Override
    public BitSet matching(long from, long to) {
        check(from, to);
        return BlockReader.readHeld(snapshot, reader -> filter.matching(reader, this::record, from, to));
    }

    private ColumnRecord record(TableColumn column) {
        return Objects.requireNonNull(records.get(column.colId()));
    }

    private void check(long from, long to) {
        Objects.checkFromToIndex(from, to, length);
        if (to - from > Integer.MAX_VALUE) {
            throw new IndexOutOfBoundsException("[" + from + ", " + to + ") are too many rows to be asked for at once");
        }
    }
}
