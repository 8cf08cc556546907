package io.kohakuvault.notebook.internal;

import io.kohakuvault.column.ColumnReader;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.TableReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;

/** Tables and columns of a vault as rows. */
public final class VaultRows {
    private VaultRows() {}

    /** The columns that are named, in that order, or all of them. */
    static List<SchemaColumn> chosen(TableReader table, List<String> names) {
        List<SchemaColumn> all = table.schema().columns();
        if (names.isEmpty()) {
            return all;
        }
        List<SchemaColumn> chosen = new ArrayList<>();
        for (String name : names) {
            chosen.add(all.stream()
                    .filter(c -> c.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new NoSuchElementException(
                            "the table \"" + table.name() + "\" has no column \"" + name + "\"; it has "
                                    + all.stream().map(SchemaColumn::name).toList())));
        }
        return chosen;
    }

    public static Rendered of(TableReader table, List<String> names) {
        List<SchemaColumn> columns = chosen(table, names);
        List<SchemaColumn> shown = columns.subList(0, Math.min(columns.size(), Grid.COLUMNS));
        String[] asked = shown.stream().map(SchemaColumn::name).distinct().toArray(String[]::new);
        // A writer may append meanwhile: what is shown is of one length.
        long length = table.length();
        long head = Math.min(length, Grid.HEAD);
        long tail = Math.min(length - head, Grid.TAIL);
        List<Object[]> first = new ArrayList<>();
        List<Object[]> last = new ArrayList<>();
        for (Row row : table.rows(0, head, asked)) {
            first.add(values(row, shown));
        }
        for (Row row : table.rows(length - tail, length, asked)) {
            last.add(values(row, shown));
        }
        return new Grid(
                        "Table " + table.name(),
                        columns.stream()
                                .map(c -> new Grid.Column(c.name(), Overview.type(c)))
                                .toList(),
                        first,
                        last,
                        length,
                        "")
                .render();
    }

    private static Object[] values(Row row, List<SchemaColumn> columns) {
        return columns.stream().map(c -> row.get(c.name())).toArray();
    }

    /** Whether a list is one of rows alone. */
    public static boolean are(List<?> list) {
        return !list.isEmpty() && list.stream().allMatch(Row.class::isInstance);
    }

    /** Some rows of a table, with their places in it as a column. */
    public static Rendered of(Iterable<Row> rows) {
        List<String> names = new ArrayList<>();
        List<Object[]> head = new ArrayList<>();
        ArrayDeque<Object[]> tail = new ArrayDeque<>();
        long count = 0;
        for (Row row : rows) {
            if (count++ == 0) {
                names.addAll(row.columns());
            }
            Object[] values = new Object[Math.min(names.size() + 1, Grid.COLUMNS)];
            values[0] = row.index();
            for (int c = 1; c < values.length; c++) {
                values[c] = row.get(names.get(c - 1));
            }
            if (head.size() < Grid.HEAD) {
                head.add(values);
            } else {
                tail.add(values);
                if (tail.size() > Grid.TAIL) {
                    tail.remove();
                }
            }
        }
        List<Grid.Column> columns = new ArrayList<>();
        columns.add(new Grid.Column("row", ""));
        names.forEach(name -> columns.add(new Grid.Column(name, "")));
        return new Grid("", columns, head, new ArrayList<>(tail), count, "")
                .unnumbered()
                .render();
    }

    public static Rendered of(ColumnReader column) {
        List<?> elements = column.asList();
        long length = column.length();
        long shownLength = Math.min(length, elements.size());
        int head = (int) Math.min(shownLength, Grid.HEAD);
        int tail = (int) Math.min(shownLength - head, Grid.TAIL);
        List<Object[]> first = new ArrayList<>();
        List<Object[]> last = new ArrayList<>();
        for (int i = 0; i < head; i++) {
            first.add(new Object[] {elements.get(i)});
        }
        for (long i = shownLength - tail; i < shownLength; i++) {
            last.add(new Object[] {elements.get((int) i)});
        }
        String note = shownLength < length ? "only the first " + Counts.of(shownLength) + " are looked at" : "";
        return new Grid(
                        "Column " + column.name(),
                        List.of(new Grid.Column("value", column.dtype().token())),
                        first,
                        last,
                        shownLength,
                        note)
                .render();
    }
}
