package io.kohakuvault.internal.table;

import io.kohakuvault.VaultException;
import io.kohakuvault.internal.block.BlockReader;
import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.internal.sqlite.Access;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.Transaction;
import io.kohakuvault.internal.state.Remembered;
import io.kohakuvault.internal.state.StateAccess;
import io.kohakuvault.table.Filter;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.Schema;
import io.kohakuvault.table.TableReader;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is read of a table of a vault or of a snapshot. Bound to the table's id, which is never used again. */
abstract class ReadTable implements TableReader {
    final Access<? extends StateAccess> access;
    private final String takenAs;
    final long tableId;
    /** What the table was like when it was last looked at. */
    private volatile TableShape shape;

    /** What it was like when it was last looked at outside of a transaction. */
    private volatile @Nullable Remembered<TableShape> committed;

    private volatile boolean dead;

    ReadTable(Access<? extends StateAccess> access, long tableId, String name, List<TableColumn> columns) {
        this.access = access;
        this.tableId = tableId;
        this.takenAs = name;
        this.shape = TableShape.of(name, columns, -1);
    }

    /** After a rollback: whether what the handle was made for is still there. */
    void recheck(Session session) {
        try {
            // Under the name that it was taken by, or has now: the transaction may have renamed it.
            dead |= TableCatalogRows.name(session, tableId)
                    .filter(n -> n.equals(takenAs) || n.equals(shape.name()))
                    .isEmpty();
        } catch (VaultException e) { // the tables themselves may have gone with the transaction
            dead = true;
        }
    }

    @Override
    public String name() {
        return look().name();
    }

    @Override
    public Schema schema() {
        return look().schema();
    }

    /** The table as it is: from memory where nothing can have changed it since it was last looked at. */
    TableShape look() {
        checkNotDead();
        TableShape known = shape;
        if (access.isUnchangedSince(known.epoch())) {
            return known;
        }
        Remembered<TableShape> now = access.reads().remembered(committed, s -> look(s, access.heldEpoch()));
        committed = now;
        return now.value();
    }

    private TableShape look(Session session, long epoch) {
        checkNotDead();
        String name = TableCatalogRows.name(session, tableId).orElseThrow(this::dropped);
        TableShape now = TableShape.of(name, TableCatalogRows.columns(session, tableId), epoch);
        if (epoch >= 0) {
            shape = now;
        }
        return now;
    }

    private void checkNotDead() {
        if (dead) { // its id may have been given again
            throw new NoSuchElementException(this + " was made by a transaction that was rolled back; open it again");
        }
    }

    final NoSuchElementException dropped() {
        return new NoSuchElementException("table '" + shape.name() + "' was dropped");
    }

    @Override
    public long length() {
        return BlockReader.read(access.reads(), reader -> length(reader, columnsNow(reader)));
    }

    /** That of the shortest column: something else may have appended to one alone. */
    long length(BlockReader reader, TableShape now) {
        long length = Long.MAX_VALUE;
        for (TableColumn column : now.columns()) {
            length = Math.min(length, record(reader, column).length());
        }
        return length;
    }

    private TableShape columnsNow(BlockReader reader) {
        return reader.read(session -> look(session, -1));
    }

    ColumnRecord record(BlockReader reader, TableColumn column) {
        return reader.column(column.colId()).orElseThrow(this::dropped);
    }

    /** Runs a read of rows that lie within the table. */
    private <T> T range(long from, long to, BiFunction<BlockReader, TableShape, T> work) {
        return BlockReader.read(access.reads(), reader -> {
            TableShape now = columnsNow(reader);
            long length = length(reader, now);
            if (from < 0 || from > to || to > length) {
                throw new IndexOutOfBoundsException(
                        this + " has " + length + " rows, but [" + from + ", " + to + ") was asked for");
            }
            return work.apply(reader, now);
        });
    }

    @Override
    public List<Row> rows(long from, long to, String... names) {
        return rows(from, to, to - from, Long.MAX_VALUE, names);
    }

    /** The first rows of a range: so many, and of about so many bytes, at most. */
    private List<Row> rows(long from, long to, long rows, long bytes, String... names) {
        return range(from, to, (reader, now) -> reads(reader, now, names).rows(from, Math.min(to, from + rows), bytes));
    }

