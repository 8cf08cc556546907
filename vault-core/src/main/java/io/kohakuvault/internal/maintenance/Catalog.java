package io.kohakuvault.internal.maintenance;

import io.kohakuvault.internal.block.BlockTables;
import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.internal.legacy.LegacyColumn;
import io.kohakuvault.internal.legacy.LegacyTables;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.SqlNames;
import io.kohakuvault.internal.sqlite.TableNames;
import io.kohakuvault.internal.vec0.Vec0Entry;
import io.kohakuvault.internal.vec0.Vec0Schema;
import io.kohakuvault.internal.vec0.Vec0Table;
import io.kohakuvault.maintenance.Content;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds in a schema what a file holds. */
public final class Catalog {
    private static final Pattern FTS = Pattern.compile("USING\\s+fts5\\s*\\(", Pattern.CASE_INSENSITIVE);

    private Catalog() {}

    /** Everything, by kind. */
    public static List<Content> contents(Session session) {
        TableNames.checkReserved(session);
        List<Content> contents = new ArrayList<>();
        for (String table : keyValues(session)) {
            contents.add(new FoundContent(Content.Kind.KEY_VALUES, table, "", count(session, table)));
        }
        if (BlockTables.hasTables(session)) {
            try (Rows rows = session.query(
                    "SELECT t.name, coalesce((SELECT min(c.length) FROM vault_table_columns v JOIN kvault_col_columns c USING (col_id) "
                            + "WHERE v.table_id = t.table_id), 0), (SELECT count(*) FROM vault_table_columns v WHERE v.table_id = t.table_id) "
                            + "FROM vault_tables t ORDER BY t.table_id")) {
                while (rows.next()) {
                    contents.add(new FoundContent(
                            Content.Kind.TABLE,
                            String.valueOf(rows.getString(0)),
                            rows.getLong(2) + " columns",
                            rows.getLong(1)));
                }
            }
        }
        BlockTables.columns(session)
                .forEach(c -> contents.add(new FoundContent(Content.Kind.COLUMN, c.name(), c.dtype(), c.length())));
        LegacyTables.columns(session)
                .forEach(c ->
                        contents.add(new FoundContent(Content.Kind.LEGACY_COLUMN, c.name(), c.dtype(), c.length())));
        for (String table : documents(session)) {
            List<String> columns = textColumns(session, table);
            contents.add(
                    new FoundContent(Content.Kind.DOCUMENTS, table, String.join(", ", columns), count(session, table)));
        }
        Vec0Schema.list(session).forEach(v -> contents.add(vectors(session, v)));
        if (session.hasTable("vault_offsets")) {
            try (Rows rows =
                    session.query("SELECT source, count(*) FROM vault_offsets GROUP BY source ORDER BY source")) {
                while (rows.next()) {
                    contents.add(new FoundContent(
                            Content.Kind.OFFSETS, String.valueOf(rows.getString(0)), "partitions", rows.getLong(1)));
                }
            }
        }
        return contents;
    }

    /** The names of one kind, without counting. */
    public static List<String> names(Session session, Content.Kind kind) {
        TableNames.checkReserved(session);
        return switch (kind) {
            case KEY_VALUES -> keyValues(session);
            case COLUMN ->
                BlockTables.columns(session).stream().map(ColumnRecord::name).toList();
            case LEGACY_COLUMN ->
                LegacyTables.columns(session).stream().map(LegacyColumn::name).toList();
            case TABLE ->
                BlockTables.hasTables(session)
                        ? strings(session, "SELECT name FROM vault_tables ORDER BY table_id")
                        : List.of();
            case DOCUMENTS -> documents(session);
            case VECTORS ->
                Vec0Schema.list(session).stream().map(Vec0Entry::name).toList();
            case OFFSETS ->
                session.hasTable("vault_offsets")
                        ? strings(session, "SELECT DISTINCT source FROM vault_offsets ORDER BY source")
                        : List.of();
        };
    }

    private static List<String> strings(Session session, String sql) {
        List<String> found = new ArrayList<>();
        try (Rows rows = session.query(sql)) {
            while (rows.next()) {
                found.add(String.valueOf(rows.getString(0)));
            }
        }
        return found;
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
                        + "AND EXISTS (SELECT 1 FROM pragma_table_info(m.name) WHERE name = 'value' AND upper(type) IN ('BLOB', '')) ORDER BY m.name")) {
            while (rows.next()) {
                tables.add(String.valueOf(rows.getString(0)));
            }
        }
        return tables;
    }

    /** FTS5 tables that keep a reference to a value beside the text, and have the values. */
    static List<String> documents(Session session) {
        List<String> tables = referring(session);
        tables.removeIf(table -> !session.hasTable(table + "_values"));
        return tables;
    }

    /** Those whose values are gone: nothing of them can be read. */
    static List<String> documentsWithoutValues(Session session) {
        List<String> tables = referring(session);
        tables.removeIf(table -> session.hasTable(table + "_values"));
        return tables;
    }

    /**
     * The table of documents of whose index of words SQLite's check says something, if it does, and if the documents
     * are there to make it anew of.
     */
    static Optional<String> damagedWords(Session session, String said) {
        return documents(session).stream()
                .filter(table -> said.equals("malformed inverted index for FTS5 table main." + table)
                        || (said.startsWith("fts5: ") && said.endsWith(" table \"" + table + "\"")))
                .filter(table -> !lacksDocuments(session, table))
                .findFirst();
    }

    /**
     * Whether documents are gone that the index of words has. Made anew it would know nothing of them, so that their
     * values would be taken for what a delete has left behind.
     */
    private static boolean lacksDocuments(Session session, String table) {
        String content = SqlNames.quote(table + "_content");
        String indexed = session.hasTable(table + "_docsize")
                ? "SELECT 1 FROM " + SqlNames.quote(table + "_docsize") + " WHERE id NOT IN (SELECT id FROM " + content
                        + ") LIMIT 1"
                : "SELECT 1 FROM " + SqlNames.quote(table + "_values") + " WHERE id NOT IN (SELECT value_ref FROM "
                        + SqlNames.quote(table) + " WHERE value_ref IS NOT NULL) LIMIT 1";
        return !session.hasTable(table + "_content") || session.queryLong(indexed) != null;
    }

    private static List<String> referring(Session session) {
        List<String> tables = new ArrayList<>();
        try (Rows rows = session.query(
                "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL%' ORDER BY name")) {
            while (rows.next()) {
                if (FTS.matcher(String.valueOf(rows.getString(1))).find()) {
                    tables.add(String.valueOf(rows.getString(0)));
                }
            }
        }
        tables.removeIf(table -> session.columnsOf(table).stream().noneMatch("value_ref"::equalsIgnoreCase));
        return tables;
    }

    static List<String> textColumns(Session session, String table) {
        List<String> columns = new ArrayList<>(session.columnsOf(table));
        columns.removeIf("value_ref"::equalsIgnoreCase);
        return columns;
    }

    /** A table of vectors; of one that is not read, why. */
    private static Content vectors(Session session, Vec0Entry entry) {
        String type = entry.declared().map(Vec0Table::describe).orElse("");
        String unread = entry.unread().isEmpty() ? "" : (type.isEmpty() ? "" : ", ") + "not read: " + entry.unread();
        return new FoundContent(
                Content.Kind.VECTORS,
                entry.name(),
                type + unread,
                session.hasTable(entry.name() + "_rowids") ? count(session, entry.name() + "_rowids") : 0);
    }
}
