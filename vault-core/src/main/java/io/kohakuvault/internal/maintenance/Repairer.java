package io.kohakuvault.internal.maintenance;

import io.kohakuvault.VaultBusyException;
import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.VaultException;
import io.kohakuvault.VaultInterruptedException;
import io.kohakuvault.VaultIoException;
import io.kohakuvault.internal.block.BlockTables;
import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.internal.block.guard.Guard;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.SqlNames;
import io.kohakuvault.internal.sqlite.SqliteSaid;
import io.kohakuvault.internal.text.Fts5Entry;
import io.kohakuvault.internal.text.Fts5Schema;
import io.kohakuvault.internal.value.ValueCodec;
import io.kohakuvault.internal.vec0.ChunkReader;
import io.kohakuvault.internal.vec0.Vec0Entry;
import io.kohakuvault.internal.vec0.Vec0Schema;
import io.kohakuvault.internal.vec0.Vec0Table;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Rebuilds what follows from the rest, and removes what nothing names. Runs in one transaction. */
final class Repairer {
    /** How a line begins that says what is still to be mended. */
    private static final String UNMENDED = "could not mend ";

    private static final String TRIGGER = "see whether a trigger of another program runs then, which verify names";

    private static final String RESTORE = "restore the file from a backup";

    private final Session session;
    private final List<String> done = new ArrayList<>();

    private Repairer(Session session) {
        this.session = session;
    }

    static List<String> repair(Session session) {
        Repairer repairer = new Repairer(session);
        repairer.lostIndexes();
        repairer.checkPages();
        if (repairer.formatIsWhole() && BlockTables.hasColumns(session)) {
            repairer.columns();
        }
        Catalog.keyValues(session)
                .forEach(table -> repairer.guarded("the key-values " + table, () -> repairer.segments(table)));
        Catalog.documents(session)
                .forEach(table -> repairer.guarded("the documents " + table, () -> repairer.documents(table)));
        for (Vec0Entry entry : Vec0Schema.list(session)) {
            if (entry.unread().isEmpty()) {
                entry.declared()
                        .ifPresent(table ->
                                repairer.guarded("the vectors " + entry.name(), () -> repairer.vectors(table)));
            } else if (entry.lacksTables()) {
                repairer.unmended("the vectors " + entry.name(), entry.unread(), entry.remedy());
            }
        }
        return repairer.done;
    }

    /** What a table that is gone, or emptied, does not name any more is no left-over. */
    private boolean formatIsWhole() {
        Map<String, String> faults = FormatTables.faults(session);
        faults.forEach((table, fault) -> unmended("the columns", table + " " + fault, RESTORE));
        if (faults.isEmpty()) {
            Optional<String> emptied = FormatTables.emptied(session);
            emptied.ifPresent(what -> unmended("the columns", what, RESTORE));
            return emptied.isEmpty();
        }
        return false;
    }

    private void unmended(String what, String why, String remedy) {
        done.add(UNMENDED + what + ": " + why + "; " + remedy + "; what is left of it stays as it is");
    }

    /**
     * Runs a step of which the others do not depend. A trigger or a rule of another program may refuse it; then nothing
     * of it is done, and the others are.
     */
    private void guarded(String what, Runnable step) {
        int before = done.size();
        session.execute("SAVEPOINT vault_repair");
        try {
            step.run();
        } catch (VaultInterruptedException | VaultBusyException | VaultIoException | VaultCorruptException e) {
            throw e;
        } catch (VaultException e) {
            try {
                session.execute("ROLLBACK TO vault_repair");
            } catch (VaultException over) {
                VaultException ended = new VaultException(
                        session.file() + ": nothing was repaired: what refuses to have " + what + " mended ends all ("
                                + SqliteSaid.of(e) + "); " + TRIGGER,
                        e);
                ended.addSuppressed(over);
                throw ended;
            }
            done.subList(before, done.size()).clear();
            unmended(what, "something refuses it (" + SqliteSaid.of(e) + ")", TRIGGER);
        }
        session.execute("RELEASE vault_repair");
    }

