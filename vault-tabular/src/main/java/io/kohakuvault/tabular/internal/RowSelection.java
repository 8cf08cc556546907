package io.kohakuvault.tabular.internal;

import io.kohakuvault.codec.DType;
import io.kohakuvault.table.Filter;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.Schema;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.TableReader;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Rows of a table that are asked for: some columns, those that fulfil all conditions, so many at most. What the table
 * can look for is left to it, which skips blocks of a guarded file.
 */
public final class RowSelection {
    private static final int BATCH_ROWS = 4096;

    private final TableReader table;
    private final Schema schema;
    private final List<SchemaColumn> columns;
    private final List<RowCondition> conditions;
    private final Filter filter;
    private final long limit;
    private final LongConsumer heard;

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
        this.columns = columns(names);
        this.conditions = conditions.stream()
                .map(text -> RowCondition.parse(text, schema))
                .toList();
        this.filter = this.conditions.stream().map(RowSelection::filter).reduce(Filter.all(), Filter::and);
        this.limit = limit;
        this.heard = row -> {};
    }

    /**
     * Rows of a table by a filter.
     *
     * @param heard hears of each row, by its index, before it is handed out
     * @throws IllegalArgumentException for a column that is not there
     */
    public RowSelection(TableReader table, List<String> names, Filter filter, long limit, LongConsumer heard) {
        this.table = table;
        this.schema = table.schema();
        this.columns = columns(names);
        this.conditions = List.of();
        this.filter = filter;
        this.limit = limit;
        this.heard = heard;
    }

    private List<SchemaColumn> columns(List<String> names) {
        return names.isEmpty()
                ? schema.columns()
                : names.stream().map(this::column).toList();
    }

    /** What the table looks for; wider than the condition where that is simpler: the rows found are looked at. */
    private static Filter filter(RowCondition condition) {
        SchemaColumn column = condition.column();
        String name = column.name();
        Object value = condition.value();
        boolean searched = column.dtype() instanceof DType.IntegerType
                || column.dtype() instanceof DType.FloatingType
                || (column.dtype().equals(DType.STR) && column.logicalType().isEmpty());
        if (!searched || condition.asksForNulls() || (value instanceof Double number && number.isNaN())) {
            return Filter.all();
        }
        return switch (condition.operator()) {
            case LESS -> Filter.where(name, null, value);
            case AT_MOST -> Filter.whereThrough(name, null, value);
            case GREATER, AT_LEAST -> Filter.where(name, value, null);
            case NOT_EQUAL -> Filter.all();
            default -> Filter.equal(name, value);
        };
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
        String[] names = read();
        long taken = 0;
        if (limit > 0 && !filter.conditions().isEmpty()) {
            for (Row row : table.scan(filter, names)) {
                if (isWanted(row)) {
                    hand(row, rows);
                    if (++taken == limit) {
                        return;
                    }
                }
            }
            return;
        }
        long length = table.length();
        long end = conditions.isEmpty() ? Math.min(limit, length) : length;
        for (List<Row> batch : table.batches(0, end, BATCH_ROWS, MemoryShare.batchBytes(), names)) {
            for (Row row : batch) {
                if (taken == limit) {
                    return;
                } else if (isWanted(row)) {
                    hand(row, rows);
                    taken++;
                }
            }
        }
    }

    /**
     * Hands out rows of a range, in their order, however many fulfil the conditions.
     *
     * @param from first row
     * @param to row after the last
     * @param rows takes them
     * @throws IOException what it throws
     */
    public void forEach(long from, long to, RowConsumer rows) throws IOException {
        for (List<Row> batch : table.batches(from, to, BATCH_ROWS, MemoryShare.batchBytes(), read())) {
            for (Row row : batch) {
                if (isWanted(row)) {
                    hand(row, rows);
                }
            }
        }
    }

    /** The columns that are read: those asked for, and those of the conditions. */
    private String[] read() {
        Set<String> read = new LinkedHashSet<>();
        columns.forEach(column -> read.add(column.name()));
        conditions.forEach(condition -> read.add(condition.column().name()));
        return read.toArray(String[]::new);
    }

    private void hand(Row row, RowConsumer rows) throws IOException {
        heard.accept(row.index());
        rows.accept(row);
    }

    private boolean isWanted(Row row) {
        return conditions.stream().allMatch(condition -> condition.holds(row));
    }
}
