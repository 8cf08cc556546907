package io.kohakuvault.notebook.internal;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.VaultException;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.maintenance.VaultStats;
import io.kohakuvault.spi.ColumnBlocks;
import io.kohakuvault.table.SchemaColumn;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** What a file holds: kinds, names, rows, sizes. */
public final class Overview {
    private static final int MOST = 200;

    private Overview() {}

    /** What is walked of key-values, documents and vectors to say how large they are. */
    private static final long WALKED_BYTES = 256L << 20;

    private record Line(String kind, String name, String type, String count, String size) {}

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
        List<Content> contents;
        try {
            contents = new ArrayList<>(snapshot.contents().list());
        } catch (VaultException e) {
            return eachByItself(snapshot);
        }
        Set<String> inTables = inTables(
                snapshot,
                contents.stream()
                        .filter(c -> c.kind() == Content.Kind.TABLE)
                        .map(Content::name)
                        .toList());
        // A table's columns stand in its own line.
        contents.removeIf(c -> c.kind() == Content.Kind.COLUMN && inTables.contains(c.name()));
        contents.sort(Comparator.comparing(Content::kind).thenComparing(Content::name));
        List<Line> lines = new ArrayList<>();
        long[] left = {WALKED_BYTES};
        for (Content content : contents) {
            lines.add(line(snapshot, content.kind(), content.name(), content.type(), content.count(), left));
        }
        return lines;
    }

    /** Where something cannot be counted, all the same what can. */
    private static List<Line> eachByItself(Snapshot snapshot) {
        List<Line> lines = new ArrayList<>();
        Set<String> inTables = inTables(snapshot, names(snapshot, Content.Kind.TABLE));
        long[] left = {WALKED_BYTES};
        for (Content.Kind kind : Content.Kind.values()) {
            for (String name : names(snapshot, kind)) {
                if (kind == Content.Kind.COLUMN && inTables.contains(name)) {
                    continue;
                }
                try {
                    lines.add(line(snapshot, kind, name, "", count(snapshot, kind, name), left));
                } catch (VaultException e) {
                    lines.add(new Line(title(kind), name, damage(snapshot, e), "?", ""));
                }
            }
        }
        return lines;
    }

    private static List<String> names(Snapshot snapshot, Content.Kind kind) {
        try {
            return snapshot.contents().names(kind).stream().sorted().toList();
        } catch (VaultException e) {
            return List.of();
        }
    }

    private static Set<String> inTables(Snapshot snapshot, List<String> tables) {
        Set<String> columns = new HashSet<>();
        for (String table : tables) {
            try {
                for (SchemaColumn column : snapshot.tables().get(table).schema().columns()) {
                    columns.add(table + "." + column.name());
                }
            } catch (VaultException e) {
                // Its own line says so.
            }
        }
        return columns;
    }

    private static long count(Snapshot snapshot, Content.Kind kind, String name) {
        return switch (kind) {
            case KEY_VALUES -> snapshot.kv(name).count();
            case TABLE -> snapshot.tables().get(name).length();
            case COLUMN -> snapshot.blocks().column(name).length();
            case LEGACY_COLUMN -> snapshot.columns().column(name).length();
            case DOCUMENTS -> snapshot.text(name).count();
            case VECTORS -> snapshot.vectors(name).count();
            case OFFSETS -> snapshot.offsets().claims(name).size();
        };
    }

    /** @param left how many bytes of pages may be walked yet */
    private static Line line(Snapshot snapshot, Content.Kind kind, String name, String type, long count, long[] left) {
        String size = "";
        String of = type;
        try {
            switch (kind) {
                case TABLE -> {
                    of = snapshot.tables().get(name).schema().columns().stream()
                            .map(Overview::column)
                            .collect(Collectors.joining(", "));
                    size = Counts.bytes(snapshot.blocks().table(name).stream()
                            .mapToLong(Overview::bytes)
                            .sum());
                }
                case COLUMN -> size = Counts.bytes(bytes(snapshot.blocks().column(name)));
                case KEY_VALUES, DOCUMENTS, VECTORS -> size = pages(snapshot, kind, name, left);
                case LEGACY_COLUMN, OFFSETS -> {} // they share their pages
            }
        } catch (VaultException e) {
            of = damage(snapshot, e);
        }
        return new Line(title(kind), name, of, Counts.of(count), size);
    }

    private static String pages(Snapshot snapshot, Content.Kind kind, String name, long[] left) {
        if (left[0] <= 0) {
            return "";
        }
        OptionalLong bytes = snapshot.contents().storedBytes(kind, name, left[0]);
        if (bytes.isEmpty()) {
            return "";
        }
        long most = left[0];
        left[0] -= bytes.getAsLong();
        return (bytes.getAsLong() >= most ? "over " : "") + Counts.bytes(bytes.getAsLong());
    }

    private static String damage(Snapshot snapshot, VaultException e) {
        String file = snapshot.path() + ": ";
        String message = String.valueOf(e.getMessage());
        return "cannot be read: " + (message.startsWith(file) ? message.substring(file.length()) : message);
    }

    private static String title(Content.Kind kind) {
        return switch (kind) {
            case TABLE -> "table";
            case COLUMN -> "column";
            case VECTORS -> "vectors";
            case DOCUMENTS -> "documents";
            case KEY_VALUES -> "key-values";
            case LEGACY_COLUMN -> "column of 0.x";
            case OFFSETS -> "offsets";
        };
    }

    private static String column(SchemaColumn column) {
        return column.name() + " " + type(column);
    }

    static String type(SchemaColumn column) {
        String token = column.typeToken();
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
                .append(Html.isolated(path))
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
                .append("<th class=\"kv-n\">size</th><th>of</th></tr></thead><tbody>");
        List<String[]> cells = new ArrayList<>();
        cells.add(new String[] {"kind", "name", "count", "size", "of"});
        for (Line line : lines.subList(0, Math.min(lines.size(), MOST))) {
            html.append("<tr><td>").append(line.kind()).append("</td><td>");
            html.append(Html.escape(Cells.shortText(line.name()))).append("</td><td class=\"kv-n\">");
            html.append(line.count()).append("</td><td class=\"kv-n\">").append(line.size());
            html.append("</td><td class=\"kv-w kv-m\">")
                    .append(Cells.html(line.type()))
                    .append("</td></tr>");
            cells.add(new String[] {
                line.kind(), Cells.shortText(line.name()), line.count(), line.size(), Cells.shortText(line.type())
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
