package io.kohakuvault.arrow;

import io.kohakuvault.codec.DType;
import io.kohakuvault.spi.BlockSource;
import io.kohakuvault.spi.ColumnBlocks;
import io.kohakuvault.table.Filter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * What to read: columns, rows, the size of batches. Immutable and thread-safe; each call answers a changed copy. Scans
 * of one snapshot may be opened several times, and read by several threads beside each other, each its own reader.
 *
 * <pre>{@code
 * ArrowScan late = VaultArrow.scan(snapshot, "flights")
 *         .columns("carrier", "delay")
 *         .where(Filter.where("departed", Instant.now().minus(Duration.ofDays(1)), null));
 * }</pre>
 */
public final class ArrowScan {
    private static final int DEFAULT_BATCH_ROWS = 65_536;

    /** A row group of DuckDB. */
    private static final int ENGINE_BATCH_ROWS = 122_880;

    private final ScanPlan plan;

    ArrowScan(BlockSource source, Path file, String what, List<ColumnBlocks> columns) {
        this(new ScanPlan(
                new ScanPlan.Scanned(source, file, what, columns),
                columns,
                new ScanPlan.Rows(0, length(what, columns), null),
                new ScanPlan.Filters(Filter.all(), Filter.all()),
                new ScanPlan.Batches(ScanPlan.Batches.BY_COLUMNS, DEFAULT_BATCH_ROWS, false),
                new ScanPlan.Types(ArrowProfile.exact(), Set.of(), Map.of())));
    }

    private ArrowScan(ScanPlan plan) {
        this.plan = plan;
    }

    /** The vault's file. */
    Path file() {
        return plan.file();
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
        List<ColumnBlocks> columns = plan.columns();
        List<ColumnBlocks> chosen = List.of(names).stream()
                .map(name -> columns.stream()
                        .filter(c -> c.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(plan.what() + " has no column '" + name
                                + "', it has "
                                + columns.stream().map(ColumnBlocks::name).toList())))
                .toList();
        return new ArrowScan(plan.withColumns(chosen));
    }

    /**
     * Only these of the scan's rows: row 0 is the first that it has, so {@code rows(100, 200).rows(0, 10)} are the rows
     * 100 to 109. A filter is asked of these rows, in whichever order the calls stand.
     *
     * @param first first row
     * @param end row after the last
     * @return a changed copy
     * @throws IndexOutOfBoundsException unless {@code 0 <= first <= end <= rowCount()}
     */
    public ArrowScan rows(long first, long end) {
        Objects.checkFromToIndex(first, end, rowCount());
        return new ArrowScan(plan.withRange(plan.from() + first, plan.from() + end));
    }

    /**
     * These rows, in this order; a row may stand there more than once. Each block is read once for a batch. What {@link
     * #rows} narrows afterwards, and {@link #rowCount} counts, are the rows taken.
     *
     * @param rows rows of the scan, counted as {@link #rows} does
     * @return a changed copy
     * @throws IndexOutOfBoundsException unless each is from 0 to rowCount() - 1
     * @throws IllegalStateException when the scan has a filter, which numbers no rows
     */
    public ArrowScan take(long... rows) {
        checkTakes(plan.where());
        checkTakes(plan.hint());
        TakenRows before = plan.taken();
        long[] taken = new long[rows.length];
        for (int i = 0; i < rows.length; i++) {
            if (rows[i] < 0 || rows[i] >= rowCount()) {
                throw new IndexOutOfBoundsException(
                        plan.what() + ": the scan has " + rowCount() + " rows, but row " + rows[i] + " was asked for");
            }
            long row = plan.from() + rows[i];
            taken[i] = before == null ? row : before.row((int) row);
        }
        return new ArrowScan(plan.withTaken(new TakenRows(taken)));
    }

    private static void checkTakes(Filter filter) {
        if (!filter.conditions().isEmpty()) {
            throw new IllegalStateException("rows are not taken from a scan with a filter (" + filter
                    + "): take those that table.indexes(filter) finds");
        }
    }

