package io.kohakuvault.internal.vector;

import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.vec0.ChunkReader;
import io.kohakuvault.internal.vec0.Vec0Table;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Vectors that are read one after the other by their ids, which mostly stand in the order of their chunks: a chunk is
 * read once for all of them, and not a part of it for each, for which SQLite goes through its pages each time.
 */
final class VectorsInOrder {
    private final Session session;
    private final Vec0Table table;
    private final VectorRows rows;
    private @Nullable Chunk last;

    VectorsInOrder(Session session, Vec0Table table) {
        this.session = session;
        this.table = table;
        this.rows = new VectorRows(session, table);
    }

    @SuppressWarnings("ArrayRecordComponent") // the parts of a chunk as they were read
    private record Chunk(long id, byte[] validity, byte[] rowids, byte[] vectors, byte[] references) {}

    /** The vector that is said to stand in a place. */
    VectorRows.Standing get(long id, VectorRows.Place place) {
        Chunk chunk = last;
        if (chunk == null || chunk.id != place.chunk()) {
            chunk = read(id, place);
            last = chunk;
        }
        int slot = (int) place.slot();
        if (place.slot() < 0
                || place.slot() >= table.slots()
                || (chunk.validity[slot >> 3] >> (slot & 7) & 1) == 0
                || number(chunk.rowids, slot) != id) {
            throw rows.notThere(id, place);
        }
        int bytes = table.vector().vectorBytes();
        return new VectorRows.Standing(
                chunk.id,
                slot,
                Arrays.copyOfRange(chunk.vectors, bytes * slot, bytes * (slot + 1)),
                number(chunk.references, slot));
    }

    private static long number(byte[] numbers, int slot) {
        return ByteBuffer.wrap(numbers).order(ByteOrder.LITTLE_ENDIAN).getLong(8 * slot);
    }

    private Chunk read(long id, VectorRows.Place place) {
        try (ChunkReader chunk = ChunkReader.one(
                session, table, List.of(table.vectorNumber()), List.of(table.referenceNumber()), place.chunk())) {
            if (!chunk.nextSound()) {
                throw rows.notThere(id, place);
            }
            return new Chunk(chunk.id(), chunk.validity(), chunk.rowids(), chunk.vectors(0), chunk.metadata(0));
        }
    }
}
