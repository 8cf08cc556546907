package io.kohakuvault.arrow;

import io.kohakuvault.spi.BlockSource;
import io.kohakuvault.spi.ColumnBlocks;
import io.kohakuvault.spi.RowFilter;
import io.kohakuvault.table.Filter;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a scan reads, and how.
 *
 * @param file the vault's
 * @param what how messages name it
 * @param all the columns that it could read, which filters name
 * @param columns those that it reads
 * @param from its first row, or the first of those taken
 * @param to the row after its last, or after the last of those taken
 * @param taken the rows that it reads, in that order; null for a range
 * @param where what must hold for a row
 * @param hint what must hold for some row of a block, as far as that is known
 * @param leastRows rows below which a block does not end a batch
 * @param copies whether batches have memory of their own
 * @param dictionaries columns whose texts go into a dictionary, by name
 */
record ScanPlan(
        BlockSource source,
        Path file,
        String what,
        List<ColumnBlocks> all,
        List<ColumnBlocks> columns,
        long from,
        long to,
        @Nullable TakenRows taken,
        Filter where,
        Filter hint,
        int leastRows,
        int mostRows,
        boolean copies,
        ArrowProfile profile,
        Set<String> dictionaries) {

    ScanPlan withColumns(List<ColumnBlocks> columns) {
        return new ScanPlan(
                source,
                file,
                what,
                all,
                columns,
                from,
                to,
                taken,
                where,
                hint,
                leastRows,
                mostRows,
                copies,
                profile,
                dictionaries);
    }

    ScanPlan withRange(long from, long to) {
        return new ScanPlan(
                source,
                file,
                what,
                all,
                columns,
                from,
                to,
                taken,
                where,
                hint,
                leastRows,
                mostRows,
                copies,
                profile,
                dictionaries);
    }

    ScanPlan withTaken(TakenRows taken) {
        return new ScanPlan(
                source,
                file,
                what,
                all,
                columns,
                0,
                taken.size(),
                taken,
                where,
                hint,
                leastRows,
                mostRows,
                copies,
                profile,
                dictionaries);
    }

    ScanPlan withFilters(Filter where, Filter hint) {
        return new ScanPlan(
                source,
                file,
                what,
                all,
                columns,
                from,
                to,
                taken,
                where,
                hint,
                leastRows,
                mostRows,
                copies,
                profile,
                dictionaries);
    }

    ScanPlan withBatches(int leastRows, int mostRows, boolean copies) {
        return new ScanPlan(
                source,
                file,
                what,
                all,
                columns,
                from,
                to,
                taken,
                where,
                hint,
                leastRows,
                mostRows,
                copies,
                profile,
                dictionaries);
    }

    ScanPlan withProfile(ArrowProfile profile) {
        return new ScanPlan(
                source,
                file,
                what,
                all,
                columns,
                from,
                to,
                taken,
                where,
                hint,
                leastRows,
                mostRows,
                copies,
                profile,
                dictionaries);
    }

    ScanPlan withDictionaries(Set<String> dictionaries) {
        return new ScanPlan(
                source,
                file,
                what,
                all,
                columns,
                from,
                to,
                taken,
                where,
                hint,
                leastRows,
                mostRows,
                copies,
                profile,
                dictionaries);
    }

    /** A filter of the scan's columns; null when all rows fulfil it. */
    @Nullable
    RowFilter filter(Filter filter) {
        return filter.conditions().isEmpty() ? null : source.filter(all, filter);
    }
}
