package io.kohakuvault.internal.vector;

import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.SqlNames;
import io.kohakuvault.internal.sqlite.TableNames;
import io.kohakuvault.internal.vec0.Vec0Entry;
import io.kohakuvault.internal.vec0.Vec0Table;
import io.kohakuvault.vector.VectorOptions;
import io.kohakuvault.vector.VectorType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

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
    private static int slots(int vectorBytes) {
        int fitting = CHUNK_BYTES / vectorBytes / 8 * 8;
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
        int slots = slots(options.type().bytes(options.dimensions()));
        // vec0 0.1.6 to 0.1.9 take no metric for bits, which have one alone
        String metric = options.type() == VectorType.BIT ? "" : " distance_metric=" + Vec0Table.name(options.metric());
        // SQLite cannot run CREATE VIRTUAL TABLE for a module that it does not have: the row that the statement would
        // leave in the schema is written as such, and the schema read anew when the transaction has ended.
        session.execute("PRAGMA writable_schema = ON");
        try {
            session.update(
                    "INSERT INTO sqlite_master (type, name, tbl_name, rootpage, sql) VALUES ('table', ?, ?, 0, ?)",
                    name,
                    name,
                    "CREATE VIRTUAL TABLE " + name + " USING vec0(value_ref INTEGER, vector "
                            + Vec0Table.name(options.type()) + "[" + options.dimensions() + "]" + metric
                            + (slots == DEFAULT_SLOTS ? "" : ", chunk_size=" + slots) + ")");
        } finally {
            session.execute("PRAGMA writable_schema = OFF");
        }
    }

    /**
     * Deletes a table, made by whomever, with the tables that vec0 keeps beside it and the values of KohakuVault; the
     * caller has SQLite read the schema anew.
     */
    static void drop(Session session, Vec0Entry entry) {
        String name = entry.name();
        Set<String> beside = new LinkedHashSet<>();
        Vec0Table table = entry.declared().orElse(null);
        beside.addAll(table != null ? table.shadows() : shadows(name));
        beside.add(name + "_info");
        if (session.columnsOf(name + "_values").equals(List.of("id", "value"))) {
            beside.add(name + "_values");
        }
        for (String shadow : beside) {
            boolean isOurs = TableNames.isOrdinary(session, shadow)
                    && !isOfBytes(session, shadow)
                    && isOfVec0(session, shadow.substring(name.length()), shadow);
            if (isOurs) {
                session.execute("DROP TABLE " + q(shadow));
            }
        }
        // As it was made: without the module, SQLite cannot run DROP TABLE.
        session.execute("PRAGMA writable_schema = ON");
        try {
            session.update("DELETE FROM sqlite_master WHERE type = 'table' AND rootpage = 0 AND name = ?", name);
        } finally {
            session.execute("PRAGMA writable_schema = OFF");
        }
    }

    /** Whether it is a table of key-values, which vec0's are not: its keys are BLOBs. */
    private static boolean isOfBytes(Session session, String table) {
        return session.queryLong(
                        "SELECT 1 FROM pragma_table_info(?) WHERE name = 'key' AND upper(type) = 'BLOB'", table)
                != null;
    }

    /** Whether a table has what vec0 keeps in one of that end: it may be another that has taken the name. */
    private static boolean isOfVec0(Session session, String end, String table) {
        String column = end.equals("_chunks")
                ? "validity"
                : end.equals("_rowids")
                        ? "chunk_offset"
                        : end.startsWith("_vector_chunks")
                                ? "vectors"
                                : end.startsWith("_metadatachunks") ? "data" : "";
        return column.isEmpty() || session.columnsOf(table).stream().anyMatch(column::equalsIgnoreCase);
    }

    /** Those of a table whose declaration cannot be read: by their names. */
    private static List<String> shadows(String name) {
        List<String> found = new ArrayList<>();
        for (String end : List.of("_chunks", "_rowids", "_auxiliary")) {
            found.add(name + end);
        }
        for (int i = 0; i < 16; i++) {
            for (String end : List.of("_vector_chunks", "_metadatachunks", "_metadatatext")) {
                found.add(name + end + (i < 10 ? "0" : "") + i);
            }
        }
        return found;
    }

    private static String q(String name) {
        return SqlNames.quote(name);
    }
}
