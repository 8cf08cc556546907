package io.kohakuvault.spark;

import io.kohakuvault.codec.DType;
import io.kohakuvault.spi.ColumnBlocks;
import io.kohakuvault.spi.RowFilter;
import io.kohakuvault.table.Filter;
import io.kohakuvault.table.SchemaColumn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Cuts what is to be read into partitions: by bytes, along the ends of blocks, small files together. */
final class RangePlanner {
    /** What opening a file costs, in bytes that could be read instead. */
    static final long OPEN_BYTES = 1 << 20;

    /** Rows at the end of a file that are looked at one by one. */
    private static final int MOST_LOOKED_AT = 1 << 14;

    /** Rows that are asked for at once. */
    private static final int WINDOW = 1 << 20;

    private final String reading = UUID.randomUUID().toString();
    private final @Nullable String table;
    private final StructType required;
    private final ColumnNames names = ColumnNames.ofSession();
    private final long partitionBytes;

    /**
     * A planner.
     *
     * @param table the table's name
     * @param required the columns that are read
     * @param maxBytes bytes of a partition at most
     * @param totalBytes bytes of all that is read, and {@link #OPEN_BYTES} for each file
     * @param parallelism tasks that run at a time
     */
    RangePlanner(@Nullable String table, StructType required, long maxBytes, long totalBytes, int parallelism) {
        this.table = table;
        this.required = required;
        // Not fewer partitions than there are cores, as long as they are worth a task.
        this.partitionBytes = Math.min(maxBytes, Math.max(4 * OPEN_BYTES, totalBytes / Math.max(1, parallelism) + 1));
    }

    /** Bytes of a file's rows, about, of the columns that are read. */
    static long readBytes(FileInfo file, StructType required) {
        double read = 0;
        double all = 0;
        Set<String> wanted = Arrays.stream(required.fieldNames())
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        for (SchemaColumn column : file.columns()) {
            double width = width(column);
            all += width;
            if (wanted.contains(column.name().toLowerCase(Locale.ROOT))) {
                read += width;
            }
        }
        long known = (long) (read * file.rows());
        boolean isFixed = file.columns().stream().allMatch(c -> c.dtype().isFixedSize());
        return isFixed || all == 0 ? known : (long) (file.bytes() * (read / all));
    }

    /** {@link #readBytes} of a file that may not have been opened: then as if its columns were those of the schema. */
    static long readBytes(FileInfo file, StructType required, StructType schema) {
        if (!file.isUnopened()) {
            return readBytes(file, required);
        }
        double part = (double) required.defaultSize() / Math.max(1, schema.defaultSize());
        return (long) (file.bytes() * Math.min(1, part));
    }

    /** Whether a file that was not opened is to be: for what a filter rules out of it, or to cut it. */
    boolean mustOpen(FileInfo file, BlockFilter filter, StructType schema) {
        return readBytes(file, required, schema) > partitionBytes || (!filter.isEmpty() && file.bytes() > OPEN_BYTES);
    }

    /** Bytes of an element, guessed where they differ. */
    private static double width(SchemaColumn column) {
        DType dtype = column.dtype();
        return dtype.isFixedSize() ? dtype.elementSizeBytes() : 24;
    }

