package io.kohakuvault.internal.vector;

import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.Transaction;
import io.kohakuvault.internal.sqlite.WriteBuffer;
import io.kohakuvault.internal.vec0.ChunkReader;
import io.kohakuvault.internal.vec0.Vec0Entry;
import io.kohakuvault.internal.vec0.Vec0Schema;
import io.kohakuvault.internal.vec0.Vec0Table;
import io.kohakuvault.vector.VectorOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The chunk of a vec0 table that inserts fill, in memory: the newest, or an older one with room. SQLite's driver cannot
 * write a part of a BLOB, so each commit writes the chunk once, of which SQLite keeps the pages that changed. Deletes
 * come through it too, for they change chunks. All handles of a table share it. Used with the write lock held.
 */
final class OpenChunk implements WriteBuffer {
    private final String name;

    /** When the schema was looked at last; see {@link Transaction#epoch}. */
    private long epoch = -1;

    private Optional<Vec0Entry> declared = Optional.empty();

    private @Nullable Loaded loaded;

    private final ChunksWithRoom room = new ChunksWithRoom();

    /** How many chunks the last search has found, by whichever handle of the table; beside the write lock. */
    private final AtomicInteger chunks = new AtomicInteger();

    /** Changes of chunks that are not loaded. */
    private final ChangedVectors elsewhere = new ChangedVectors();

    OpenChunk(String name) {
        this.name = name;
    }

    AtomicInteger chunks() {
        return chunks;
    }

    /** The chunk's bytes; those of a table with one vector column and no metadata but the references to values. */
    private static final class Loaded {
        final Vec0Table table;
        final long chunkId;
        final byte[] validity;
        final ByteBuffer rowids;
        final byte[] vectors;
        final ByteBuffer references;
        boolean changed;

        /** Whether its vectors and references have no row yet: they get it with what they are filled with. */
        boolean isNew;

        Loaded(Vec0Table table, long chunkId, byte[] validity, byte[] rowids, byte[] vectors, byte[] references) {
            this.table = table;
            this.chunkId = chunkId;
            this.validity = validity;
            this.rowids = ByteBuffer.wrap(rowids).order(ByteOrder.LITTLE_ENDIAN);
            this.vectors = vectors;
            this.references = ByteBuffer.wrap(references).order(ByteOrder.LITTLE_ENDIAN);
        }

        int firstFree() {
            for (int i = 0; i < validity.length; i++) {
                if (validity[i] != -1) {
                    return 8 * i + Integer.numberOfTrailingZeros(~validity[i]);
                }
            }
            return -1;
        }

        /** Whether a vector stands here. */
        @SuppressWarnings("ReferenceEquality") // another object means another look at the schema
        boolean isOf(Vec0Table of, VectorRows.Place place) {
            return table == of && place.chunk() == chunkId;
        }

        /** The slot of a vector, which must hold it. */
        int checked(VectorRows rows, long id, VectorRows.Place place) {
            int slot = (int) place.slot();
            if (place.slot() < 0
                    || place.slot() >= table.slots()
                    || (validity[slot >> 3] >> (slot & 7) & 1) == 0
                    || rowids.getLong(8 * slot) != id) {
                throw rows.notThere(id, place);
            }
            return slot;
        }

        /** Empties a slot, so that nothing of its vector stays; answers its reference. */
        long clear(int slot) {
            long reference = references.getLong(8 * slot);
            validity[slot >> 3] &= (byte) ~(1 << (slot & 7));
            rowids.putLong(8 * slot, 0);
            references.putLong(8 * slot, 0);
            numbers(slot, new byte[table.vector().vectorBytes()]);
            return reference;
        }

        void put(int slot, long id, byte[] vector, long reference) {
            validity[slot >> 3] |= (byte) (1 << (slot & 7));
            rowids.putLong(8 * slot, id);
            references.putLong(8 * slot, reference);
            numbers(slot, vector);
        }

        void numbers(int slot, byte[] vector) {
            System.arraycopy(vector, 0, vectors, vector.length * slot, vector.length);
            changed = true;
        }
    }

