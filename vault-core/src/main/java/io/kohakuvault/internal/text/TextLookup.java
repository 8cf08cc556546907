package io.kohakuvault.internal.text;

import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.VaultException;
import io.kohakuvault.VaultFormatException;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.VirtualTableDeclaration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds a table of documents in the file's schema, and says what is wrong with one that is none. */
final class TextLookup {
    private static final String REFERENCE = "value_ref";

    private TextLookup() {}

    /**
     * What the schema says of the two tables, word by word: while it says the same, everything that follows from it
     * holds.
     */
    record Declaration(
            String name,
            String kind,
            @Nullable String sql,
            @Nullable String valuesKind,
            @Nullable String valuesSql) {}

    /**
     * The table as the transaction that the session is in sees it.
     *
     * @param known what was found before, which is answered again when nothing has changed; null when nothing was
     * @return null when there is no table of this name
     * @throws IllegalArgumentException when something else has the name
     * @throws VaultFormatException when it is an FTS5 table that does not hold documents as this library does
     */
    static @Nullable TextSchema find(Session session, String name, @Nullable TextSchema known) {
        Declaration declaration = declaration(session, name);
        if (declaration == null || (known != null && known.isOf(declaration))) {
            return declaration == null ? null : known;
        }
        return read(session, declaration);
    }

    private static @Nullable Declaration declaration(Session session, String name) {
        String kind = null;
        String sql = null;
        String valuesKind = null;
        String valuesSql = null;
        try (Rows rows = session.query(
                "SELECT m.type, m.name, m.sql FROM sqlite_master m WHERE m.type IN ('table', 'view', 'index') "
                        + "AND (m.name = ? COLLATE NOCASE OR m.name = ? COLLATE NOCASE) LIMIT 2",
                name,
                name + "_values")) {
            while (rows.next()) {
                if (String.valueOf(rows.getString(1)).length() == name.length()) {
                    kind = rows.getString(0);
                    sql = rows.getString(2);
                } else {
                    valuesKind = rows.getString(0);
                    valuesSql = rows.getString(2);
                }
            }
        }
        return kind == null ? null : new Declaration(name, kind, sql, valuesKind, valuesSql);
    }

    private static TextSchema read(Session session, Declaration found) {
        String where = session.file() + ": table " + found.name;
        Fts5Declaration fts5 = fts5(session, found);
        checkTables(session, found, fts5);
        TextTokenizer tokenizer;
        try {
            tokenizer = TextTokenizer.of(fts5.tokenizer());
        } catch (IllegalArgumentException e) {
            throw new VaultFormatException(where + " cannot be read: " + e.getMessage(), e);
        }
        List<String> all = columns(session, where, found.name);
        if (!all.equals(
                fts5.columns().stream().map(Fts5Declaration.Column::name).toList())) {
            throw new VaultFormatException(
                    where + " has the columns " + all + ", but was declared as " + found.sql, null);
        }
        int reference = 0;
        while (reference < all.size() && !all.get(reference).equalsIgnoreCase(REFERENCE)) {
            reference++;
        }
        if (reference == all.size() || all.size() < 2) {
            throw new VaultFormatException(
                    where + " has the columns " + all + "; documents need one or more of text, and " + REFERENCE
                            + " for their values",
                    null);
        }
        checkValues(session, found);
        return new TextSchema(found, all, reference, fts5, tokenizer);
    }

