package io.kohakuvault.internal.text;

import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.ShadowTables;
import io.kohakuvault.internal.sqlite.SqlNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tables in which FTS5 keeps documents and their words (https://sqlite.org/fts5.html#fts5_data_structures). */
final class Fts5Tables {
    static final String MEND = "repair makes the index of words anew from the documents";
    static final String RENAME = "rename what has that name, then " + MEND;

    private static final String CONTENT = "_content";
    private static final String DATA = "_data";
    private static final String SIZES = "_docsize";
    private static final String CONFIG = "_config";

    /** What FTS5 declares each table as that it can fill from the documents. */
    private static final Map<String, String> DERIVED = new LinkedHashMap<>();

    static {
        DERIVED.put(DATA, "(id INTEGER PRIMARY KEY, block BLOB)");
        DERIVED.put("_idx", "(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID");
        DERIVED.put(SIZES, "(id INTEGER PRIMARY KEY, sz BLOB)");
        DERIVED.put(CONFIG, "(k PRIMARY KEY, v) WITHOUT ROWID");
    }

    /**
     * What is wrong with the tables of one that keeps its documents itself.
     *
     * @param documents what is wrong with the table of documents, which nothing can be made anew of; empty for nothing
     * @param index what is wrong with the others, empty for nothing
     * @param missing the ends of the names of others that are missing, or emptied, so that they can be made anew
     * @param isMixed whether one of all is another's
     */
    record Faults(String documents, String index, List<String> missing, boolean isMixed) {
        boolean isEmpty() {
            return documents.isEmpty() && index.isEmpty();
        }

        /** What to do. */
        String remedy() {
            return !documents.isEmpty() ? "restore the file from a backup" : missing.isEmpty() ? RENAME : MEND;
        }

        /** Whether the index can be made anew: no other table has a name that it needs. */
        boolean canBeMended() {
            return documents.isEmpty() && !missing.isEmpty();
        }
    }

    private Fts5Tables() {}

    static Faults faults(Session session, String name, Fts5Declaration declared) {
        Map<String, List<String>> needed = new LinkedHashMap<>();
        List<String> columns = new ArrayList<>(List.of("id"));
        for (int i = 0; i < declared.columns().size(); i++) {
            columns.add("c" + i);
        }
        needed.put(name + CONTENT, columns);
        needed.put(name + DATA, List.of("id", "block"));
        needed.put(name + "_idx", List.of("segid", "term", "pgno"));
        if (!"0".equals(declared.options().get("columnsize"))) {
            needed.put(name + SIZES, List.of("id", "sz"));
        }
        needed.put(name + CONFIG, List.of("k", "v"));
        Map<String, String> faults = ShadowTables.faults(session, needed);
        String documents = faults.remove(name + CONTENT);
        if (!faults.containsKey(name + CONFIG)
                && session.queryLong("SELECT 1 FROM " + SqlNames.quote(name + CONFIG)
                                + " WHERE k = 'version' AND typeof(v) = 'integer' AND v >= 4")
                        == null) { // a later one may be, of a later FTS5
            faults.put(name + CONFIG, "has no version that FTS5 has had");
        }
        List<String> said = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        boolean taken = false;
        for (Map.Entry<String, String> fault : faults.entrySet()) {
            said.add("its table " + fault.getKey() + " " + fault.getValue());
            missing.add(fault.getKey().substring(name.length()));
            taken |= !fault.getValue().equals(ShadowTables.MISSING)
                    && !fault.getValue().startsWith("has no version");
        }
        return new Faults(
                documents == null
                        ? ""
                        : "its table " + name + CONTENT + " " + documents
                                + (documents.equals(ShadowTables.MISSING) ? ", where its texts were" : ""),
                String.join(", ", said),
                taken ? List.of() : missing,
                taken || (documents != null && !documents.equals(ShadowTables.MISSING)));
    }

    /** Makes tables of the index that are missing, and the index anew from the documents. */
    static void mend(Session session, String name, List<String> missing) {
        for (String end : missing) {
            if (end.equals(CONFIG)) {
                session.execute("CREATE TABLE IF NOT EXISTS " + SqlNames.quote(name + end) + DERIVED.get(end));
                // As FTS5 writes it; what else was set (rank, pgsz, automerge) has FTS5's defaults from now on.
                session.update(
                        "INSERT OR REPLACE INTO " + SqlNames.quote(name + end) + " (k, v) VALUES ('version', 4)");
            } else {
                session.execute("CREATE TABLE " + SqlNames.quote(name + end) + DERIVED.get(end));
            }
        }
        rebuild(session, name);
    }

    static void rebuild(Session session, String name) {
        session.update("INSERT INTO " + SqlNames.quote(name) + " (" + SqlNames.quote(name) + ") VALUES ('rebuild')");
    }
}
