package io.kohakuvault.internal.maintenance;

import io.kohakuvault.VaultException;
import io.kohakuvault.VaultInterruptedException;
import io.kohakuvault.internal.block.BlockTables;
import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.internal.legacy.LegacyColumn;
import io.kohakuvault.internal.legacy.LegacyReader;
import io.kohakuvault.internal.legacy.LegacyTables;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.text.Fts5Entry;
import io.kohakuvault.internal.text.Fts5Schema;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.maintenance.VerifyReport;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Looks at everything in one read transaction. */
final class Verifier {
    private static final String RESTORE = "restore the file from a backup";
    private static final String REBUILD = "repair makes the index of words anew from the documents";
    private static final String REPAIR = "repair mends it";
    private static final String FOREIGN = "use the program that made it, which brings what is missing";

    /** Which table's rows repair removes when what they name in another one is gone. */
    private static final Set<String> MENDED = Set.of(
            "kvault_col_blocks kvault_col_columns",
            "kvault_col_data kvault_col_blocks",
            "vault_block_ext kvault_col_blocks",
            "vault_table_columns kvault_col_columns");

    private final Session session;
    private final Findings findings;

    private boolean formatIsWhole;
    private boolean legacyIsWhole;

    /** Tables that SQLite cannot look at. */
    private final Set<String> unchecked = new HashSet<>();

    private Verifier(Session session, Findings findings) {
        this.session = session;
        this.findings = findings;
    }

    static VerifyReport verify(Session session, Progress progress) {
        long pages = number(session, "PRAGMA page_count");
        long blocks = blocks(session);
        Findings.Counts counts = new Findings.Counts();
        // SQLite's own check goes through all pages, ours through all blocks and, of what is no column, through about
        // the rest.
        try (Pulse pulse = new Pulse("verifying", progress, counts::seen, () -> 2 * pages + blocks)) {
            Findings findings = new Findings(pulse, counts);
            return pulse.watch(
                    session,
                    () -> counts.add(1), // grows within one long statement too
                    () -> {
                        VerifyReport report = verify(session, findings);
                        pulse.finished();
                        return report;
                    });
        }
    }

    /** For the progress alone: that they cannot be counted is found again, and reported. */
    private static long blocks(Session session) {
        try {
            return session.hasTable("kvault_col_blocks")
                    ? number(session, "SELECT count(*) FROM kvault_col_blocks")
                    : 0;
        } catch (VaultInterruptedException e) {
            throw e;
        } catch (VaultException e) {
            return 0;
        }
    }

    private static long number(Session session, String sql) {
        Long number = session.queryLong(sql);
        return number == null ? 0 : number;
    }

    private static VerifyReport verify(Session session, Findings findings) {
        Verifier verifier = new Verifier(session, findings);
        verifier.guarded("the schema", () -> SchemaVerifier.verify(session, findings));
        verifier.guarded("the database", verifier::engine);
        verifier.guarded("the tables of the format", verifier::format);
        if (verifier.formatIsWhole && verifier.legacyIsWhole) {
            verifier.guarded("the references between tables", verifier::references);
        }
        if (verifier.formatIsWhole) {
            if (BlockTables.hasColumns(session)) {
                verifier.guarded("columns", verifier::columns);
            }
            verifier.guarded("tables", verifier::tables);
        }
        if (verifier.legacyIsWhole) {
            verifier.guarded("columns of KohakuVault 0.x", verifier::legacyColumns);
        }
        ContentVerifier contents = new ContentVerifier(session, findings, verifier.unchecked);
        verifier.guarded("key-values", contents::keyValues);
        verifier.guarded("documents", contents::documents);
        verifier.guarded("vectors", contents::vectors);
        return findings.report();
    }

    /** What SQLite itself cannot read is a finding, and the rest is looked at all the same. */
    private void guarded(String what, Runnable check) {
        try {
            check.run();
        } catch (VaultInterruptedException e) {
            throw e;
        } catch (VaultException e) {
            findings.checkGoesOn(e);
            findings.error(what, String.valueOf(e.getMessage()), RESTORE);
        }
    }

    private void engine() {
        EngineCheck check = EngineCheck.run(session, findings::checkGoesOn);
        for (String said : check.faults()) {
            if (Catalog.isOfLostDocuments(session, said)) {
                continue; // told with the documents, and what is gone
            }
            boolean ofWords = Catalog.damagedWords(session, said).isPresent();
            findings.error("the database", "SQLite says: " + said, ofWords ? REBUILD : RESTORE);
        }
        Set<String> told = Fts5Schema.list(session).stream()
                .filter(entry -> !entry.isRead())
                .map(Fts5Entry::name)
                .collect(Collectors.toSet());
        unchecked.addAll(check.unchecked().keySet());
        check.unchecked().forEach((table, why) -> {
            if (!told.contains(table)) {
                findings.warning("table " + table, "cannot be looked at here: " + why, FOREIGN);
            }
        });
    }

    private void references() {
        try (Rows rows = session.query("PRAGMA foreign_key_check")) {
            while (rows.next()) {
                findings.error(
                        String.valueOf(rows.getString(0)) + " row " + rows.getLong(1),
                        "names a row of " + rows.getString(2) + " that is not there",
                        MENDED.contains(rows.getString(0) + " " + rows.getString(2))
                                ? REPAIR
                                : "col_chunks".equals(rows.getString(0))
                                        ? RESTORE
                                        : "delete the row, or put back what it names");
            }
        }
    }

