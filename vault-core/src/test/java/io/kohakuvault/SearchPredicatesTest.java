package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.text.TextQuery;
import io.kohakuvault.text.TextVault;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import io.kohakuvault.vector.VectorQuery;
import io.kohakuvault.vector.VectorReader;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Callers' code within a search: it runs under no lock, and what it throws comes out as it is. */
@Timeout(120)
class SearchPredicatesTest {
    private static final int DIMENSIONS = 2048; // chunks of eight

    @TempDir
    Path folder;

    private Vault vault() {
        return Vault.open(folder.resolve("a.db"));
    }

    private static void fill(Vault vault, int vectors) {
        vault.kv("kv").putValue("a", 1);
        vault.text("docs").insert("hello", 1);
        VectorKVault table = vault.vectors("v", VectorOptions.l2(DIMENSIONS));
        vault.transact(() -> {
            for (int i = 0; i < vectors; i++) {
                float[] vector = new float[DIMENSIONS];
                vector[0] = i;
                table.insert(vector, i);
            }
        });
    }

    /** Runs something on another thread, which a lock of this one would keep waiting. */
    private static <T> T elsewhere(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("another thread cannot read meanwhile", e);
        }
    }

    @Test
    void otherThreadsReadASnapshotWhileAPredicateRuns() {
        try (Vault vault = vault()) {
            fill(vault, 400);
            try (Snapshot snapshot = vault.snapshot()) {
                VectorReader vectors = snapshot.vectors("v");
                VectorQuery query = VectorQuery.of(new float[DIMENSIONS]);
                assertThat(vectors.search(
                                query.withIds(
                                        id -> elsewhere(() -> snapshot.kv("kv").exists("a"))),
                                3))
                        .hasSize(3);
                assertThat(vectors.search(
                                query.withValues(value ->
                                        elsewhere(() -> snapshot.kv("kv").exists("a"))),
                                3))
                        .hasSize(3);
                TextQuery text = TextQuery.all("hello")
                        .withValues(value -> elsewhere(() -> snapshot.kv("kv").exists("a")));
                assertThat(snapshot.text("docs").search(text, 3)).hasSize(1);
                assertThat(snapshot.text("docs").countMatches(text)).isEqualTo(1);
            }
            VectorReader live = vault.vectors("v");
            VectorQuery inner = VectorQuery.of(new float[DIMENSIONS]).withIds(id -> id < 9);
            for (int i = 0; i < 3; i++) {
                assertThat(live.search(
                                VectorQuery.of(new float[DIMENSIONS])
                                        .withIds(id -> id != 7
                                                || elsewhere(() -> live.search(inner, 2))
                                                        .isEmpty()),
                                20))
                        .hasSize(20)
                        .noneMatch(hit -> hit.id() == 7);
            }
        }
    }

    /** A lock of the caller's, such as a cache's, is no part of a deadlock. */
    @Test
    void aLockOfTheCallersDoesNotEndInADeadlock() throws Exception {
        try (Vault vault = vault()) {
            fill(vault, 1);
            try (Snapshot snapshot = vault.snapshot()) {
                Object mine = new Object();
                CountDownLatch both = new CountDownLatch(2);
                FutureTask<Integer> searching = new FutureTask<>(() -> snapshot.text("docs")
                        .search(
                                TextQuery.all("hello").withValues(value -> {
                                    both.countDown();
                                    try {
                                        both.await();
                                    } catch (InterruptedException e) {
                                        Thread.currentThread().interrupt();
                                    }
                                    synchronized (mine) {
                                        return true;
                                    }
                                }),
                                1)
                        .size());
                FutureTask<Boolean> reading = new FutureTask<>(() -> {
                    synchronized (mine) {
                        both.countDown();
                        both.await();
                        return snapshot.kv("kv").exists("a");
                    }
                });
                for (FutureTask<?> task : Set.of(searching, reading)) {
                    Thread thread = new Thread(task);
                    thread.setDaemon(true);
                    thread.start();
                }
                assertThat(searching.get(60, TimeUnit.SECONDS)).isEqualTo(1);
                assertThat(reading.get(60, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    @Test
    void whatAPredicateThrowsReachesTheCaller() {
        try (Vault vault = vault()) {
            fill(vault, 3);
            VaultException mine = new VaultException("mine", null);
            TextVault docs = vault.text("docs");
            assertThatThrownBy(() -> docs.search(
                            TextQuery.all("hello").withValues(value -> {
                                throw mine;
                            }),
                            3))
                    .isSameAs(mine);
            assertThatThrownBy(() -> vault.vectors("v")
                            .search(
                                    VectorQuery.of(new float[DIMENSIONS]).withValues(value -> {
                                        throw mine;
                                    }),
                                    3))
                    .isSameAs(mine);
        }
    }

    private static Set<String> threads(VectorReader vectors) {
        Set<String> names = ConcurrentHashMap.newKeySet();
        vectors.search(
                VectorQuery.of(new float[DIMENSIONS]).withThreads(4).withValues(value -> {
                    names.add(Thread.currentThread().getName());
                    return false;
                }),
                3);
        return names;
    }

    /** How large a table is, is known of it and not of one handle: a snapshot's handles are new each time. */
    @Test
    void everyHandleSharesItsSearch() {
        try (Vault vault = vault()) {
            fill(vault, 2_000);
            try (Snapshot snapshot = vault.snapshot()) {
                assertThat(threads(snapshot.vectors("v"))).contains("vault-search");
            }
            threads(vault.vectors("v")); // learns how large it is
            assertThat(threads(vault.vectors("v", VectorOptions.l2(DIMENSIONS))))
                    .contains("vault-search");
            assertThat(threads(vault.vectors("v"))).contains("vault-search");
        }
    }
}