    /** Reads of some columns, all where none are named. */
    RowReads reads(BlockReader reader, TableShape now, String... names) {
        return new RowReads(reader, wanted(now, names), column -> record(reader, column));
    }

    /** Runs a read of the table as it is. */
    <T> T state(BiFunction<BlockReader, TableShape, T> work) {
        return BlockReader.read(access.reads(), reader -> work.apply(reader, columnsNow(reader)));
    }

    @Override
    public List<Row> rows(long[] indexes, String... names) {
        Objects.requireNonNull(names, "names");
        return state((reader, now) -> {
            long length = length(reader, now);
            for (long index : indexes) {
                if (index < 0 || index >= length) {
                    throw new IndexOutOfBoundsException(
                            this + " has " + length + " rows, but row " + index + " was asked for");
                }
            }
            return reads(reader, now, names).rows(indexes, Long.MAX_VALUE);
        });
    }

    @Override
    public Iterable<long[]> indexes(Filter filter) {
        return new FilteredRows(this, filter).checked().indexes();
    }

    @Override
    public long count(Filter filter) {
        return new FilteredRows(this, filter).checked().count();
    }

    @Override
    public Iterable<Row> scan(Filter filter, String... names) {
        wanted(look(), names);
        return new FilteredRows(this, filter).checked().rows(names);
    }

    @Override
    public Iterable<Row> scan(String... names) {
        wanted(look(), names);
        return () -> FilteredRows.flat(new FilterScan<>(
                0,
                length(),
                (from, to) -> state((reader, now) -> {
                    long end = Math.min(to, length(reader, now)); // rows may have been removed since
                    if (from >= end) {
                        return new FilterScan.Found<>(List.of(), to, false);
                    }
                    List<Row> rows = reads(reader, now, names).rows(from, Math.min(end, from + 1000), 4 << 20);
                    return new FilterScan.Found<>(List.of(rows), from + rows.size(), true);
                })));
    }

    @Override
    public Iterable<List<Row>> batches(long from, long to, int rows, long bytes, String... names) {
        Objects.requireNonNull(names, "names");
        return RowReads.batches(this, (start, end) -> rows(start, end, rows, bytes, names), from, to, rows, bytes);
    }

    private static List<TableColumn> wanted(TableShape now, String... names) {
        return names.length == 0
                ? now.columns()
                : Stream.of(names).distinct().map(now::column).toList();
    }

    @Override
    public BitSet present(String name, long from, long to) {
        return range(from, to, (reader, now) -> reads(reader, now.column(name)).present(from, to));
    }

    @Override
    @Deprecated(forRemoval = true)
    @SuppressWarnings("removal")
    public long[] indexesWithin(String name, Object least, Object greatest) {
        return state((reader, now) -> within(reader, now, name, least, greatest, 0, length(reader, now)));
    }

    @Override
    @Deprecated(forRemoval = true)
    @SuppressWarnings("removal")
    public long[] indexesWithin(String name, Object least, Object greatest, long from, long to) {
        return range(from, to, (reader, now) -> within(reader, now, name, least, greatest, from, to));
    }

    private long[] within(
            BlockReader reader, TableShape now, String name, Object least, Object greatest, long from, long to) {
        Filter filter = Filter.whereThrough(
                name, Objects.requireNonNull(least, "least"), Objects.requireNonNull(greatest, "greatest"));
        FilterScan.check(now, filter); // of no rows too
        LongStream.Builder found = LongStream.builder();
        for (long at = from; at < to; at += FilterScan.MOST) {
            BitSet rows = FilterScan.rows(
                    reader, now, column -> record(reader, column), filter, at, Math.min(to, at + FilterScan.MOST));
            Arrays.stream(FilterScan.indexes(rows, at, Integer.MAX_VALUE)).forEach(found);
        }
        return found.build().toArray();
    }

    private ColumnReads reads(BlockReader reader, TableColumn column) {
        return new ColumnReads(reader, record(reader, column), column);
    }

    /** The table as it is; looked at again only when something may have changed it. */
    final TableShape current(Transaction transaction) {
        TableShape known = shape;
        return known.epoch() == transaction.epoch() && !dead ? known : look(transaction.session(), transaction.epoch());
    }

    @Override
    public String toString() {
        return "table '" + shape.name() + "'";
    }
}
