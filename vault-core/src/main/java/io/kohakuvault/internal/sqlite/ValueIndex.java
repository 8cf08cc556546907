package io.kohakuvault.internal.sqlite;

import java.util.ArrayList;
import java.util.List;

/**
 * The index of the values that documents or vectors were stored with: an ordinary one, which whoever writes to the
 * table keeps.
 */
public final class ValueIndex {
    private ValueIndex() {}

    /**
     * Makes it where it is not there.
     *
     * @param name the documents' or vectors'
     * @return whether the file's schema changed
     */
    public static boolean make(Session session, String name) {
        String index = name + "_values_by_value";
        if (session.queryLong("SELECT 1 FROM sqlite_master m WHERE m.name = ? COLLATE NOCASE", index) != null) {
            return false;
        }
        session.execute(
                "CREATE INDEX " + SqlNames.quote(index) + " ON " + SqlNames.quote(name + "_values") + " (value)");
        return true;
    }

    /**
     * The rows of values that are stored so.
     *
     * @param values the table, quoted
     */
    public static List<Long> find(Session session, String values, byte[] stored) {
        List<Long> found = new ArrayList<>();
        try (Rows rows = session.query("SELECT v.id FROM " + values + " v WHERE v.value = ? ORDER BY v.id", stored)) {
            while (rows.next()) {
                found.add(rows.getLong(0));
            }
        }
        return found;
    }
}