    /**
     * The rows of a file that may be wanted, where a filter rules some out.
     *
     * @param isOneOfMany whether a small file is left to its task: to open it here for what the filter says costs as
     *     much as to read it there
     */
    List<FileRange> wanted(FileInfo file, BlockFilter blockFilter, boolean isOneOfMany) {
        if (file.isUnopened()) {
            return List.of(FileRange.ofUnopened(file.seen()));
        } else if (file.rows() == 0) {
            return List.of();
        }
        Optional<Filter> filter = blockFilter.of(file);
        if (filter.isEmpty()) {
            return List.of();
        }
        if (filter.get().conditions().isEmpty() || (isOneOfMany && file.bytes() <= OPEN_BYTES)) {
            return List.of(new FileRange(file.seen(), 0, file.rows()));
        }
        List<FileRange> ranges = new ArrayList<>();
        try (HeldTables.Held held = HeldTables.takeToPlan(reading, file.seen(), table)) {
            OpenTable open = held.table();
            List<ColumnBlocks> columns = open.filtered(filter.get());
            RowFilter rows;
            try {
                rows = open.snapshot().blocks().filter(columns, filter.get());
            } catch (IllegalArgumentException e) { // a value that the column is not compared with: Spark does
                return List.of(new FileRange(file.seen(), 0, file.rows()));
            }
            long length = columns.stream().mapToLong(ColumnBlocks::length).min().orElse(0);
            long end = Math.min(file.rows(), length);
            long start = -1;
            for (long from = 0; from < end; from += WINDOW) {
                long to = Math.min(end, from + WINDOW);
                BitSet possible = rows.possible(from, to);
                int at = 0;
                while (at < to - from) {
                    if (start < 0) {
                        int set = possible.nextSetBit(at);
                        at = set < 0 ? (int) (to - from) : set;
                        start = set < 0 ? -1 : from + set;
                    } else {
                        int clear = Math.min(possible.nextClearBit(at), (int) (to - from));
                        if (clear < to - from) {
                            ranges.add(new FileRange(file.seen(), start, from + clear));
                            start = -1;
                        }
                        at = clear;
                    }
                }
            }
            // The last block, which has no bounds, is there in every file: looked at here it spares a task the file.
            if (start >= 0
                    && (end - start > MOST_LOOKED_AT
                            || !rows.matching(start, end).isEmpty())) {
                ranges.add(new FileRange(file.seen(), start, end));
            }
        }
        return ranges;
    }

    /** Cuts the rows of a file that are wanted into pieces of a partition's size at most. */
    List<FileRange> cut(FileInfo file, List<FileRange> wanted) {
        if (file.isUnopened()) {
            return wanted;
        }
        double rowBytes = Math.max(1e-3, (double) readBytes(file, required) / Math.max(1, file.rows()));
        long most = Math.max(1, (long) (partitionBytes / rowBytes));
        if (wanted.stream().allMatch(range -> range.rows() <= most)) {
            return wanted;
        }
        List<FileRange> pieces = new ArrayList<>();
        try (HeldTables.Held held = HeldTables.takeToPlan(reading, file.seen(), table)) {
            OpenTable open = held.table();
            ColumnBlocks blocks = guide(open);
            for (FileRange range : wanted) {
                long from = range.from();
                while (from < range.to()) {
                    long to = Math.min(range.to(), from + most);
                    if (blocks != null && to < range.to() && to <= blocks.length()) {
                        to = Math.min(range.to(), blocks.blockEnd(to - 1));
                    }
                    pieces.add(new FileRange(range.file(), from, to));
                    from = to;
                }
            }
        }
        return pieces;
    }

    /** The column along whose blocks is cut: the widest one of a fixed size, which has the most blocks. */
    private @Nullable ColumnBlocks guide(OpenTable open) {
        SchemaColumn best = null;
        for (String name : required.fieldNames()) {
            SchemaColumn column = names.find(open.columns(), name).orElse(null);
            if (column != null
                    && (best == null || width(column) > width(best))
                    && column.dtype().isFixedSize()) {
                best = column;
            }
        }
        return best == null ? null : open.blocks(best.name());
    }

    /** Puts pieces that are small together. */
    List<VaultPartition> pack(List<FileRange> pieces, List<Long> bytes) {
        List<VaultPartition> partitions = new ArrayList<>();
        List<FileRange> together = new ArrayList<>();
        long size = 0;
        for (int i = 0; i < pieces.size(); i++) {
            boolean isSameFile =
                    i > 0 && pieces.get(i).path().equals(pieces.get(i - 1).path());
            long more = bytes.get(i) + (isSameFile ? 0 : OPEN_BYTES);
            if (!together.isEmpty() && size + more > partitionBytes + OPEN_BYTES) {
                partitions.add(new VaultPartition(reading, together));
                together.clear();
                size = 0;
            }
            together.add(pieces.get(i));
            size += more;
        }
        if (!together.isEmpty()) {
            partitions.add(new VaultPartition(reading, together));
        }
        return partitions;
    }
}
