package io.kohakuvault.internal.block;

import java.util.ArrayList;
import java.util.List;

/**
 * How many rows of some columns take about so many bytes, by what the directory of blocks says of their sizes: no value
 * is read for it. Within a block the elements count as equally long.
 */
public final class RowBudget {
    private final BlockReader reader;
    private final long from;
    private final long to;
    private final List<List<BlockEntry>> variable = new ArrayList<>();
    private long bytesPerRow;

    /** For rows of [from, to), which the columns have. */
    public RowBudget(BlockReader reader, long from, long to) {
        this.reader = reader;
        this.from = from;
        this.to = to;
    }

    /**
     * Counts a column in.
     *
     * @param overhead bytes that a value takes in memory beyond those of its element
     */
    public void add(ColumnRecord column, int overhead) {
        bytesPerRow += overhead;
        if (column.isFixed()) {
            bytesPerRow += column.elemSize();
        } else if (from < to) {
            variable.add(reader.read(session -> BlockTables.entries(session, column, from, to)));
        }
    }

    /**
     * The row after the last of a batch that takes about so many bytes; the batch has one row at least where there is
     * one.
     */
    public long end(long bytes) {
        if (bytes(to) <= bytes) {
            return to;
        }
        long low = Math.min(to, from + 1);
        long high = to;
        while (low < high) {
            long middle = (low + high + 1) >>> 1;
            if (bytes(middle) <= bytes) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private long bytes(long end) {
        double sum = (double) bytesPerRow * (end - from);
        for (List<BlockEntry> entries : variable) {
            for (BlockEntry entry : entries) {
                if (entry.firstRow() >= end) {
                    break;
                }
                long rows = Math.min(end, entry.endRow()) - Math.max(from, entry.firstRow());
                if (rows > 0) {
                    sum += (double) entry.usedBytes() * rows / entry.rowCount();
                }
            }
        }
        return (long) sum;
    }
}
