package io.kohakuvault.notebook.internal;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows under typed columns: the first ones, the last ones, and how many there are. */
public final class Grid {
    /** How many rows are shown from the beginning. */
    public static final int HEAD = 10;
    /** How many from the end. */
    public static final int TAIL = 5;

    /** How many columns are shown; of more, rows need have no values. */
    static final int COLUMNS = 24;

    private static final int TEXT_WIDTH = 32;

    private final String title;
    private final List<Column> columns;
    private final List<String> names;
    private final List<String> types;
    private final List<Object[]> head;
    private final List<Object[]> tail;
    private final long rows;
    private final String note;
    private final boolean numbered;

    /** A column's name and type. */
    public record Column(String name, String type) {}

    /**
     * What there is to show.
     *
     * @param head the first rows, each with one value for each of the first {@link #COLUMNS} columns, null for null
     * @param tail the last ones, none of which is among the first
     * @param rows how many there are
     */
    public Grid(String title, List<Column> columns, List<Object[]> head, List<Object[]> tail, long rows, String note) {
        this(title, columns, head, tail, rows, note, true);
    }

    private Grid(
            String title,
            List<Column> columns,
            List<Object[]> head,
            List<Object[]> tail,
            long rows,
            String note,
            boolean numbered) {
        this.title = title;
        this.names = columns.stream().map(Column::name).toList();
        this.types = columns.stream().map(Column::type).toList();
        this.head = head;
        this.tail = tail;
        this.rows = rows;
        this.note = note;
        this.numbered = numbered;
        this.columns = columns;
    }

    /** Without the numbers of rows, where a column has them. */
    Grid unnumbered() {
        return new Grid(title, columns, head, tail, rows, note, false);
    }

    public Rendered render() {
        return new Rendered(Html.box(html()), text());
    }

    private int shownColumns() {
        return Math.min(names.size(), COLUMNS);
    }

    private boolean isNumeric(int column) {
        boolean any = false;
        for (List<Object[]> part : List.of(head, tail)) {
            for (Object[] row : part) {
                if (row[column] != null) {
                    if (!Cells.isNumber(row[column])) {
                        return false;
                    }
                    any = true;
                }
            }
        }
        return any;
    }

    private String caption() {
        List<String> parts = new ArrayList<>();
        parts.add(Counts.of(rows, "row", "rows") + " × " + Counts.of(names.size(), "column", "columns"));
        if (names.size() > COLUMNS) {
            parts.add(Counts.of(names.size() - COLUMNS, "column is not shown", "columns are not shown"));
        }
        if (!note.isEmpty()) {
            parts.add(note);
        }
        return String.join("; ", parts);
    }

    private String html() {
        StringBuilder html = new StringBuilder();
        if (!title.isEmpty()) {
            html.append("<p class=\"kv-t\">").append(Html.isolated(title)).append("</p>");
        }
        html.append("<div class=\"kv-s\"><table><thead><tr>");
        if (numbered) {
            html.append("<th></th>");
        }
        boolean[] numeric = new boolean[shownColumns()];
        for (int i = 0; i < numeric.length; i++) {
            numeric[i] = isNumeric(i);
            html.append(numeric[i] ? "<th class=\"kv-n\">" : "<th>").append(Html.escape(Cells.shortText(names.get(i))));
            if (!types.get(i).isEmpty()) {
                html.append("<br><span class=\"kv-m\">")
                        .append(Html.escape(Cells.shortText(types.get(i))))
                        .append("</span>");
            }
            html.append("</th>");
        }
        html.append("</tr></thead><tbody>");
        rows(html, head, 0, numeric);
        if (!tail.isEmpty()) {
            long before = rows - tail.size();
            if (before > head.size()) {
                html.append("<tr><td class=\"kv-m\" colspan=\"")
                        .append(numeric.length + 1)
                        .append("\">… ")
                        .append(Counts.of(before - head.size(), "row", "rows"))
                        .append(" …</td></tr>");
            }
            rows(html, tail, before, numeric);
        }
        html.append("</tbody></table></div>");
        if (!caption().isEmpty()) {
            html.append("<p class=\"kv-c\">").append(Html.escape(caption())).append("</p>");
        }
        return html.toString();
    }

    private void rows(StringBuilder html, List<Object[]> rows, long first, boolean[] numeric) {
        for (int r = 0; r < rows.size(); r++) {
            html.append("<tr>");
            if (numbered) {
                html.append("<td class=\"kv-n kv-m\">").append(first + r).append("</td>");
            }
            for (int c = 0; c < numeric.length; c++) {
                html.append(numeric[c] ? "<td class=\"kv-n\">" : "<td>")
                        .append(Cells.html(rows.get(r)[c]))
                        .append("</td>");
            }
            html.append("</tr>");
        }
    }

    private String text() {
        List<String[]> lines = new ArrayList<>();
        int columns = shownColumns();
        String[] header = new String[columns + 1];
        String[] kinds = new String[columns + 1];
        header[0] = "";
        kinds[0] = "";
        boolean typed = false;
        for (int i = 0; i < columns; i++) {
            header[i + 1] = narrow(names.get(i));
            kinds[i + 1] = narrow(types.get(i));
            typed |= !types.get(i).isEmpty();
        }
        lines.add(header);
        if (typed) {
            lines.add(kinds);
        }
        lines(lines, head, 0);
        long before = rows - tail.size();
        if (!tail.isEmpty() && before > head.size()) {
            String[] gap = new String[columns + 1];
            java.util.Arrays.fill(gap, "…");
            lines.add(gap);
        }
        lines(lines, tail, before);
        StringBuilder text = new StringBuilder();
        if (!title.isEmpty()) {
            text.append(Cells.printable(title)).append('\n');
        }
        TextTable.append(text, lines, column -> column == 0 || isNumeric(column - 1));
        return text.append(caption()).toString().stripTrailing();
    }

    private void lines(List<String[]> lines, List<Object[]> rows, long first) {
        for (int r = 0; r < rows.size(); r++) {
            String[] line = new String[shownColumns() + 1];
            line[0] = numbered ? Long.toString(first + r) : "";
            for (int c = 1; c < line.length; c++) {
                line[c] = narrow(rows.get(r)[c - 1]);
            }
            lines.add(line);
        }
    }

    private static String narrow(@Nullable Object value) {
        String line = Cells.shortText(value);
        return line.codePointCount(0, line.length()) <= TEXT_WIDTH
                ? line
                : line.substring(0, line.offsetByCodePoints(0, TEXT_WIDTH - 1)) + "…";
    }
}
