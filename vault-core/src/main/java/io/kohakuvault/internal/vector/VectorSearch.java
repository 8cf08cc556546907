package io.kohakuvault.internal.vector;

import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.VaultInterruptedException;
import io.kohakuvault.codec.NumberGuess;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.value.ValueCodec;
import io.kohakuvault.internal.vec0.ChunkReader;
import io.kohakuvault.internal.vec0.Vec0Table;
import io.kohakuvault.vector.Metric;
import io.kohakuvault.vector.VectorHit;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** The exact search: every vector of a table is compared. In one read transaction. */
final class VectorSearch {
    private final Session session;
    private final Vec0Table table;
    private final NumberGuess guess;

    VectorSearch(Session session, Vec0Table table, NumberGuess guess) {
        this.session = session;
        this.table = table;
        this.guess = guess;
    }

    /**
     * A candidate. vec0 orders by distance, then chunk ascending, then slot descending. A distance that is no number,
     * which only vectors that others wrote can give, comes behind all others.
     */
    private record Candidate(float distance, long chunk, int slot, long id, long reference) {
        static final Comparator<Candidate> BEST_FIRST = Comparator.<Candidate>comparingDouble(c -> c.distance)
                .thenComparingLong(c -> c.chunk)
                .thenComparing(c -> c.slot, Comparator.reverseOrder());
    }

    /** The k nearest. */
    List<VectorHit> nearest(float[] query, int k) {
        PriorityQueue<Candidate> worstFirst = new PriorityQueue<>(Candidate.BEST_FIRST.reversed());
        Metric metric = Objects.requireNonNull(table.vector().metric());
        float[] block = {}; // made when a chunk is known to be as large as its declaration says
        try (ChunkReader chunks =
                ChunkReader.all(session, table, List.of(table.vectorNumber()), List.of(table.referenceNumber()))) {
            while (chunks.nextSound()) {
                checkNotInterrupted();
                block = block.length == 0 ? new float[table.slots() * query.length] : block;
                ByteBuffer.wrap(chunks.vectors(0))
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asFloatBuffer()
                        .get(block);
                ByteBuffer references = ByteBuffer.wrap(chunks.metadata(0)).order(ByteOrder.LITTLE_ENDIAN);
                for (int slot = 0; slot < table.slots(); slot++) {
                    if (chunks.isUsed(slot)) {
                        float distance = Distances.of(metric, query, block, slot * query.length);
                        Candidate worst = worstFirst.size() < k ? null : worstFirst.peek();
                        if (worst == null || Float.compare(distance, worst.distance) <= 0) {
                            offer(worstFirst, worst, candidate(distance, chunks, slot, references));
                        }
                    }
                }
            }
        }
        List<Candidate> best = new ArrayList<>(worstFirst);
        best.sort(Candidate.BEST_FIRST);
        List<VectorHit> hits = new ArrayList<>(best.size());
        for (Candidate c : best) {
            hits.add(new FoundVector(c.id, c.distance, value(c.id, c.chunk, c.slot, c.reference)));
        }
        return hits;
    }

    private static Candidate candidate(float distance, ChunkReader chunks, int slot, ByteBuffer references) {
        return new Candidate(distance, chunks.id(), slot, chunks.rowid(slot), references.getLong(8 * slot));
    }

    private static void offer(PriorityQueue<Candidate> worstFirst, @Nullable Candidate worst, Candidate candidate) {
        if (worst == null || Candidate.BEST_FIRST.compare(candidate, worst) < 0) {
            worstFirst.add(candidate);
            if (worst != null) {
                worstFirst.poll();
            }
        }
    }

    private void checkNotInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new VaultInterruptedException(
                    session.file() + ": the search in the table of vectors " + table.name()
                            + " was ended because its thread is interrupted",
                    null);
        }
    }

    /** The value of a vector that stands in a slot, of which the row in _rowids must say the same. */
    Optional<Object> value(long id, long chunk, int slot, long reference) {
        String where = session.file() + ": table " + table.name() + ", vector " + id;
        try (Rows rows = session.query(
                "SELECT r.chunk_id, r.chunk_offset, b.value FROM " + table.rowids() + " r LEFT JOIN " + table.values()
                        + " b ON b.id = ? WHERE r.rowid = ?",
                reference,
                id)) {
            if (!rows.next() || rows.getLong(0) != chunk || rows.getLong(1) != slot) {
                throw new VaultCorruptException(
                        where + ": it stands in slot " + slot + " of chunk " + chunk + ", which " + table.name()
                                + "_rowids does not say; restore the file from a backup",
                        null);
            }
            byte[] stored = rows.getBlob(2);
            if (stored == null) {
                throw new VaultCorruptException(where + ": its value (id " + reference + ") is missing", null);
            }
            return Optional.ofNullable(ValueCodec.decode(stored, where, guess));
        }
    }
}
