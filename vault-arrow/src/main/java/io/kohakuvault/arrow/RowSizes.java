package io.kohakuvault.arrow;

import io.kohakuvault.spi.ColumnBlocks;
import java.util.List;

/** About how many bytes rows take, as their blocks tell without being read. Not thread-safe. */
final class RowSizes {
    private final List<ColumnBlocks> variable;
    private final long fixedBytes;
    private long bytes;
    private long from;
    private long until;

    RowSizes(List<ColumnBlocks> columns) {
        this.variable = columns.stream().filter(c -> !c.dtype().isFixedSize()).toList();
        this.fixedBytes =
                columns.stream().mapToLong(c -> c.dtype().elementSizeBytes()).sum();
    }

    /** Bytes of a row. */
    long bytes(long row) {
        look(row);
        return bytes;
    }

    /** Where rows begin that may be of another size than this one. */
    long alikeUntil(long row) {
        look(row);
        return until;
    }

    private void look(long row) {
        if (row >= from && row < until) {
            return;
        }
        long sum = fixedBytes;
        long start = 0;
        long end = Long.MAX_VALUE;
        for (ColumnBlocks column : variable) {
            long first = column.blockStart(row);
            long last = column.blockEnd(row);
            sum += column.blockBytes(row) / (last - first) + Long.BYTES;
            start = Math.max(start, first);
            end = Math.min(end, last);
        }
        bytes = sum;
        from = start;
        until = end;
    }
}
