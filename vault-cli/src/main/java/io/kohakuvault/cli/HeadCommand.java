package io.kohakuvault.cli;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.cli.terminal.DisplayText;
import io.kohakuvault.cli.terminal.Terminal;
import io.kohakuvault.cli.terminal.TextTable;
import io.kohakuvault.codec.DType;
import io.kohakuvault.kv.KvRange;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.tabular.internal.ColumnElements;
import io.kohakuvault.tabular.internal.RowSelection;
import io.kohakuvault.tabular.internal.TableColumn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "head",
        description = {
            "Shows the first rows of a table or column, or the first keys of a key-value table, for people to read.",
            "On a terminal what is too wide is cut (…); lists and maps are shown as JSON, control characters as escapes."
        })
final class HeadCommand extends FileCommand {
    @Parameters(index = "1", paramLabel = "NAME", description = "a table, column or key-value table")
    String name;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "ROWS",
            defaultValue = "10",
            description = "how many (default ${DEFAULT-VALUE})")
    int rows;

    @Option(names = "-x", description = "a line for each value, not cut to the terminal's width")
    boolean vertical;

    @Option(
            names = "--columns",
            paramLabel = "NAMES",
            description = "columns of a table, between commas, in this order")
    String columns;

    @Option(
            names = "--where",
            paramLabel = "CONDITION",
            description =
                    "rows of a table: 'column=value', also == != < <= > >=, or 'column is null', 'column is not null'; several must all hold")
    List<String> where = new ArrayList<>();

    private final List<String> headings = new ArrayList<>();
    private final List<Boolean> right = new ArrayList<>();
    private final List<List<String>> lines = new ArrayList<>();
    private final List<String> places = new ArrayList<>();

    @Override
    int run() throws IOException {
        if (rows < 0) {
            throw wrong("-n " + rows + ": how many rows cannot be negative");
        }
        List<String> names = columns == null ? List.of() : Selections.names(this, columns);
        try (Vault vault = read();
                Snapshot snapshot = vault.snapshot()) {
            Content content = Contents.find(vault, name);
            Selections.check(this, content, columns, where);
            switch (content.kind()) {
                case TABLE -> {
                    RowSelection selection = new RowSelection(snapshot.tables().get(name), names, where, rows);
                    selection.columns().forEach(this::heading);
                    selection.forEach(row -> {
                        places.add("row " + row.index());
                        lines.add(selection.columns().stream()
                                .map(c -> DisplayValue.of(row.get(c.name()), c.dtype()))
                                .toList());
                    });
                }
                case COLUMN, LEGACY_COLUMN -> elements(snapshot);
                case KEY_VALUES -> keyValues(snapshot);
                default ->
                    throw new IllegalArgumentException(
                            "head shows tables, columns and key-values; 'vault dump FILE --json --name " + name
                                    + "' shows " + Contents.kind(content.kind()));
            }
        }
        (vertical ? vertical() : horizontal()).forEach(out()::println);
        return 0;
    }

    private void elements(Snapshot snapshot) throws IOException {
        DType dtype = snapshot.columns().bytes(name).dtype();
        TableColumn owned = TableColumn.of(snapshot, name).orElse(null);
        if (owned == null) {
            heading(name, SchemaColumn.of("value", dtype, false));
            ColumnElements.forEach(snapshot, name, rows, (index, value) -> element(index, value, dtype));
            return;
        }
        RowSelection selection = owned.rows(snapshot, rows);
        heading(name, selection.columns().get(0));
        selection.forEach(row -> element(row.index(), row.get(owned.column()), dtype));
    }

    private void element(long index, Object value, DType dtype) {
        places.add("element " + index);
        lines.add(List.of(DisplayValue.of(value, dtype)));
    }

    private void heading(SchemaColumn column) {
        heading(column.name(), column);
    }

    /** Numbers stand under each other by their last digit. */
    private void heading(String heading, SchemaColumn column) {
        headings.add(heading);
        right.add(column.logicalType().isEmpty()
                && (column.dtype() instanceof DType.IntegerType || column.dtype() instanceof DType.FloatingType));
    }

    private void keyValues(Snapshot snapshot) {
        headings.addAll(List.of("KEY", "VALUE"));
        right.addAll(List.of(false, false));
        int left = rows;
        for (byte[] key : snapshot.kv(name).keys(KvRange.all())) {
            if (left-- == 0) {
                break;
            }
            places.add("key " + (rows - left));
            Object value = snapshot.kv(name).findValue(key).orElse(null);
            lines.add(List.of(new String(key, StandardCharsets.UTF_8), DisplayValue.of(value)));
        }
    }

    private Stream<String> horizontal() {
        TextTable table = new TextTable(headings, right);
        lines.forEach(table::add);
        return table.lines(Terminal.isOutput() ? Terminal.width() : 0).stream();
    }

    private Stream<String> vertical() {
        int width = headings.stream()
                .mapToInt(h -> DisplayText.width(DisplayText.escape(h)))
                .max()
                .orElse(0);
        List<String> out = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            out.add("-- " + places.get(i));
            for (int c = 0; c < headings.size(); c++) {
                String heading = DisplayText.escape(headings.get(c));
                out.add(heading
                        + " ".repeat(width - DisplayText.width(heading) + 2)
                        + DisplayText.escape(lines.get(i).get(c)));
            }
        }
        return out.stream();
    }
}
