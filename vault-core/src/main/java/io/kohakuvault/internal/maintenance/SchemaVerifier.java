package io.kohakuvault.internal.maintenance;

import io.kohakuvault.internal.block.guard.Guard;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.maintenance.Content;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Looks for what others have hung on the tables of the vault: a trigger runs when this library writes, and may change
 * what it wrote.
 */
final class SchemaVerifier {
    private static final List<String> PREFIXES = List.of("kvault_", "vault_", "kohakuvault_");

    private final Set<String> names = new HashSet<>();

    private SchemaVerifier(Session session) {
        // In tables that the prefixes name are the other kinds.
        for (Content.Kind kind : List.of(Content.Kind.KEY_VALUES, Content.Kind.DOCUMENTS, Content.Kind.VECTORS)) {
            Catalog.names(session, kind).forEach(name -> names.add(lower(name)));
        }
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    static void verify(Session session, Findings findings) {
        new SchemaVerifier(session).look(session, findings);
    }

    private void look(Session session, Findings findings) {
        Set<String> guard = new HashSet<>(Guard.objects());
        List<String> tables = new ArrayList<>();
        try (Rows rows = session.query("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name")) {
            while (rows.next()) {
                String type = String.valueOf(rows.getString(0));
                String name = String.valueOf(rows.getString(1));
                String table = String.valueOf(rows.getString(2));
                if (type.equals("table") && isOurs(name)) {
                    tables.add(name);
                } else if (type.equals("trigger") && isOurs(table) && !guard.contains(name)) {
                    findings.warning(
                            "trigger " + name,
                            "was made by another program and runs when " + table + " is written",
                            "drop it, unless you know what it does");
                } else if (type.equals("view")) {
                    view(name, lower(String.valueOf(rows.getString(3))), tables, findings);
                }
            }
        }
    }

    /** Views come last in the order of types, so that all tables are known. */
    private static void view(String name, String sql, List<String> tables, Findings findings) {
        for (String table : tables) {
            if (sql.contains(lower(table))) {
                findings.warning(
                        "view " + name,
                        "was made by another program and reads " + table,
                        "this library does not use it; drop it if nobody does");
                return;
            }
        }
    }

    /** A table of the format, one of key-values, documents or vectors, or one that stands beside such a one. */
    private boolean isOurs(String table) {
        String name = lower(table);
        return PREFIXES.stream().anyMatch(name::startsWith)
                || names.contains(name)
                || names.stream().anyMatch(n -> name.startsWith(n + "_"));
    }
}
