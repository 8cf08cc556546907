package io.kohakuvault.internal.vector;

import io.kohakuvault.internal.page.MappedRows;
import io.kohakuvault.internal.page.StatePages;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.SqlNames;
import io.kohakuvault.internal.state.Hold;
import io.kohakuvault.internal.vec0.Vec0Table;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Where the tables of vectors of one state of the file stand in the mapped file. Thread-safe. */
final class KnownVectors {
    /** Directories larger than this are read anew for each search: a twentieth of what it reads. */
    private static final long MOST_BYTES = 4 << 20;

    private final Map<String, Mapped> tables = new ConcurrentHashMap<>();

    /**
     * A table.
     *
     * @param vectors null where SQL must be asked
     */
    record Mapped(ChunkDirectory directory, @Nullable MappedRows vectors) {}

    /** Those of a state. */
    static Mapped of(Hold hold, Vec0Table table) {
        return hold.memo(KnownVectors.class, KnownVectors::new).table(hold, table);
    }

    private Mapped table(Hold hold, Vec0Table table) {
        String key = SqlNames.fold(table.name());
        Mapped known = tables.get(key);
        if (known == null) {
            known = hold.looking(() -> hold.read(session -> look(hold, session, table)));
            if (hold.isLooked() && known.directory.bytes() <= MOST_BYTES) {
                tables.put(key, known);
            }
        }
        return known;
    }

    private static Mapped look(Hold hold, Session session, Vec0Table table) {
        StatePages pages = hold.pages(session);
        return new Mapped(ChunkDirectory.load(session, table), pages == null ? null : vectors(session, pages, table));
    }

    private static @Nullable MappedRows vectors(Session session, StatePages pages, Vec0Table table) {
        String shadow = table.vectorChunksName(table.vectorNumber());
        Long root = session.queryLong(
                "SELECT rootpage FROM sqlite_master WHERE type = 'table' AND name = ? COLLATE NOCASE AND rootpage > 0",
                shadow);
        int column = -1;
        try (Rows rows = session.query("SELECT name, hidden FROM pragma_table_xinfo(?)", shadow)) {
            for (int i = 0; rows.next(); i++) {
                if (rows.getLong(1) != 0) {
                    return null; // generated columns make it hard to tell which stored one it is
                } else if ("vectors".equalsIgnoreCase(rows.getString(0))) {
                    column = i;
                }
            }
        }
        return root == null || column < 0 ? null : MappedRows.of(pages, root, column);
    }
}
