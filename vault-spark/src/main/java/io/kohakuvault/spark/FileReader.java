package io.kohakuvault.spark;

import io.kohakuvault.VaultMovedException;
import io.kohakuvault.spi.ColumnBlocks;
import io.kohakuvault.table.SchemaColumn;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.jspecify.annotations.Nullable;

/**
 * Reads ranges of one file in batches, out of one snapshot. A batch ends where the blocks of its columns end, so that
 * they need not be copied; blocks of few rows are copied together instead. Belongs to its task's thread.
 */
final class FileReader implements AutoCloseable {
    private static final int MOST_ROWS = 65_536;

    /** Below this many rows a batch costs more than the copy that makes it longer. */
    private static final int LEAST_ROWS = 1_024;

    /** Of a column with blocks of few rows so many bytes are copied together at most, or one block. */
    private static final long MOST_JOINED_BYTES = 1 << 20;

    private final HeldTables.Held held;
    private final OpenTable table;
    private final String path;
    private final List<ColumnFeed> feeds = new ArrayList<>();
    private final List<HiddenVectors.Rows> rowVectors = new ArrayList<>();
    private final ColumnarBatch batch;
    private long row;
    private long end;

    FileReader(ReadTask task, String reading, SeenTable planned) {
        this.path = planned.path();
        this.held = HeldTables.take(reading, planned, task.table());
        this.table = held.table();
        try {
            this.batch = new ColumnarBatch(vectors(task));
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private ColumnVector[] vectors(ReadTask task) {
        StructField[] fields = task.schema().fields();
        ColumnVector[] vectors = new ColumnVector[fields.length];
        for (int i = 0; i < fields.length; i++) {
            StructField field = fields[i];
            if (task.hidden().file() && field.name().equals(VaultTable.FILE)) {
                vectors[i] = new HiddenVectors.Text(path);
            } else if (task.hidden().row() && field.name().equals(VaultTable.ROW)) {
                HiddenVectors.Rows rows = new HiddenVectors.Rows();
                rowVectors.add(rows);
                vectors[i] = rows;
            } else {
                SchemaColumn column =
                        task.names().find(table.columns(), field.name()).orElse(null);
                if (column == null) {
                    vectors[i] = new HiddenVectors.Nulls(field.dataType());
                } else {
                    TableFiles.check(Path.of(path), column, field.dataType());
                    CellVector vector = Cells.vector(column, field.dataType());
                    feeds.add(new ColumnFeed(table.blocks(column.name()), vector));
                    vectors[i] = vector;
                }
            }
        }
        return vectors;
    }

    /** Whether a range is of this file, and not before what has been read. */
    boolean isOf(FileRange range) {
        return range.path().equals(path) && range.from() >= row;
    }

    /** Goes to a range. */
    void read(FileRange range) {
        long rows = table.rows();
        for (ColumnFeed feed : feeds) {
            rows = Math.min(rows, feed.column().length());
        }
        if (!range.file().isUnopened() && range.to() > rows) {
            throw new VaultMovedException(
                    path + ": the table had " + range.file().rows()
                            + " rows when the query was planned and has " + rows
                            + " now: rows were removed, or it is another file; run the query again",
                    null);
        }
        row = range.from();
        end = Math.min(range.to(), rows);
    }

    /** The next batch of the range, null at its end. The batch before is no longer valid. */
    @Nullable
    ColumnarBatch next() {
        if (row >= end) {
            return null;
        }
        int count = nextRows();
        for (ColumnFeed feed : feeds) {
            feed.load(row, count);
        }
        for (HiddenVectors.Rows rows : rowVectors) {
            rows.from(row);
        }
        batch.setNumRows(count);
        row += count;
        return batch;
    }

    private int nextRows() {
        long to = Math.min(end, row + MOST_ROWS);
        for (ColumnFeed feed : feeds) {
            ColumnBlocks column = feed.column();
            long blockEnd = column.blockEnd(row);
            to = Math.min(to, blockEnd - row >= LEAST_ROWS ? blockEnd : joinedEnd(column, blockEnd, to));
        }
        return (int) (to - row);
    }

    private long joinedEnd(ColumnBlocks column, long blockEnd, long to) {
        long joined = blockEnd;
        long bytes = column.blockBytes(row);
        while (joined < to) {
            bytes += column.blockBytes(joined);
            if (bytes > MOST_JOINED_BYTES) {
                break;
            }
            joined = column.blockEnd(joined);
        }
        return joined;
    }

    /** Blocks that were read where they stand in the mapped file. */
    long mappedBlocks() {
        return feeds.stream().mapToLong(feed -> feed.mappedBlocks).sum();
    }

    /** Blocks that were copied. */
    long copiedBlocks() {
        return feeds.stream().mapToLong(feed -> feed.copiedBlocks).sum();
    }

    @Override
    public void close() {
        try {
            feeds.forEach(ColumnFeed::close);
        } finally {
            held.close();
        }
    }
}
