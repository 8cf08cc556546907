package io.kohakuvault.notebook.internal;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.maintenance.VaultStats;
import io.kohakuvault.spi.ColumnBlocks;
import io.kohakuvault.table.SchemaColumn;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What a file holds: kinds, names, rows, sizes. */
public final class Overview {
    private static final int MOST = 200;

    private Overview() {}

    private record Line(String kind, String name, String type, long count, String size) {}

    public static Rendered of(Vault vault) {
        try (Snapshot snapshot = vault.snapshot()) {
            VaultStats stats = vault.maintenance().stats();
            String size = Counts.bytes(stats.fileBytes());
            if (stats.walBytes() > 0) {
                size += " and " + Counts.bytes(stats.walBytes()) + " of write-ahead log";
            }
            return render(vault.path().normalize().toString(), size, lines(snapshot));
        }
    }

    public static Rendered of(Snapshot snapshot) {
        return render(snapshot.path().normalize().toString(), "a snapshot", lines(snapshot));
    }

    private static List<Line> lines(Snapshot snapshot) {
        List<Content> contents = new ArrayList<>(snapshot.contents().list());
        Set<String> inTables = new HashSet<>();
        for (Content content : contents) {
            if (content.kind() == Content.Kind.TABLE) {
                for (SchemaColumn column :
                        snapshot.tables().get(content.name()).schema().columns()) {
                    inTables.add(content.name() + "." + column.name());
                }
            }
        }
        // A table's columns stand in its own line.
        contents.removeIf(c -> c.kind() == Content.Kind.COLUMN && inTables.contains(c.name()));
        contents.sort(Comparator.comparing(Content::kind).thenComparing(Content::name));
        return contents.stream().map(content -> line(snapshot, content)).toList();
    }

    private static Line line(Snapshot snapshot, Content content) {
        String name = content.name();
        return switch (content.kind()) {
            case TABLE ->
                new Line(
                        "table",
                        name,
                        snapshot.tables().get(name).schema().columns().stream()
                                .map(Overview::column)
                                .collect(Collectors.joining(", ")),
                        content.count(),
                        Counts.bytes(snapshot.blocks().table(name).stream()
                                .mapToLong(Overview::bytes)
                                .sum()));
            case COLUMN ->
                new Line(
                        "column",
                        name,
                        content.type(),
                        content.count(),
                        Counts.bytes(bytes(snapshot.blocks().column(name))));
            case VECTORS -> new Line("vectors", name, content.type(), content.count(), "");
            case DOCUMENTS -> new Line("documents", name, content.type(), content.count(), "");
            case KEY_VALUES -> new Line("key-values", name, content.type(), content.count(), "");
            case LEGACY_COLUMN -> new Line("column of 0.x", name, content.type(), content.count(), "");
            case OFFSETS -> new Line("offsets", name, content.type(), content.count(), "");
        };
    }

    private static String column(SchemaColumn column) {
        return column.name() + " " + type(column);
    }

    static String type(SchemaColumn column) {
        String token = column.logicalType().map(t -> t.token()).orElseGet(column.dtype()::token);
        return column.nullable() ? token + " null" : token;
    }

    private static long bytes(ColumnBlocks column) {
        long bytes = 0;
        for (long row = 0; row < column.length(); row = column.blockEnd(row)) {
            bytes += column.blockBytes(row);
        }
        return bytes;
    }

    private static Rendered render(String path, String size, List<Line> lines) {
        StringBuilder html = new StringBuilder("<p class=\"kv-t\">")
                .append(Html.escape(Cells.printable(path)))
                .append(" <span class=\"kv-m\">")
                .append(Html.escape(size))
                .append("</span></p>");
        StringBuilder text = new StringBuilder(Cells.printable(path))
                .append("  ")
                .append(size)
                .append('\n');
        if (lines.isEmpty()) {
            html.append("<p>The file holds nothing yet.</p>");
            return new Rendered(Html.box(html.toString()), text + "the file holds nothing yet");
        }
        html.append("<div class=\"kv-s\"><table><thead><tr><th>kind</th><th>name</th><th class=\"kv-n\">count</th>")
                .append("<th class=\"kv-n\">elements</th><th>of</th></tr></thead><tbody>");
        List<String[]> cells = new ArrayList<>();
        cells.add(new String[] {"kind", "name", "count", "elements", "of"});
        for (Line line : lines.subList(0, Math.min(lines.size(), MOST))) {
            html.append("<tr><td>").append(line.kind()).append("</td><td>");
            html.append(Html.escape(Cells.shortText(line.name()))).append("</td><td class=\"kv-n\">");
            html.append(Counts.of(line.count()))
                    .append("</td><td class=\"kv-n\">")
                    .append(line.size());
            html.append("</td><td class=\"kv-w kv-m\">")
                    .append(Cells.html(line.type()))
                    .append("</td></tr>");
            cells.add(new String[] {
                line.kind(),
                Cells.shortText(line.name()),
                Counts.of(line.count()),
                line.size(),
                Cells.shortText(line.type())
            });
        }
        html.append("</tbody></table></div>");
        TextTable.append(text, cells, column -> column == 2 || column == 3);
        if (lines.size() > MOST) {
            String more = Counts.of(lines.size() - MOST) + " more are not shown";
            html.append("<p class=\"kv-c\">").append(more).append("</p>");
            text.append(more);
        }
        return new Rendered(Html.box(html.toString()), text.toString().stripTrailing());
    }
}
