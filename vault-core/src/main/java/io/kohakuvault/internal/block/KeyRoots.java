package io.kohakuvault.internal.block;

import io.kohakuvault.internal.page.MappedKeys;
import io.kohakuvault.internal.page.Moment;
import io.kohakuvault.internal.page.PageFile;
import io.kohakuvault.internal.page.SnapshotPages;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds a key-value table in the mapped file. */
final class KeyRoots {
    private KeyRoots() {}

    /** The pages that the session's transaction sees; nothing where the file cannot be followed just now. */
    static Optional<SnapshotPages> pages(Session session, PageFile file, @Nullable Moment moment) {
        Long pageSize = session.queryLong("PRAGMA page_size");
        try {
            return pageSize == null
                    ? Optional.empty()
                    : Optional.ofNullable(SnapshotPages.of(file, pageSize.intValue(), moment));
        } catch (IOException | IndexOutOfBoundsException | InternalError e) {
            return Optional.empty();
        }
    }

    /**
     * The table as the session's transaction sees it; nothing where it is not laid out as key-values are: rows behind a rowid, an index
     * over the key's bytes.
     */
    static Optional<MappedKeys> open(Session session, SnapshotPages pages, String table) {
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