    /** What FTS5 keeps for the index of words, where it is gone: before its tables are opened, which they cannot be. */
    private void lostIndexes() {
        for (Fts5Entry entry : Fts5Schema.list(session)) {
            String what = "the documents " + entry.name();
            if (entry.state() == Fts5Entry.State.MENDABLE && Catalog.lacksDocuments(session, entry)) {
                unmended(what, entry.unread() + ContentVerifier.LACKS, RESTORE);
            } else if (entry.state() == Fts5Entry.State.MENDABLE) {
                guarded(what, () -> {
                    entry.mend(session);
                    done.add("made the index of words of " + what + " anew, of which tables were missing");
                });
            } else if (entry.state() == Fts5Entry.State.LOST) {
                unmended(what, entry.unread(), entry.remedy());
            }
        }
    }

    /** In a damaged b-tree a row that is there is not found: what seems to belong to nothing may well be named. */
    private void checkPages() {
        // A CHECK says nothing of pages. Another program's may fail, or take seconds a row, and where the file is only
        // read SQLite leaves them out.
        session.execute("PRAGMA ignore_check_constraints = ON");
        try {
            List<String> faults = faults();
            if (!faults.isEmpty() && indexesOfWords(faults)) {
                faults = faults();
            }
            if (!faults.isEmpty()) {
                throw new VaultCorruptException(
                        session.file()
                                + ": nothing was repaired, because the database's pages are damaged, so that what belongs to"
                                + " nothing cannot be told (SQLite says: " + faults.get(0)
                                + "); where it speaks of an index alone, sqlite3's REINDEX makes that anew, else restore a backup, or write what"
                                + " can be read into a new file with sqlite3 .recover",
                        null);
            }
        } finally {
            session.execute("PRAGMA ignore_check_constraints = OFF");
        }
    }

    private List<String> faults() {
        EngineCheck check = EngineCheck.run(session, e -> {});
        check.unchecked().forEach((table, why) -> {
            String left = "left the table " + table + " as it is, which cannot be looked at here: " + why;
            if (!done.contains(left)
                    && done.stream().noneMatch(said -> said.contains("the documents " + table + ":"))) {
                done.add(left);
            }
        });
        // A value that its column should not have hides no other row.
        return check.faults().stream()
                .filter(said -> !said.contains(" value in ") && !Catalog.isOfLostDocuments(session, said))
                .toList();
    }

    /** Makes damaged indexes of words anew from their documents, where nothing else is damaged; else answers false. */
    private boolean indexesOfWords(List<String> faults) {
        Set<String> damaged = new LinkedHashSet<>();
        for (String said : faults) {
            Optional<String> table = Catalog.damagedWords(session, said);
            if (table.isEmpty()) {
                return false;
            }
            damaged.add(table.get());
        }
        for (String table : damaged) {
            session.update("INSERT INTO " + q(table) + " (" + q(table) + ") VALUES ('rebuild')");
            done.add("made the index of words of the documents " + table + " anew");
        }
        return true;
    }

    private void remove(String what, String sql, Object... args) {
        int rows = session.update(sql, args);
        if (rows > 0) {
            done.add("removed " + rows + " " + what);
        }
    }