    /** One that is gone makes all that it names seem to belong to nothing, which would be said of each row. */
    private void format() {
        Map<String, String> faults = FormatTables.faults(session);
        faults.forEach((table, fault) ->
                findings.error(table, fault + "; columns and tables are not looked at without it", RESTORE));
        Map<String, String> legacy = FormatTables.legacyFaults(session);
        legacy.forEach((table, fault) ->
                findings.error(table, fault + "; columns of KohakuVault 0.x are not looked at without it", RESTORE));
        legacyIsWhole = legacy.isEmpty();
        FormatTables.offsetFaults(session)
                .forEach((table, fault) -> findings.error(table, fault + "; offsets cannot be read", RESTORE));
        if (faults.isEmpty()) {
            Optional<String> emptied = FormatTables.emptied(session);
            emptied.ifPresent(what -> findings.error(
                    "columns", what + ": what is there is no left-over, and cannot be looked at without it", RESTORE));
            formatIsWhole = emptied.isEmpty();
        }
    }

    private void columns() {
        FormatTables.COLUMNS.forEach((table, expected) -> {
            List<String> found = session.columnsOf(table);
            boolean exact = table.equals("kvault_col_data");
            if (found.size() < expected.size()
                    || !found.subList(0, expected.size()).equals(expected)) {
                findings.error(table, "has the columns " + found + " and not " + expected, RESTORE);
            } else if (exact && found.size() > expected.size()) {
                findings.error(table, "has the columns " + found + ": KohakuVault cannot add blocks", RESTORE);
            }
        });
        Long version = session.queryLong("SELECT count(*) FROM kvault_col_format WHERE singleton = 1 AND version = 1");
        if (version == null || version != 1) {
            findings.error("kvault_col_format", "does not say version 1", RESTORE);
        }
        if (session.queryLong("SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = 'kvault_col_row_index'")
                == null) {
            findings.warning("kvault_col_row_index", "is missing: finding blocks is slow", REPAIR);
        }
        Long unused = session.queryLong("SELECT (SELECT coalesce(max(col_id), 0) FROM kvault_col_columns) > "
                + "coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'kvault_col_columns'), 0)");
        if (unused != null && unused != 0) {
            findings.error("sqlite_sequence", "would give an id of a column that exists once more", REPAIR);
        }
        lost(
                "kvault_col_data",
                "SELECT block_id FROM kvault_col_data WHERE block_id NOT IN (SELECT block_id FROM kvault_col_blocks)");
        lost(
                "kvault_col_blocks",
                "SELECT block_id FROM kvault_col_blocks WHERE col_id NOT IN (SELECT col_id FROM kvault_col_columns)");
        ColumnVerifier verifier = new ColumnVerifier(session, new Listening());
        for (long colId : ids("SELECT col_id FROM kvault_col_columns ORDER BY col_id")) {
            guarded("kvault_col_columns row " + colId, () -> {
                ColumnRecord column = BlockTables.columnById(session, colId).orElse(null);
                if (column == null) {
                    findings.error("kvault_col_columns row " + colId, "is there and is not found by its id", RESTORE);
                    return;
                }
                if (column.name().isEmpty()) {
                    findings.error("kvault_col_columns row " + colId, "has no name", RESTORE);
                }
                verifier.verify(column);
            });
        }
    }

    private List<Long> ids(String sql) {
        List<Long> ids = new java.util.ArrayList<>();
        try (Rows rows = session.query(sql)) {
            while (rows.next()) {
                ids.add(rows.getLong(0));
            }
        }
        return ids;
    }

    private void lost(String table, String sql) {
        ids(sql).forEach(id -> findings.error(table + " row " + id, "belongs to nothing", REPAIR));
    }

    private void tables() {
        if (!BlockTables.hasTables(session)) {
            return;
        }
        try (Rows rows = session.query(
                "SELECT t.name, min(c.length), max(c.length), count(c.col_id) FROM vault_tables t LEFT JOIN vault_table_columns v "
                        + "USING (table_id) LEFT JOIN kvault_col_columns c USING (col_id) GROUP BY t.table_id")) {
            while (rows.next()) {
                String where = "table '" + rows.getString(0) + "'";
                if (rows.getLong(3) == 0) {
                    findings.error(where, "has no columns", "drop it");
                } else if (rows.getLong(1) != rows.getLong(2)) {
                    findings.error(
                            where,
                            "has columns of " + rows.getLong(1) + " to " + rows.getLong(2)
                                    + " rows: something else has written to one alone",
                            "truncate the table to " + rows.getLong(1) + " rows");
                }
            }
        }
        if (BlockTables.hasExtensions(session)) {
            lost(
                    "vault_block_ext",
                    "SELECT block_id FROM vault_block_ext WHERE block_id NOT IN (SELECT block_id FROM kvault_col_blocks)");
        }
    }

    /** Every element is looked up. */
    private void legacyColumns() {
        for (LegacyColumn column : LegacyTables.columns(session)) {
            guarded(column.describe(), () -> {
                LegacyTables.check(session, column);
                LegacyReader reader = new LegacyReader(session, column);
                for (long row = 0; row < column.length(); ) {
                    row += reader.run(row, column.length()).rows();
                    findings.block();
                }
            });
        }
    }

    private final class Listening implements ColumnVerifier.Listener {
        @Override
        public void error(String where, String what, String remedy) {
            findings.error(where, what, remedy);
        }

        @Override
        public void warning(String where, String what, String remedy) {
            findings.warning(where, what, remedy);
        }

        @Override
        public void block() {
            findings.block();
        }

        @Override
        public void checksum() {
            findings.checksum();
        }
    }
}