    /**
     * What the schema has now under the name; looked up when somebody else may have changed it, not for each insert.
     */
    Optional<Vec0Entry> declared(Transaction transaction) {
        if (epoch != transaction.epoch()) {
            declared = Vec0Schema.find(transaction.session(), name, declared.orElse(null));
            epoch = transaction.epoch();
        }
        return declared;
    }

    /** Makes the table. */
    Vec0Table create(Transaction transaction, VectorOptions options) {
        transaction.reloadSchemaAfterwards();
        VectorSchema.create(transaction.session(), name, options);
        declared = Vec0Schema.find(transaction.session(), name, null);
        return declared.orElseThrow().readable(transaction.session().file());
    }

    /** Deletes the table, and with it what has been gathered for it. */
    void drop(Transaction transaction, Vec0Entry entry) {
        discard();
        room.forgetAll();
        transaction.reloadSchemaAfterwards();
        VectorSchema.drop(transaction.session(), entry);
        declared = Optional.empty();
        transaction.schemaChanged();
    }

    /** Adds a vector under the next id, where there is room, as vec0 does it in the newest chunk. */
    @SuppressWarnings("ReferenceEquality") // another object means another look at the schema
    long insert(Session session, Vec0Table table, byte[] vector, long reference) {
        Loaded chunk = loaded;
        if (chunk == null || chunk.table != table) {
            flush(session);
            chunk = load(session, table);
        }
        int slot = chunk == null ? -1 : chunk.firstFree();
        if (chunk == null || slot < 0) {
            flush(session);
            room.look(session, table, epoch);
            chunk = loadWithRoom(session, table);
            if (chunk == null) {
                chunk = create(session, table);
            }
            slot = chunk.firstFree();
        }
        session.update(
                "INSERT INTO " + table.rowids() + " (chunk_id, chunk_offset) VALUES (?, ?)", chunk.chunkId, slot);
        long id = session.lastInsertRowid();
        if (!table.auxiliary().isEmpty()) {
            session.update("INSERT INTO " + table.auxiliaryTable() + " (rowid) VALUES (?)", id);
        }
        chunk.put(slot, id, vector, reference);
        return id;
    }

    /**
     * Takes a vector out, with all that belongs to it.
     *
     * @return false when there is no such vector
     */
    boolean delete(Session session, Vec0Table table, long id) {
        VectorRows rows = new VectorRows(session, table);
        VectorRows.Place place = rows.place(id);
        if (place == null) {
            return false;
        }
        VectorRemoval removal = new VectorRemoval(session, table);
        Loaded chunk = loaded;
        if (chunk != null && chunk.isOf(table, place)) {
            removal.forget(id, chunk.clear(chunk.checked(rows, id, place)));
            if (removal.removeIfEmpty(chunk.chunkId, chunk.validity)) {
                loaded = null;
            }
        } else {
            removal.delete(id, place, elsewhere, room);
        }
        return true;
    }

    /**
     * Gives a vector other numbers.
     *
     * @return false when there is no such vector
     */
    boolean replace(Session session, Vec0Table table, long id, byte[] vector) {
        VectorRows rows = new VectorRows(session, table);
        VectorRows.Place place = rows.place(id);
        if (place == null) {
            return false;
        }
        session.gathered(vector.length); // a call that fails after this must not be committed
        Loaded chunk = loaded;
        if (chunk != null && chunk.isOf(table, place)) {
            chunk.numbers(chunk.checked(rows, id, place), vector);
        } else {
            rows.replace(id, place, vector, elsewhere);
        }
        return true;
    }

    /** The id of a vector's value; empty when there is no such vector. */
    OptionalLong reference(Session session, Vec0Table table, long id) {
        VectorRows rows = new VectorRows(session, table);
        VectorRows.Place place = rows.place(id);
        if (place == null) {
            return OptionalLong.empty();
        }
        Loaded chunk = loaded;
        return OptionalLong.of(
                chunk != null && chunk.isOf(table, place)
                        ? chunk.references.getLong(8 * chunk.checked(rows, id, place))
                        : rows.reference(id, place));
    }

