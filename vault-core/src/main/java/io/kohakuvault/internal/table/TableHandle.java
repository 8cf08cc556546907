package io.kohakuvault.internal.table;

import io.kohakuvault.VaultException;
import io.kohakuvault.internal.block.BlockReader;
import io.kohakuvault.internal.block.BlockTables;
import io.kohakuvault.internal.block.edit.OpenBlocks;
import io.kohakuvault.internal.block.edit.Truncation;
import io.kohakuvault.internal.column.ColumnDirectory;
import io.kohakuvault.internal.sqlite.Access;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.Transaction;
import io.kohakuvault.internal.state.StateAccess;
import io.kohakuvault.table.Filter;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.RowBatch;
import io.kohakuvault.table.RowWriter;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.Table;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A table of a vault or of a snapshot. */
final class TableHandle extends ReadTable implements Table {
    TableHandle(Access<? extends StateAccess> access, long tableId, String name, List<TableColumn> columns) {
        super(access, tableId, name, columns);
    }

    @Override
    public void append(Consumer<RowWriter> filler) {
        // The filler runs once, so it runs where the table's columns cannot change any more.
        access.run(transaction -> {
            TableShape now = current(transaction);
            RowBuffer row = new RowBuffer(now.name(), now.schema().columns());
            row.add(filler);
            if (!current(transaction).schema().equals(now.schema())) {
                throw new IllegalStateException(
                        this + ": the filler of a row has changed the table's columns; change them before");
            }
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
        RowBuffer rows = own(batch);
        if (!appended(rows)) {
            throw differs(rows, look());
        }
    }

    private RowBuffer own(RowBatch batch) {
        if (!(batch instanceof RowBuffer rows)) {
            throw new IllegalArgumentException("the batch was not made by " + this + " (use its newBatch())");
        }
        rows.checkNotFilling();
        return rows;
    }

    private IllegalArgumentException differs(RowBuffer rows, TableShape now) {
        return new IllegalArgumentException("the batch has the columns " + rows.schema() + ", but " + this + " has "
                + now.schema().columns() + "; make a new batch with its newBatch()");
    }

    /** False, and nothing has been changed, when the rows are not of the table's columns. */
    private boolean appended(RowBuffer rows) {
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

    private static void write(Transaction transaction, TableShape now, RowBuffer rows) {
        commonLength(transaction, now);
        Session session = transaction.session();
        OpenBlocks tails = transaction.buffer(OpenBlocks.class);
        for (int i = 0; i < now.columns().size(); i++) {
            TableColumn column = now.columns().get(i);
            tails.append(session, column.colId(), column.schema().nullable(), rows.elements(i));
        }
    }

    static long commonLength(Transaction transaction, TableShape now) {
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
                    this + ": a column that is added without values is nullable, but '" + column.name() + "' is not");
        }
        addColumn(column, (Object) null);
    }

    @Override
    public void addColumn(SchemaColumn column, @Nullable Object value) {
        change((transaction, now) -> new TableEdits(transaction, now).addColumn(tableId, column, value));
    }

    @Override
    public void addColumn(SchemaColumn column, Function<? super Row, ? extends @Nullable Object> function) {
        Objects.requireNonNull(function, "function");
        change((transaction, now) -> new TableEdits(transaction, now)
                .addColumn(
                        tableId,
                        column,
                        function,
                        (shape, from, to) -> BlockReader.read(
                                access.reads(), reader -> reads(reader, shape).rows(from, to, 4 << 20))));
    }

    @Override
    public void set(long index, Consumer<RowWriter> filler) {
        access.run(transaction -> new TableEdits(transaction, current(transaction)).set(index, filler));
    }

    @Override
    public void remove(long from, long to) {
        access.run(transaction -> new TableEdits(transaction, current(transaction)).remove(from, to));
    }

    @Override
    public long removeIf(Filter filter) {
        return access.write(transaction -> {
            TableShape now = current(transaction);
            List<BitSet> found = new ArrayList<>();
            long count = 0;
            for (long at = 0, end = length(); at < end; at += FilterScan.MOST) {
                long from = at;
                long to = Math.min(end, at + FilterScan.MOST);
                BitSet rows = state((reader, shape) ->
                        FilterScan.rows(reader, shape, column -> record(reader, column), filter, from, to));
                found.add(rows);
                count += rows.cardinality();
            }
            if (count > 0) {
                new TableEdits(transaction, now).remove(found);
            }
            return count;
        });
    }

    @Override
    public void insert(long index, RowBatch batch) {
        RowBuffer rows = own(batch);
        access.run(transaction -> {
            TableShape now = current(transaction);
            if (!rows.schema().equals(now.schema().columns())) {
                throw differs(rows, now);
            }
            new TableEdits(transaction, now).insert(index, rows);
        });
    }

    @Override
    public void deleteColumn(String name) {
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
}
