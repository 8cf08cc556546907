package io.kohakuvault.internal.table;

import io.kohakuvault.internal.block.BlockData;
import io.kohakuvault.internal.block.BlockReader;
import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.internal.block.RowBudget;
import io.kohakuvault.internal.column.SortedPlaces;
import io.kohakuvault.internal.value.ValueSize;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.RowBatch;
import io.kohakuvault.table.RowWriter;
import io.kohakuvault.table.SchemaColumn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Rows as objects: read from blocks, and gathered into batches, both some megabytes at a time. */
final class RowReads {
    /** What {@link #fill} gathers before it is appended. */
    private static final long BATCH_BYTES = 16L << 20;

    /** Memory of a value beyond the bytes of its element: an object, and its place in a row. */
    private static final int OVERHEAD_BYTES = 64;

    /** Rows of scattered places that are read before their memory is counted. */
    private static final int PIECE = 256;

    private final BlockReader reader;
    private final List<TableColumn> columns;
    private final Function<TableColumn, ColumnRecord> records;

    RowReads(BlockReader reader, List<TableColumn> columns, Function<TableColumn, ColumnRecord> records) {
        this.reader = reader;
        this.columns = columns;
        this.records = records;
    }

    /** Reads the first rows of a range that the table has: those that take about so many bytes, one at least. */
    List<Row> rows(long from, long most, long bytes) {
        long to = bytes == Long.MAX_VALUE ? most : end(from, most, bytes);
        StoredRow.Names names = names();
        List<@Nullable Object[]> values = new ArrayList<>();
        List<Row> rows = new ArrayList<>();
        for (long row = from; row < to; row++) {
            @Nullable Object[] own = new Object[names.count()];
            values.add(own);
            rows.add(new StoredRow(row, names, own));
        }
        for (int i = 0; i < names.count(); i++) {
            read(i, columns.get(i).schema(), records.apply(columns.get(i)), from, to, values);
        }
        return rows;
    }

    private void read(
            int place, SchemaColumn column, ColumnRecord record, long from, long to, List<@Nullable Object[]> values) {
        reader.visit(record, from, to, (block, first, last) -> {
            byte[] validity = column.nullable() ? reader.validity(block.entry()) : null;
            for (int i = first; i < last; i++) {
                Object value = BlockReader.isPresent(validity, i) ? CellCodec.get(column, block, i) : null;
                values.get((int) (block.firstRow() + i - from))[place] = value;
            }
        });
    }

    /**
     * Reads rows by their indexes, in the order given.
     *
     * @param bytes about how much memory their values may take: of more, the first rows alone are answered, one at
     *     least
     */
    List<Row> rows(long[] indexes, long bytes) {
        List<Row> rows = new ArrayList<>();
        long left = bytes;
        int next = bytes == Long.MAX_VALUE ? indexes.length : 1;
        for (int at = 0; at < indexes.length && left > 0; ) {
            long[] piece = Arrays.copyOfRange(indexes, at, Math.min(indexes.length, at + next));
            long before = left;
            for (@Nullable Object[] values : take(piece, rows)) {
                for (Object value : values) {
                    left -= ValueSize.of(value);
                }
            }
            at += piece.length;
            // As many as would take a part of what is left, if they are like those.
            long each = Math.max(1, (before - left) / piece.length);
            next = (int) Math.max(1, Math.min(Math.min(PIECE, 4L * next), left / each / 2));
        }
        return rows;
    }

    private List<@Nullable Object[]> take(long[] indexes, List<Row> rows) {
        StoredRow.Names names = names();
        List<@Nullable Object[]> values = new ArrayList<>();
        for (long index : indexes) {
            @Nullable Object[] own = new Object[names.count()];
            values.add(own);
            rows.add(new StoredRow(index, names, own));
        }
        int[] order = SortedPlaces.ascending(indexes);
        for (int i = 0; i < columns.size(); i++) {
            SchemaColumn column = columns.get(i).schema();
            ColumnRecord record = records.apply(columns.get(i));
            BlockData[] block = new BlockData[1];
            byte[] validity = null;
            for (int place : order) {
                long index = indexes[place];
                if (block[0] == null || !block[0].holds(index)) {
                    reader.visit(record, index, index + 1, (b, from, to) -> block[0] = b);
                    validity = column.nullable() ? reader.validity(block[0].entry()) : null;
                }
                int row = (int) (index - block[0].firstRow());
                values.get(place)[i] =
                        BlockReader.isPresent(validity, row) ? CellCodec.get(column, block[0], row) : null;
            }
        }
        return values;
    }

    private StoredRow.Names names() {
        return new StoredRow.Names(
                columns.stream().map(column -> column.schema().name()).toList());
    }

    private long end(long from, long to, long bytes) {
        RowBudget budget = new RowBudget(reader, from, to);
        for (TableColumn column : columns) {
            budget.add(records.apply(column), OVERHEAD_BYTES);
        }
        return budget.end(bytes);
    }

    /** Reads the first rows of a range: one at least, where there is one. */
    @FunctionalInterface
    interface FirstRows {
        List<Row> read(long from, long to);
    }

    static Iterable<List<Row>> batches(Object table, FirstRows first, long from, long to, int rows, long bytes) {
        if (rows < 1 || bytes < 1) {
            throw new IllegalArgumentException(table + ": a batch has at least 1 row and 1 byte, but " + rows + " and "
                    + bytes + " were asked for");
        }
        return () -> new Iterator<>() {
            private long at = from;
            private boolean checked = from < to;

            @Override
            public boolean hasNext() {
                if (!checked) {
                    first.read(from, to); // an empty range may be wrong too
                    checked = true;
                }
                return at < to;
            }

            @Override
            public List<Row> next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                List<Row> batch = first.read(at, to);
                at += batch.size();
                return batch;
            }
        };
    }

    /** Adds rows until the batch is large or nothing is left. */
    static <T> RowBatch fill(RowBatch batch, Iterator<T> items, BiConsumer<? super T, RowWriter> filler) {
        while (items.hasNext() && batch.sizeBytes() < BATCH_BYTES) {
            T item = items.next();
            batch.add(row -> filler.accept(item, row));
        }
        return batch;
    }
}
