package io.kohakuvault.internal.vector;

import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.codec.NumberGuess;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.value.ValueCodec;
import io.kohakuvault.internal.vec0.ChunkReader;
import io.kohakuvault.internal.vec0.Vec0Table;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Single vectors of a table: where they stand, and taking them out. */
final class VectorRows {
    private final Session session;
    private final Vec0Table table;

    VectorRows(Session session, Vec0Table table) {
        this.session = session;
        this.table = table;
    }

    /**
     * A vector where it stands.
     *
     * @param reference the id of its value
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on at once
    record Standing(long chunk, int slot, byte[] vector, long reference) {}

    /** Where a vector is said to stand. */
    record Place(long chunk, long slot) {}

    @Nullable
    Place place(long id) {
        try (Rows rows =
                session.query("SELECT chunk_id, chunk_offset FROM " + table.rowids() + " WHERE rowid = ?", id)) {
            return rows.next() ? new Place(rows.getLong(0), rows.getLong(1)) : null;
        }
    }

    VaultCorruptException notThere(long id, Place place) {
        return new VaultCorruptException(
                session.file() + ": " + table.name() + "_rowids row " + id + " names slot " + place.slot + " of chunk "
                        + place.chunk + ", where this vector is not; restore the file from a backup",
                null);
    }

    /** Reads one slot of the chunk and not all of it. */
    Optional<Standing> get(long id) {
        Place place = place(id);
        if (place == null) {
            return Optional.empty();
        }
        if (place.slot < 0 || place.slot >= table.slots()) {
            throw notThere(id, place);
        }
        int slot = (int) place.slot;
        int bytes = table.vector().vectorBytes();
        try (Rows rows = session.query(
                "SELECT c.size, " + part("c.validity") + ", " + part("c.rowids") + ", " + part("v.vectors") + ", "
                        + part("m.data") + " FROM " + table.chunks() + " c LEFT JOIN "
                        + table.vectorChunks(table.vectorNumber())
                        + " v ON v._rowid_ = c.chunk_id LEFT JOIN " + table.metadataChunks(table.referenceNumber())
                        + " m ON m._rowid_ = c.chunk_id WHERE c.chunk_id = ?",
                table.slots() / 8,
                slot / 8 + 1,
                1,
                8 * table.slots(),
                8 * slot + 1,
                8,
                bytes * table.slots(),
                bytes * slot + 1,
                bytes,
                8 * table.slots(),
                8 * slot + 1,
                8,
                place.chunk)) {
            if (!rows.next()) {
                throw notThere(id, place);
            }
            byte[] validity = rows.getBlob(1);
            byte[] rowid = rows.getBlob(2);
            byte[] vector = rows.getBlob(3);
            byte[] reference = rows.getBlob(4);
            if (rows.getLong(0) != table.slots()
                    || validity == null
                    || rowid == null
                    || vector == null
                    || reference == null) {
                throw ChunkReader.damaged(session.file(), table, place.chunk, ChunkReader.SIZES);
            }
            if ((validity[0] >> (slot & 7) & 1) == 0 || little(rowid).getLong(0) != id) {
                throw notThere(id, place);
            }
            return Optional.of(
                    new Standing(place.chunk, slot, vector, little(reference).getLong(0)));
        }
    }

    /** The vector of one slot of a chunk that is known to have its right size. */
    byte[] vector(long chunk, int slot) {
        int bytes = table.vector().vectorBytes();
        try (Rows rows = session.query(
                "SELECT " + part("v.vectors") + " FROM " + table.vectorChunks(table.vectorNumber())
                        + " v WHERE v._rowid_ = ?",
                (long) bytes * table.slots(),
                (long) bytes * slot + 1,
                (long) bytes,
                chunk)) {
            byte[] vector = rows.next() ? rows.getBlob(0) : null;
            if (vector == null) {
                throw ChunkReader.damaged(session.file(), table, chunk, ChunkReader.SIZES);
            }
            return vector;
        }
    }

    /** Which vector a slot holds, and the id of its value. */
    record Slot(long id, long reference) {}

