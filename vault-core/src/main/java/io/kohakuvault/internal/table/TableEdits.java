package io.kohakuvault.internal.table;

import io.kohakuvault.internal.block.BlockTables;
import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.internal.block.Elements;
import io.kohakuvault.internal.block.edit.BlockEditor;
import io.kohakuvault.internal.block.edit.OpenBlocks;
import io.kohakuvault.internal.block.edit.Relayout;
import io.kohakuvault.internal.block.edit.Truncation;
import io.kohakuvault.internal.column.ColumnDirectory;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.Transaction;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.RowWriter;
import io.kohakuvault.table.SchemaColumn;
import java.util.BitSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Corrects the rows of a table, inside a write transaction. */
final class TableEdits {
    /** Rows whose values are computed together. */
    private static final int PIECE = 4096;

    private final Transaction transaction;
    private final TableShape now;

    TableEdits(Transaction transaction, TableShape now) {
        this.transaction = transaction;
        this.now = now;
    }

    private Session session() {
        return transaction.session();
    }

    private OpenBlocks tails() {
        return transaction.buffer(OpenBlocks.class);
    }

    private ColumnRecord record(TableColumn column) {
        return BlockTables.columnById(session(), column.colId())
                .orElseThrow(() -> new NoSuchElementException("table '" + now.name() + "' was dropped"));
    }

    private IndexOutOfBoundsException outside(long from, long to, long length) {
        if (from > to) {
            return new IndexOutOfBoundsException("[" + from + ", " + to + ") is no range: its end is before its start");
        }
        return new IndexOutOfBoundsException("table '" + now.name() + "' has " + length + " rows, but "
                + (to == from + 1 ? "row " + from : from == to ? "place " + from : "[" + from + ", " + to + ")")
                + " was to be changed");
    }

    /** Replaces the values that the filler sets of one row. */
    void set(long index, Consumer<RowWriter> filler) {
        RowBuffer row = new RowBuffer(now.name(), now.schema().columns());
        row.addPart(filler);
        OpenBlocks open = tails();
        for (int i = 0; i < now.columns().size(); i++) {
            if (i == 0 || row.elements(i).rows() == 1) { // the index is checked also where nothing is set
                TableColumn column = now.columns().get(i);
                long length = open.lengthOnly(
                        session(), column.colId(), column.schema().nullable());
                if (index < 0 || index >= length) {
                    throw outside(index, index + 1, length);
                }
            }
        }
        for (int i = 0; i < now.columns().size(); i++) {
            Elements element = row.elements(i);
            if (element.rows() == 1) {
                TableColumn column = now.columns().get(i);
                boolean nullable = column.schema().nullable();
                if (!open.set(session(), column.colId(), nullable, index, element)) {
                    open.settle(session(), column.colId());
                    BlockEditor.splice(session(), record(column), nullable, index, index + 1, element);
                }
            }
        }
    }

    private long length() {
        return TableHandle.commonLength(transaction, now);
    }

    /** Removes the rows [from, to). */
    void remove(long from, long to) {
        long length = length();
        if (from < 0 || from > to || to > length) {
            throw outside(from, to, length);
        }
        if (from == to) {
            return;
        }
        for (TableColumn column : now.columns()) {
            tails().settle(session(), column.colId());
            ColumnRecord record = record(column);
            if (to == length) {
                Truncation.cut(session(), record, from);
            } else {
                Elements nothing = new Elements(record.elemSize(), 1);
                BlockEditor.splice(session(), record, column.schema().nullable(), from, to, nothing);
            }
        }
    }

    /**
     * Removes scattered rows, of which each column is written anew.
     *
     * @param removed windows of {@link FilterScan#MOST} rows each, in order; together all rows
     */
    void remove(List<BitSet> removed) {
        length();
        for (TableColumn column : now.columns()) {
            tails().settle(session(), column.colId());
            Relayout.keep(
                    session(),
                    tails(),
                    record(column),
                    row -> !removed.get((int) (row / FilterScan.MOST)).get((int) (row % FilterScan.MOST)));
        }
    }

    /** Inserts rows before one that is there, or behind the last. */
    void insert(long index, RowBuffer rows) {
        long length = length();
        if (index < 0 || index > length) {
            throw outside(index, index, length);
        }
        for (int i = 0; i < now.columns().size(); i++) {
            TableColumn column = now.columns().get(i);
            boolean nullable = column.schema().nullable();
            if (index == length) {
                tails().append(session(), column.colId(), nullable, rows.elements(i));
            } else {
                tails().settle(session(), column.colId());
                BlockEditor.splice(session(), record(column), nullable, index, index, rows.elements(i));
            }
        }
    }

    /** Adds a column with one value in all rows. */
    void addColumn(long tableId, SchemaColumn column, @Nullable Object value) {
        long length = length();
        TableColumn added = added(tableId, column);
        if (value == null && column.nullable()) {
            Nulls.append(session(), tails(), added.colId(), column.dtype(), length);
            return;
        }
        RowBuffer one = new RowBuffer(now.name(), List.of(column));
        one.add(row -> row.setObject(column.name(), value));
        int piece = (int) Math.max(1, Math.min(PIECE, (1 << 20) / Math.max(1, one.sizeBytes())));
        RowBuffer many = one;
        for (long left = length; left > 0; left -= many.rowCount()) {
            int rows = (int) Math.min(piece, left);
            if (many.rowCount() != rows) {
                many = new RowBuffer(now.name(), List.of(column));
                for (int i = 0; i < rows; i++) {
                    many.elements(0).addAll(one.elements(0));
                }
                many.addColumns(columns -> {}); // they count as rows
            }
            tails().append(session(), added.colId(), column.nullable(), many.elements(0));
        }
    }

    /** Adds a column whose values are computed from the rows. */
    void addColumn(
            long tableId, SchemaColumn column, Function<? super Row, ? extends @Nullable Object> function, Rows rows) {
        long length = length();
        TableColumn added = added(tableId, column);
        RowBuffer values = new RowBuffer(now.name(), List.of(column));
        for (long at = 0; at < length; ) {
            List<Row> piece = rows.read(now, at, Math.min(length, at + PIECE));
            values.clear();
            for (Row row : piece) {
                values.add(writer -> writer.setObject(column.name(), function.apply(row)));
            }
            tails().append(session(), added.colId(), column.nullable(), values.elements(0));
            at += piece.size();
        }
        if (length() != length) {
            throw new IllegalStateException("table '" + now.name() + "': the function that computes '" + column.name()
                    + "' has changed the number of rows");
        }
    }

    /** Reads rows as they are in the transaction: the first of a range, one at least. */
    @FunctionalInterface
    interface Rows {
        List<Row> read(TableShape shape, long from, long to);
    }

    private TableColumn added(long tableId, SchemaColumn column) {
        ColumnDirectory.checkFree(session(), now.name() + "." + column.name());
        return TableCatalogRows.add(session(), tableId, now.name(), column);
    }
}
