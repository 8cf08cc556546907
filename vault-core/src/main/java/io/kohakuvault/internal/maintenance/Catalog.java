package io.kohakuvault.internal.maintenance;

import io.kohakuvault.VaultException;
import io.kohakuvault.internal.block.BlockTables;
import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.internal.legacy.LegacyColumn;
import io.kohakuvault.internal.legacy.LegacyTables;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.SqlNames;
import io.kohakuvault.internal.sqlite.SqliteSaid;
import io.kohakuvault.internal.sqlite.TableNames;
import io.kohakuvault.internal.text.Fts5Entry;
import io.kohakuvault.internal.text.Fts5Schema;
import io.kohakuvault.internal.vec0.Vec0Entry;
import io.kohakuvault.internal.vec0.Vec0Schema;
import io.kohakuvault.internal.vec0.Vec0Table;
import io.kohakuvault.maintenance.Content;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds in a schema what a file holds. */
public final class Catalog {
    private Catalog() {}

    /** Everything, by kind. */
    public static List<Content> contents(Session session) {
        TableNames.checkReserved(session);
        List<Content> contents = new ArrayList<>();
        for (String table : keyValues(session)) {
            contents.add(counted(session, Content.Kind.KEY_VALUES, table, "", table));
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
        documentTables(session).forEach(entry -> contents.add(documents(session, entry)));
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
            case DOCUMENTS ->
                documentTables(session).stream().map(Fts5Entry::name).toList();
            case VECTORS ->
                Vec0Schema.list(session).stream().map(Vec0Entry::name).toList();
            case OFFSETS ->
                session.hasTable("vault_offsets")
                        ? strings(session, "SELECT DISTINCT source FROM vault_offsets ORDER BY source")
                        : List.of();
        };
    }

    /** Whether there are tables, of which none is of the format and none holds contents. */
    public static boolean isForeign(Session session) {
        return session.queryLong(
                                "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' LIMIT 1")
                        != null
                && TableNames.reserved(session).isEmpty()
                && Stream.of(Content.Kind.values())
                        .allMatch(kind -> names(session, kind).isEmpty());
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

    /** Tables of documents that have their values, also those that are not read, and those that have lost something. */
    private static List<Fts5Entry> documentTables(Session session) {
        return Fts5Schema.list(session).stream()
                .filter(entry -> entry.state() == Fts5Entry.State.LOST
                        || TableNames.isOrdinary(session, entry.name() + "_values"))
                .toList();
    }

    /** Tables of documents that this library reads. */
    static List<String> documents(Session session) {
        return Fts5Schema.list(session).stream()
                .filter(Fts5Entry::isRead)
                .map(Fts5Entry::name)
                .toList();
    }

    /** Whether documents have lost what nothing can be made anew of: all that can be done is to delete them. */
    public static boolean areLost(Session session, String table) {
        return documentTables(session).stream()
                .anyMatch(entry -> SqlNames.fold(entry.name()).equals(SqlNames.fold(table))
                        && entry.state() == Fts5Entry.State.LOST);
    }

    /** A table of documents; of one that is not read, why. FTS5 may not open it, but the rows beside it are counted. */
    private static Content documents(Session session, Fts5Entry entry) {
        String columns = String.join(", ", entry.columns());
        String type =
                entry.isRead() ? columns : columns + (columns.isEmpty() ? "" : ", ") + "not read: " + entry.unread();
        for (String end : List.of("_content", "_docsize")) {
            if (TableNames.isOrdinary(session, entry.name() + end)) {
                return counted(session, Content.Kind.DOCUMENTS, entry.name(), type, entry.name() + end);
            }
        }
        return new FoundContent(Content.Kind.DOCUMENTS, entry.name(), type, 0);
    }

    /** What another program has made may need what this SQLite does not have; the rest is counted all the same. */
    private static Content counted(Session session, Content.Kind kind, String name, String type, String table) {
        try {
            return new FoundContent(kind, name, type, count(session, table));
        } catch (VaultException e) {
            if (e.getClass() != VaultException.class) { // damage, a lock, an interrupt: of the file, and no table's
                throw e;
            }
            return new FoundContent(
                    kind, name, type + (type.isEmpty() ? "" : ", ") + "not read: " + SqliteSaid.of(e), 0);
        }
    }

    /**
     * The table of documents of whose index of words SQLite's check says something, if it does, and if the documents
     * are there to make it anew of.
     */
    static Optional<String> damagedWords(Session session, String said) {
        return ofWords(session, said)
                .filter(Fts5Entry::isRead)
                .filter(entry -> !lacksDocuments(session, entry))
                .map(Fts5Entry::name);
    }

    /** Whether SQLite's check says something of documents of which it is known, and said, that something is gone. */
    static boolean isOfLostDocuments(Session session, String said) {
        return ofWords(session, said)
                .filter(entry -> entry.state() == Fts5Entry.State.LOST || entry.state() == Fts5Entry.State.MENDABLE)
                .isPresent();
    }

    private static Optional<Fts5Entry> ofWords(Session session, String said) {
        return Fts5Schema.list(session).stream()
                .filter(entry -> said.equals("malformed inverted index for FTS5 table main." + entry.name())
                        || (said.startsWith("fts5: ") && said.endsWith(" table \"" + entry.name() + "\"")))
                .findFirst();
    }

    /**
     * Whether documents are gone that the index of words has. Made anew it would know nothing of them, so that their
     * values would be taken for what a delete has left behind.
     */
    static boolean lacksDocuments(Session session, Fts5Entry entry) {
        String table = entry.name();
        String content = SqlNames.quote(table + "_content");
        String reference = "c" + entry.reference();
        String indexed = session.hasTable(table + "_docsize")
                ? "SELECT 1 FROM " + SqlNames.quote(table + "_docsize") + " WHERE id NOT IN (SELECT id FROM " + content
                        + ") LIMIT 1"
                : "SELECT 1 FROM " + SqlNames.quote(table + "_values") + " WHERE id NOT IN (SELECT " + reference
                        + " FROM " + content + " WHERE " + reference + " IS NOT NULL) LIMIT 1";
        return session.queryLong(indexed) != null;
    }

    /** A table of vectors; of one that is not read, why. */
    private static Content vectors(Session session, Vec0Entry entry) {
        String type = entry.declared().map(Vec0Table::describe).orElse("");
        String unread = entry.unread().isEmpty() ? "" : (type.isEmpty() ? "" : ", ") + "not read: " + entry.unread();
        String ids = entry.name() + "_rowids";
        return TableNames.isOrdinary(session, ids)
                ? counted(session, Content.Kind.VECTORS, entry.name(), type + unread, ids)
                : new FoundContent(Content.Kind.VECTORS, entry.name(), type + unread, 0);
    }
}