    /**
     * The scan in parts, one after the other, to be read by several threads beside each other, each its own reader.
     * They are about equally long and end where blocks end, so that they are read as cheaply as the whole. A filter
     * goes with each of them.
     *
     * @param parts how many, at least 1
     * @return so many scans, or fewer where there are fewer blocks; at least one
     */
    public List<ArrowScan> split(int parts) {
        if (parts < 1) {
            throw new IllegalArgumentException("a scan is split into at least 1 part, but " + parts + " was given");
        }
        List<ArrowScan> split = new ArrayList<>();
        long start = plan.from();
        for (int i = 1; i <= parts; i++) {
            // Of what is left, so that parts stay even when one got longer.
            long end = i == parts ? plan.to() : boundary(start, start + (plan.to() - start) / (parts - i + 1));
            if (end > start || (i == parts && split.isEmpty())) {
                split.add(new ArrowScan(plan.withRange(start, end)));
                start = end;
            }
        }
        return split;
    }

    /** Where the longest of the blocks around a row begins or ends, beyond the start; of taken rows, the row itself. */
    private long boundary(long start, long row) {
        if (plan.taken() != null || row >= plan.to()) {
            return row;
        }
        long length = 0;
        long boundary = row;
        for (ColumnBlocks column : plan.columns()) {
            long first = column.blockStart(row);
            long end = column.blockEnd(row);
            if (end - first > length) {
                length = end - first;
                boundary = first > start && row - first < end - row ? first : end;
            }
        }
        return Math.min(boundary, plan.to());
    }

    /**
     * Only rows that a filter holds for. It may name columns of the scan that are not among those read. In a guarded
     * file blocks that their least and greatest values rule out are not read. Where many rows stand together they are
     * handed out by address as without a filter, others are copied together.
     *
     * @param filter what must hold, besides what had to hold already
     * @return a changed copy
     * @throws IllegalArgumentException when a condition names a column that the scan did not have, or cannot be asked
     *     of it; the message says which
     * @throws IllegalStateException when the scan takes single rows
     */
    public ArrowScan where(Filter filter) {
        checkFilters();
        Filter both = plan.where().and(Objects.requireNonNull(filter, "filter"));
        plan.filter(filter); // throws
        return new ArrowScan(plan.withFilters(both, plan.hint()));
    }

    private void checkFilters() {
        if (plan.taken() != null) {
            throw new IllegalStateException("single rows are taken, and not filtered");
        }
    }

    /**
     * Leaves out ranges of rows that a filter cannot hold for, as far as that is known without reading blocks: by the
     * least and greatest values that a guarded file keeps of each. All other rows come, whether it holds for them or
     * not: for consumers that filter themselves and do it fast.
     *
     * @param filter what the consumer looks for, besides what it looked for already
     * @return a changed copy
     * @throws IllegalArgumentException when a condition names a column that the scan did not have, or cannot be asked
     *     of it; the message says which
     * @throws IllegalStateException when the scan takes single rows
     */
    public ArrowScan skipping(Filter filter) {
        checkFilters();
        Filter both = plan.hint().and(Objects.requireNonNull(filter, "filter"));
        plan.filter(filter); // throws
        return new ArrowScan(plan.withFilters(plan.where(), both));
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
        return new ArrowScan(plan.withBatches(least, most, plan.copies()));
    }

    /**
     * Batches of memory of their own, of 122,880 rows: for engines, which take large batches faster than many that end
     * where blocks end, and for whoever changes what is in them. See {@link #copied(int)}.
     *
     * @return a changed copy
     */
    public ArrowScan copied() {
        return copied(ENGINE_BATCH_ROWS);
    }

    /**
     * Batches of memory of their own, which may be changed and do not keep the snapshot's transaction open. All but the
     * last have as many rows as are given, or fewer where those are more than some 32 MiB. {@link #batchRows} changes
     * the number.
     *
     * @param rows rows of a batch, at least 1
     * @return a changed copy
     */
    public ArrowScan copied(int rows) {
        if (rows < 1) {
            throw new IllegalArgumentException("a batch has at least 1 row, but " + rows + " was given");
        }
        return new ArrowScan(plan.withBatches(1, rows, true));
    }