    /** The vectors that refer to a value, ascending. */
    List<Long> withReference(Session session, Vec0Table table, long reference) {
        // The row of a value has the vector's number, but for those that another program has written.
        OptionalLong same = reference(session, table, reference);
        if (same.isPresent() && same.getAsLong() == reference) {
            return List.of(reference);
        }
        flush(session);
        return new VectorRows(session, table).withReference(reference);
    }

    /** Takes all vectors out. */
    void clear(Session session, Vec0Table table) {
        flush(session); // of the newest chunk, what is read anew afterwards
        discard();
        room.forgetAll();
        new VectorRemoval(session, table).clear();
    }

    private @Nullable Loaded load(Session session, Vec0Table table) {
        Loaded older = loadWithRoom(session, table);
        return older == null ? loadNewest(session, table) : older;
    }

    /** An older chunk that has room; null when none is known. One that is damaged is left alone. */
    private @Nullable Loaded loadWithRoom(Session session, Vec0Table table) {
        for (OptionalLong id = room.first(); id.isPresent(); id = room.first()) {
            try (ChunkReader chunk = ChunkReader.one(
                    session, table, List.of(table.vectorNumber()), List.of(table.referenceNumber()), id.getAsLong())) {
                if (chunk.next() && chunk.damage() == null) {
                    Loaded found = loaded(table, chunk);
                    if (found.firstFree() >= 0) {
                        loaded = found;
                        return found;
                    }
                }
            }
            room.forget(id.getAsLong());
        }
        return null;
    }

    private static Loaded loaded(Vec0Table table, ChunkReader chunk) {
        return new Loaded(table, chunk.id(), chunk.validity(), chunk.rowids(), chunk.vectors(0), chunk.metadata(0));
    }

    private @Nullable Loaded loadNewest(Session session, Vec0Table table) {
        try (ChunkReader chunk =
                ChunkReader.newest(session, table, List.of(table.vectorNumber()), List.of(table.referenceNumber()))) {
            loaded = chunk.nextSound() ? loaded(table, chunk) : null;
            return loaded;
        }
    }

    private Loaded create(Session session, Vec0Table table) {
        byte[] validity = new byte[table.slots() / 8];
        byte[] rowids = new byte[8 * table.slots()];
        byte[] vectors = new byte[table.vector().vectorBytes() * table.slots()];
        byte[] references = new byte[8 * table.slots()];
        session.update(
                "INSERT INTO " + table.chunks() + " (size, validity, rowids) VALUES (?, ?, ?)",
                table.slots(),
                validity,
                rowids);
        long chunkId = session.lastInsertRowid();
        Loaded made = new Loaded(table, chunkId, validity, rowids, vectors, references);
        made.isNew = true;
        made.changed = true;
        loaded = made;
        return made;
    }

    @Override
    public void flush(Session session) {
        elsewhere.flush(session);
        Loaded chunk = loaded;
        if (chunk == null || !chunk.changed) {
            return;
        }
        Vec0Table table = chunk.table;
        session.update(
                "UPDATE " + table.chunks() + " SET validity = ?, rowids = ? WHERE chunk_id = ?",
                chunk.validity,
                chunk.rowids.array(),
                chunk.chunkId);
        write(session, chunk, table.vectorChunks(table.vectorNumber()), "vectors", chunk.vectors);
        write(session, chunk, table.metadataChunks(table.referenceNumber()), "data", chunk.references.array());
        chunk.isNew = false;
        chunk.changed = false;
    }

    private static void write(Session session, Loaded chunk, String shadow, String column, byte[] bytes) {
        if (chunk.isNew) {
            // The column named rowid is not SQLite's rowid here, and vec0 finds the row by the latter: both get the
            // chunk's id.
            session.update(
                    "INSERT INTO " + shadow + " (_rowid_, rowid, " + column + ") VALUES (?, ?, ?)",
                    chunk.chunkId,
                    chunk.chunkId,
                    bytes);
        } else {
            session.update("UPDATE " + shadow + " SET " + column + " = ? WHERE _rowid_ = ?", bytes, chunk.chunkId);
        }
    }

    @Override
    public void discard() {
        loaded = null;
        elsewhere.discard();
    }
}