    /** Reads it of one slot. */
    Slot slot(long chunk, int slot) {
        try (Rows rows = session.query(
                "SELECT " + part("c.rowids") + ", " + part("m.data") + " FROM " + table.chunks() + " c LEFT JOIN "
                        + table.metadataChunks(table.referenceNumber())
                        + " m ON m._rowid_ = c.chunk_id WHERE c.chunk_id = ?",
                8L * table.slots(),
                8L * slot + 1,
                8L,
                8L * table.slots(),
                8L * slot + 1,
                8L,
                chunk)) {
            byte[] rowid = rows.next() ? rows.getBlob(0) : null;
            byte[] reference = rowid == null ? null : rows.getBlob(1);
            if (rowid == null || reference == null) {
                throw ChunkReader.damaged(session.file(), table, chunk, ChunkReader.SIZES);
            }
            return new Slot(little(rowid).getLong(0), little(reference).getLong(0));
        }
    }

    /** The value of a vector that stands in a slot, of which the row in _rowids must say the same. */
    Optional<Object> value(long id, long chunk, int slot, long reference, NumberGuess guess) {
        String where = where(id);
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
                throw new VaultCorruptException(
                        where + ": its value (row " + reference + " of " + table.name()
                                + "_values) is missing or no BLOB; restore the file from a backup, or delete the vector",
                        null);
            }
            return value(id, stored, guess);
        }
    }

    /** A vector's value as it is stored. */
    Optional<Object> value(long id, byte[] stored, NumberGuess guess) {
        return Optional.ofNullable(ValueCodec.decode(stored, where(id), guess));
    }

    private String where(long id) {
        return session.file() + ": table " + table.name() + ", vector " + id;
    }

    /**
     * The vectors that refer to a value. Its row has the vector's number, but for those that another program has
     * written: for them all chunks are looked through.
     */
    List<Long> withReference(long reference) {
        if (refersTo(reference, reference)) {
            return List.of(reference);
        }
        List<Long> ids = new ArrayList<>();
        try (ChunkReader chunk = ChunkReader.all(session, table, List.of(), List.of(table.referenceNumber()))) {
            while (chunk.nextSound()) {
                ByteBuffer references = little(chunk.metadata(0));
                for (int slot = 0; slot < table.slots(); slot++) {
                    if (chunk.isUsed(slot) && references.getLong(8 * slot) == reference) {
                        ids.add(chunk.rowid(slot));
                    }
                }
            }
        }
        return ids;
    }

    /** Whether there is a vector of an id, with such a reference; its numbers are not read. */
    private boolean refersTo(long id, long reference) {
        Place place = place(id);
        if (place == null || place.slot < 0 || place.slot >= table.slots()) {
            return false;
        }
        try (Rows rows = session.query(
                "SELECT m.data FROM " + table.metadataChunks(table.referenceNumber()) + " m WHERE m._rowid_ = ?",
                place.chunk)) {
            byte[] references = rows.next() ? rows.getBlob(0) : null;
            return references != null
                    && references.length == 8 * table.slots()
                    && little(references).getLong(8 * (int) place.slot) == reference;
        }
    }

    /** A part of a BLOB that has the right size: no more than that is read of one that has not. */
    private static String part(String column) {
        return "CASE WHEN length(" + column + ") = ? THEN substr(" + column + ", ?, ?) END";
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Gives a vector other numbers.
     *
     * @param changed writes them later
     */
    void replace(long id, Place place, byte[] vector, ChangedVectors changed) {
        try (ChunkReader chunk = ChunkReader.one(session, table, List.of(), List.of(), place.chunk)) {
            if (!chunk.nextSound()
                    || place.slot < 0
                    || place.slot >= table.slots()
                    || !chunk.isUsed((int) place.slot)
                    || chunk.rowid((int) place.slot) != id) {
                throw notThere(id, place);
            }
        }
        changed.replace(session, table, place.chunk, (int) place.slot, vector);
    }

    /** The id of a vector's value. */
    long reference(long id, Place place) {
        try (ChunkReader chunk =
                ChunkReader.one(session, table, List.of(), List.of(table.referenceNumber()), place.chunk)) {
            if (!chunk.nextSound()
                    || place.slot < 0
                    || place.slot >= table.slots()
                    || !chunk.isUsed((int) place.slot)
                    || chunk.rowid((int) place.slot) != id) {
                throw notThere(id, place);
            }
            return little(chunk.metadata(0)).getLong(8 * (int) place.slot);
        }
    }
}
