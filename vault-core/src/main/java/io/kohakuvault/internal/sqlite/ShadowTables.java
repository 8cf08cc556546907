package io.kohakuvault.internal.sqlite;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The ordinary tables beside a virtual one, in which its module keeps what it has. Anybody can drop or replace one. */
public final class ShadowTables {
    /** How a fault begins when there is nothing of the name, so that a table can be made. */
    public static final String MISSING = "is missing";

    private ShadowTables() {}

    /**
     * What is wrong with tables, each in words that follow its name: it is missing, no ordinary table, or without a
     * column that it needs.
     *
     * @param needed the columns that each must have, by its name; it may have more
     * @return those with which something is wrong, in the same order
     */
    public static Map<String, String> faults(Session session, Map<String, List<String>> needed) {
        Map<String, String> kinds = new HashMap<>();
        String names = String.join(", ", Collections.nCopies(needed.size(), "?"));
        try (Rows rows = session.query(
                "SELECT m.name, CASE WHEN m.type = 'table' AND m.rootpage > 0 THEN '' WHEN m.type = 'table' THEN 'virtual table' ELSE m.type END "
                        + "FROM sqlite_master m WHERE m.type <> 'trigger' AND m.name COLLATE NOCASE IN (" + names + ")",
                needed.keySet().toArray())) {
            while (rows.next()) {
                kinds.put(SqlNames.fold(String.valueOf(rows.getString(0))), String.valueOf(rows.getString(1)));
            }
        }
        Map<String, String> faults = new LinkedHashMap<>();
        needed.forEach((table, columns) -> {
            String kind = kinds.get(SqlNames.fold(table));
            if (kind == null) {
                faults.put(table, MISSING);
            } else if (!kind.isEmpty()) {
                faults.put(table, "is " + (kind.equals("index") ? "an " : "a ") + kind + " and no ordinary table");
            } else if (!columns.isEmpty()) {
                List<String> found = session.columnsOf(table);
                List<String> without = new ArrayList<>(columns);
                without.removeIf(column -> found.stream().anyMatch(column::equalsIgnoreCase));
                if (!without.isEmpty()) {
                    faults.put(
                            table,
                            "has the columns " + found + ", without " + String.join(", ", without)
                                    + ": something else has taken its name");
                }
            }
        });
        return faults;
    }
}
