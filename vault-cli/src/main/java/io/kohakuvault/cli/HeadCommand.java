package io.kohakuvault.cli;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.codec.DType;
import io.kohakuvault.kv.KvRange;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.tabular.internal.ColumnElements;
import io.kohakuvault.tabular.internal.RowSelection;
import io.kohakuvault.tabular.internal.TableColumn;
import io.kohakuvault.text.TextDocument;
import io.kohakuvault.text.TextReader;
import io.kohakuvault.vector.StoredVector;
import io.kohakuvault.vector.VectorReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "head",
        description = {
            "Shows the first rows of a table or column, keys, documents or vectors, for people to read; with -f the last rows of a table or column, and then those that are added.",
            "On a terminal what is too wide is cut (…); lists and maps are shown as JSON, control characters as escapes."
        })
final class HeadCommand extends FileCommand {
    @Parameters(index = "1", paramLabel = "NAME", description = "what 'vault ls' lists")
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

    @Option(
            names = {"-f", "--follow"},
            description =
                    "begins with the last rows instead (-n 0: with none) and goes on with those that anybody commits, until Ctrl-C; of tables and columns")
    boolean follow;

    @Override
    protected int run() throws IOException {
        if (rows < 0) {
            throw wrong("-n " + rows + ": how many rows cannot be negative");
        }
        List<String> names = columns == null ? List.of() : Selections.names(this, columns);
        try (Vault vault = read()) {
            Content content = Contents.find(vault, name);
            Selections.check(this, content, columns, where);
            if (follow) {
                checkFollowed(content);
                new Follower(this, vault, content.kind(), new FollowedRows.Selection(name, names, where), vertical)
                        .run(rows);
                return 0;
            }
            try (Snapshot snapshot = vault.snapshot()) {
                first(snapshot, content, names).lines().forEach(out()::println);
            }
        }
        return 0;
    }

    private void checkFollowed(Content content) {
        switch (content.kind()) {
            case TABLE, COLUMN, LEGACY_COLUMN -> {}
            case KEY_VALUES ->
                throw wrong("-f follows tables and columns, and '" + name
                        + "' holds key-values, of which nothing says which were written last");
            default ->
                throw wrong("-f follows tables and columns, and '" + name + "' holds " + Contents.kind(content.kind()));
        }
    }

    private ShownRows first(Snapshot snapshot, Content content, List<String> names) throws IOException {
        return switch (content.kind()) {
            case TABLE -> {
                RowSelection selection = new RowSelection(snapshot.tables().get(name), names, where, rows);
                ShownRows shown = shown(
                        selection.columns().stream().map(ShownRows.Heading::of).toList());
                selection.forEach(row -> shown.add(
                        "row " + row.index(),
                        selection.columns().stream()
                                .map(c -> DisplayValue.of(row.get(c.name()), c.dtype()))
                                .toList()));
                yield shown;
            }
            case COLUMN, LEGACY_COLUMN -> elements(snapshot);
            case KEY_VALUES -> keyValues(snapshot);
            case DOCUMENTS -> documents(snapshot.text(name));
            case VECTORS -> vectors(snapshot.vectors(name));
            case OFFSETS -> throw new IllegalArgumentException("'" + name + "' is shown by 'vault offsets'");
        };
    }

    private ShownRows documents(TextReader reader) {
        List<ShownRows.Heading> headings = new ArrayList<>(List.of(new ShownRows.Heading("ID", true)));
        reader.columns().forEach(column -> headings.add(new ShownRows.Heading(column, false)));
        headings.add(new ShownRows.Heading("VALUE", false));
        ShownRows shown = shown(headings);
        Iterator<TextDocument> documents = reader.scan().iterator();
        while (shown.size() < rows && documents.hasNext()) {
            TextDocument document = documents.next();
            List<String> cells = new ArrayList<>(List.of(Long.toString(document.id())));
            document.texts().forEach(text -> cells.add(DisplayValue.of(text)));
            cells.add(document.value().map(DisplayValue::of).orElse(""));
            shown.add("document " + document.id(), cells);
        }
        return shown;
    }

    private ShownRows vectors(VectorReader reader) {
        ShownRows shown = shown(List.of(
                new ShownRows.Heading("ID", true),
                new ShownRows.Heading("VECTOR", false),
                new ShownRows.Heading("VALUE", false)));
        Iterator<StoredVector> vectors = reader.scan().iterator();
        while (shown.size() < rows && vectors.hasNext()) {
            StoredVector stored = vectors.next();
            shown.add(
                    "vector " + stored.id(),
                    List.of(
                            Long.toString(stored.id()),
                            DisplayValue.of(reader.type(), stored.vector()),
                            stored.value().map(DisplayValue::of).orElse("")));
        }
        return shown;
    }

    private ShownRows shown(List<ShownRows.Heading> headings) {
        return new ShownRows(vertical, headings);
    }

    private ShownRows elements(Snapshot snapshot) throws IOException {
        DType dtype = snapshot.columns().bytes(name).dtype();
        TableColumn owned = TableColumn.of(snapshot, name).orElse(null);
        if (owned == null) {
            ShownRows shown = shown(List.of(ShownRows.Heading.of(name, SchemaColumn.of("value", dtype, false))));
            ColumnElements.forEach(
                    snapshot,
                    name,
                    rows,
                    (index, value) -> shown.add("element " + index, List.of(DisplayValue.of(value, dtype))));
            return shown;
        }
        RowSelection selection = owned.rows(snapshot, rows);
        ShownRows shown =
                shown(List.of(ShownRows.Heading.of(name, selection.columns().get(0))));
        selection.forEach(row ->
                shown.add("element " + row.index(), List.of(DisplayValue.of(row.get(owned.column()), dtype))));
        return shown;
    }

    private ShownRows keyValues(Snapshot snapshot) {
        ShownRows shown = shown(List.of(new ShownRows.Heading("KEY", false), new ShownRows.Heading("VALUE", false)));
        int left = rows;
        for (byte[] key : snapshot.kv(name).keys(KvRange.all())) {
            if (left-- == 0) {
                break;
            }
            Object value = snapshot.kv(name).findValue(key).orElse(null);
            shown.add("key " + (rows - left), List.of(new String(key, StandardCharsets.UTF_8), DisplayValue.of(value)));
        }
        return shown;
    }
}
