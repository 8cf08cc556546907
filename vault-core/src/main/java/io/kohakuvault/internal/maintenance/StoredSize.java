package io.kohakuvault.internal.maintenance;

import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.SqlNames;
import io.kohakuvault.internal.sqlite.TableNames;
import io.kohakuvault.internal.vec0.Vec0Entry;
import io.kohakuvault.internal.vec0.Vec0Schema;
import io.kohakuvault.maintenance.Content;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** What tables take of a file, by SQLite's dbstat, which walks their pages. */
public final class StoredSize {
    private StoredSize() {}

    /** See {@link io.kohakuvault.maintenance.ContentCatalog#storedBytes}. */
    public static OptionalLong of(Session session, Content.Kind kind, String name, long mostBytes) {
        List<String> tables = switch (kind) {
            case KEY_VALUES -> keyValues(session, name);
            case DOCUMENTS -> named(name, TableNames.DOCUMENTS).toList();
            case VECTORS -> vectors(session, name);
            case COLUMN, LEGACY_COLUMN, TABLE, OFFSETS -> List.of();
        };
        if (tables.isEmpty() || !isThere(session)) {
            return OptionalLong.empty();
        }
        long bytes = 0;
        for (String table : tables) {
            for (String tree : trees(session, table)) {
                bytes += walk(session, tree, mostBytes - bytes);
                if (bytes >= mostBytes) {
                    return OptionalLong.of(bytes);
                }
            }
        }
        return OptionalLong.of(bytes);
    }

    private static Stream<String> named(String name, List<String> ends) {
        return ends.stream().map(name::concat);
    }

    /** The name of the segments is not taken before there are some: other key-values may have it. */
    private static List<String> keyValues(Session session, String name) {
        String segments = name + TableNames.SEGMENTS;
        boolean hasSegments = session.columnsOf(segments).equals(List.of("key", "segment", "data"));
        return hasSegments ? List.of(name, segments) : List.of(name);
    }

    /** Those that another program has made may have more columns, each in a table of its own. */
    private static List<String> vectors(Session session, String name) {
        Stream<String> declared = Vec0Schema.find(session, name, null).flatMap(Vec0Entry::declared).stream()
                .flatMap(table -> table.shadows().stream());
        return Stream.concat(named(name, TableNames.VECTORS), declared)
                .map(SqlNames::fold)
                .distinct()
                .toList();
    }

    /** A table or a view of the file of that name would be asked in its place, and run whatever it likes. */
    private static boolean isThere(Session session) {
        return session.queryLong("SELECT 1 FROM sqlite_master WHERE name = 'dbstat' COLLATE NOCASE") == null
                && session.queryLong("SELECT 1 FROM pragma_module_list WHERE name = 'dbstat'") != null;
    }

    /** The trees of a table and its indexes, by name. */
    private static List<String> trees(Session session, String table) {
        List<String> trees = new ArrayList<>();
        try (Rows rows = session.query(
                "SELECT name FROM sqlite_master WHERE tbl_name = ? COLLATE NOCASE AND rootpage > 0", table)) {
            while (rows.next()) {
                trees.add(String.valueOf(rows.getString(0)));
            }
        }
        return trees;
    }

    private static long walk(Session session, String tree, long most) {
        long bytes = 0;
        try (Rows rows = session.query("SELECT pgsize FROM dbstat WHERE name = ?", tree)) {
            while (bytes < most && rows.next()) {
                bytes += rows.getLong(0);
            }
        }
        return bytes;
    }
}