    private static Fts5Declaration fts5(Session session, Declaration found) {
        String where = session.file() + ": table " + found.name;
        if (!found.kind.equals("table")) {
            throw new IllegalArgumentException(session.file() + ": " + found.name + " is " + article(found.kind)
                    + " and holds no documents; choose another name");
        }
        VirtualTableDeclaration virtual =
                VirtualTableDeclaration.parse(String.valueOf(found.sql)).orElse(null);
        if (virtual == null) {
            throw new IllegalArgumentException(where + " holds no documents: it is a plain table with the columns "
                    + session.columnsOf(found.name) + "; choose another name");
        }
        if (!virtual.module().equals("fts5")) {
            throw new IllegalArgumentException(where + " holds no documents: it is a virtual table of "
                    + virtual.module() + "; choose another name");
        }
        Fts5Declaration fts5;
        try {
            fts5 = Fts5Declaration.of(virtual.arguments());
        } catch (IllegalArgumentException e) {
            throw new VaultFormatException(where + " cannot be read: in its declaration, " + e.getMessage(), e);
        }
        if (fts5.options().containsKey("content")) {
            String content = fts5.options().get("content");
            throw new VaultFormatException(
                    where + " does not keep its documents: "
                            + (String.valueOf(content).isEmpty()
                                    ? "it is contentless (content='')"
                                    : "its content is in " + content)
                            + "; it can be neither read nor written as documents",
                    null);
        }
        if ("1".equals(fts5.options().get("locale"))) {
            throw new VaultFormatException(
                    where + " was made with locale=1, which KohakuVault cannot open; make it anew without", null);
        }
        return fts5;
    }

    /** FTS5 opens a table without those that it keeps for it, and fails then at what comes first. */
    private static void checkTables(Session session, Declaration found, Fts5Declaration fts5) {
        Fts5Tables.Faults faults = Fts5Tables.faults(session, found.name, fts5);
        if (!faults.isEmpty()) {
            String said = faults.documents().isEmpty() ? faults.index() : faults.documents();
            throw new VaultCorruptException(
                    session.file() + ": table " + found.name + " cannot be opened: " + said + "; " + faults.remedy(),
                    null);
        }
    }

    private static String article(String kind) {
        return (kind.equals("index") ? "an " : "a ") + kind;
    }

    private static List<String> columns(Session session, String where, String table) {
        try {
            return session.columnsOf(table);
        } catch (VaultException e) {
            // Without a kind: FTS5 does not take its own declaration, or lacks a table that it keeps.
            throw e.getClass() == VaultException.class
                    ? new VaultFormatException(where + " cannot be opened: " + e.getMessage(), e)
                    : e;
        }
    }

    private static void checkValues(Session session, Declaration found) {
        String values = found.name + "_values";
        if (found.valuesKind == null) {
            throw new VaultFormatException(
                    session.file() + ": table " + found.name + " has no table " + values
                            + ", where the values of documents are; restore it from a backup",
                    null);
        }
        boolean isTable = found.valuesKind.equals("table")
                && VirtualTableDeclaration.parse(String.valueOf(found.valuesSql))
                        .isEmpty();
        if (!isTable || !hasValueColumns(session, values)) {
            throw new VaultFormatException(
                    session.file() + ": " + values + " is "
                            + (isTable ? "a table with the columns " + session.columnsOf(values) : "no plain table")
                            + ", but the values of documents need v.id, an INTEGER PRIMARY KEY, and v.value, where v is "
                            + values,
                    null);
        }
    }

    /** Whether the table has an id that no two rows share, and a value. */
    static boolean hasValueColumns(Session session, String table) {
        boolean hasId = false;
        boolean hasValue = false;
        try (Rows rows = session.query("SELECT i.name, i.type, i.pk FROM pragma_table_info(?) i", table)) {
            while (rows.next()) {
                String name = String.valueOf(rows.getString(0));
                boolean isKey = rows.getLong(2) == 1 && "integer".equalsIgnoreCase(rows.getString(1));
                hasId |= name.equalsIgnoreCase("id") && isKey;
                hasValue |= name.equalsIgnoreCase("value");
            }
        }
        return hasId && hasValue;
    }

    /**
     * Whether a table of values without documents is one that KohakuVault or this library made, and not somebody's
     * table of that name.
     */
    static boolean isLeftBehind(Session session, String table) {
        return hasValueColumns(session, table)
                && session.columnsOf(table).equals(List.of("id", "value"))
                && session.queryLong(
                                "SELECT 1 FROM sqlite_master m WHERE m.type = 'table' AND m.name = ? COLLATE NOCASE AND m.sql LIKE '%AUTOINCREMENT%'",
                                table)
                        != null;
    }
}
