package io.kohakuvault.internal.vector;

import io.kohakuvault.internal.page.MappedRows;
import io.kohakuvault.internal.sqlite.ReadAccess;
import io.kohakuvault.internal.vec0.ChunkReader;
import io.kohakuvault.internal.vec0.Vec0Table;
import io.kohakuvault.internal.vector.Nearest.Candidate;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares the vectors of some of a table's chunks with queries. Belongs to one thread. */
final class ChunkScan {
    private final ReadAccess state;
    private final Vec0Table table;
    private final ChunkDirectory directory;
    private final @Nullable MappedRows mapped;
    private final List<@Nullable BitSet> wanted;
    private final List<VectorPlan> plans;
    private final List<Nearest> nearest;
    private final int[] slots;
    private final int[] at;
    private final float[] distances;
    private @Nullable VectorBlock block; // made when there is something to read

    /**
     * Nothing has been compared yet.
     *
     * @param wanted for each plan the slots that may be found, null for all
     * @param nearest takes what each plan finds
     */
    ChunkScan(
            ReadAccess state,
            Vec0Table table,
            ChunkDirectory directory,
            @Nullable MappedRows mapped,
            List<@Nullable BitSet> wanted,
            List<VectorPlan> plans,
            List<Nearest> nearest) {
        this.state = state;
        this.table = table;
        this.directory = directory;
        this.mapped = mapped;
        this.wanted = wanted;
        this.plans = plans;
        this.nearest = nearest;
        this.slots = new int[table.slots()];
        this.at = new int[table.slots()];
        this.distances = new float[table.slots()];
    }

    /** Compares the vectors of a chunk. */
    void compare(int chunk) {
        boolean isRead = false;
        for (int i = 0; i < plans.size(); i++) {
            BitSet only = wanted.get(i);
            int count = only == null ? directory.used(chunk, slots) : directory.used(chunk, only, slots);
            if (count == 0) {
                continue;
            }
            if (plans.size() == 1 && 4 * count < table.slots()) {
                readOneByOne(chunk, count);
            } else {
                if (!isRead) {
                    readWhole(chunk);
                    isRead = true;
                }
                for (int j = 0; j < count; j++) {
                    at[j] = block().at(slots[j]);
                }
            }
            plans.get(i).distances().of(block(), at, count, distances);
            Nearest to = nearest.get(i);
            for (int j = 0; j < count; j++) {
                to.offer(distances[j], chunk, slots[j]);
            }
        }
    }

    private VectorBlock block() {
        VectorBlock made = block;
        if (made == null) {
            made = new VectorBlock(table.vector(), table.slots());
            block = made;
        }
        return made;
    }

    private int chunkBytes() {
        return table.slots() * table.vector().vectorBytes();
    }

    private void readOneByOne(int chunk, int count) {
        long id = directory.id(chunk);
        VectorBlock target = block();
        for (int j = 0; j < count; j++) {
            int slot = slots[j];
            at[j] = target.at(j);
            if (mapped == null || !target.map(mapped, id, chunkBytes(), slot, 1, j)) {
                target.put(state.read(session -> new VectorRows(session, table).vector(id, slot)), j);
            }
        }
    }

    private void readWhole(int chunk) {
        long id = directory.id(chunk);
        if (mapped != null && block().map(mapped, id, chunkBytes(), 0, table.slots(), 0)) {
            return;
        }
        state.read(session -> {
            try (ChunkReader one = ChunkReader.one(session, table, List.of(table.vectorNumber()), List.of(), id)) {
                if (!one.nextSound()) {
                    throw ChunkReader.damaged(session.file(), table, id, ChunkReader.SIZES);
                }
                block().put(one.vectors(0), 0);
            }
            return true;
        });
    }

    /** What a plan has found here. */
    List<Candidate> found(int plan) {
        return nearest.get(plan).found();
    }
}
