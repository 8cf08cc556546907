package io.kohakuvault.internal.vector;

import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.internal.sqlite.IdScan;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.value.ValueSize;
import io.kohakuvault.internal.vec0.Vec0Table;
import io.kohakuvault.vector.StoredVector;
import java.util.ArrayList;
import java.util.List;

/** All vectors of a table by their ids, a page at a time. */
final class VectorPages {
    /** A page of vectors ends at so many, or at so much memory of vectors and values. */
    private static final int PAGE = 256;

    private static final long PAGE_BYTES = 2 << 20;
    private static final int ID_PAGE = 10_000;

    private VectorPages() {}

    static Iterable<Long> ids(VectorTable of) {
        return () -> new IdScan<>(least -> of.<List<IdScan.Item<Long>>>read(
                (session, table) -> ids(session, table, least, ID_PAGE).stream()
                        .map(id -> new IdScan.Item<>(id, id))
                        .toList(),
                List.of()));
    }

    static Iterable<StoredVector> vectors(VectorTable of) {
        return () -> new IdScan<>(least -> of.<List<IdScan.Item<StoredVector>>>read(
                (session, table) -> {
                    List<IdScan.Item<StoredVector>> page = new ArrayList<>();
                    long held = 0;
                    VectorsInOrder vectors = new VectorsInOrder(session, table);
                    for (long id : ids(session, table, least, PAGE)) {
                        StoredVector vector = vectors.get(id)
                                .map(row -> of.stored(session, table, id, row))
                                .orElseThrow(() -> disordered(session, table, id)); // one transaction
                        page.add(new IdScan.Item<>(id, vector));
                        held += of.vectorBytes() + ValueSize.of(vector.value().orElse(null));
                        if (held >= PAGE_BYTES) {
                            break;
                        }
                    }
                    return page;
                },
                List.of()));
    }

    private static VaultCorruptException disordered(Session session, Vec0Table table, long id) {
        return new VaultCorruptException(
                session.file() + ": " + table.name() + "_rowids has its rows out of order, at " + id
                        + "; restore the file from a backup",
                null);
    }

    private static List<Long> ids(Session session, Vec0Table table, long least, int most) {
        List<Long> ids = new ArrayList<>();
        try (Rows rows = session.query(
                "SELECT rowid FROM " + table.rowids() + " WHERE rowid >= ? ORDER BY rowid LIMIT ?", least, most)) {
            while (rows.next()) {
                long id = rows.getLong(0);
                if (id < (ids.isEmpty() ? least : ids.get(ids.size() - 1) + 1)) {
                    throw disordered(session, table, id);
                }
                ids.add(id);
            }
        }
        return ids;
    }
}
