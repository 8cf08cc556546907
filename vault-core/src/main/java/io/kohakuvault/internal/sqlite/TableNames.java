package io.kohakuvault.internal.sqlite;

import io.kohakuvault.VaultFormatException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who has a name in a file. Tables of all kinds share SQLite's one name space, in which case does not count, and most
 * need further names: the tables that FTS5 and vec0 keep beside theirs, values, segments.
 */
public final class TableNames {
    /** Where the large values of a table of key-values go. The name is taken when the first one is put, not before. */
    public static final String SEGMENTS = "_segments";

    /** What a table of documents needs beside its name: FTS5's own tables and the values. */
    public static final List<String> DOCUMENTS = List.of("_values", "_data", "_idx", "_content", "_docsize", "_config");

    /** What a table of vectors needs beside its name: vec0's own tables and the values. */
    public static final List<String> VECTORS =
            List.of("_values", "_info", "_chunks", "_rowids", "_vector_chunks00", "_metadatachunks00");

    private static final Pattern FTS5 = Pattern.compile("\\busing\\s+fts5\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern VEC0 = Pattern.compile("\\busing\\s+vec0\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern VIRTUAL = Pattern.compile("^\\s*create\\s+virtual\\b", Pattern.CASE_INSENSITIVE);

    /** Tables of the format, which only ever are ordinary ones. */
    private static final String RESERVED =
            "'kvault_col_format', 'kvault_col_columns', 'kvault_col_blocks', 'kvault_col_data', "
                    + "'kohakuvault_meta', 'vault_format', 'vault_tables', 'vault_table_columns', 'vault_block_ext', 'vault_offsets', "
                    + "'col_meta', 'col_chunks'";

    private TableNames() {}

    /**
     * Refuses a file in which a table of the format is something else: a view may run a query without end, and a
     * virtual table code of others, whenever it is read.
     */
    public static void checkReserved(Session session) {
        Set<String> unused = reserved(session);
    }

    /** {@link #checkReserved}, and the tables of the format that there are, in small letters. */
    public static Set<String> reserved(Session session) {
        Set<String> tables = new HashSet<>();
        try (Rows rows = session.query(
                "SELECT name, type, rootpage > 0 FROM sqlite_master WHERE lower(name) IN (" + RESERVED + ")")) {
            while (rows.next()) {
                String name = String.valueOf(rows.getString(0));
                String type = String.valueOf(rows.getString(1));
                if (!type.equals("table") || rows.getLong(2) == 0) {
                    throw new VaultFormatException(
                            session.file() + ": " + name + " is a " + (type.equals("table") ? "virtual table" : type)
                                    + " and not an ordinary table: this is no file of KohakuVault, or somebody has tampered with it",
                            null);
                }
                tables.add(lower(name));
            }
        }
        return tables;
    }

    /** Nothing creates a table that is missing from a file that is only read. */
    public static void requireToRead(SqliteFile file, String table) {
        if (file.isReadOnly() && !file.read(session -> session.hasTable(table))) {
            throw new NoSuchElementException(file.path() + ": there is no table '" + table
                    + "'; the vault is opened read-only, so that it is not created");
        }
    }

    /**
     * Checks that a table can be made.
     *
     * @param kind what is to be made, for the message: {@code documents}
     * @param name its name
     * @param suffixes which further names it needs, as ends of its own
     * @throws IllegalArgumentException when one is taken; it says by what
     */
    public static void checkFree(Session session, String kind, String name, List<String> suffixes) {
        checkFree(session, kind, name, name);
        for (String suffix : suffixes) {
            checkFree(session, kind, name, name + suffix);
        }
    }

    private static void checkFree(Session session, String kind, String name, String needed) {
        holder(session, needed).ifPresent(holder -> {
            throw new IllegalArgumentException(session.file() + ": " + kind + " '" + name + "' "
                    + (needed.equals(name)
                            ? "cannot be made: the name belongs to "
                            : "need the name '" + needed + "', which belongs to ")
                    + holder + "; choose another name");
        });
    }

    /**
     * What has a name, in words for a message; empty when it is free. Names of logical tables and of columns are not of
     * this kind: they stand in tables of the format.
     */
    public static Optional<String> holder(Session session, String name) {
        Entry entry = entry(session, name);
        if (entry == null) {
            return Optional.empty();
        }
        String owner = entry.isOrdinary() ? owner(session, entry.name) : null;
        return Optional.of(owner != null ? owner : describe(session, entry));
    }

    private static String describe(Session session, Entry entry) {
        if (!entry.type.equals("table")) {
            return (entry.type.equals("index") ? "an " : "a ") + entry.type + " '" + entry.name + "'";
        } else if (FTS5.matcher(entry.sql).find()) {
            return "the documents '" + entry.name + "'";
        } else if (VEC0.matcher(entry.sql).find()) {
            return "the vectors '" + entry.name + "'";
        } else if (VIRTUAL.matcher(entry.sql).find()) {
            return "a virtual table '" + entry.name + "' of another program";
        } else if (isKeyValues(session, entry)) {
            return "the key-values '" + entry.name + "'";
        }
        return "a table '" + entry.name + "' with the columns " + session.columnsOf(entry.name);
    }

    /** Whether a table that exists is one of key-values: an ordinary one with a key and a value. */
    public static boolean isKeyValues(Session session, String name) {
        Entry entry = entry(session, name);
        return entry != null && isKeyValues(session, entry);
    }

    /** Whether there is an ordinary table of that name: no view, no virtual table. */
    public static boolean isOrdinary(Session session, String name) {
        Entry entry = entry(session, name);
        return entry != null && entry.isOrdinary();
    }

    private static boolean isKeyValues(Session session, Entry entry) {
        return entry.isOrdinary()
                && session.columnsOf(entry.name).containsAll(List.of("key", "value"))
                && !isInfo(session, entry);
    }

    /** Whether it is the table in which vec0 keeps a key and a value of its own: its keys are texts. */
    private static boolean isInfo(Session session, Entry entry) {
        return lower(entry.name).endsWith("_info")
                && session.queryLong(
                                "SELECT 1 FROM pragma_table_info(?) WHERE name = 'key' AND upper(type) = 'BLOB'",
                                entry.name)
                        == null
                && owner(session, entry.name) != null;
    }

    /** The table beside which this one stands; null for one of its own. */
    private static @Nullable String owner(Session session, String name) {
        for (String end : DOCUMENTS) {
            String base = base(name, end);
            Entry entry = base == null ? null : entry(session, base);
            if (entry != null && FTS5.matcher(entry.sql).find()) {
                return "the documents '" + entry.name + "'";
            }
        }
        // vec0 numbers some of its tables and has more of them for other kinds of columns.
        try (Rows rows = session.query(
                "SELECT m.name, m.sql FROM sqlite_master m WHERE m.type = 'table' AND m.rootpage = 0 AND length(?1) > length(m.name) "
                        + "AND lower(substr(?1, 1, length(m.name) + 1)) = lower(m.name || '_')",
                name)) {
            while (rows.next()) {
                if (VEC0.matcher(String.valueOf(rows.getString(1))).find()) {
                    return "the vectors '" + rows.getString(0) + "'";
                }
            }
        }
        String base = base(name, SEGMENTS);
        Entry entry = base == null ? null : entry(session, base);
        boolean segments = entry != null
                && isKeyValues(session, entry)
                && session.columnsOf(name).equals(List.of("key", "segment", "data"));
        return segments ? "the key-values '" + base + "'" : null;
    }

    private static @Nullable String base(String name, String end) {
        return lower(name).endsWith(end) && name.length() > end.length()
                ? name.substring(0, name.length() - end.length())
                : null;
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** What the schema says of a name. */
    private record Entry(String name, String type, String sql, boolean hasRoot) {
        boolean isOrdinary() {
            return type.equals("table") && hasRoot;
        }
    }

    private static @Nullable Entry entry(Session session, String name) {
        try (Rows rows = session.query(
                "SELECT m.name, m.type, coalesce(m.sql, ''), m.rootpage > 0 FROM sqlite_master m WHERE m.name = ? COLLATE NOCASE "
                        + "AND m.type <> 'trigger'",
                name)) {
            return rows.next()
                    ? new Entry(
                            String.valueOf(rows.getString(0)),
                            String.valueOf(rows.getString(1)),
                            String.valueOf(rows.getString(2)),
                            rows.getLong(3) != 0)
                    : null;
        }
    }
}
