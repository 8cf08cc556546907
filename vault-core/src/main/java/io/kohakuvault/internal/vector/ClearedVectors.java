package io.kohakuvault.internal.vector;

import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.vec0.ChunkReader;
import io.kohakuvault.internal.vec0.Vec0Table;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The slots from which a transaction has taken vectors, whose numbers are still to be overwritten with zeros: once for
 * each chunk, which may have a megabyte and more, and not once for each vector. Used with the write lock held.
 */
final class ClearedVectors {
    private final Map<Long, BitSet> slots = new HashMap<>();
    private @Nullable Vec0Table table;

    /**
     * Notes a slot; the chunk's size is checked at once, so that the call which takes the vector out says what is
     * damaged.
     */
    void add(Session session, Vec0Table of, long chunk, int slot) {
        for (int i = 0; i < of.vectors().size(); i++) {
            Long bytes = session.queryLong(
                    "SELECT length(vectors) FROM " + of.vectorChunks(i) + " WHERE _rowid_ = ?", chunk);
            if (bytes == null || bytes != bytes(of, i)) {
                throw ChunkReader.damaged(session.file(), of, chunk, ChunkReader.SIZES);
            }
        }
        table = of;
        slots.computeIfAbsent(chunk, k -> new BitSet()).set(slot);
    }

    private static long bytes(Vec0Table of, int column) {
        return (long) of.slots() * of.vectors().get(column).vectorBytes();
    }

    /** Writes the zeros. */
    void flush(Session session) {
        Vec0Table of = table;
        if (of != null) {
            for (int i = 0; i < of.vectors().size(); i++) {
                for (Map.Entry<Long, BitSet> chunk : slots.entrySet()) {
                    flush(session, of, i, chunk.getKey(), chunk.getValue());
                }
            }
            discard();
        }
    }

    private static void flush(Session session, Vec0Table of, int column, long chunk, BitSet cleared) {
        byte[] vectors;
        try (Rows rows =
                session.query("SELECT vectors FROM " + of.vectorChunks(column) + " WHERE _rowid_ = ?", chunk)) {
            vectors = rows.next() ? rows.getBlob(0) : null;
        }
        if (vectors == null || vectors.length != bytes(of, column)) {
            throw ChunkReader.damaged(session.file(), of, chunk, ChunkReader.SIZES);
        }
        int bytes = of.vectors().get(column).vectorBytes();
        cleared.stream().forEach(slot -> Arrays.fill(vectors, bytes * slot, bytes * (slot + 1), (byte) 0));
        session.update("UPDATE " + of.vectorChunks(column) + " SET vectors = ? WHERE _rowid_ = ?", vectors, chunk);
    }

    /** Forgets them: the transaction was rolled back. */
    void discard() {
        slots.clear();
        table = null;
    }
}
