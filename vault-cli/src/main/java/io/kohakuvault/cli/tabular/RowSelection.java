package io.kohakuvault.cli.tabular;

import io.kohakuvault.table.Row;
import io.kohakuvault.table.Schema;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.TableReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Rows of a table that are asked for: some columns, those that fulfil all conditions, so many at most. Conditions on
 * numbers and times are looked up by the table's ranges, which skip blocks of a guarded file.
 */
@SuppressWarnings("removal") // what goes with 1.0 is tested until then
public final class RowSelection {
    private static final int BATCH_ROWS = 4096;

    /** Rows that are looked through at once: eight bytes each where all of them fulfil a condition. */
    private static final int WINDOW_ROWS = 1 << 18;

    /** Rows in between that are read rather than skipped, because a further read costs more. */
    private static final int GAP_ROWS = 64;

    private final TableReader table;
    private final Schema schema;
    private final List<SchemaColumn> columns;
    private final List<RowCondition> conditions;
    private final long limit;

    /** A condition that the table looks up by itself. */
    private record Search(String column, ValueRange range) {}

    /** Takes rows. */
    @FunctionalInterface
    public interface RowConsumer {
        /**
         * Takes a row.
         *
         * @param row with the columns that were asked for, and perhaps others
         */
        void accept(Row row) throws IOException;
    }

    /**
     * Rows of a table.
     *
     * @param table the table
     * @param names columns in the order wanted; empty for all
     * @param conditions as {@link RowCondition#parse} reads them
     * @param limit how many at most
     * @throws IllegalArgumentException for a column that is not there, or a condition that is none
     */
    public RowSelection(TableReader table, List<String> names, List<String> conditions, long limit) {
        this.table = table;
        this.schema = table.schema();
        this.columns = names.isEmpty()
                ? schema.columns()
                : names.stream().map(this::column).toList();
        this.conditions = conditions.stream()
                .map(text -> RowCondition.parse(text, schema))
                .toList();
        this.limit = limit;
    }

    private SchemaColumn column(String name) {
        return schema.columns().stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("table '" + table.name() + "' has no column '" + name
                        + "', it has "
                        + schema.columns().stream().map(SchemaColumn::name).toList()));
    }

    /** The columns that were asked for. */
    public List<SchemaColumn> columns() {
        return columns;
    }

    /**
     * Hands the rows out, in their order.
     *
     * @param rows takes them
     * @throws IOException what it throws
     */
    public void forEach(RowConsumer rows) throws IOException {
        Set<String> read = new LinkedHashSet<>();
        columns.forEach(column -> read.add(column.name()));
        conditions.forEach(condition -> read.add(condition.column().name()));
        String[] names = read.toArray(String[]::new);
        List<Search> searches = new ArrayList<>();
        for (RowCondition condition : conditions) {
            ValueRange range = ValueRange.of(condition);
            if (range != null) {
                searches.add(new Search(condition.column().name(), range));
            }
        }
        long length = table.length();
        if (searches.isEmpty()) {
            read(0, conditions.isEmpty() ? Math.min(limit, length) : length, names, rows, 0);
            return;
        }
        long taken = 0;
        for (long from = 0; from < length && taken < limit; from += WINDOW_ROWS) {
            taken = window(found(searches, from, Math.min(length, from + WINDOW_ROWS)), names, rows, taken);
        }
    }

    private long window(long[] found, String[] names, RowConsumer rows, long before) throws IOException {
        long taken = before;
        for (int i = 0; i < found.length && taken < limit; ) {
            int last = i;
            while (last + 1 < found.length && found[last + 1] - found[last] <= GAP_ROWS) {
                last++;
            }
            taken = read(found[i], found[last] + 1, names, rows, taken);
            i = last + 1;
        }
        return taken;
    }

    /** Reads a range and answers how many rows have been handed out by then. */
    private long read(long from, long to, String[] names, RowConsumer rows, long before) throws IOException {
        long taken = before;
        if (taken >= limit) {
            return taken;
        }
        for (List<Row> batch : table.batches(from, to, BATCH_ROWS, MemoryShare.batchBytes(), names)) {
            for (Row row : batch) {
                if (conditions.stream().allMatch(condition -> condition.holds(row))) {
                    rows.accept(row);
                    if (++taken == limit) {
                        return taken;
                    }
                }
            }
        }
        return taken;
    }

    /** Where rows are that may fulfil the conditions, ascending. */
    private long[] found(List<Search> searches, long from, long to) {
        long[] found = null;
        for (Search search : searches) {
            if (found != null && found.length == 0) {
                break;
            }
            long[] own = table.indexesWithin(search.column, search.range.least(), search.range.greatest(), from, to);
            found = found == null ? own : both(found, own);
        }
        return Objects.requireNonNull(found);
    }

    private static long[] both(long[] a, long[] b) {
        long[] out = new long[Math.min(a.length, b.length)];
        int n = 0;
        for (int i = 0, k = 0; i < a.length && k < b.length; ) {
            if (a[i] == b[k]) {
                out[n++] = a[i];
                i++;
                k++;
            } else if (a[i] < b[k]) {
                i++;
            } else {
                k++;
            }
        }
        return java.util.Arrays.copyOf(out, n);
    }
}