    /**
     * The types that the consumer of the batches takes.
     *
     * @param other {@link ArrowProfile#exact()} by default
     * @return a changed copy
     */
    public ArrowScan profile(ArrowProfile other) {
        Objects.requireNonNull(other, "profile");
        ScanPlan.Types types = plan.types();
        return new ArrowScan(plan.withTypes(new ScanPlan.Types(other, types.dictionaries(), types.nested())));
    }

    /**
     * Columns whose texts are handed out as numbers of a dictionary, which holds each of them once: for consumers that
     * group by them, and for smaller IPC files. All rows of the scan are read for it when it is opened, whatever a
     * filter leaves; the numbers of a batch are copied.
     *
     * @param names columns of {@code str} in whatever encoding; those of an earlier call are none any more
     * @return a changed copy
     * @throws IllegalArgumentException when a name is not among the scan's columns, or is no column of text
     */
    public ArrowScan dictionaries(String... names) {
        for (String name : names) {
            ColumnBlocks column = column(name);
            if (!(column.dtype() instanceof DType.StringType)) {
                throw new IllegalArgumentException(
                        "column '" + name + "' is " + column.dtype().token() + "; a dictionary is of texts");
            }
        }
        ScanPlan.Types types = plan.types();
        return new ArrowScan(plan.withTypes(new ScanPlan.Types(types.profile(), Set.of(names), types.nested())));
    }

    /**
     * Columns of {@code list}, {@code map}, {@code msgpack} and {@code cbor} whose values become lists, structs and
     * maps, instead of JSON text or bytes. Such values say themselves what they are, each its own; a vector has one
     * type, which is said here:
     *
     * <pre>{@code
     * Field text = Field.nullable("item", ArrowType.Utf8.INSTANCE);
     * Field tags = new Field("tags", FieldType.nullable(ArrowType.List.INSTANCE), List.of(text));
     * ArrowScan scan = VaultArrow.scan(snapshot, "posts").nested(tags);
     * }</pre>
     *
     * <p>What a struct does not name is left out, what a map lacks is null. Nothing is rounded or cut: a value that is
     * of another type ends the reading with an error that names column and row. Profiles do not change these columns.
     *
     * @param fields one for each such column, named as it is: Bool, Int, FloatingPoint of 32 or 64 bits, Utf8, Binary,
     *     their large ones, and List, LargeList, Struct, Map of such; those of an earlier call are as before
     * @return a changed copy
     * @throws IllegalArgumentException when a name is not among the scan's columns, stands twice, is of a column that
     *     has a type of its own, or a field is of another type
     */
    public ArrowScan nested(Field... fields) {
        Map<String, Field> nested = new LinkedHashMap<>();
        for (Field field : fields) {
            ColumnBlocks column = column(field.getName());
            NestedFields.checkColumn(column);
            NestedFields.checkField("column '" + column.name() + "'", field);
            if (nested.put(column.name(), NestedFields.told(column, field)) != null) {
                throw new IllegalArgumentException("column '" + column.name() + "' is given twice");
            }
        }
        ScanPlan.Types types = plan.types();
        return new ArrowScan(plan.withTypes(new ScanPlan.Types(types.profile(), types.dictionaries(), nested)));
    }

    private ColumnBlocks column(String name) {
        return plan.columns().stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the scan has no column '" + name + "', it has "
                        + plan.columns().stream().map(ColumnBlocks::name).toList()));
    }

    /**
     * How many rows the scan has: of those that filters are asked of, which may leave fewer.
     *
     * @return at least 0
     */
    public long rowCount() {
        return plan.to() - plan.from();
    }

    /**
     * Starts reading.
     *
     * @param allocator where buffers are accounted; those that point into the file count with their size
     * @return the reader, to be closed; it keeps the snapshot's transaction open until then
     * @throws IllegalArgumentException when the profile does not take a column, or one that is to have a dictionary has
     *     more than a million different texts, or 256 MiB of them; the message names it
     */
    public VaultArrowReader open(BufferAllocator allocator) {
        return new VaultArrowReader(allocator, plan);
    }
}
