package io.kohakuvault.internal.table;

import io.kohakuvault.VaultException;
import io.kohakuvault.internal.block.BlockReader;
import io.kohakuvault.internal.block.BlockTables;
import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.internal.block.edit.OpenBlocks;
import io.kohakuvault.internal.block.edit.Truncation;
import io.kohakuvault.internal.column.ColumnDirectory;
import io.kohakuvault.internal.sqlite.Access;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.Transaction;
import io.kohakuvault.internal.state.Remembered;
import io.kohakuvault.internal.state.StateAccess;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.RowBatch;
import io.kohakuvault.table.RowWriter;
import io.kohakuvault.table.Schema;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.Table;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A table of a vault or of a snapshot. Bound to the table's id, which is never used again. */
final class TableHandle implements Table {
    private final Access<? extends StateAccess> access;
    private final String takenAs;
    private final long tableId;
    /** What the table was like when it was last looked at. */
    private volatile TableShape shape;

    /** What it was like when it was last looked at outside of a transaction. */
    private volatile @Nullable Remembered<TableShape> committed;

    private volatile boolean dead;

    TableHandle(Access<? extends StateAccess> access, long tableId, String name, List<TableColumn> columns) {
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
    private TableShape look() {
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

    private NoSuchElementException dropped() {
        return new NoSuchElementException("table '" + shape.name() + "' was dropped");
    }

    @Override
    public long length() {
        return BlockReader.read(access.reads(), reader -> length(reader, columnsNow(reader)));
    }

    /** That of the shortest column: something else may have appended to one alone. */
    private long length(BlockReader reader, TableShape now) {
        long length = Long.MAX_VALUE;
        for (TableColumn column : now.columns()) {
            length = Math.min(length, record(reader, column).length());
        }
        return length;
    }

    private TableShape columnsNow(BlockReader reader) {
        return reader.read(session -> look(session, -1));
    }

    private ColumnRecord record(BlockReader reader, TableColumn column) {
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
        return range(from, to, (reader, now) -> {
            List<TableColumn> wanted = wanted(now, names);
            return new RowReads(reader, wanted, column -> record(reader, column))
                    .rows(from, Math.min(to, from + rows), bytes);
        });
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
    public long[] indexesWithin(String name, Object least, Object greatest) {
        return BlockReader.read(access.reads(), reader -> {
            TableShape now = columnsNow(reader);
            return within(reader, now.column(name), least, greatest, 0, length(reader, now));
        });
    }

    @Override
    public long[] indexesWithin(String name, Object least, Object greatest, long from, long to) {
        return range(from, to, (reader, now) -> within(reader, now.column(name), least, greatest, from, to));
    }

    private long[] within(BlockReader reader, TableColumn column, Object least, Object greatest, long from, long to) {
        return reads(reader, column).within(RangeTest.of(column.schema(), least, greatest), from, to);
    }

    private ColumnReads reads(BlockReader reader, TableColumn column) {
        return new ColumnReads(reader, record(reader, column), column);
    }

    @Override
    public void append(Consumer<RowWriter> filler) {
        // The filler runs once, so it runs where the table's columns cannot change any more.
        access.run(transaction -> {
            TableShape now = current(transaction);
            RowBuffer row = new RowBuffer(now.name(), now.schema().columns());
            row.add(filler);
            write(transaction, now, row);
        });
    }

    @Override
    public <T> void appendAll(Iterable<T> items, BiConsumer<? super T, RowWriter> filler) {
        access.checkWritable();
        Iterator<T> rest = items.iterator();
        RowBatch first = RowReads.fill(newBatch(), rest, filler);
        if (!rest.hasNext()) {
            append(first);
            return;
        }
        access.run(transaction -> {
            append(first);
            while (rest.hasNext()) {
                first.clear();
                append(RowReads.fill(first, rest, filler));
            }
        });
    }

    @Override
    public RowBatch newBatch() {
        TableShape now = look();
        return new RowBuffer(now.name(), now.schema().columns());
    }

    @Override
    public void append(RowBatch batch) {
        if (!(batch instanceof RowBuffer rows)) {
            throw new IllegalArgumentException("the batch was not made by " + this + " (use its newBatch())");
        }
        if (!appended(rows)) {
            throw new IllegalArgumentException("the batch has the columns " + rows.schema() + ", but " + this + " has "
                    + schema().columns() + "; make a new batch with its newBatch()");
        }
    }

    /** False, and nothing has been changed, when the rows are not of the table's columns. */
    private boolean appended(RowBuffer rows) {
        rows.checkNotFilling();
        return access.write(transaction -> {
            TableShape now = current(transaction);
            if (!rows.schema().equals(now.schema().columns())) {
                return false;
            }
            if (rows.rowCount() > 0) {
                write(transaction, now, rows);
            }
            return true;
        });
    }

    /** The table as it is; looked at again only when something may have changed it. */
    private TableShape current(Transaction transaction) {
        TableShape known = shape;
        return known.epoch() == transaction.epoch() && !dead ? known : look(transaction.session(), transaction.epoch());
    }

    private static void write(Transaction transaction, TableShape now, RowBuffer rows) {
        commonLength(transaction, now);
        Session session = transaction.session();
        OpenBlocks tails = transaction.buffer(OpenBlocks.class);
        for (int i = 0; i < now.columns().size(); i++) {
            TableColumn column = now.columns().get(i);
            tails.append(session, column.colId(), column.schema().nullable(), rows.elements(i));
        }
    }

    private static long commonLength(Transaction transaction, TableShape now) {
        Session session = transaction.session();
        OpenBlocks tails = transaction.buffer(OpenBlocks.class);
        long length = -1;
        for (TableColumn column : now.columns()) {
            long own = tails.length(session, column.colId(), column.schema().nullable());
            if (length >= 0 && own != length) {
                throw new VaultException(
                        session.file() + ": table '" + now.name() + "' cannot be written: column '"
                                + column.schema().name() + "' has "
                                + own + " rows, '"
                                + now.columns().get(0).schema().name() + "' has " + length
                                + "; something else has written to one of them alone, truncate the table to the shortest",
                        null);
            }
            length = own;
        }
        return length;
    }

    @Override
    public void truncate(long length) {
        if (length < 0) {
            throw new IndexOutOfBoundsException(this + " cannot have " + length + " rows");
        }
        change((transaction, now) -> {
            Session session = transaction.session();
            for (TableColumn column : now.columns()) {
                transaction.buffer(OpenBlocks.class).settle(session, column.colId());
                Truncation.cut(
                        session, BlockTables.columnById(session, column.colId()).orElseThrow(this::dropped), length);
            }
        });
    }

    @Override
    public void addColumn(SchemaColumn column) {
        if (!column.nullable()) {
            throw new IllegalArgumentException(
                    this + ": a column that is added later is nullable, but '" + column.name() + "' is not");
        }
        change((transaction, now) -> {
            Session session = transaction.session();
            ColumnDirectory.checkFree(session, now.name() + "." + column.name());
            long left = commonLength(transaction, now);
            TableColumn added = TableCatalogRows.add(session, tableId, now.name(), column);
            Nulls.append(session, transaction.buffer(OpenBlocks.class), added.colId(), column.dtype(), left);
        });
    }

    @Override
    public void dropColumn(String name) {
        change((transaction, now) -> {
            Session session = transaction.session();
            TableColumn column = now.column(name);
            if (now.columns().size() == 1) {
                throw new IllegalArgumentException(
                        this + ": '" + name + "' is its only column; drop the table instead");
            }
            transaction.buffer(OpenBlocks.class).settle(session, column.colId());
            session.update("DELETE FROM kvault_col_columns WHERE col_id = ?", column.colId());
        });
    }

    @Override
    public void renameColumn(String name, String newName) {
        SchemaColumn.checkName(newName);
        change((transaction, now) -> {
            Session session = transaction.session();
            TableColumn column = now.column(name);
            String fullName = now.name() + "." + newName;
            if (!name.equals(newName)) {
                ColumnDirectory.checkFree(session, fullName);
            }
            TableDirectory.renameColumn(session, transaction.buffer(OpenBlocks.class), column.colId(), fullName);
            session.update("UPDATE vault_table_columns SET name = ? WHERE col_id = ?", newName, column.colId());
        });
    }

    /** Changes what the table is. */
    private void change(BiConsumer<Transaction, TableShape> work) {
        access.run(transaction -> {
            work.accept(transaction, current(transaction));
            transaction.schemaChanged();
        });
    }

    @Override
    public String toString() {
        return "table '" + shape.name() + "'";
    }
}
