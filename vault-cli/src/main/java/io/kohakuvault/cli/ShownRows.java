package io.kohakuvault.cli;

import io.kohakuvault.cli.terminal.DisplayText;
import io.kohakuvault.cli.terminal.Terminal;
import io.kohakuvault.cli.terminal.TextTable;
import io.kohakuvault.codec.DType;
import io.kohakuvault.table.SchemaColumn;
import java.util.ArrayList;
import java.util.List;

/** Rows for people to read: under headings, or a line for each value. More can be added when some were printed. */
final class ShownRows {
    private final boolean vertical;
    private final List<Heading> headings;
    private final TextTable table;
    private final List<List<String>> cells = new ArrayList<>();
    private final List<String> places = new ArrayList<>();

    /**
     * What stands above values.
     *
     * @param right whether they stand under each other by their last character
     */
    record Heading(String text, boolean right) {
        /** That of a column under another name: numbers stand under each other by their last digit. */
        static Heading of(String text, SchemaColumn column) {
            return new Heading(
                    text,
                    column.logicalType().isEmpty()
                            && (column.dtype() instanceof DType.IntegerType
                                    || column.dtype() instanceof DType.FloatingType));
        }

        static Heading of(SchemaColumn column) {
            return of(column.name(), column);
        }
    }

    ShownRows(boolean vertical, List<Heading> headings) {
        this.vertical = vertical;
        this.headings = headings;
        this.table = new TextTable(
                headings.stream().map(Heading::text).toList(),
                headings.stream().map(Heading::right).toList());
    }

    /** @param place what the row is, where each value has a line */
    void add(String place, List<String> values) {
        places.add(place);
        cells.add(values);
    }

    int size() {
        return cells.size();
    }

    /** What was added since the last time, the first time below its headings. */
    List<String> lines() {
        List<String> lines;
        if (vertical) {
            lines = eachValue();
        } else {
            cells.forEach(table::add);
            lines = table.lines(Terminal.isOutput() ? Terminal.width() : 0);
        }
        cells.clear();
        places.clear();
        return lines;
    }

    private List<String> eachValue() {
        int width = headings.stream()
                .mapToInt(heading -> DisplayText.width(DisplayText.escape(heading.text())))
                .max()
                .orElse(0);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < cells.size(); i++) {
            lines.add("-- " + places.get(i));
            for (int c = 0; c < headings.size(); c++) {
                String heading = DisplayText.escape(headings.get(c).text());
                lines.add(heading
                        + " ".repeat(width - DisplayText.width(heading) + 2)
                        + DisplayText.escape(cells.get(i).get(c)));
            }
        }
        return lines;
    }
}
