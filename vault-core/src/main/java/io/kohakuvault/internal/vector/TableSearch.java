package io.kohakuvault.internal.vector;

import io.kohakuvault.codec.NumberGuess;
import io.kohakuvault.internal.sqlite.Access;
import io.kohakuvault.internal.sqlite.ReadAccess;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.state.Hold;
import io.kohakuvault.internal.state.StateAccess;
import io.kohakuvault.internal.vec0.Vec0Entry;
import io.kohakuvault.internal.vec0.Vec0Table;
import io.kohakuvault.vector.VectorHit;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Searches of one table: in the mapped file where that can be and pays, else by SQL. Thread-safe. */
final class TableSearch {
    /** A table with so many chunks takes longer to be read than the file to be followed. */
    private static final int MANY_CHUNKS = 16;

    private final VectorTable table;
    private final Access<? extends StateAccess> access;
    private final NumberGuess guess;

    private final AtomicInteger chunks;

    /** @param chunks how many the last search of the table has found, by whichever handle */
    TableSearch(VectorTable table, Access<? extends StateAccess> access, NumberGuess guess, AtomicInteger chunks) {
        this.table = table;
        this.access = access;
        this.guess = guess;
        this.chunks = chunks;
    }

    /** The hits of each plan. */
    List<List<VectorHit>> run(List<VectorPlan> plans) {
        List<List<VectorHit>> none =
                plans.stream().map(plan -> List.<VectorHit>of()).toList();
        Vec0Entry before = table.lastCommitted(); // before the state is chosen: what was committed then is in it
        // A snapshot's reads are one at a time, so a whole search is never one of them.
        Hold hold = access.isFrozen() || chunks.get() >= MANY_CHUNKS
                ? access.reads().holdAtOnce()
                : null;
        if (hold == null) {
            return table.read((session, found) -> bySql(session, found, plans), none);
        }
        try (hold) {
            Vec0Table found = table.find(hold, before);
            return found == null ? none : hold.mapped(() -> mapped(hold, found, plans));
        }
    }

    private List<List<VectorHit>> bySql(Session session, Vec0Table found, List<VectorPlan> plans) {
        ChunkDirectory directory = ChunkDirectory.load(session, found);
        chunks.set(directory.chunks());
        return new VectorSearch(new OneSession(session), session.file(), found, guess, directory, null).run(plans);
    }

    private List<List<VectorHit>> mapped(Hold hold, Vec0Table found, List<VectorPlan> plans) {
        KnownVectors.Mapped known = KnownVectors.of(hold, found);
        chunks.set(known.directory().chunks());
        return new VectorSearch(hold, access.path(), found, guess, known.directory(), known.vectors()).run(plans);
    }

    /** The read transaction of a session, in which the caller is. */
    private record OneSession(Session session) implements ReadAccess {
        @Override
        public <T> T read(Function<Session, T> work) {
            return work.apply(session);
        }
    }
}
