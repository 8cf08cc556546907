package io.kohakuvault.internal.block;

import io.kohakuvault.internal.page.MappedKeys;
import io.kohakuvault.internal.page.PageFile;
import io.kohakuvault.internal.sqlite.KeyLookup;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The values of a snapshot's key-value table by way of the mapped file. Looking at the -wal costs as much as some queries, so the first
 * ones are left to SQL. Thread-safe.
 */
final class SnapshotKeys implements KeyLookup {
    private static final int FIRST_BY_SQL = 16;

    private final SnapshotState snapshot;
    private final PageFile pages;
    private final String table;
    private final AtomicInteger calls = new AtomicInteger();
    private volatile @Nullable MappedKeys mapped;

    SnapshotKeys(SnapshotState snapshot, PageFile pages, String table) {
        this.snapshot = snapshot;
        this.pages = pages;
        this.table = table;
    }

    @Override
    public byte @Nullable [] find(byte[] key) {
        MappedKeys known = mapped;
        if (known == null) {
            int n = calls.get() < FIRST_BY_SQL ? calls.incrementAndGet() : FIRST_BY_SQL + 1;
            if (n == FIRST_BY_SQL) { // by one thread, once
                mapped = snapshot.read(this::open).orElse(null);
            }
            return null;
        }
        Runnable release = snapshot.hold();
        try {
            byte[] found = known.find(key);
            return found == MappedKeys.ABSENT ? ABSENT : found;
        } finally {
            release.run();
        }
    }

    /** Nothing where the table is not laid out as key-values are: rows behind a rowid, an index over the key's bytes. */
    private Optional<MappedKeys> open(Session session) {
        Long tableRoot = session.queryLong(
                "SELECT rootpage FROM sqlite_master WHERE type = 'table' AND name = ? COLLATE NOCASE AND rootpage > 0",
                table);
        Long indexRoot = session.queryLong(
                "SELECT m.rootpage FROM pragma_index_list(?) i JOIN sqlite_master m ON m.type = 'index' AND m.name = i.name "
                        + "WHERE i.origin = 'pk' AND i.partial = 0 AND (SELECT group_concat(x.name || x.desc || x.coll) "
                        + "FROM pragma_index_xinfo(i.name) x WHERE x.key = 1) = 'key0BINARY'",
                table);
        Long pageSize = session.queryLong("PRAGMA page_size");
        int valueColumn = valueColumn(session);
        return tableRoot == null || indexRoot == null || pageSize == null || valueColumn < 0
                ? Optional.empty()
                : Optional.ofNullable(MappedKeys.open(pages, pageSize.intValue(), tableRoot, indexRoot, valueColumn));
    }

    /** Which stored column the value is; -1 where generated ones make that hard to tell. */
    private int valueColumn(Session session) {
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
