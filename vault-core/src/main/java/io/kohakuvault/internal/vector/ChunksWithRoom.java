package io.kohakuvault.internal.vector;

import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.vec0.Vec0Table;
import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * Chunks of a table in which deleted vectors have left room for others: those with a quarter of their slots free, so
 * that loading and writing a chunk is shared by many inserts, and no table grows beyond a third above the most vectors
 * that it has held. Deletes tell of them, and whenever a chunk is full, some more of those that are in the file already
 * are looked at, once round. What is known here may have become wrong, by a rollback or by another process: who takes a
 * chunk looks at it. Used with the write lock held.
 */
final class ChunksWithRoom {
    /** So many chunks are looked at each time. SQLite compares them, and hands out those that are not full. */
    private static final int LOOKED_AT = 128;

    private final TreeSet<Long> known = new TreeSet<>();

    /** Where to look further; -1 when all have been looked at. */
    private long next;

    /** The writer's epoch in which the round began: in another one somebody else may have deleted. */
    private long epoch = -1;

    /** Whether so many vectors were taken out that others are worth being put in. */
    static boolean isWorthFilling(byte[] validity) {
        int free = 0;
        for (byte eight : validity) {
            free += 8 - Integer.bitCount(eight & 0xFF);
        }
        return 4 * free >= 8 * validity.length;
    }

    /** Takes note of a chunk from which a vector was deleted. */
    void deleted(long chunk, byte[] validity) {
        if (isWorthFilling(validity)) {
            known.add(chunk);
        }
    }

    /** A chunk that is known to have had room. */
    OptionalLong first() {
        return known.isEmpty() ? OptionalLong.empty() : OptionalLong.of(known.first());
    }

    /** Takes note that a chunk is full, damaged or gone. */
    void forget(long chunk) {
        known.remove(chunk);
    }

    void forgetAll() {
        known.clear();
        next = 0;
        epoch = -1;
    }

    /** Looks at some more chunks. */
    void look(Session session, Vec0Table table, long now) {
        if (next < 0 && epoch != now) {
            next = 0;
        }
        if (next < 0) {
            return;
        }
        if (next == 0) {
            epoch = now;
        }
        String some = " FROM (SELECT chunk_id, validity FROM " + table.chunks()
                + " WHERE chunk_id >= ? ORDER BY chunk_id LIMIT " + LOOKED_AT + ")";
        Long last = session.queryLong("SELECT max(chunk_id)" + some, next);
        if (last == null || last == Long.MAX_VALUE) {
            next = -1;
            return;
        }
        byte[] full = new byte[table.slots() / 8];
        Arrays.fill(full, (byte) -1);
        try (Rows rows = session.query(
                "SELECT chunk_id, validity" + some + " WHERE validity <> ? AND length(validity) = ?",
                next,
                full,
                full.length)) {
            while (rows.next()) {
                deleted(rows.getLong(0), Objects.requireNonNull(rows.getBlob(1)));
            }
        }
        next = last + 1;
    }
}
