package io.kohakuvault.internal.maintenance;

import io.kohakuvault.VaultBusyException;
import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.VaultException;
import io.kohakuvault.VaultInterruptedException;
import io.kohakuvault.VaultIoException;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.SqlNames;
import io.kohakuvault.internal.sqlite.SqliteSaid;
import io.kohakuvault.internal.sqlite.VirtualTableDeclaration;
import io.kohakuvault.internal.text.Fts5Entry;
import io.kohakuvault.internal.text.Fts5Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * SQLite's own check of the whole file. One table that it cannot open ends it for all others: then it is asked table by
 * table, so that the others are looked at and the one is named.
 */
final class EngineCheck {
    private final Session session;
    private final Consumer<VaultException> checkGoesOn;
    private final Set<String> faults = new LinkedHashSet<>();
    private final Map<String, String> unchecked = new LinkedHashMap<>();

    private EngineCheck(Session session, Consumer<VaultException> checkGoesOn) {
        this.session = session;
        this.checkGoesOn = checkGoesOn;
    }

    /**
     * Runs it.
     *
     * @param checkGoesOn throws its argument when that is no failure of the check
     */
    static EngineCheck run(Session session, Consumer<VaultException> checkGoesOn) {
        EngineCheck check = new EngineCheck(session, checkGoesOn);
        check.openIndexesOfWords();
        VaultException ended = check.ask("PRAGMA integrity_check");
        if (ended != null) {
            check.askEach(ended);
        }
        check.unknownModules();
        return check;
    }

    /** What ends it for damage is damage, and not what only another program could look at. */
    private void askEach(VaultException ended) {
        Set<String> lost = Fts5Schema.list(session).stream() // of which that is told
                .filter(entry -> entry.state() == Fts5Entry.State.LOST || entry.state() == Fts5Entry.State.MENDABLE)
                .map(Fts5Entry::name)
                .collect(Collectors.toSet());
        boolean isFound = false;
        for (String table : tables()) {
            VaultException failure = ask("PRAGMA integrity_check(" + SqlNames.quote(table) + ")");
            if (failure instanceof VaultCorruptException && !lost.contains(table)) {
                faults.add("table " + table + ": " + SqliteSaid.of(failure));
            } else if (failure != null) {
                unchecked.put(table, why(table, failure));
            }
            isFound |= failure != null;
        }
        if (!isFound) {
            throw ended;
        }
    }

    /** What it says is wrong. */
    List<String> faults() {
        return List.copyOf(faults);
    }

    /** The tables that it cannot look at, and why. */
    Map<String, String> unchecked() {
        return unchecked;
    }

    /**
     * What a connection knows of an index of words is compared with the file when the table is opened for a query, and
     * not by the check: that would take what another connection has written since for damage.
     */
    private void openIndexesOfWords() {
        for (String table : Fts5Schema.names(session)) {
            try (Rows rows = session.query("SELECT rowid FROM " + SqlNames.quote(table) + " WHERE rowid = 0")) {
                rows.next();
            } catch (VaultInterruptedException | VaultBusyException | VaultIoException e) {
                throw e;
            } catch (VaultException e) {
                checkGoesOn.accept(e); // damage, which the check itself tells of
            }
        }
    }

    /** What ended it; null when nothing did. */
    private @Nullable VaultException ask(String sql) {
        try (Rows rows = session.query(sql)) {
            while (rows.next()) {
                String said = String.valueOf(rows.getString(0));
                if (!said.equals("ok")) {
                    faults.add(said);
                }
            }
            return null;
        } catch (VaultInterruptedException | VaultBusyException | VaultIoException e) {
            throw e;
        } catch (VaultException e) {
            checkGoesOn.accept(e);
            return e;
        }
    }

    /** The schema's own stands for the list of unused pages, too. */
    private List<String> tables() {
        List<String> tables = new ArrayList<>(List.of("sqlite_schema"));
        try (Rows rows = session.query("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")) {
            while (rows.next()) {
                tables.add(String.valueOf(rows.getString(0)));
            }
        }
        return tables;
    }

    private String why(String table, VaultException failure) {
        try (Rows rows = session.query("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", table)) {
            return (rows.next() ? Fts5Schema.unopened(String.valueOf(rows.getString(0))) : Optional.<String>empty())
                    .orElseGet(() -> SqliteSaid.of(failure));
        }
    }

    /** It leaves those out without a word. Tables of vectors are looked at without their module. */
    private void unknownModules() {
        try (Rows rows = session.query(
                "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL%' ORDER BY name")) {
            while (rows.next()) {
                String name = String.valueOf(rows.getString(0));
                VirtualTableDeclaration.parse(String.valueOf(rows.getString(1)))
                        .map(VirtualTableDeclaration::module)
                        .filter(module -> !module.equals("vec0") && !isKnown(module))
                        .ifPresent(module -> unchecked.putIfAbsent(name, "its module " + module + " is unknown"));
            }
        }
    }

    private boolean isKnown(String module) {
        return session.queryLong("SELECT 1 FROM pragma_module_list WHERE name = ? COLLATE NOCASE", module) != null;
    }
}
