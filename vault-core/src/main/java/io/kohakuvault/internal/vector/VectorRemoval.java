package io.kohakuvault.internal.vector;

import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.vec0.ChunkReader;
import io.kohakuvault.internal.vec0.MetadataType;
import io.kohakuvault.internal.vec0.Vec0Table;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Takes vectors out of a table, of which nothing stays. */
final class VectorRemoval {
    private final Session session;
    private final Vec0Table table;
    private final VectorRows rows;

    VectorRemoval(Session session, Vec0Table table) {
        this.session = session;
        this.table = table;
        this.rows = new VectorRows(session, table);
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Takes a vector out, with all that belongs to it: its slot in the columns of vectors and metadata is cleared, as
     * sqlite-vec 0.1.9 does it, so that nothing of it stays in the file. A chunk that becomes empty is removed, but
     * for the newest: sqlite-vec 0.1.6, which KohakuVault has, gives the next one
     * the right number only while that is there.
     *
     * @param changed takes note of the slot, whose numbers it overwrites later
     * @param room takes note of a chunk that has room
     */
    void delete(long id, VectorRows.Place place, ChangedVectors changed, ChunksWithRoom room) {
        List<Integer> metadata =
                IntStream.range(0, table.metadata().size()).boxed().toList();
        byte[] validity;
        byte[] rowids;
        byte[][] data = new byte[metadata.size()][];
        boolean[] longText = new boolean[metadata.size()];
        long reference;
        try (ChunkReader chunk = ChunkReader.one(session, table, List.of(), metadata, place.chunk())) {
            if (!chunk.nextSound() || place.slot() < 0 || place.slot() >= table.slots()) {
                throw rows.notThere(id, place);
            }
            int slot = (int) place.slot();
            if (!chunk.isUsed(slot) || chunk.rowid(slot) != id) {
                throw rows.notThere(id, place);
            }
            validity = clearBit(chunk.validity(), slot);
            rowids = clear(chunk.rowids(), slot, 8);
            reference = little(chunk.metadata(table.referenceNumber())).getLong(8 * slot);
            for (int i : metadata) {
                MetadataType type = table.metadata().get(i).type();
                longText[i] = type == MetadataType.TEXT
                        && little(chunk.metadata(i)).getInt(type.slotBytes() * slot) > MetadataType.SHORT_TEXT_BYTES;
                data[i] = type == MetadataType.BOOLEAN
                        ? clearBit(chunk.metadata(i), slot)
                        : clear(chunk.metadata(i), slot, type.slotBytes());
            }
        }
        changed.clear(session, table, place.chunk(), (int) place.slot());
        boolean removed = removeIfEmpty(place.chunk(), validity);
        if (removed) {
            changed.forget(place.chunk());
            room.forget(place.chunk());
        } else {
            room.deleted(place.chunk(), validity);
            session.update(
                    "UPDATE " + table.chunks() + " SET validity = ?, rowids = ? WHERE chunk_id = ?",
                    validity,
                    rowids,
                    place.chunk());
        }
        for (int i : metadata) {
            if (!removed) {
                session.update(
                        "UPDATE " + table.metadataChunks(i) + " SET data = ? WHERE _rowid_ = ?",
                        data[i],
                        place.chunk());
            }
            if (longText[i]) {
                session.update("DELETE FROM " + table.metadataTexts(i) + " WHERE rowid = ?", id);
            }
        }
        forget(id, reference);
    }

    /** Removes a chunk in which no vector is left, unless it is the newest. */
    boolean removeIfEmpty(long chunk, byte[] validity) {
        boolean removed = isEmpty(validity) && !isNewest(chunk);
        if (removed) {
            removeChunk(chunk);
        }
        return removed;
    }

    private static boolean isEmpty(byte[] validity) {
        for (byte eight : validity) {
            if (eight != 0) {
                return false;
            }
        }
        return true;
    }

    private boolean isNewest(long chunk) {
        Long newest = session.queryLong("SELECT max(chunk_id) FROM " + table.chunks());
        return newest == null || newest == chunk;
    }

    private void removeChunk(long chunk) {
        session.update("DELETE FROM " + table.chunks() + " WHERE chunk_id = ?", chunk);
        for (int i = 0; i < table.vectors().size(); i++) {
            session.update("DELETE FROM " + table.vectorChunks(i) + " WHERE _rowid_ = ?", chunk);
        }
        for (int i = 0; i < table.metadata().size(); i++) {
            session.update("DELETE FROM " + table.metadataChunks(i) + " WHERE _rowid_ = ?", chunk);
        }
    }

    /**
     * Takes all vectors out. The newest chunk stays, empty: sqlite-vec 0.1.6 gives the next one the right number only
     * while the one before it is there.
     */
    void clear() {
        Long newest = session.queryLong("SELECT max(chunk_id) FROM " + table.chunks());
        if (newest == null) {
            return;
        }
        session.update("DELETE FROM " + table.chunks() + " WHERE chunk_id <> ?", newest);
        session.update(
                "UPDATE " + table.chunks() + " SET validity = zeroblob(?), rowids = zeroblob(?)",
                (long) table.slots() / 8,
                8L * table.slots());
        for (int i = 0; i < table.vectors().size(); i++) {
            clear(
                    table.vectorChunks(i),
                    "vectors",
                    newest,
                    (long) table.slots() * table.vectors().get(i).vectorBytes());
        }
        for (int i = 0; i < table.metadata().size(); i++) {
            MetadataType type = table.metadata().get(i).type();
            clear(table.metadataChunks(i), "data", newest, type.bytes(table.slots()));
            if (type == MetadataType.TEXT) {
                session.update("DELETE FROM " + table.metadataTexts(i));
            }
        }
        session.update("DELETE FROM " + table.rowids());
        if (!table.auxiliary().isEmpty()) {
            session.update("DELETE FROM " + table.auxiliaryTable());
        }
        session.update("DELETE FROM " + table.values());
    }

    private void clear(String shadow, String column, long newest, long bytes) {
        session.update("DELETE FROM " + shadow + " WHERE _rowid_ <> ?", newest);
        session.update("UPDATE " + shadow + " SET " + column + " = zeroblob(?)", bytes);
    }

    /** Deletes what stands of a vector outside of its chunk. */
    void forget(long id, long reference) {
        session.update("DELETE FROM " + table.rowids() + " WHERE rowid = ?", id);
        if (!table.auxiliary().isEmpty()) {
            session.update("DELETE FROM " + table.auxiliaryTable() + " WHERE rowid = ?", id);
        }
        session.update("DELETE FROM " + table.values() + " WHERE id = ?", reference);
    }

    private static byte[] clear(byte[] data, int slot, int bytes) {
        Arrays.fill(data, bytes * slot, bytes * (slot + 1), (byte) 0);
        return data;
    }

    private static byte[] clearBit(byte[] bits, int slot) {
        bits[slot >> 3] &= (byte) ~(1 << (slot & 7));
        return bits;
    }
}
