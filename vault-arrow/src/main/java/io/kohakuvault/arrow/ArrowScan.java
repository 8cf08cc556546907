package io.kohakuvault.arrow;

import io.kohakuvault.spi.BlockSource;
import io.kohakuvault.spi.ColumnBlocks;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;

/** What to read: columns, rows, the size of batches. Immutable; each call answers a changed copy. */
public final class ArrowScan {
    private static final int DEFAULT_BATCH_ROWS = 65_536;

    /**
     * About 4 µs a batch and column equal the copy of a 32-KiB block: below this many rows, copying blocks together is
     * cheaper.
     */
    private static final int DEFAULT_LEAST_BATCH_ROWS = 1_024;

    private final BlockSource source;
    private final String what;
    private final List<ColumnBlocks> columns;
    private final long from;
    private final long to;
    private final int batchRows;
    private final int leastBatchRows;
    private final ArrowProfile profile;

    ArrowScan(BlockSource source, String what, List<ColumnBlocks> columns) {
        this(
                source,
                what,
                columns,
                0,
                length(what, columns),
                DEFAULT_BATCH_ROWS,
                DEFAULT_LEAST_BATCH_ROWS,
                ArrowProfile.exact());
    }

    private ArrowScan(
            BlockSource source,
            String what,
            List<ColumnBlocks> columns,
            long from,
            long to,
            int batchRows,
            int leastBatchRows,
            ArrowProfile profile) {
        this.source = source;
        this.what = what;
        this.columns = columns;
        this.from = from;
        this.to = to;
        this.batchRows = batchRows;
        this.leastBatchRows = leastBatchRows;
        this.profile = profile;
    }

    private static long length(String what, List<ColumnBlocks> columns) {
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("a scan needs at least one column");
        }
        long length = columns.get(0).length();
        for (ColumnBlocks column : columns) {
            if (column.length() != length) {
                throw new IllegalArgumentException(
                        what + " differ in length: '" + columns.get(0).name() + "' has " + length + " rows, '"
                                + column.name() + "' has " + column.length());
            }
        }
        return length;
    }

    /**
     * Only these columns, in this order. Without any, batches have rows and no columns: for whoever counts.
     *
     * @param names columns of the scan
     * @return a changed copy
     * @throws IllegalArgumentException for a name that is not among them, or stands twice
     */
    public ArrowScan columns(String... names) {
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (!seen.add(name)) {
                throw new IllegalArgumentException("column '" + name + "' is asked for twice");
            }
        }
        List<ColumnBlocks> chosen = List.of(names).stream()
                .map(name -> columns.stream()
                        .filter(c -> c.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(what + " has no column '" + name + "', it has "
                                + columns.stream().map(ColumnBlocks::name).toList())))
                .toList();
        return new ArrowScan(source, what, chosen, from, to, batchRows, leastBatchRows, profile);
    }

    /**
     * Only these of the scan's rows: row 0 is the first that it has, so {@code rows(100, 200).rows(0, 10)} are the rows
     * 100 to 109.
     *
     * @param first first row
     * @param end row after the last
     * @return a changed copy
     * @throws IndexOutOfBoundsException unless {@code 0 <= first <= end <= rowCount()}
     */
    public ArrowScan rows(long first, long end) {
        Objects.checkFromToIndex(first, end, rowCount());
        return new ArrowScan(source, what, columns, from + first, from + end, batchRows, leastBatchRows, profile);
    }

    /**
     * How large batches are. They end where blocks of the columns end, so that they need not be copied: mostly well
     * below {@code most}. A column whose blocks hold fewer than {@code least} rows does not end a batch; its blocks are
     * copied together instead.
     *
     * @param least rows below which blocks are copied together, 1 for never
     * @param most rows of a batch at most
     * @return a changed copy
     */
    public ArrowScan batchRows(int least, int most) {
        if (least < 1 || most < least) {
            throw new IllegalArgumentException(
                    "batchRows must be 1 <= least <= most, but were " + least + " and " + most);
        }
        return new ArrowScan(source, what, columns, from, to, most, least, profile);
    }

    /**
     * The types that the consumer of the batches takes.
     *
     * @param other {@link ArrowProfile#exact()} by default
     * @return a changed copy
     */
    public ArrowScan profile(ArrowProfile other) {
        return new ArrowScan(
                source, what, columns, from, to, batchRows, leastBatchRows, Objects.requireNonNull(other, "profile"));
    }

    /**
     * How many rows the scan has.
     *
     * @return at least 0
     */
    public long rowCount() {
        return to - from;
    }

    /**
     * Starts reading.
     *
     * @param allocator where buffers are accounted; those that point into the file count with their size
     * @return the reader, to be closed; it keeps the snapshot's transaction open until then
     * @throws IllegalArgumentException when the profile does not take a column; the message names it
     */
    public VaultArrowReader open(BufferAllocator allocator) {
        return new VaultArrowReader(allocator, source, columns, from, to, leastBatchRows, batchRows, profile);
    }
}
