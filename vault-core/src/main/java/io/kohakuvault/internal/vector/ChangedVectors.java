package io.kohakuvault.internal.vector;

import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.vec0.ChunkReader;
import io.kohakuvault.internal.vec0.Vec0Table;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The slots of chunks from which a transaction has taken vectors, whose numbers are still to be overwritten with zeros,
 * and those that get other numbers: once for each chunk, which may have a megabyte and more, and not once for each
 * vector. Used with the write lock held.
 */
final class ChangedVectors {
    /** So many bytes of numbers are held before they are written. */
    private static final long MOST_BYTES = 16 << 20;

    private final Map<Long, BitSet> cleared = new TreeMap<>();
    private final Map<Long, Map<Integer, byte[]>> replaced = new TreeMap<>();
    private long heldBytes;
    private @Nullable Vec0Table table;

    /**
     * Notes a slot that is to be cleared; the chunk's size is checked at once, so that the call which takes the vector
     * out says what is damaged.
     */
    void clear(Session session, Vec0Table of, long chunk, int slot) {
        if (!cleared.containsKey(chunk)) {
            for (int i = 0; i < of.vectors().size(); i++) {
                check(session, of, i, chunk);
            }
        }
        table = of;
        cleared.computeIfAbsent(chunk, k -> new BitSet()).set(slot);
        Map<Integer, byte[]> others = replaced.get(chunk);
        if (others != null) {
            others.remove(slot);
        }
    }

    /** Notes the numbers that a slot gets; the array is kept. */
    void replace(Session session, Vec0Table of, long chunk, int slot, byte[] vector) {
        if (!replaced.containsKey(chunk)) {
            check(session, of, of.vectorNumber(), chunk);
        }
        table = of;
        replaced.computeIfAbsent(chunk, k -> new HashMap<>()).put(slot, vector);
        heldBytes += vector.length;
        if (heldBytes >= MOST_BYTES) {
            flush(session);
        }
    }

    private static void check(Session session, Vec0Table of, int column, long chunk) {
        Long bytes = session.queryLong(
                "SELECT length(vectors) FROM " + of.vectorChunks(column) + " WHERE _rowid_ = ?", chunk);
        if (bytes == null || bytes != bytes(of, column)) {
            throw ChunkReader.damaged(session.file(), of, chunk, ChunkReader.SIZES);
        }
    }

    private static long bytes(Vec0Table of, int column) {
        return (long) of.slots() * of.vectors().get(column).vectorBytes();
    }

    /** Forgets those of a chunk that is removed. */
    void forget(long chunk) {
        cleared.remove(chunk);
        replaced.remove(chunk);
    }

    /** Writes them. */
    void flush(Session session) {
        Vec0Table of = table;
        if (of != null) {
            for (int i = 0; i < of.vectors().size(); i++) {
                boolean main = i == of.vectorNumber();
                Set<Long> chunks = new TreeSet<>(cleared.keySet());
                if (main) {
                    chunks.addAll(replaced.keySet());
                }
                for (long chunk : chunks) {
                    flush(
                            session,
                            of,
                            i,
                            chunk,
                            cleared.getOrDefault(chunk, new BitSet()),
                            main ? replaced.getOrDefault(chunk, Map.of()) : Map.of());
                }
            }
            discard();
        }
    }

    private static void flush(
            Session session, Vec0Table of, int column, long chunk, BitSet zeros, Map<Integer, byte[]> numbers) {
        byte[] vectors;
        try (Rows rows =
                session.query("SELECT vectors FROM " + of.vectorChunks(column) + " WHERE _rowid_ = ?", chunk)) {
            vectors = rows.next() ? rows.getBlob(0) : null;
        }
        if (vectors == null || vectors.length != bytes(of, column)) {
            throw ChunkReader.damaged(session.file(), of, chunk, ChunkReader.SIZES);
        }
        int bytes = of.vectors().get(column).vectorBytes();
        zeros.stream().forEach(slot -> Arrays.fill(vectors, bytes * slot, bytes * (slot + 1), (byte) 0));
        numbers.forEach((slot, vector) -> System.arraycopy(vector, 0, vectors, bytes * slot, bytes));
        session.update("UPDATE " + of.vectorChunks(column) + " SET vectors = ? WHERE _rowid_ = ?", vectors, chunk);
    }

    /** Forgets them: the transaction was rolled back, or they are written. */
    void discard() {
        cleared.clear();
        replaced.clear();
        heldBytes = 0;
        table = null;
    }
}
