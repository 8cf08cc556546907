package io.kohakuvault.internal.table;

import io.kohakuvault.internal.block.BlockReader;
import io.kohakuvault.table.Filter;
import io.kohakuvault.table.Row;
import java.util.BitSet;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;

/** The rows of a table for which a filter holds: their indexes, themselves, how many. */
final class FilteredRows {
    /** Most indexes of a batch. */
    private static final int INDEXES = 1 << 13;

    /** Most rows of a batch, and about how many bytes their values take. */
    private static final int ROWS = 1 << 10;

    private static final long ROW_BYTES = 4 << 20;

    private final ReadTable table;
    private final Filter filter;

    FilteredRows(ReadTable table, Filter filter) {
        this.table = table;
        this.filter = Objects.requireNonNull(filter, "filter");
    }

    /** Throws what the conditions would throw, before anything is asked for. */
    FilteredRows checked() {
        FilterScan.check(table.look(), filter);
        return this;
    }

    private BitSet find(BlockReader reader, TableShape now, long from, long to) {
        return FilterScan.rows(reader, now, column -> table.record(reader, column), filter, from, to);
    }

    Iterable<long[]> indexes() {
        return () -> scan((from, to) -> table.state((reader, now) -> {
            long end = Math.min(to, table.length(reader, now));
            if (from >= end) {
                return new FilterScan.Found<>(List.of(), to, false);
            }
            BitSet rows = find(reader, now, from, end);
            long[] found = FilterScan.indexes(rows, from, INDEXES);
            boolean cut = found.length < rows.cardinality();
            return new FilterScan.Found<>(
                    found.length == 0 ? List.of() : List.of(found), cut ? found[found.length - 1] + 1 : to, cut);
        }));
    }

    Iterable<Row> rows(String... names) {
        return () -> {
            Iterator<List<Row>> batches = scan((from, to) -> table.state((reader, now) -> {
                long end = Math.min(to, table.length(reader, now));
                if (from >= end) {
                    return new FilterScan.Found<>(List.of(), to, false);
                }
                BitSet found = find(reader, now, from, end);
                long[] wanted = FilterScan.indexes(found, from, ROWS);
                List<Row> rows = table.reads(reader, now, names).rows(wanted, ROW_BYTES);
                boolean cut = rows.size() < found.cardinality();
                return new FilterScan.Found<>(
                        rows.isEmpty() ? List.of() : List.of(rows),
                        cut ? rows.get(rows.size() - 1).index() + 1 : to,
                        cut);
            }));
            return flat(batches);
        };
    }

    long count() {
        long count = 0;
        Iterator<Long> counts = scan((from, to) -> table.state((reader, now) -> {
            long end = Math.min(to, table.length(reader, now));
            long found = from >= end ? 0 : find(reader, now, from, end).cardinality();
            return new FilterScan.Found<>(List.of(found), to, false);
        }));
        while (counts.hasNext()) {
            count += counts.next();
        }
        return count;
    }

    private <B> Iterator<B> scan(FilterScan.Windows<B> windows) {
        return new FilterScan<>(0, table.length(), windows);
    }

    static Iterator<Row> flat(Iterator<List<Row>> batches) {
        return new Iterator<>() {
            private Iterator<Row> batch = Collections.emptyIterator();

            @Override
            public boolean hasNext() {
                while (!batch.hasNext() && batches.hasNext()) {
                    batch = batches.next().iterator();
                }
                return batch.hasNext();
            }

            @Override
            public Row next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return batch.next();
            }
        };
    }
}
