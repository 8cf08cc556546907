package io.kohakuvault.arrow;

import io.kohakuvault.spi.ColumnBlocks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides which rows make up the next batch. Asked again without {@link #taken} it answers the same, for a batch that
 * could not be loaded. Not thread-safe.
 */
final class BatchRows {
    /**
     * A column with blocks of few rows contributes at most this many bytes of them, joined, to a batch, or one block.
     */
    private static final long MOST_JOINED_BYTES = 1 << 20;

    /** About how many bytes a batch has at most that is gathered from many places. */
    static final long MOST_GATHERED_BYTES = 32 << 20;

    private final ScanPlan plan;
    private final List<ColumnBlocks> columns;
    private final RowSelection selection;
    private final RowSizes sizes;
    private final long to;

    /** The next row that is looked at, or the next of those taken. */
    private long at;

    private long next;

    BatchRows(ScanPlan plan) {
        this.plan = plan;
        this.columns = plan.columns();
        this.to = plan.to();
        this.at = plan.from();
        this.selection = new RowSelection(plan.filter(plan.where()), plan.filter(plan.hint()), to);
        this.sizes = new RowSizes(columns);
    }

    /** The rows of the next batch; null after the last. */
    @Nullable
    RowRuns next() {
        if (plan.taken() != null) {
            return nextTaken(plan.taken());
        }
        long start = selection.next(at);
        if (start >= to) {
            return null;
        }
        if (!plan.copies()) {
            long end = selection.runEnd(start, Math.min(to, start + plan.mostRows()));
            if (selection.isAll() || end - start >= plan.leastRows()) {
                long batchEnd = endOfBlocks(start, end);
                next = batchEnd;
                return RowRuns.of(start, (int) (batchEnd - start));
            }
        }
        return gathered(start);
    }

    /** The batch that {@link #next} has answered is loaded. */
    void taken() {
        at = next;
    }

    private @Nullable RowRuns nextTaken(TakenRows taken) {
        int from = (int) at;
        int most = Math.min(taken.most(from, plan.mostRows()), (int) (to - from));
        if (most == 0) {
            return null;
        }
        long bytes = 0;
        int count = 0;
        while (count < most) {
            bytes += sizes.bytes(taken.row(from + count));
            if (bytes > MOST_GATHERED_BYTES && count > 0) {
                break;
            }
            count++;
        }
        next = at + count;
        return taken.runs(from, count);
    }

    /** Rows from many places, or copied anyway. */
    private RowRuns gathered(long first) {
        RowRuns runs = new RowRuns();
        long bytes = 0;
        long start = first;
        long end = first;
        while (start < to && runs.rows() < plan.mostRows()) {
            end = selection.runEnd(start, Math.min(to, start + plan.mostRows() - runs.rows()));
            if (!plan.copies() && runs.rows() > 0 && end - start >= plan.leastRows()) {
                end = start; // a run as long as this is handed out by address, in the next batch
                break;
            }
            long row = start;
            while (row < end) {
                long each = Math.max(1, sizes.bytes(row));
                long fit = (MOST_GATHERED_BYTES - bytes) / each;
                if (fit <= 0 && bytes > 0) {
                    break;
                }
                long n = Math.min(Math.min(end, sizes.alikeUntil(row)) - row, Math.max(1, fit));
                bytes += n * each;
                row += n;
            }
            if (row > start) {
                runs.add(start, (int) (row - start));
            }
            if (row < end) {
                end = row;
                break;
            }
            start = selection.next(end);
            end = start;
        }
        next = end;
        return runs;
    }

    /** Ends the batch where the first block ends, of those that are long enough to end one. */
    private long endOfBlocks(long row, long most) {
        long end = most;
        for (ColumnBlocks column : columns) {
            long blockEnd = column.blockEnd(row);
            end = Math.min(end, blockEnd - row >= plan.leastRows() ? blockEnd : joinedEnd(column, row, blockEnd, end));
        }
        return end;
    }

    /** Where joining blocks ends: before the one with which they would be too many bytes, or after a long one. */
    private long joinedEnd(ColumnBlocks column, long row, long blockEnd, long end) {
        long joined = blockEnd;
        long bytes = column.blockBytes(row);
        while (joined < end) {
            bytes += column.blockBytes(joined);
            if (bytes > MOST_JOINED_BYTES) {
                break;
            }
            long next = column.blockEnd(joined);
            boolean isLong = next - joined >= plan.leastRows();
            joined = next;
            if (isLong) { // the row was near the end of a block like it; those behind need not be copied
                break;
            }
        }
        return joined;
    }
}
