package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.testkit.Await;
import io.kohakuvault.vector.Metric;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import io.kohakuvault.vector.VectorReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which table a handle is of: names, options, and what becomes of it when the table is dropped, replaced or rolled
 * back.
 */
class VectorHandleTest {
    private static final Duration LONGEST = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("a.db");
    }

    private static void drop(Path file, String name) throws Exception {
        TestSql.run(
                file,
                "BEGIN IMMEDIATE",
                "PRAGMA writable_schema = ON",
                "DELETE FROM sqlite_master WHERE name = '" + name + "'",
                "PRAGMA writable_schema = OFF",
                "DROP TABLE " + name + "_info",
                "DROP TABLE " + name + "_chunks",
                "DROP TABLE " + name + "_rowids",
                "DROP TABLE " + name + "_vector_chunks00",
                "DROP TABLE " + name + "_metadatachunks00",
                "DROP TABLE " + name + "_values",
                "COMMIT");
    }

    private static final float[] ONE = {1, 0, 0};

    @Test
    void withoutOptionsATableIsOpenedAsItIs() {
        try (Vault vault = Vault.open(file())) {
            assertThatThrownBy(() -> vault.vectors("v"))
                    .isInstanceOf(NoSuchElementException.class)
                    .hasMessageContaining(file().toString())
                    .hasMessageContaining("VectorOptions.cosine(dimensions)");
            vault.vectors("v", VectorOptions.of(3, Metric.L1)).insert(ONE, "one");
            VectorKVault found = vault.vectors("v");
            assertThat(found.dimensions()).isEqualTo(3);
            assertThat(found.metric()).isEqualTo(Metric.L1);
            assertThat(found.search(ONE, 1).get(0).value()).contains("one");
            assertThat(found.insert(new float[] {0, 1, 0}, "two")).isEqualTo(2);
            vault.transact(() -> {
                vault.vectors("w", VectorOptions.l2(2)).insert(new float[2], 1);
                assertThat(vault.vectors("w").dimensions()).isEqualTo(2);
            });
            vault.kv("plain").put("k", new byte[1]);
            assertThatThrownBy(() -> vault.vectors("plain")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> vault.vectors("v_rowids")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> vault.vectors("no name")).isInstanceOf(IllegalArgumentException.class);
            try (Snapshot snapshot = vault.snapshot()) {
                VectorReader reader = snapshot.vectors("V");
                assertThat(reader.dimensions()).isEqualTo(3);
                assertThat(reader.metric()).isEqualTo(Metric.L1);
                assertThat(reader.count()).isEqualTo(2);
                assertThatThrownBy(() -> snapshot.vectors("missing")).isInstanceOf(NoSuchElementException.class);
                assertThatThrownBy(() -> snapshot.vectors("plain")).isInstanceOf(IllegalArgumentException.class);
            }
        }
        try (Vault vault = Vault.openReadOnly(file())) {
            assertThat(vault.vectors("v").count()).isEqualTo(2);
            assertThat(vault.vectors("v", VectorOptions.of(3, Metric.L1)).count())
                    .isEqualTo(2);
            assertThatThrownBy(() -> vault.vectors("missing")).isInstanceOf(NoSuchElementException.class);
            assertThatThrownBy(() -> vault.vectors("missing", VectorOptions.l2(3)))
                    .isInstanceOf(NoSuchElementException.class);
            assertThatThrownBy(() -> vault.vectors("v").insert(ONE, 1))
                    .isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    void optionsThatDifferAreRefusedAndBothNamed() {
        try (Vault vault = Vault.open(file())) {
            vault.vectors("v", VectorOptions.l2(3)).insert(ONE, 1);
            for (VectorOptions other : List.of(VectorOptions.l2(4), VectorOptions.cosine(3))) {
                for (String name : List.of("v", "V")) {
                    assertThatThrownBy(() -> vault.vectors(name, other))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining(VectorOptions.l2(3).toString())
                            .hasMessageContaining(other.toString());
                }
            }
            vault.vectors("unwritten", VectorOptions.l2(3));
            assertThatThrownBy(() -> vault.vectors("UNWRITTEN", VectorOptions.l2(4)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("in use");
        }
    }

    /** Two handles that gathered inserts in two buffers would lose one's. */
    @Test
    void anotherCaseOfTheNameIsTheSameTable() throws Exception {
        try (Vault vault = Vault.open(file())) {
            VectorKVault lower = vault.vectors("vecs", VectorOptions.l2(3));
            VectorKVault upper = vault.vectors("VECS", VectorOptions.l2(3));
            vault.transact(() -> {
                for (int i = 0; i < 20; i++) {
                    assertThat((i % 2 == 0 ? lower : upper).insert(new float[] {i, 0, 0}, i))
                            .isEqualTo(i + 1);
                    if (i % 7 == 6) {
                        assertThat((i % 2 == 0 ? upper : lower).delete(i)).isTrue();
                    }
                }
                assertThat(vault.vectors("Vecs").count()).isEqualTo(18);
            });
            assertThat(lower.ids()).hasSize(18).containsExactlyElementsOf(upper.ids());
            for (int i : new int[] {0, 7, 18, 19}) {
                assertThat(upper.search(new float[] {i, 0, 0}, 1).get(0).value())
                        .contains((long) i);
            }
            assertThat(vault.maintenance()
                            .verify(io.kohakuvault.maintenance.Progress.none())
                            .findings())
                    .isEmpty();
        }
        assertThat(TestSql.number(file(), "SELECT count(*) FROM sqlite_master WHERE sql LIKE '%vec0%'"))
                .isEqualTo(1);
    }

    @Test
    void aHandleKnowsThatItsTableWasDropped() throws Exception {
        try (Vault vault = Vault.open(file())) {
            VectorKVault made = vault.vectors("v", VectorOptions.l2(3));
            made.insert(ONE, 1);
            VectorKVault found = vault.vectors("v");
            drop(file(), "v");
            for (VectorKVault handle : List.of(made, found)) {
                assertStale(handle, ONE);
            }
            assertThatThrownBy(() -> vault.vectors("v")).isInstanceOf(NoSuchElementException.class);
            VectorKVault anew = vault.vectors("v", VectorOptions.cosine(2));
            assertThat(anew.insert(new float[] {1, 1}, 1)).isEqualTo(1);
            assertStale(made, ONE);
        }
    }

    private static void assertStale(VectorKVault handle, float[] vector) {
        List<Runnable> calls = List.of(
                () -> handle.search(vector, 1),
                () -> handle.get(1),
                handle::count,
                handle::ids,
                () -> handle.insert(vector, 2),
                () -> handle.delete(1));
        for (Runnable call : calls) {
            assertThatThrownBy(call::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("dropped or replaced")
                    .hasMessageContaining("vectors v ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vector float[4] distance_metric=L2",
                "vector float[3] distance_metric=cosine",
                "vector float[3] distance_metric=L2, chunk_size=16",
                "vector float[3] distance_metric=L2, lang INTEGER",
                "vector int8[3] distance_metric=L2"
            })
    void aHandleKnowsThatItsTableWasReplaced(String becomes) throws Exception {
        try (Vault vault = Vault.open(file())) {
            VectorKVault made = vault.vectors("v", VectorOptions.l2(3));
            made.insert(ONE, 1);
            VectorKVault found = vault.vectors("v");
            VectorKVault onlyRead = vault.vectors("V");
            assertThat(onlyRead.count()).isEqualTo(1);
            TestSql.run(
                    file(),
                    "CREATE TABLE v_metadatachunks01 (rowid PRIMARY KEY, data BLOB NOT NULL)",
                    "PRAGMA writable_schema = ON",
                    "UPDATE sqlite_master SET sql = 'CREATE VIRTUAL TABLE v USING vec0(value_ref INTEGER, " + becomes
                            + ")' WHERE name = 'v'");
            assertStale(made, ONE);
            assertStale(found, ONE);
            assertThatThrownBy(onlyRead::count).isInstanceOf(IllegalStateException.class);
            vault.transact(() -> assertStale(made, ONE));
        }
        assertThat(TestSql.count(file(), "v_rowids")).isEqualTo(1);
        assertThat(TestSql.count(file(), "v_values")).isEqualTo(1);
    }

    @Test
    void aTableThatWasMadeAnewAlikeIsUsedOn() throws Exception {
        try (Vault vault = Vault.open(file());
                Vault other = Vault.open(file())) {
            VectorKVault handle = vault.vectors("v", VectorOptions.l2(3));
            handle.insert(ONE, 1);
            handle.insert(ONE, 2);
            drop(file(), "v");
            other.vectors("v", VectorOptions.l2(3)).insert(new float[] {0, 1, 0}, "other");
            assertThat(handle.insert(ONE, "again")).isEqualTo(2);
            assertThat(handle.search(ONE, 5)).hasSize(2);
        }
    }

    @Test
    void aTableThatWasRolledBackCanBeMadeAgain() {
        try (Vault vault = Vault.open(file())) {
            VectorKVault handle = vault.vectors("v", VectorOptions.l2(3));
            AtomicReference<VectorKVault> inside = new AtomicReference<>();
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> vault.transact(() -> {
                            handle.insert(ONE, 1);
                            assertThat(handle.count()).isEqualTo(1);
                            inside.set(vault.vectors("v"));
                            assertThat(inside.get().search(ONE, 1)).hasSize(1);
                            throw new IllegalArgumentException("no");
                        }))
                        .hasMessage("no");
                assertThat(handle.count()).isZero();
                assertThat(handle.search(ONE, 1)).isEmpty();
            }
            assertStale(inside.get(), ONE);
            assertThatThrownBy(() -> vault.transact(() -> {
                        vault.vectors("v", VectorOptions.l2(3)).insert(ONE, 1);
                        throw new IllegalArgumentException("no");
                    }))
                    .hasMessage("no");
            assertThat(handle.insert(ONE, "kept")).isEqualTo(1);
            assertThat(vault.vectors("v").find(1).orElseThrow().value()).contains("kept");
        }
    }

    @Test
    void aHandleSeesATableThatAnotherMadeMeanwhile() {
        try (Vault vault = Vault.open(file());
                Vault other = Vault.open(file())) {
            VectorKVault handle = vault.vectors("v", VectorOptions.l2(3));
            VectorKVault wrong = vault.vectors("w", VectorOptions.l2(3));
            assertThat(handle.count()).isZero();
            other.vectors("V", VectorOptions.l2(3)).insert(ONE, "theirs");
            other.vectors("w", VectorOptions.cosine(5)).insert(new float[] {1, 2, 3, 4, 5}, "theirs");
            assertThat(handle.insert(ONE, "mine")).isEqualTo(2);
            assertThat(handle.count()).isEqualTo(2);
            assertThatThrownBy(() -> wrong.insert(ONE, 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("cosine");
            assertThatThrownBy(() -> wrong.search(ONE, 1)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void namesThatSomethingElseHasTakenAreRefusedBeforeAnythingIsMade() throws Exception {
        try (Vault vault = Vault.open(file())) {
            vault.kv("v_values").put("k", new byte[1]);
            VectorKVault handle = vault.vectors("V", VectorOptions.l2(3));
            assertThatThrownBy(() -> handle.insert(ONE, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("V_values");
            TestSql.run(file(), "CREATE VIEW w AS SELECT 1");
            assertThatThrownBy(() -> vault.vectors("w", VectorOptions.l2(3)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(TestSql.number(file(), "SELECT count(*) FROM sqlite_master WHERE name LIKE 'v@_%' ESCAPE '@'"))
                .isEqualTo(1);
    }

    /**
     * A thread that opens a table waits for the writer in a load, and while a batch has gathered something; it must
     * hold nothing that the writer's thread needs.
     */
    @ParameterizedTest
    @ValueSource(strings = {"load", "batch"})
    void tablesAreOpenedByTwoThreadsWhileOneOfThemWrites(String how) throws Exception {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread all = thread(
                failure,
                () -> { // closing would wait for ever too
                    if (how.equals("load")) {
                        BulkLoad.create(file(), VectorHandleTest::openInTwoThreads);
                    } else {
                        try (Vault vault = Vault.open(file());
                                VaultBatch batch =
                                        vault.batch(BatchOptions.defaults().withInterval(Duration.ofHours(1)))) {
                            openInTwoThreads(vault);
                            batch.commit();
                        }
                    }
                });
        all.join(2 * LONGEST.toMillis());
        assertThat(all.isAlive()).as("the threads wait for each other").isFalse();
        assertThat(failure.get()).isNull();
    }

    private static void openInTwoThreads(Vault vault) throws InterruptedException {
        vault.kv("k").put("x", new byte[1]);
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch waits = new CountDownLatch(1);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread opens = thread(failure, () -> {
            inside.await();
            vault.vectors("one", VectorOptions.cosine(4));
        });
        Thread writes = thread(
                failure,
                () -> vault.kv("k").computeIfAbsent("y", k -> {
                    inside.countDown();
                    try {
                        assertThat(waits.await(LONGEST.toSeconds(), TimeUnit.SECONDS))
                                .isTrue();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    vault.vectors("two", VectorOptions.cosine(4)).insert(new float[] {1, 0, 0, 0}, "v");
                    vault.vectors("one", VectorOptions.cosine(4)).insert(new float[] {1, 0, 0, 0}, "v");
                    return new byte[1];
                }));
        Await.until(
                "the other thread to wait for the writer",
                LONGEST,
                () -> opens.getState() == Thread.State.WAITING && inside.getCount() == 0,
                () -> "state " + opens.getState());
        waits.countDown();
        opens.join();
        writes.join();
        assertThat(failure.get()).isNull();
        assertThat(vault.vectors("one").count() + vault.vectors("two").count()).isEqualTo(2);
    }

    private interface Work {
        void run() throws Exception;
    }

    private static Thread thread(AtomicReference<Throwable> failure, Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (Throwable t) {
                failure.set(t);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
