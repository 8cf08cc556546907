package io.kohakuvault.internal.vector;

import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.SqlNames;
import io.kohakuvault.vector.VectorOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Makes vec0 tables as sqlite-vec 0.1.6 does, without the extension, and takes rows out of them. */
final class VectorSchema {
    private VectorSchema() {}

    static void create(Session session, String name, VectorOptions options) {
        session.execute("CREATE TABLE " + q(name + "_info") + " (key TEXT PRIMARY KEY, value ANY)");
        session.update("INSERT INTO " + q(name + "_info") + " (key, value) VALUES ('CREATE_VERSION', 'v0.1.6'), "
                + "('CREATE_VERSION_MAJOR', 0), ('CREATE_VERSION_MINOR', 1), ('CREATE_VERSION_PATCH', 6)");
        session.execute("CREATE TABLE " + q(name + "_chunks")
                + " (chunk_id INTEGER PRIMARY KEY AUTOINCREMENT, size INTEGER NOT NULL, "
                + "validity BLOB NOT NULL, rowids BLOB NOT NULL)");
        session.execute("CREATE TABLE " + q(name + "_rowids")
                + " (rowid INTEGER PRIMARY KEY AUTOINCREMENT, id, chunk_id INTEGER, " + "chunk_offset INTEGER)");
        session.execute("CREATE TABLE " + q(name + "_vector_chunks00") + " (rowid PRIMARY KEY, vectors BLOB NOT NULL)");
        session.execute("CREATE TABLE " + q(name + "_metadatachunks00") + " (rowid PRIMARY KEY, data BLOB NOT NULL)");
        session.execute(
                "CREATE TABLE " + q(name + "_values") + " (id INTEGER PRIMARY KEY AUTOINCREMENT, value BLOB NOT NULL)");
        // SQLite cannot run CREATE VIRTUAL TABLE for a module that it does not have: the row that the statement would
        // leave in the schema is written as such, and the schema read anew when the transaction has ended.
        session.execute("PRAGMA writable_schema = ON");
        try {
            session.update(
                    "INSERT INTO sqlite_master (type, name, tbl_name, rootpage, sql) VALUES ('table', ?, ?, 0, ?)",
                    name,
                    name,
                    "CREATE VIRTUAL TABLE " + name + " USING vec0(value_ref INTEGER, vector float["
                            + options.dimensions() + "] distance_metric="
                            + options.metric().token() + ")");
        } finally {
            session.execute("PRAGMA writable_schema = OFF");
        }
    }

    /** Clears the slot; like vec0 0.1.6 it leaves the vector's bytes, for the validity bit alone says what is there. */
    static boolean delete(Session session, String name, long id) {
        long chunk;
        int slot;
        try (Rows rows =
                session.query("SELECT chunk_id, chunk_offset FROM " + q(name + "_rowids") + " WHERE rowid = ?", id)) {
            if (!rows.next()) {
                return false;
            }
            chunk = rows.getLong(0);
            slot = rows.getInt(1);
        }
        byte[] validity;
        byte[] references;
        try (Rows rows = session.query(
                "SELECT c.validity, m.data FROM " + q(name + "_chunks") + " c JOIN " + q(name + "_metadatachunks00")
                        + " m ON m._rowid_ = c.chunk_id WHERE c.chunk_id = ?",
                chunk)) {
            validity = rows.next() ? rows.getBlob(0) : null;
            references = validity == null ? null : rows.getBlob(1);
        }
        if (validity == null
                || references == null
                || slot < 0
                || slot >= 8 * validity.length
                || 8 * (slot + 1) > references.length) {
            throw new VaultCorruptException(
                    session.file() + ": " + name + "_rowids row " + id + " names slot " + slot + " of chunk " + chunk
                            + ", which is not there",
                    null);
        }
        validity[slot >> 3] &= (byte) ~(1 << (slot & 7));
        ByteBuffer refs = ByteBuffer.wrap(references).order(ByteOrder.LITTLE_ENDIAN);
        long reference = refs.getLong(8 * slot);
        refs.putLong(8 * slot, 0);
        session.update("UPDATE " + q(name + "_chunks") + " SET validity = ? WHERE chunk_id = ?", validity, chunk);
        session.update(
                "UPDATE " + q(name + "_metadatachunks00") + " SET data = ? WHERE _rowid_ = ?", references, chunk);
        session.update("DELETE FROM " + q(name + "_rowids") + " WHERE rowid = ?", id);
        session.update("DELETE FROM " + q(name + "_values") + " WHERE id = ?", reference);
        return true;
    }

    private static String q(String name) {
        return SqlNames.quote(name);
    }
}
