package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.DType;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.Table;
import io.kohakuvault.table.TableReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a table's columns are is answered from memory while nothing was committed, and never older than the last commit.
 */
class TableSchemaTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void make() {
        file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            vault.tables().ensure("t", s -> s.column("a", DType.I64)).append(row -> row.set("a", 1));
        }
    }

    @AfterEach
    void unhook() {
        Session.hook(null);
    }

    private static List<String> names(TableReader table) {
        return table.schema().columns().stream().map(SchemaColumn::name).toList();
    }

    private static SchemaColumn nullable(String name) {
        return SchemaColumn.of(name, DType.STR, true);
    }

    /** How many statements of this thread it takes to ask a hundred times. */
    private static int statementsOfAHundred(Runnable ask) {
        AtomicInteger statements = new AtomicInteger();
        Thread mine = Thread.currentThread();
        Session.hook(sql -> statements.addAndGet(Thread.currentThread() == mine ? 1 : 0));
        for (int i = 0; i < 100; i++) {
            ask.run();
        }
        Session.hook(null);
        return statements.get();
    }

    private static int statements(Table table) {
        names(table); // the first time after a change is a look
        return statementsOfAHundred(() -> {
            assertThat(table.name()).isEqualTo("t");
            assertThat(names(table)).first().isEqualTo("a");
            assertThat(table.newBatch().rowCount()).isZero();
        });
    }

    @Test
    void askingAgainTakesNoStatement() {
        try (Vault vault = Vault.open(file)) {
            Table table = vault.tables().get("t");
            assertThat(statements(table)).isZero();
            table.append(row -> row.set("a", 2));
            assertThat(statements(table)).isZero();
            vault.maintenance().checkpoint();
            assertThat(statements(table)).isZero();
            vault.maintenance().compact(4096, Progress.none());
            assertThat(statements(table)).isZero();
            vault.transact(() -> {
                table.append(row -> row.set("a", 3));
                assertThat(statements(table)).isZero();
            });
            try (VaultBatch batch = vault.batch(BatchOptions.defaults())) {
                table.append(row -> row.set("a", 4));
                assertThat(statements(table)).isZero();
                batch.commit();
                assertThat(statements(table)).isZero();
            }
            try (Snapshot snapshot = vault.snapshot()) {
                TableReader then = snapshot.tables().get("t");
                assertThat(names(then)).containsExactly("a");
                assertThat(statementsOfAHundred(() -> names(then))).isZero();
            }
        }
        BulkLoad.create(folder.resolve("load.db"), vault -> {
            Table table = vault.tables().ensure("t", s -> s.column("a", DType.I64));
            assertThat(statements(table)).isZero();
            table.append(row -> row.set("a", 4));
            assertThat(statements(table)).isZero();
            vault.tables().get("t").addColumn(nullable("b"));
            assertThat(names(table)).containsExactly("a", "b");
        });
    }

    /** A change is told by the next call, of whatever kind it is and whoever makes it. */
    @Test
    void aCommittedChangeIsSeenByTheNextCallWhoeverMadeIt() throws Exception {
        try (Vault vault = Vault.open(file);
                Vault other = Vault.open(file);
                Vault reading = Vault.openReadOnly(file)) {
            List<TableReader> tables = List.of(
                    vault.tables().get("t"),
                    other.tables().get("t"),
                    reading.tables().get("t"));
            for (Vault writer : List.of(other, vault)) {
                Table changed = writer.tables().get("t");
                names(tables.get(0));
                changed.addColumn(nullable("b"));
                assertThat(tables).allSatisfy(t -> assertThat(names(t)).containsExactly("a", "b"));
                changed.renameColumn("b", "c");
                assertThat(tables).allSatisfy(t -> assertThat(names(t)).containsExactly("a", "c"));
                changed.append(row -> row.set("a", 5));
                changed.deleteColumn("c");
                assertThat(tables).allSatisfy(t -> assertThat(names(t)).containsExactly("a"));
                writer.tables().rename("t", "u");
                assertThat(tables).allSatisfy(t -> assertThat(t.name()).isEqualTo("u"));
                writer.tables().rename("u", "t");
                writer.maintenance().checkpoint();
                assertThat(tables).allSatisfy(t -> assertThat(t.name()).isEqualTo("t"));
            }
            // A connection that is no vault's, as another process has.
            TestSql.run(file, "UPDATE vault_table_columns SET name = 'z' WHERE name = 'a'");
            assertThat(tables).allSatisfy(t -> assertThat(names(t)).containsExactly("z"));
            other.tables().delete("t");
            assertThat(tables)
                    .allSatisfy(t -> assertThatThrownBy(t::schema).isInstanceOf(NoSuchElementException.class));
        }
    }

    @Test
    void aNewLogsIndexIsNotTakenForTheOldOne() {
        Table table;
        try (Vault vault = Vault.open(file)) {
            table = vault.tables().get("t");
            names(table);
            vault.maintenance().compact(8192, Progress.none()); // leaves the log for a moment, and makes a new one
            try (Vault other = Vault.open(file)) {
                other.tables().get("t").addColumn(nullable("b"));
                assertThat(names(table)).containsExactly("a", "b");
                other.tables().get("t").addColumn(nullable("c"));
                assertThat(names(table)).containsExactly("a", "b", "c");
            }
        }
        assertThatThrownBy(table::schema)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    /**
     * Another connection commits before each statement of a look in turn: what the look has read is not remembered as
     * the newest.
     */
    @Test
    void aCommitDuringALookIsSeenByTheNextCall() {
        try (Vault vault = Vault.open(file);
                Vault other = Vault.open(file)) {
            Table changed = other.tables().get("t");
            int statement = 0;
            for (boolean reached = true; reached; statement++) {
                int when = statement;
                AtomicInteger n = new AtomicInteger();
                AtomicBoolean committed = new AtomicBoolean();
                Table table = vault.tables().get("t");
                String name = "c" + statement;
                Session.hook(sql -> {
                    if (n.getAndIncrement() == when && committed.compareAndSet(false, true)) {
                        changed.addColumn(nullable(name));
                    }
                });
                names(table);
                Session.hook(null);
                reached = committed.get();
                assertThat(names(table).contains(name)).isEqualTo(reached);
            }
            assertThat(statement).isGreaterThan(4);
        }
    }

    @Test
    void aTransactionSeesItsOwnChangesAndNobodySeesThoseThatAreRolledBack() {
        try (Vault vault = Vault.open(file)) {
            Table table = vault.tables().get("t");
            Table same = vault.tables().get("t");
            names(table);
            assertThatThrownBy(() -> vault.transact(() -> {
                        assertThat(names(table)).containsExactly("a");
                        same.addColumn(nullable("b"));
                        assertThat(names(table)).containsExactly("a", "b");
                        vault.tables().rename("t", "u");
                        assertThat(table.name()).isEqualTo("u");
                        throw new IllegalStateException("no");
                    }))
                    .hasMessage("no");
            assertThat(names(table)).containsExactly("a");
            assertThat(table.name()).isEqualTo("t");
            vault.transact(() -> assertThat(names(table)).containsExactly("a"));
            try (VaultBatch batch = vault.batch(BatchOptions.defaults())) {
                same.addColumn(nullable("b"));
                assertThat(names(table)).containsExactly("a", "b");
                same.renameColumn("b", "c");
                assertThat(names(table)).containsExactly("a", "c");
                batch.commit();
                assertThat(names(table)).containsExactly("a", "c");
            }
            assertThat(names(table)).containsExactly("a", "c");
        }
    }

    @Test
    void whatAnotherThreadsBatchHasNotCommittedIsForgottenWhenItIsLost() {
        try (Vault vault = Vault.open(file)) {
            Table table = vault.tables().get("t");
            VaultBatch batch = vault.batch(BatchOptions.defaults());
            vault.tables().get("t").addColumn(nullable("b"));
            assertThat(names(table)).containsExactly("a", "b");
            AtomicInteger updates = new AtomicInteger();
            Session.hook(sql -> {
                if (sql.startsWith("COMMIT") && updates.getAndIncrement() == 0) {
                    throw new VaultIoException("no room", null);
                }
            });
            assertThatThrownBy(batch::close).isInstanceOf(VaultBatchException.class);
            Session.hook(null);
            assertThat(names(table)).containsExactly("a");
        }
    }

    /** Names count up; no reader sees one that is older than what was committed before it asked. */
    @Test
    void readersBesideAWriterNeverGoBack() throws Exception {
        try (Vault vault = Vault.open(file);
                Vault other = Vault.open(file)) {
            Table changed = other.tables().get("t");
            changed.renameColumn("a", "0");
            AtomicLong committed = new AtomicLong();
            AtomicLong asked = new AtomicLong();
            AtomicBoolean stop = new AtomicBoolean();
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Table table = vault.tables().get("t");
            List<Thread> readers = new ArrayList<>();
            for (int t = 0; t < 3; t++) {
                Thread reader = new Thread(() -> {
                    try {
                        while (!stop.get()) {
                            long atLeast = committed.get();
                            assertThat(Long.parseLong(names(table).get(0))).isGreaterThanOrEqualTo(atLeast);
                            asked.incrementAndGet();
                        }
                    } catch (Throwable e) {
                        failure.compareAndSet(null, e);
                    }
                });
                reader.start();
                readers.add(reader);
            }
            for (long n = 1; (n < 300 || asked.get() < 3_000) && failure.get() == null; n++) {
                changed.renameColumn(Long.toString(n - 1), Long.toString(n));
                committed.set(n);
            }
            stop.set(true);
            for (Thread reader : readers) {
                reader.join();
            }
            assertThat(failure.get()).isNull();
        }
    }
}
