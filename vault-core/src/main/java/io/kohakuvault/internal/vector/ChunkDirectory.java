package io.kohakuvault.internal.vector;

import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.internal.sqlite.ReadAccess;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.vec0.ChunkReader;
import io.kohakuvault.internal.vec0.Vec0Table;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.LongPredicate;

/**
 * The chunks of a table in one state, ascending, and which of their slots hold a vector. A slot is named by its number
 * among all: {@code chunk * slots + slot}. Thread-safe.
 */
final class ChunkDirectory {
    /** The ids of the vectors of so many chunks are read at once. */
    private static final int CHUNKS_AT_ONCE = 256;

    private final Vec0Table table;
    private final long[] ids;
    private final byte[] validity;

    private ChunkDirectory(Vec0Table table, long[] ids, byte[] validity) {
        this.table = table;
        this.ids = ids;
        this.validity = validity;
    }

    /** Reads it; throws when a chunk has another size than the declaration gives it. */
    static ChunkDirectory load(Session session, Vec0Table table) {
        int bytes = table.slots() / 8;
        long[] ids = new long[16];
        byte[] validity = new byte[16 * bytes];
        int count = 0;
        try (Rows rows = session.query(
                "SELECT c.chunk_id, c.size, CASE WHEN length(c.validity) = ? AND length(c.rowids) = ? THEN c.validity END FROM "
                        + table.chunks() + " c ORDER BY c.chunk_id",
                (long) bytes,
                8L * table.slots())) {
            while (rows.next()) {
                long id = rows.getLong(0);
                if (rows.getLong(1) != table.slots()) {
                    throw ChunkReader.damaged(
                            session.file(), table, id, ChunkReader.otherSlots(table, rows.getLong(1)));
                }
                byte[] used = rows.getBlob(2);
                if (used == null) {
                    throw ChunkReader.damaged(session.file(), table, id, ChunkReader.SIZES);
                }
                if (count == ids.length) {
                    ids = Arrays.copyOf(ids, 2 * count);
                    validity = Arrays.copyOf(validity, 2 * count * bytes);
                }
                ids[count] = id;
                System.arraycopy(used, 0, validity, count * bytes, bytes);
                count++;
            }
        }
        if (count == 0 && session.queryLong("SELECT 1 FROM " + table.rowids() + " LIMIT 1") != null) {
            throw new VaultCorruptException(
                    session.file() + ": table " + table.name() + ": " + table.name()
                            + "_chunks is empty, but there are ids of vectors in " + table.name()
                            + "_rowids; restore the file from a backup",
                    null);
        }
        return new ChunkDirectory(table, Arrays.copyOf(ids, count), Arrays.copyOf(validity, count * bytes));
    }

    int chunks() {
        return ids.length;
    }

    /** The id of a chunk. */
    long id(int chunk) {
        return ids[chunk];
    }

    private boolean isUsed(int chunk, int slot) {
        return (validity[chunk * (table.slots() / 8) + (slot >> 3)] >> (slot & 7) & 1) != 0;
    }

    /**
     * The slots of a chunk that hold a vector, ascending.
     *
     * @param wanted which of all slots are wanted, null for all
     * @param into filled from 0, as long as a chunk has slots
     * @return how many
     */
    int used(int chunk, BitSet wanted, int[] into) {
        int n = 0;
        int first = chunk * table.slots();
        for (int slot = wanted.nextSetBit(first) - first;
                slot >= 0 && slot < table.slots();
                slot = wanted.nextSetBit(first + slot + 1) - first) {
            if (isUsed(chunk, slot)) {
                into[n++] = slot;
            }
        }
        return n;
    }

    /** {@link #used(int, BitSet, int[])} of all slots. */
    int used(int chunk, int[] into) {
        int n = 0;
        int bytes = table.slots() / 8;
        for (int i = 0; i < bytes; i++) {
            for (int eight = validity[chunk * bytes + i] & 0xFF; eight != 0; eight &= eight - 1) {
                into[n++] = 8 * i + Integer.numberOfTrailingZeros(eight);
            }
        }
        return n;
    }

    /** The slots of vectors whose ids pass, looked up one by one: for few. */
    BitSet slotsOf(Session session, long[] of) {
        BitSet slots = new BitSet();
        VectorRows rows = new VectorRows(session, table);
        for (long id : of) {
            VectorRows.Place place = rows.place(id);
            int chunk = place == null ? -1 : Arrays.binarySearch(ids, place.chunk());
            if (place != null) {
                if (chunk < 0
                        || place.slot() < 0
                        || place.slot() >= table.slots()
                        || !isUsed(chunk, (int) place.slot())) {
                    throw rows.notThere(id, place);
                }
                slots.set(chunk * table.slots() + (int) place.slot());
            }
        }
        return slots;
    }

    /**
     * The slots of vectors whose ids pass, of all that there are: for many. The predicate is asked between reads.
     */
    BitSet slotsOf(ReadAccess state, LongPredicate passes) {
        BitSet slots = new BitSet();
        long[] rowids = new long[Math.min(ids.length, CHUNKS_AT_ONCE) * table.slots()];
        for (int from = 0; from < ids.length; from += CHUNKS_AT_ONCE) {
            int count = Math.min(ids.length - from, CHUNKS_AT_ONCE);
            int first = from;
            state.read(session -> {
                readRowids(session, first, count, rowids);
                return true;
            });
            for (int i = 0; i < count * table.slots(); i++) {
                if (isUsed(from + i / table.slots(), i % table.slots()) && passes.test(rowids[i])) {
                    slots.set(from * table.slots() + i);
                }
            }
        }
        return slots;
    }

    /** The ids of the vectors of some chunks. */
    private void readRowids(Session session, int from, int count, long[] into) {
        try (Rows rows = session.query(
                "SELECT c.chunk_id, CASE WHEN length(c.rowids) = ? THEN c.rowids END FROM " + table.chunks()
                        + " c WHERE c.chunk_id BETWEEN ? AND ? ORDER BY c.chunk_id",
                8L * table.slots(),
                ids[from],
                ids[from + count - 1])) {
            for (int i = 0; i < count; i++) {
                byte[] of = rows.next() && rows.getLong(0) == ids[from + i] ? rows.getBlob(1) : null;
                if (of == null) {
                    throw ChunkReader.damaged(session.file(), table, ids[from + i], ChunkReader.SIZES);
                }
                ByteBuffer.wrap(of)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asLongBuffer()
                        .get(into, i * table.slots(), table.slots());
            }
        }
    }

    long bytes() {
        return 8L * ids.length + validity.length;
    }
}
