package io.kohakuvault.arrow;

import io.kohakuvault.spi.BlockSource;
import io.kohakuvault.spi.ColumnBlocks;
import io.kohakuvault.spi.RowFilter;
import io.kohakuvault.table.Filter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * What a scan reads, and how.
 *
 * @param scanned what it is a scan of
 * @param columns those that it reads
 * @param rows those that it reads
 * @param filters what rows must be
 * @param batches how large they are
 * @param types what columns become
 */
record ScanPlan(Scanned scanned, List<ColumnBlocks> columns, Rows rows, Filters filters, Batches batches, Types types) {
    private static final int LEAST_ROWS_A_COLUMN = 256;

    private static final int MOST_LEAST_ROWS = 1_024;

    /**
     * A table, or columns side by side.
     *
     * @param file the vault's
     * @param what how messages name it
     * @param all the columns that a scan could read, which filters name
     */
    record Scanned(BlockSource source, Path file, String what, List<ColumnBlocks> all) {}

    /**
     * Rows.
     *
     * @param from the first, or the first of those taken
     * @param to the row after the last, or after the last of those taken
     * @param taken the rows that are read, in that order; null for a range
     */
    record Rows(long from, long to, @Nullable TakenRows taken) {}

    /**
     * Conditions.
     *
     * @param where what must hold for a row
     * @param hint what must hold for some row of a block, as far as that is known
     */
    record Filters(Filter where, Filter hint) {}

    /**
     * Sizes.
     *
     * @param leastRows rows below which a block does not end a batch, or {@link #BY_COLUMNS}
     * @param copies whether batches have memory of their own
     */
    record Batches(int leastRows, int mostRows, boolean copies) {
        /** As many rows as pay, by how many columns a batch has. */
        static final int BY_COLUMNS = 0;
    }

    /**
     * Types.
     *
     * @param profile what columns become of which nothing else is said
     * @param dictionaries columns whose texts go into a dictionary, by name
     * @param nested what columns of values that say themselves what they are become, by name
     */
    record Types(ArrowProfile profile, Set<String> dictionaries, Map<String, Field> nested) {}

    BlockSource source() {
        return scanned.source;
    }

    Path file() {
        return scanned.file;
    }

    String what() {
        return scanned.what;
    }

    long from() {
        return rows.from;
    }

    long to() {
        return rows.to;
    }

    @Nullable
    TakenRows taken() {
        return rows.taken;
    }

    Filter where() {
        return filters.where;
    }

    Filter hint() {
        return filters.hint;
    }

    /**
     * A block that ends a batch costs each of the scan's columns about 1 µs, and saves the copy of 32 KiB: 2 µs, and 4
     * µs where offsets are moved. So it pays among few columns; below 256 rows, whoever reads the batches pays more for
     * them than the copy costs.
     */
    int leastRows() {
        return batches.leastRows == Batches.BY_COLUMNS
                ? Math.min(MOST_LEAST_ROWS, LEAST_ROWS_A_COLUMN * Math.max(1, columns.size()))
                : batches.leastRows;
    }

    int mostRows() {
        return batches.mostRows;
    }

    boolean copies() {
        return batches.copies;
    }

    ScanPlan withColumns(List<ColumnBlocks> wanted) {
        return new ScanPlan(scanned, wanted, rows, filters, batches, types);
    }

    ScanPlan withRange(long from, long to) {
        return new ScanPlan(scanned, columns, new Rows(from, to, rows.taken), filters, batches, types);
    }

    ScanPlan withTaken(TakenRows taken) {
        return new ScanPlan(scanned, columns, new Rows(0, taken.size(), taken), filters, batches, types);
    }

    ScanPlan withFilters(Filter where, Filter hint) {
        return new ScanPlan(scanned, columns, rows, new Filters(where, hint), batches, types);
    }

    ScanPlan withBatches(int leastRows, int mostRows, boolean copies) {
        return new ScanPlan(scanned, columns, rows, filters, new Batches(leastRows, mostRows, copies), types);
    }

    ScanPlan withTypes(Types wanted) {
        return new ScanPlan(scanned, columns, rows, filters, batches, wanted);
    }

    /** A filter of the scan's columns; null when all rows fulfil it. */
    @Nullable
    RowFilter filter(Filter filter) {
        return filter.conditions().isEmpty() ? null : scanned.source.filter(scanned.all, filter);
    }
}
