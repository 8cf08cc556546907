package io.kohakuvault.internal.vec0;

import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.ShadowTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds vec0 tables in a file's schema. */
public final class Vec0Schema {
    static final String LOST = "its values are lost";

    private Vec0Schema() {}

    /** All vec0 tables by name, also those that this library does not read. */
    public static List<Vec0Entry> list(Session session) {
        List<String[]> virtual = new ArrayList<>();
        try (Rows rows = session.query(
                "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL%' ORDER BY name")) {
            while (rows.next()) {
                virtual.add(new String[] {String.valueOf(rows.getString(0)), String.valueOf(rows.getString(1))});
            }
        }
        List<Vec0Entry> entries = new ArrayList<>();
        for (String[] table : virtual) {
            entry(session, table[0], table[1]).ifPresent(entries::add);
        }
        return entries;
    }

    /**
     * What the schema has under a name, in whatever case.
     *
     * @param known what was found before, which is not read again where it has not changed; null where there is nothing
     * @throws IllegalArgumentException when it is something other than a vec0 table
     */
    public static Optional<Vec0Entry> find(Session session, String name, @Nullable Vec0Entry known) {
        String found;
        String sql;
        try (Rows rows = session.query(
                "SELECT name, sql FROM sqlite_master WHERE name = ? COLLATE NOCASE AND type IN ('table', 'view', 'index')",
                name)) {
            if (!rows.next()) {
                return Optional.empty();
            }
            found = String.valueOf(rows.getString(0));
            sql = String.valueOf(rows.getString(1));
        }
        if (known != null
                && known.unread().isEmpty()
                && known.name().equals(found)
                && known.sql().equals(sql)) {
            return Optional.of(known);
        }
        Optional<Vec0Entry> entry = entry(session, found, sql);
        if (entry.isEmpty()) {
            throw new IllegalArgumentException(
                    session.file() + ": table " + name + " is no table of vectors; name another one");
        }
        return entry;
    }

    /** Empty for what is not a vec0 table. */
    private static Optional<Vec0Entry> entry(Session session, String name, String sql) {
        ModuleCall call;
        try {
            call = ModuleCall.parse(sql);
        } catch (DeclarationException e) {
            return Optional.empty();
        }
        if (!call.module().equalsIgnoreCase("vec0")) {
            return Optional.empty();
        }
        Vec0Table table;
        try {
            table = Declaration.parse(name, call);
        } catch (DeclarationException e) {
            return Optional.of(new Vec0Entry(name, sql, null, String.valueOf(e.getMessage()), false));
        }
        Map<String, String> faults = ShadowTables.faults(session, table.needed());
        if (!faults.isEmpty()) {
            // Which version made the table is all that _info says: sqlite-vec does not read it, and its first ones made
            // none.
            boolean isLost = !faults.keySet().equals(Set.of(name + "_info"));
            return Optional.of(new Vec0Entry(name, sql, null, said(faults), isLost));
        }
        String unread = table.unread();
        if (unread.isEmpty()) {
            faults = ShadowTables.faults(session, Map.of(name + "_values", List.of("id", "value")));
            // sqlite-vec makes such a table too, for others: which of the two it is nothing tells.
            unread = faults.isEmpty()
                    ? ""
                    : said(faults) + ": " + LOST + ", or another program than KohakuVault has made it";
        }
        return Optional.of(new Vec0Entry(name, sql, table, unread, false));
    }

    private static String said(Map<String, String> faults) {
        List<String> missing = new ArrayList<>(faults.keySet());
        missing.removeIf(table -> !ShadowTables.MISSING.equals(faults.get(table)));
        List<String> said = new ArrayList<>();
        if (!missing.isEmpty()) {
            said.add("its table " + String.join(", ", missing) + " " + ShadowTables.MISSING);
        }
        faults.forEach((table, fault) -> {
            if (!missing.contains(table)) {
                said.add("its table " + table + " " + fault);
            }
        });
        return String.join(", ", said);
    }
}
