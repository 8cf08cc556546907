package io.kohakuvault.internal.vector;

import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.SqlNames;
import io.kohakuvault.internal.sqlite.WriteBuffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The chunk of a vec0 table that inserts fill, in memory: SQLite's driver cannot write a part of a BLOB, so each commit writes the chunk
 * once, of which SQLite keeps the pages that changed. Used with the write lock held.
 */
final class NewestChunk implements WriteBuffer {
    /** vec0's default; KohakuVault makes no other. */
    private static final int SLOTS = 1024;

    private final String name;
    private final int dimensions;

    private long chunkId;
    private int slots;
    private byte @Nullable [] validity;
    private byte[] rowids = {};
    private byte[] vectors = {};
    private byte[] references = {};
    private boolean changed;

    NewestChunk(String name, int dimensions) {
        this.name = name;
        this.dimensions = dimensions;
    }

    private String shadow(String suffix) {
        return SqlNames.quote(name + suffix);
    }

    /** Adds a vector under the next rowid, as vec0 would place it. */
    long insert(Session session, float[] vector, long reference) {
        byte[] bits = validity;
        if (bits == null) {
            bits = load(session);
        }
        int slot = firstClear(bits);
        if (slot < 0) {
            flush(session);
            bits = create(session);
            slot = 0;
        }
        session.update("INSERT INTO " + shadow("_rowids") + " (chunk_id, chunk_offset) VALUES (?, ?)", chunkId, slot);
        long rowid = session.lastInsertRowid();
        bits[slot >> 3] |= (byte) (1 << (slot & 7));
        little(rowids).putLong(8 * slot, rowid);
        little(references).putLong(8 * slot, reference);
        little(vectors)
                .position(4 * dimensions * slot)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .put(vector);
        changed = true;
        return rowid;
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private int firstClear(byte[] bits) {
        for (int i = 0; i < slots; i++) {
            if ((bits[i >> 3] >> (i & 7) & 1) == 0) {
                return i;
            }
        }
        return -1;
    }

    private byte[] load(Session session) {
        byte[] v = null;
        byte[] r = null;
        try (Rows rows = session.query("SELECT chunk_id, size, validity, rowids FROM " + shadow("_chunks")
                + " ORDER BY chunk_id DESC LIMIT 1")) {
            if (!rows.next()) {
                slots = 0;
                byte[] none = {};
                validity = none;
                return none;
            }
            chunkId = rows.getLong(0);
            slots = rows.getInt(1);
            v = rows.getBlob(2);
            r = rows.getBlob(3);
        }
        byte[] data = blob(session, "SELECT vectors FROM " + shadow("_vector_chunks00") + " WHERE _rowid_ = ?");
        byte[] refs = blob(session, "SELECT data FROM " + shadow("_metadatachunks00") + " WHERE _rowid_ = ?");
        if (slots <= 0
                || v == null
                || r == null
                || data == null
                || refs == null
                || v.length != slots / 8
                || r.length != 8 * slots
                || refs.length != 8 * slots
                || data.length != 4L * dimensions * slots) {
            throw new VaultCorruptException(
                    session.file() + ": " + name + "_chunks row " + chunkId
                            + " and the vectors of that chunk differ in size",
                    null);
        }
        rowids = r;
        vectors = data;
        references = refs;
        validity = v;
        return v;
    }

    private byte @Nullable [] blob(Session session, String sql) {
        try (Rows rows = session.query(sql, chunkId)) {
            return rows.next() ? rows.getBlob(0) : null;
        }
    }

    private byte[] create(Session session) {
        slots = SLOTS;
        byte[] bits = new byte[slots / 8];
        rowids = new byte[8 * slots];
        references = new byte[8 * slots];
        vectors = new byte[4 * dimensions * slots];
        session.update(
                "INSERT INTO " + shadow("_chunks") + " (size, validity, rowids) VALUES (?, ?, ?)", slots, bits, rowids);
        chunkId = session.lastInsertRowid();
        // The column named rowid is not SQLite's rowid here, and vec0 finds the row by the latter: both
        // get the chunk's id.
        session.update(
                "INSERT INTO " + shadow("_vector_chunks00") + " (_rowid_, rowid, vectors) VALUES (?, ?, ?)",
                chunkId,
                chunkId,
                vectors);
        session.update(
                "INSERT INTO " + shadow("_metadatachunks00") + " (_rowid_, rowid, data) VALUES (?, ?, ?)",
                chunkId,
                chunkId,
                references);
        validity = bits;
        changed = true;
        return bits;
    }

    @Override
    public void flush(Session session) {
        byte[] bits = validity;
        if (!changed || bits == null) {
            return;
        }
        session.update(
                "UPDATE " + shadow("_chunks") + " SET validity = ?, rowids = ? WHERE chunk_id = ?",
                bits,
                rowids,
                chunkId);
        session.update("UPDATE " + shadow("_vector_chunks00") + " SET vectors = ? WHERE _rowid_ = ?", vectors, chunkId);
        session.update(
                "UPDATE " + shadow("_metadatachunks00") + " SET data = ? WHERE _rowid_ = ?", references, chunkId);
        changed = false;
    }

    @Override
    public void discard() {
        validity = null;
        changed = false;
        rowids = new byte[0];
        vectors = new byte[0];
        references = new byte[0];
    }
}
