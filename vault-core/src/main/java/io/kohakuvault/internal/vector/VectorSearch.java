package io.kohakuvault.internal.vector;

import io.kohakuvault.VaultInterruptedException;
import io.kohakuvault.codec.NumberGuess;
import io.kohakuvault.internal.page.MappedRows;
import io.kohakuvault.internal.sqlite.ReadAccess;
import io.kohakuvault.internal.vec0.Vec0Table;
import io.kohakuvault.internal.vector.Nearest.Candidate;
import io.kohakuvault.vector.VectorHit;
import io.kohakuvault.vector.VectorQuery;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Exact searches in one state of a table: each vector that its query's ids let pass is compared. */
final class VectorSearch {
    private final ReadAccess state;
    private final String file;
    private final Vec0Table table;
    private final NumberGuess guess;
    private final ChunkDirectory directory;
    private final @Nullable MappedRows mapped;

    /**
     * Searches of a state.
     *
     * @param state reads it by SQL; from several threads where it is mapped
     * @param mapped the chunks' vectors in the mapped file, null where SQL must be asked
     */
    VectorSearch(
            ReadAccess state,
            String file,
            Vec0Table table,
            NumberGuess guess,
            ChunkDirectory directory,
            @Nullable MappedRows mapped) {
        this.state = state;
        this.file = file;
        this.table = table;
        this.guess = guess;
        this.directory = directory;
        this.mapped = mapped;
    }

    /** The hits of each plan. */
    List<List<VectorHit>> run(List<VectorPlan> plans) {
        List<@Nullable BitSet> wanted = new ArrayList<>();
        for (VectorPlan plan : plans) {
            wanted.add(plan.filtersIds() ? slots(plan.query()) : null);
        }
        int threads = mapped == null
                ? 1
                : plans.stream().mapToInt(p -> p.query().threads()).max().orElse(1);
        List<ChunkScan> scans = new SharedScan(directory.chunks(), threads, this::interrupted)
                .run(() -> new ChunkScan(
                        state,
                        table,
                        directory,
                        mapped,
                        wanted,
                        plans,
                        plans.stream().map(p -> p.nearest(filter(p.query()))).toList()));
        List<List<VectorHit>> hits = new ArrayList<>();
        for (int i = 0; i < plans.size(); i++) {
            int number = i;
            hits.add(hits(plans.get(i), scans.stream().flatMap(scan -> scan.found(number).stream())));
        }
        return hits;
    }

    private BitSet slots(VectorQuery query) {
        long[] ids = query.ids().orElse(null);
        LongPredicate passes = query.idFilter().orElse(null);
        if (ids == null) {
            return directory.slotsOf(state, passes == null ? id -> true : passes);
        }
        // Looking an id up takes about as long as reading the ids of a chunk.
        if (ids.length < directory.chunks()) {
            long[] few =
                    passes == null ? ids : Arrays.stream(ids).filter(passes).toArray();
            return state.read(session -> directory.slotsOf(session, few));
        }
        return directory.slotsOf(state, id -> Arrays.binarySearch(ids, id) >= 0 && (passes == null || passes.test(id)));
    }

    private Nearest.Filter filter(VectorQuery query) {
        return query.valueFilter()
                .<Nearest.Filter>map(
                        passes -> candidate -> passes.test(hit(candidate, false).value()))
                .orElse(candidate -> true);
    }

    private List<VectorHit> hits(VectorPlan plan, Stream<Candidate> found) {
        return found.sorted(Candidate.BEST_FIRST)
                .skip(plan.query().offset())
                .limit(plan.k())
                .<VectorHit>map(candidate -> hit(candidate, plan.query().hasVectors()))
                .toList();
    }

    private FoundVector hit(Candidate found, boolean withVector) {
        long chunk = directory.id(found.chunk());
        return state.read(session -> {
            VectorRows rows = new VectorRows(session, table);
            VectorRows.Slot slot = rows.slot(chunk, found.slot());
            Optional<Object> value = rows.value(slot.id(), chunk, found.slot(), slot.reference(), guess);
            byte[] vector = withVector ? rows.vector(chunk, found.slot()) : null;
            return new FoundVector(
                    slot.id(), found.distance(), value, table.vector().type(), vector);
        });
    }

    private VaultInterruptedException interrupted() {
        return new VaultInterruptedException(
                file + ": the search in the table of vectors " + table.name()
                        + " was ended because its thread is interrupted",
                null);
    }
}
