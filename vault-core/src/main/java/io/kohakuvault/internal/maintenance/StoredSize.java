package io.kohakuvault.internal.maintenance;

import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.TableNames;
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
        List<String> beside = switch (kind) {
            case KEY_VALUES -> List.of(TableNames.SEGMENTS);
            case DOCUMENTS -> TableNames.DOCUMENTS;
            case VECTORS -> TableNames.VECTORS;
            case COLUMN, LEGACY_COLUMN, TABLE, OFFSETS -> List.of();
        };
        if (beside.isEmpty() || !isThere(session)) {
            return OptionalLong.empty();
        }
        long bytes = 0;
        for (String table :
                Stream.concat(Stream.of(""), beside.stream()).map(name::concat).toList()) {
            for (String tree : trees(session, table)) {
                bytes += walk(session, tree, mostBytes - bytes);
                if (bytes >= mostBytes) {
                    return OptionalLong.of(bytes);
                }
            }
        }
        return OptionalLong.of(bytes);
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
