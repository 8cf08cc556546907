package io.kohakuvault.internal.vector;

import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.SqlNames;
import io.kohakuvault.internal.sqlite.TableNames;
import io.kohakuvault.internal.vec0.Vec0Table;
import io.kohakuvault.vector.VectorOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Makes vec0 tables as sqlite-vec 0.1.6 does, without the extension. */
final class VectorSchema {
    /** vec0's own number of slots, which a declaration need not name. */
    private static final int DEFAULT_SLOTS = 1024;

    /**
     * About how large the vectors of a chunk may be. Each commit of an insert binds the newest chunk as a whole, and
     * vec0 reads chunk by chunk: with chunks of this size KohakuVault's searches take no longer than with the 1.5 MB of
     * vec0's default, and its inserts less than half the time.
     */
    private static final int CHUNK_BYTES = 64 << 10;

    private VectorSchema() {}

    /** How many slots a chunk of a new table has: a multiple of 8, from 8 to 1024. */
    static int slots(int dimensions) {
        int fitting = CHUNK_BYTES / (4 * dimensions) / 8 * 8;
        return Math.max(8, Math.min(DEFAULT_SLOTS, fitting));
    }

    static void create(Session session, String name, VectorOptions options) {
        TableNames.checkFree(session, "vectors", name, TableNames.VECTORS);
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
        int slots = slots(options.dimensions());
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
                            + Vec0Table.name(options.metric())
                            + (slots == DEFAULT_SLOTS ? "" : ", chunk_size=" + slots) + ")");
        } finally {
            session.execute("PRAGMA writable_schema = OFF");
        }
    }

    /** Ends of the names of tables that vec0 keeps beside its own; some are numbered. */
    private static final Pattern BESIDE = Pattern.compile(
            "_(values|info|chunks|rowids|auxiliary|(vector_chunks|metadatachunks|metadatatext)\\d{2,})",
            Pattern.CASE_INSENSITIVE);

    /**
     * Deletes a table, made by whomever, with all that stands beside it; the caller has SQLite read the schema anew.
     */
    static void drop(Session session, String name) {
        List<String> beside = new ArrayList<>();
        try (Rows rows = session.query(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0 AND lower(substr(name, 1, length(?1))) = lower(?1)",
                name)) {
            while (rows.next()) {
                String table = String.valueOf(rows.getString(0));
                if (BESIDE.matcher(table.substring(name.length())).matches()) {
                    beside.add(table);
                }
            }
        }
        beside.forEach(table -> session.execute("DROP TABLE " + q(table)));
        // As it was made: without the module, SQLite cannot run DROP TABLE.
        session.execute("PRAGMA writable_schema = ON");
        try {
            session.update("DELETE FROM sqlite_master WHERE type = 'table' AND rootpage = 0 AND name = ?", name);
        } finally {
            session.execute("PRAGMA writable_schema = OFF");
        }
    }

    private static String q(String name) {
        return SqlNames.quote(name);
    }
}
