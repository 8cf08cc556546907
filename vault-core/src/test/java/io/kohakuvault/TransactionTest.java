package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.internal.offset.HeldClaim;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.offset.Claim;
import io.kohakuvault.offset.FencedException;
import io.kohakuvault.offset.OffsetLedger;
import io.kohakuvault.spi.Origin;
import io.kohakuvault.table.Table;
import io.kohakuvault.testkit.Await;
import io.kohakuvault.text.TextQuery;
import io.kohakuvault.vector.VectorOptions;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransactionTest {
    @TempDir
    Path folder;

    @AfterEach
    void removeHook() {
        Session.hook(null);
    }

    /** One step of a job that touches everything a vault holds. */
    static void step(Vault vault, int n) {
        vault.transact(() -> {
            vault.kv("kv").putValue("key " + n, n);
            vault.columns().ensure("numbers", DType.I64).append(n);
            table(vault).append(row -> {
                row.set("at", Instant.ofEpochMilli(n)).set("n", n);
                if (n % 3 != 0) {
                    row.set("note", "note " + n);
                }
            });
            vault.text("docs").insert("document number" + n, n);
            vault.vectors("vecs", VectorOptions.cosine(4)).insert(new float[] {1, n, 2, 3}, n);
        });
    }

    private static Table table(Vault vault) {
        return vault.tables()
                .ensure(
                        "t",
                        s -> s.timestamp("at", LogicalType.TimeUnit.MS)
                                .column("n", DType.I32)
                                .nullable("note", DType.STR));
    }

    static void check(Vault vault, int steps) {
        assertThat(vault.kv("kv").count()).isEqualTo(steps);
        if (steps == 0) {
            return;
        }
        assertThat(vault.columns().longs("numbers").slice(0, steps)).hasSize(steps);
        assertThat(vault.columns().longs("numbers").length()).isEqualTo(steps);
        assertThat(table(vault).length()).isEqualTo(steps);
        assertThat(vault.text("docs").count()).isEqualTo(steps);
        assertThat(vault.text("docs").search(TextQuery.any("document number" + (steps - 1)), steps))
                .hasSize(steps);
        assertThat(vault.vectors("vecs", VectorOptions.cosine(4)).count()).isEqualTo(steps);
        assertThat(vault.vectors("vecs", VectorOptions.cosine(4)).search(new float[] {1, 1, 1, 1}, steps))
                .hasSize(steps);
        var last = table(vault).rows(steps - 1, steps).get(0);
        assertThat(last.get("n")).isEqualTo((long) steps - 1);
        assertThat(last.get("at")).isEqualTo(Instant.ofEpochMilli(steps - 1));
        assertThat(last.get("note")).isEqualTo((steps - 1) % 3 == 0 ? null : "note " + (steps - 1));
    }

    @Test
    void aFaultAtAnyStatementLeavesNothingOfTheStep() {
        int statements = 0;
        for (int fault = 0; ; fault++) {
            Path file = folder.resolve("fault" + fault + ".db");
            AtomicInteger seen = new AtomicInteger();
            int before = fault % 2; // on an empty file, and on one with a step in it
            try (Vault vault = Vault.open(file)) {
                if (before == 1) {
                    step(vault, 0);
                }
                int at = fault / 2;
                Session.hook(sql -> {
                    if (seen.getAndIncrement() == at && !sql.startsWith("ROLLBACK")) {
                        throw new IllegalStateException("fault at " + sql);
                    }
                });
                boolean failed = false;
                try {
                    step(vault, before);
                } catch (IllegalStateException e) {
                    assertThat(e).hasMessageStartingWith("fault at");
                    failed = true;
                } finally {
                    Session.hook(null);
                }
                check(vault, failed ? before : before + 1);
                step(vault, failed ? before : before + 1);
                check(vault, failed ? before + 1 : before + 2);
                statements = Math.max(statements, seen.get());
                if (!failed && before == 1) {
                    break;
                }
            }
            try (Vault vault = Vault.open(file)) {
                assertThat(vault.kv("kv").count()).isPositive();
            }
        }
        assertThat(statements).isGreaterThan(40);
    }

    @Test
    void nestedCallsJoinAndAFailedOneSpoilsTheCommit() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            assertThat(vault.compute(() -> vault.compute(() -> {
                        vault.kv("kv").put("a", new byte[1]);
                        return vault.kv("kv").count();
                    })))
                    .isEqualTo(1);
            assertThatThrownBy(() -> vault.transact(() -> {
                        vault.kv("kv").put("b", new byte[1]);
                        try {
                            vault.transact(() -> {
                                vault.kv("kv").put("c", new byte[1]);
                                throw new IllegalArgumentException("inner");
                            });
                        } catch (IllegalArgumentException ignored) {
                            // goes on as if nothing had happened
                        }
                    }))
                    .isInstanceOf(VaultException.class)
                    .hasMessageContaining("inner");
            assertThat(vault.kv("kv").exists("b")).isFalse();
            vault.transact(() -> {
                vault.kv("kv").put("d", new byte[1]);
                assertThatThrownBy(() -> vault.transact(() -> {
                            throw new IllegalArgumentException("before anything was written");
                        }))
                        .isInstanceOf(IllegalArgumentException.class);
                vault.kv("kv").put("e", new byte[1]);
            });
            assertThat(vault.kv("kv").exists("d") && vault.kv("kv").exists("e")).isTrue();
        }
    }

    /**
     * SQLite ends a transaction by itself when it cannot get a page; what the task does then must not be committed
     * alone.
     */
    @Test
    void nothingIsWrittenAfterTheEngineGaveUpAndTheTaskWentOn() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            vault.kv("kv").put("before", new byte[1]);
            assertThatThrownBy(() -> vault.transact(() -> {
                        vault.kv("kv").put("first", new byte[1]);
                        Session.hook(sql -> {
                            if (sql.startsWith("INSERT INTO \"kv\"")) {
                                Session.hook(null);
                                limit(vault);
                            }
                        });
                        try {
                            vault.kv("kv").put("big", new byte[10_000_000]);
                        } catch (VaultIoException expected) {
                            // goes on as if nothing had happened
                        }
                        assertThatThrownBy(() -> vault.kv("kv").get("first")).isInstanceOf(VaultException.class);
                        vault.kv("kv").put("after", new byte[1]);
                    }))
                    .isInstanceOf(VaultException.class)
                    .hasMessageContaining("rolled back");
            assertThat(vault.kv("kv").exists("first")).isFalse();
            assertThat(vault.kv("kv").exists("after")).isFalse();
        }
    }

    /** The pragma holds for the connection that runs it: the writer's, reached as a read inside its transaction. */
    private static void limit(Vault vault) {
        LIMITER.accept(vault);
    }

    private static final java.util.function.Consumer<Vault> LIMITER = vault -> {
        try {
            var field = Vault.class.getDeclaredField("file");
            field.setAccessible(true);
            ((io.kohakuvault.internal.sqlite.SqliteFile) field.get(vault))
                    .run(transaction -> transaction.session().execute("PRAGMA max_page_count = 20"));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    };

    /**
     * A connection that kept the schema of the rolled-back transaction would be found out by the schema's version,
     * unless others have changed the schema just as often meanwhile: so every number of changes is tried, with the
     * connection left alone in between.
     */
    @Test
    void aRolledBackTableOfVectorsLeavesNoTraceInTheConnection() {
        for (int changes = 0; changes < 20; changes++) {
            Path file = folder.resolve("stale" + changes + ".db");
            try (Vault vault = Vault.open(file);
                    Vault other = Vault.open(file)) {
                assertThatThrownBy(() -> vault.transact(() -> {
                            vault.columns().ensure("c", DType.I64).append(1);
                            vault.vectors("v", VectorOptions.l2(2)).insert(new float[2], 1);
                            throw new IllegalStateException("on purpose");
                        }))
                        .hasMessage("on purpose");
                for (int i = 0; i < changes; i++) {
                    other.kv("k" + i).put("x", new byte[1]);
                }
                for (int i = 0; i < changes; i++) {
                    vault.kv("k" + i).put("y", new byte[1]);
                    assertThat(other.kv("k" + i).count()).isEqualTo(2);
                }
                vault.vectors("v", VectorOptions.l2(2)).insert(new float[2], 1);
                vault.columns().ensure("c", DType.I64).append(1);
                assertThat(other.vectors("v", VectorOptions.l2(2)).search(new float[2], 5))
                        .hasSize(1);
                assertThat(other.columns().longs("c").length()).isEqualTo(1);
            }
        }
    }

    @Test
    void closingInsideATransactionIsRefusedAndChangesNothing() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            assertThatThrownBy(() -> vault.transact(vault::close)).isInstanceOf(IllegalStateException.class);
            vault.kv("kv").put("a", new byte[1]);
            assertThat(vault.kv("kv").get("a")).hasSize(1);
        }
    }

    @Test
    void closeWaitsForReadsOfOtherThreads() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Vault vault = Vault.open(folder.resolve("a.db"));
            vault.columns().ensure("c", DType.I64).appendAll(new long[100_000]);
            CountDownLatch reading = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            Session.hook(sql -> {
                if (sql.startsWith("SELECT payload")) {
                    reading.countDown();
                    try {
                        goOn.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
            });
            Future<Integer> read =
                    threads.submit(() -> vault.columns().longs("c").slice(0, 100_000).length);
            assertThat(reading.await(Await.LONGEST.toMillis(), TimeUnit.MILLISECONDS))
                    .as("a block is being read")
                    .isTrue();
            Thread closing = new Thread(vault::close);
            closing.start();
            Await.until(
                    "the closing thread waits",
                    () -> closing.getState() == Thread.State.WAITING,
                    () -> closing.getState().toString());
            assertThat(read.isDone()).isFalse();
            goOn.countDown();
            assertThat(read.get()).isEqualTo(100_000);
            closing.join();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void readersSeeAllOrNothingWhileAWriterGoesOn() throws Exception {
        int steps = 300;
        Path file = folder.resolve("a.db");
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (Vault vault = Vault.open(file);
                Vault other = Vault.open(file)) {
            step(vault, 0);
            CountDownLatch done = new CountDownLatch(1);
            Future<Integer> reader = threads.submit(() -> {
                int looks = 0;
                while (done.getCount() > 0 || looks == 0) {
                    try (Snapshot s = other.snapshot()) {
                        long n = s.kv("kv").count();
                        assertThat(s.columns().longs("numbers").length()).isEqualTo(n);
                        assertThat(s.tables().get("t").length()).isEqualTo(n);
                        assertThat(s.text("docs").count()).isEqualTo(n);
                        assertThat(s.vectors("vecs").count()).isEqualTo(n);
                        assertThat(s.columns().longs("numbers").get(n - 1)).isEqualTo(n - 1);
                        looks++;
                    }
                }
                return looks;
            });
            for (int i = 1; i < steps; i++) {
                step(vault, i);
            }
            done.countDown();
            assertThat(reader.get()).isPositive();
            check(other, steps);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void twoVaultsOnOneFileAppendInTurns() {
        Path file = folder.resolve("a.db");
        try (Vault a = Vault.open(file);
                Vault b = Vault.open(file)) {
            var first = a.columns().ensure("c", DType.I64);
            var second = b.columns().ensure("c", DType.I64);
            for (int i = 0; i < 200; i += 2) {
                first.append(i);
                second.append(i + 1);
            }
            assertThat(first.length()).isEqualTo(200);
            for (int i = 0; i < 200; i++) {
                assertThat(second.get(i)).isEqualTo(i);
            }
        }
    }

    @Test
    void busyIsSaidAfterTheTimeout() {
        Path file = folder.resolve("a.db");
        try (Vault a = Vault.open(file);
                Vault b = Vault.open(file, VaultOptions.defaults().withBusyTimeout(Duration.ofMillis(50)))) {
            a.transact(() -> {
                a.kv("kv").put("a", new byte[1]);
                assertThatThrownBy(() -> b.kv("kv").put("b", new byte[1])).isInstanceOf(VaultBusyException.class);
            });
            b.kv("kv").put("b", new byte[1]);
            assertThat(a.kv("kv").count()).isEqualTo(2);
        }
    }

    @Test
    void aClaimFencesTheOneBefore() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            Claim first = vault.offsets().claim("sink", "topic", 3);
            assertThat(first.nextOffset()).isEqualTo(-1);
            vault.transact(() -> {
                vault.kv("kv").put("a", new byte[1]);
                vault.offsets().advance(first, 10);
            });
            Claim second = vault.offsets().claim("sink", "topic", 3);
            assertThat(second.nextOffset()).isEqualTo(10);
            assertThat(second.epoch()).isEqualTo(first.epoch() + 1);
            assertThatThrownBy(() -> vault.transact(() -> {
                        vault.kv("kv").put("b", new byte[1]);
                        vault.offsets().advance(first, 20);
                    }))
                    .isInstanceOf(FencedException.class)
                    .hasMessageContaining("topic-3");
            assertThat(vault.kv("kv").exists("b")).isFalse();
            assertThatThrownBy(() -> vault.offsets().advance(second, 20)).isInstanceOf(IllegalStateException.class);
            assertThat(vault.offsets().claims("sink"))
                    .isEqualTo(List.of(new HeldClaim("sink", "topic", 3, 2, 10, Optional.empty())));
        }
    }

    @Test
    void aNoteStandsBesideItsOffset() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            Claim claim = vault.offsets().claim("sink", "topic", 0);
            assertThat(claim.note()).isEmpty();
            vault.transact(() -> vault.offsets().advance(claim, 5, "offset=4"));
            vault.transact(() -> vault.offsets().advance(claim, 6)); // without one the note stays
            assertThat(vault.offsets().claims("sink").get(0).note()).contains("offset=4");
            assertThat(vault.offsets().claim("sink", "topic", 0).note()).contains("offset=4");
            String tooLong = "x".repeat(OffsetLedger.MAX_NOTE_LENGTH + 1);
            assertThatThrownBy(() -> vault.transact(() -> vault.offsets().advance(claim, 7, tooLong)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("1001");
        }
    }

    @Test
    void offsetsThatAreSetFromOutsideFenceWhoDelivers() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            Claim claim = vault.offsets().claim("sink", "topic", 0);
            vault.transact(() -> vault.offsets().advance(claim, 5, "note"));
            for (long next : new long[] {2, 100, -1}) {
                vault.offsets().set("sink", "topic", 0, next);
                Claim now = vault.offsets().claims("sink").get(0);
                assertThat(now.nextOffset()).isEqualTo(next);
                assertThat(now.note()).isEmpty();
                assertThatThrownBy(() -> vault.transact(() -> vault.offsets().advance(claim, 6)))
                        .isInstanceOf(FencedException.class);
            }
            vault.offsets().set("new", "topic", 3, 7);
            assertThat(vault.offsets().claim("new", "topic", 3).nextOffset()).isEqualTo(7);
            assertThatThrownBy(() -> vault.offsets().set("new", "topic", 3, -2))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("-2");
        }
    }

    /** Files of earlier releases have no place for notes. */
    @Test
    void aLedgerOfAnEarlierReleaseGetsRoomForNotes() throws SQLException {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            vault.kv("kv").put("a", new byte[1]);
        }
        TestSql.run(
                file,
                "CREATE TABLE vault_offsets (source TEXT NOT NULL, topic TEXT NOT NULL, partition INTEGER NOT NULL,"
                        + " epoch INTEGER NOT NULL, next_offset INTEGER NOT NULL, topic_id BLOB, updated_ms INTEGER NOT NULL,"
                        + " PRIMARY KEY (source, topic, partition)) WITHOUT ROWID",
                "INSERT INTO vault_offsets VALUES ('sink', 'topic', 0, 4, 50, NULL, 0)");
        try (Vault vault = Vault.openReadOnly(file)) {
            assertThat(vault.offsets().claims("sink"))
                    .isEqualTo(List.of(new HeldClaim("sink", "topic", 0, 4, 50, Optional.empty())));
        }
        try (Vault vault = Vault.open(file)) {
            Claim claim = vault.offsets().claim("sink", "topic", 0);
            assertThat(claim.nextOffset()).isEqualTo(50);
            vault.transact(() -> vault.offsets().advance(claim, 51, "note"));
            assertThat(vault.offsets().claims("sink").get(0).note()).contains("note");
        }
    }

    @Test
    void aCheckpointFoldsTheLogBackAndBlocksAreMappedThen() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            vault.columns().ensure("c", DType.I64).appendAll(new long[10_000]);
            for (boolean folded : new boolean[] {false, true}) {
                try (Snapshot snapshot = vault.snapshot();
                        var block = snapshot.blocks().column("c").block(0)) {
                    assertThat(block.origin()).isEqualTo(folded ? Origin.MAPPED : Origin.COPIED);
                    assertThat(vault.maintenance().checkpoint())
                            .as("a reader holds it back")
                            .isEqualTo(folded);
                }
                assertThat(vault.maintenance().checkpoint()).isTrue();
            }
            assertThatThrownBy(() -> vault.transact(vault.maintenance()::checkpoint))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void closeTellsWhatIsStillInUse() {
        Vault vault = Vault.open(folder.resolve("a.db"));
        vault.columns().ensure("c", DType.I64).append(1);
        Snapshot snapshot = vault.snapshot();
        var block = snapshot.blocks().column("c").block(0);
        assertThatThrownBy(vault::close)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("snapshot of");
        snapshot.close();
        assertThat(snapshot.liveBuffers()).isEqualTo(1);
        assertThatThrownBy(vault::close).hasMessageContaining("1 buffers or readers of the closed snapshot");
        assertThatThrownBy(() -> snapshot.columns().list()).isInstanceOf(IllegalStateException.class);
        block.close();
        vault.close();
        vault.close();
        assertThatThrownBy(() -> vault.kv("kv").get("a")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> vault.kv("kv").put("a", new byte[0])).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(vault::snapshot).isInstanceOf(IllegalStateException.class);
    }

    /**
     * An interrupt closes the FileChannel that a thread is in; closing any descriptor of the file would drop SQLite's
     * locks on it.
     */
    @Test
    void interruptsDoNotGetBetweenTheVaultAndItsFile() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            var column = vault.columns().ensure("c", DType.I64);
            column.appendAll(new long[50_000]);
            vault.maintenance().checkpoint();
            java.util.concurrent.atomic.AtomicReference<Throwable> failed =
                    new java.util.concurrent.atomic.AtomicReference<>();
            java.util.concurrent.atomic.AtomicBoolean stop = new java.util.concurrent.atomic.AtomicBoolean();
            Thread worker = new Thread(() -> {
                try {
                    while (!stop.get()) {
                        try (Snapshot snapshot = vault.snapshot()) {
                            snapshot.columns().longs("c").slice(0, 10);
                            snapshot.blocks().column("c").block(0).close();
                            column.append(1);
                            vault.kv("kv").put("k", new byte[3]);
                        } catch (VaultInterruptedException e) {
                            // SQLite asks now and then whether the thread is interrupted: then the call ends, as it
                            // says.
                        }
                    }
                } catch (Throwable t) {
                    failed.set(t);
                }
            });
            worker.start();
            for (int i = 0; i < 3_000 && worker.isAlive(); i++) {
                worker.interrupt();
                Thread.onSpinWait();
            }
            stop.set(true);
            worker.join();
            assertThat(failed.get()).isNull();
            vault.maintenance().checkpoint();
            try (Snapshot snapshot = vault.snapshot();
                    var block = snapshot.blocks().column("c").block(0)) {
                assertThat(block.origin()).isEqualTo(io.kohakuvault.spi.Origin.MAPPED);
            }
            // The write lock still keeps other connections out.
            vault.transact(() -> {
                column.append(1);
                assertThatThrownBy(() -> TestSql.run(file, "PRAGMA busy_timeout = 1", "BEGIN IMMEDIATE"))
                        .hasMessageContaining("locked");
            });
        }
    }
}
