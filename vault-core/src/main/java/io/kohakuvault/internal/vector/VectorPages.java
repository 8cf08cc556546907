package io.kohakuvault.internal.vector;

import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.codec.NumberGuess;
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

    static Iterable<StoredVector> vectors(VectorTable of, NumberGuess guess) {
        return () -> new IdScan<>(least -> of.<List<IdScan.Item<StoredVector>>>read(
                (session, table) -> vectors(session, table, of, guess, least), List.of()));
    }

    /** One query for all: a value mostly has its vector's number. */
    private static List<IdScan.Item<StoredVector>> vectors(
            Session session, Vec0Table table, VectorTable of, NumberGuess guess, long least) {
        List<IdScan.Item<StoredVector>> page = new ArrayList<>();
        long held = 0;
        long next = least;
        VectorsInOrder vectors = new VectorsInOrder(session, table);
        try (Rows rows = session.query(
                "SELECT r.rowid, r.chunk_id, r.chunk_offset, b.value FROM " + table.rowids() + " r LEFT JOIN "
                        + table.values() + " b ON b.id = r.rowid WHERE r.rowid >= ? ORDER BY r.rowid LIMIT ?",
                least,
                PAGE)) {
            while (held < PAGE_BYTES && rows.next()) {
                long id = rows.getLong(0);
                if (id < next) {
                    throw disordered(session, table, id);
                }
                VectorRows.Standing row = vectors.get(id, new VectorRows.Place(rows.getLong(1), rows.getLong(2)));
                byte[] value = row.reference() == id ? rows.getBlob(3) : null;
                StoredVector vector = value == null
                        ? of.stored(session, table, id, row)
                        : of.stored(id, row, new VectorRows(session, table).value(id, value, guess));
                page.add(new IdScan.Item<>(id, vector));
                held += of.vectorBytes() + ValueSize.of(vector.value().orElse(null));
                next = id + 1;
            }
        }
        return page;
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