    private void columns() {
        if (session.queryLong("SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = 'kvault_col_row_index'")
                == null) {
            session.execute("CREATE INDEX kvault_col_row_index ON kvault_col_blocks(col_id, first_row)");
            done.add("made the index kvault_col_row_index again");
        }
        Long highest = session.queryLong("SELECT max(col_id) FROM kvault_col_columns");
        Long known = session.queryLong("SELECT seq FROM sqlite_sequence WHERE name = 'kvault_col_columns'");
        if (highest != null && highest > 0 && (known == null || known < highest)) {
            session.update("DELETE FROM sqlite_sequence WHERE name = 'kvault_col_columns'");
            session.update("INSERT INTO sqlite_sequence (name, seq) VALUES ('kvault_col_columns', ?)", highest);
            done.add("raised the counter of column ids to " + highest);
        }
        remove(
                "blocks of columns that are gone",
                "DELETE FROM kvault_col_blocks WHERE col_id NOT IN (SELECT col_id FROM kvault_col_columns)");
        remove(
                "rows of kvault_col_data that belong to no block",
                "DELETE FROM kvault_col_data WHERE block_id NOT IN (SELECT block_id FROM kvault_col_blocks)");
        if (BlockTables.hasExtensions(session)) {
            remove(
                    "rows of vault_block_ext that belong to no block",
                    "DELETE FROM vault_block_ext WHERE block_id NOT IN (SELECT block_id FROM kvault_col_blocks)");
        }
        if (BlockTables.hasTables(session)) {
            remove(
                    "columns of tables that are gone",
                    "DELETE FROM vault_table_columns WHERE col_id NOT IN (SELECT col_id FROM kvault_col_columns)");
        }
        if (Guard.isInstalled(session)) {
            int derived = 0;
            for (ColumnRecord column : BlockTables.columns(session)) {
                derived += derive(column.colId());
            }
            if (derived > 0) {
                done.add("derived statistics and checksums of " + derived + " blocks");
            }
        }
    }

    /** A damaged column is left as it is: nothing can be derived from it, and verify tells of it. */
    private int derive(long colId) {
        try {
            return ColumnVerifier.deriveMissing(
                    session, BlockTables.columnById(session, colId).orElseThrow());
        } catch (VaultCorruptException e) {
            return 0;
        }
    }

    private static String q(String name) {
        return SqlNames.quote(name);
    }

    /**
     * The condition for segments that no value names, with {@link ValueCodec#segmentedPrefix} as its argument:
     * KohakuVault overwrites and deletes such a value without them.
     */
    static String noValueInSegments(String table) {
        String segments = q(table + "_segments");
        // By the index of the keys, so that only values are read whose keys have segments.
        return " WHERE NOT EXISTS (SELECT 1 FROM " + q(table) + " v WHERE v.key = " + segments
                + ".key AND substr(v.value, 1, length(?1)) = ?1)";
    }

    private void segments(String table) {
        // A table of that name may as well be somebody's key-values.
        if (session.columnsOf(table + "_segments").equals(List.of("key", "segment", "data"))) {
            remove(
                    "segments of keys that are gone from " + table + " or whose value is not in segments by now",
                    "DELETE FROM " + q(table + "_segments") + noValueInSegments(table),
                    ValueCodec.segmentedPrefix());
        }
    }

    private void documents(String table) {
        remove(
                "values of no document from " + table + "_values",
                "DELETE FROM " + q(table + "_values") + " WHERE id NOT IN (SELECT value_ref FROM " + q(table)
                        + " WHERE value_ref IS NOT NULL)");
    }

    private void vectors(Vec0Table table) {
        Set<Long> used = new HashSet<>();
        long vectors = 0;
        try (ChunkReader chunk = ChunkReader.all(session, table, List.of(), List.of(table.referenceNumber()))) {
            while (chunk.next()) {
                if (chunk.damage() != null) {
                    return; // it is not known what is used
                }
                ByteBuffer references = ByteBuffer.wrap(chunk.metadata(0)).order(ByteOrder.LITTLE_ENDIAN);
                for (int slot = 0; slot < table.slots(); slot++) {
                    if (chunk.isUsed(slot)) {
                        used.add(references.getLong(8 * slot));
                        vectors++;
                    }
                }
            }
        }
        Long rowids = session.queryLong("SELECT count(*) FROM " + table.rowids());
        if (rowids == null || rowids != vectors) {
            return; // the chunks say something else than the ids: one of them is damaged
        }
        List<Long> lost = new ArrayList<>();
        try (Rows rows = session.query("SELECT id FROM " + table.values())) {
            while (rows.next()) {
                if (!used.contains(rows.getLong(0))) {
                    lost.add(rows.getLong(0));
                }
            }
        }
        lost.forEach(id -> session.update("DELETE FROM " + table.values() + " WHERE id = ?", id));
        if (!lost.isEmpty()) {
            done.add("removed " + lost.size() + " values of no vector from " + table.name() + "_values");
        }
    }
}
