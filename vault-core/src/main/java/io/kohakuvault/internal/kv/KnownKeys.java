package io.kohakuvault.internal.kv;

import io.kohakuvault.internal.page.MappedKeys;
import io.kohakuvault.internal.page.StatePages;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.state.Hold;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Where the key-value tables of one state of the file stand in the mapped file. Thread-safe. */
final class KnownKeys {
    private final Map<String, Optional<MappedKeys>> tables = new ConcurrentHashMap<>();

    /** Those of a state. */
    static KnownKeys of(Hold hold) {
        return hold.memo(KnownKeys.class, KnownKeys::new);
    }

    /** A table; null where SQL must be asked. */
    @Nullable
    MappedKeys table(String name, Hold hold) {
        Optional<MappedKeys> known = tables.get(name);
        if (known == null) {
            known = hold.looking(() -> hold.read(session -> look(name, hold, session)));
        }
        return known.orElse(null);
    }

    private Optional<MappedKeys> look(String name, Hold hold, Session session) {
        StatePages pages = hold.pages(session);
        Optional<MappedKeys> found = pages == null ? Optional.empty() : open(session, pages, name);
        if (hold.isLooked()) {
            tables.put(name, found);
        }
        return found;
    }

    /**
     * The table as the session's transaction sees it; nothing where it is not laid out as key-values are: rows behind a
     * rowid, an index over the key's bytes.
     */
    private static Optional<MappedKeys> open(Session session, StatePages pages, String table) {
        Long tableRoot = session.queryLong(
                "SELECT rootpage FROM sqlite_master WHERE type = 'table' AND name = ? COLLATE NOCASE AND rootpage > 0",
                table);
        Long indexRoot = session.queryLong(
                "SELECT m.rootpage FROM pragma_index_list(?) i JOIN sqlite_master m ON m.type = 'index' AND m.name = i.name "
                        + "WHERE i.origin = 'pk' AND i.partial = 0 AND (SELECT group_concat(x.name || x.desc || x.coll) "
                        + "FROM pragma_index_xinfo(i.name) x WHERE x.key = 1) = 'key0BINARY'",
                table);
        int valueColumn = valueColumn(session, table);
        return tableRoot == null || indexRoot == null || valueColumn < 0
                ? Optional.empty()
                : Optional.of(MappedKeys.of(pages, tableRoot, indexRoot, valueColumn));
    }

    /** Which stored column the value is; -1 where generated ones make that hard to tell. */
    private static int valueColumn(Session session, String table) {
        int found = -1;
        try (Rows rows = session.query("SELECT name, hidden FROM pragma_table_xinfo(?)", table)) {
            for (int i = 0; rows.next(); i++) {
                if (rows.getLong(1) != 0) {
                    return -1;
                } else if ("value".equalsIgnoreCase(rows.getString(0))) {
                    found = i;
                }
            }
        }
        return found;
    }
}
