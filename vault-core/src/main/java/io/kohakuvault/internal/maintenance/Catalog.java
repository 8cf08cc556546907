package io.kohakuvault.internal.maintenance;

import io.kohakuvault.internal.block.BlockTables;
import io.kohakuvault.internal.legacy.LegacyTables;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.SqlNames;
import io.kohakuvault.internal.sqlite.TableNames;
import io.kohakuvault.maintenance.Content;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds in a schema what a file holds. */
public final class Catalog {
    private static final Pattern VECTORS = Pattern.compile(
            "USING\\s+vec0\\s*\\(.*?vector\\s+(float|int8|bit)\\s*\\[\\s*(\\d{1,5})\\s*\\](?:\\s*distance_metric\\s*=\\s*(\\w+))?",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern PLAIN = Pattern.compile(
            "USING\\s+vec0\\s*\\(\\s*value_ref\\s+INTEGER\\s*,\\s*vector\\s+\\w+\\s*\\[[^,]*\\)\\s*$",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern FTS = Pattern.compile("USING\\s+fts5\\s*\\(", Pattern.CASE_INSENSITIVE);

    private Catalog() {}

    /** Everything, by kind. */
    public static List<Content> contents(Session session) {
        TableNames.checkReserved(session);
        List<Content> contents = new ArrayList<>();
        for (String table : keyValues(session)) {
            contents.add(new Content(Content.Kind.KEY_VALUES, table, "", count(session, table)));
        }
        if (BlockTables.hasTables(session)) {
            try (Rows rows = session.query(
                    "SELECT t.name, coalesce((SELECT min(c.length) FROM vault_table_columns v JOIN kvault_col_columns c USING (col_id) "
                            + "WHERE v.table_id = t.table_id), 0), (SELECT count(*) FROM vault_table_columns v WHERE v.table_id = t.table_id) "
                            + "FROM vault_tables t ORDER BY t.table_id")) {
                while (rows.next()) {
                    contents.add(new Content(
                            Content.Kind.TABLE,
                            String.valueOf(rows.getString(0)),
                            rows.getLong(2) + " columns",
                            rows.getLong(1)));
                }
            }
        }
        BlockTables.columns(session)
                .forEach(c -> contents.add(new Content(Content.Kind.COLUMN, c.name(), c.dtype(), c.length())));
        LegacyTables.columns(session)
                .forEach(c -> contents.add(new Content(Content.Kind.LEGACY_COLUMN, c.name(), c.dtype(), c.length())));
        for (String table : documents(session)) {
            List<String> columns = textColumns(session, table);
            contents.add(new Content(Content.Kind.DOCUMENTS, table, String.join(", ", columns), count(session, table)));
        }
        vectors(session)
                .forEach(v -> contents.add(new Content(
                        Content.Kind.VECTORS,
                        v.name,
                        v.type + " " + v.dimensions + " " + v.metric,
                        count(session, v.name + "_rowids"))));
        if (session.hasTable("vault_offsets")) {
            try (Rows rows =
                    session.query("SELECT source, count(*) FROM vault_offsets GROUP BY source ORDER BY source")) {
                while (rows.next()) {
                    contents.add(new Content(
                            Content.Kind.OFFSETS, String.valueOf(rows.getString(0)), "partitions", rows.getLong(1)));
                }
            }
        }
        return contents;
    }

    private static long count(Session session, String table) {
        Long count = session.queryLong("SELECT count(*) FROM " + SqlNames.quote(table));
        return count == null ? 0 : count;
    }

    /** Tables with a key and a value that are BLOBs, except those that belong to others. */
    static List<String> keyValues(Session session) {
        List<String> tables = new ArrayList<>();
        try (Rows rows = session.query(
                "SELECT m.name FROM sqlite_master m WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%' "
                        + "AND EXISTS (SELECT 1 FROM pragma_table_info(m.name) WHERE name = 'key' AND upper(type) = 'BLOB') "
                        + "AND EXISTS (SELECT 1 FROM pragma_table_info(m.name) WHERE name = 'value') ORDER BY m.name")) {
            while (rows.next()) {
                tables.add(String.valueOf(rows.getString(0)));
            }
        }
        return tables;
    }

    /** FTS5 tables that keep a reference to a value beside the text. */
    static List<String> documents(Session session) {
        List<String> tables = new ArrayList<>();
        try (Rows rows = session.query(
                "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL%' ORDER BY name")) {
            while (rows.next()) {
                if (FTS.matcher(String.valueOf(rows.getString(1))).find()) {
                    tables.add(String.valueOf(rows.getString(0)));
                }
            }
        }
        tables.removeIf(
                table -> !session.columnsOf(table).contains("value_ref") || !session.hasTable(table + "_values"));
        return tables;
    }

    static List<String> textColumns(Session session, String table) {
        List<String> columns = new ArrayList<>(session.columnsOf(table));
        columns.remove("value_ref");
        return columns;
    }

    /**
     * A table of vectors.
     *
     * @param type float, int8 or bit
     * @param isPlain whether a reference to a value is its only other column, and the first, as KohakuVault declares it
     */
    record Vectors(String name, String type, int dimensions, String metric, boolean isPlain) {
        int vectorBytes() {
            return switch (type) {
                case "float" -> 4 * dimensions;
                case "int8" -> dimensions;
                default -> dimensions / 8;
            };
        }
    }

    static List<Vectors> vectors(Session session) {
        List<Vectors> tables = new ArrayList<>();
        try (Rows rows = session.query(
                "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL%' ORDER BY name")) {
            while (rows.next()) {
                Matcher matcher = VECTORS.matcher(String.valueOf(rows.getString(1)));
                if (matcher.find()) {
                    String metric = matcher.group(3);
                    tables.add(new Vectors(
                            String.valueOf(rows.getString(0)),
                            matcher.group(1).toLowerCase(Locale.ROOT),
                            Integer.parseInt(matcher.group(2)),
                            metric == null ? "l2" : metric.toLowerCase(Locale.ROOT),
                            PLAIN.matcher(String.valueOf(rows.getString(1))).find()));
                }
            }
        }
        return tables;
    }
}
