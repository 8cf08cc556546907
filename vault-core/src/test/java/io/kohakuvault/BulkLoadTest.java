package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.DType;
import io.kohakuvault.column.LongColumn;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.kv.KVault;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.vector.Metric;
import io.kohakuvault.vector.VectorOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A loaded file is a file like others, or is not there. */
class BulkLoadTest {
    @TempDir
    Path folder;

    @AfterEach
    void unhook() {
        Session.hook(null);
    }

    private List<String> files() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private static void fill(Vault vault) throws IOException {
        vault.columns()
                .ensure("n", DType.I64)
                .appendAll(LongStream.range(0, 100_000).toArray());
        vault.tables()
                .ensure("t", t -> t.column("a", DType.I32).nullable("b", DType.STR))
                .append(row -> row.set("a", 1));
        KVault kv = vault.kv("kv");
        for (int i = 0; i < 1_000; i++) {
            kv.putValue("key " + i, i);
        }
        kv.put("large", new ByteArrayInputStream(new byte[3_000_000]));
        vault.text("docs").insert("some words", 7);
        vault.vectors("vecs", VectorOptions.of(4, Metric.L2)).insert(new float[] {1, 2, 3, 4}, 8);
    }

    @Test
    void theFileIsOneLikeOthers() throws IOException {
        Path loaded = folder.resolve("loaded.db");
        Path written = folder.resolve("written.db");
        VaultOptions options = VaultOptions.defaults().withPageSizeBytes(8192).withSegmentThresholdBytes(1_000_000);
        BulkLoad.create(loaded, options.withGuardNewFiles(true), BulkLoadTest::fill);
        try (Vault vault = Vault.open(written, options.withGuardNewFiles(true))) {
            fill(vault);
        }
        assertThat(files()).containsExactly("loaded.db", "written.db");
        assertThat(Files.getPosixFilePermissions(loaded)).isEqualTo(Files.getPosixFilePermissions(written));
        byte[] header = Files.readAllBytes(loaded);
        assertThat(header[18]).as("write version: WAL").isEqualTo((byte) 2);
        try (Vault one = Vault.open(loaded);
                Vault other = Vault.open(written)) {
            assertThat(one.contents().list()).isEqualTo(other.contents().list());
            assertThat(one.maintenance().stats().pageSizeBytes()).isEqualTo(8192);
            assertThat(one.maintenance().stats().guarded()).isTrue();
            assertThat(one.maintenance().verify(Progress.none()).findings()).isEmpty();
            assertThat(one.columns().longs("n").get(99_999)).isEqualTo(99_999);
            assertThat(one.kv("kv").get("large")).hasSize(3_000_000);
            one.kv("kv").put("more", new byte[1]);
            assertThat(one.maintenance().checkpoint()).isTrue();
        }
    }

    @Test
    void whatFailsLeavesNothing() throws IOException {
        Path file = folder.resolve("a.db");
        assertThatThrownBy(() -> BulkLoad.create(file, vault -> {
                    fill(vault);
                    throw new IOException("the source is broken");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("the source is broken");
        assertThat(files()).isEmpty();
        assertThatThrownBy(() -> BulkLoad.create(file, vault -> {
                    vault.kv("kv").put("k", new byte[1]);
                    Session.hook(sql -> {
                        if (sql.contains("journal_mode = wal")) {
                            throw new VaultIoException("the disk is full", null);
                        }
                    });
                }))
                .isInstanceOf(VaultIoException.class)
                .hasMessage("the disk is full");
        Session.hook(null);
        assertThat(files()).isEmpty();
        assertThatThrownBy(() -> BulkLoad.create(folder.resolve("none").resolve("a.db"), vault -> {}))
                .isInstanceOf(VaultIoException.class)
                .hasMessageContaining("no folder");
    }

    @Test
    void aFileThatIsThereStays() throws IOException {
        Path file = Files.writeString(folder.resolve("a.db"), "mine");
        assertThatThrownBy(() -> BulkLoad.create(file, vault -> {}))
                .isInstanceOf(VaultIoException.class)
                .hasMessageContaining("exists already");
        Path late = folder.resolve("late.db");
        assertThatThrownBy(() -> BulkLoad.create(late, vault -> Files.writeString(late, "mine")))
                .isInstanceOf(VaultIoException.class)
                .hasMessageContaining("exists already");
        assertThat(file).hasContent("mine");
        assertThat(late).hasContent("mine");
        assertThat(files()).containsExactly("a.db", "late.db");
    }

    @Test
    void transactionsAndBatchesAreUndoneAndCommittedInIt() throws IOException {
        Path file = folder.resolve("a.db");
        int cacheKib = 2_000;
        VaultOptions options = VaultOptions.defaults().withCacheSizeBytes(cacheKib * 1024L);
        BulkLoad.create(file, options, vault -> {
            KVault kv = vault.kv("kv");
            for (int i = 0; i < 2_000; i++) {
                kv.put("key " + i, new byte[2_000]);
            }
            assertThatThrownBy(() -> vault.transact(() -> {
                        for (int i = 0; i < 400; i++) {
                            kv.put("key " + i, new byte[50_000]);
                        }
                        assertThat(Files.size(vault.path())).isGreaterThan(15_000_000); // the cache is full
                        throw new IllegalStateException("undo");
                    }))
                    .hasMessage("undo");
            assertThat(kv.count()).isEqualTo(2_000);
            VaultBatch batch = vault.batch(BatchOptions.defaults());
            kv.put("batched", new byte[1]);
            batch.close();
            try (Snapshot snapshot = vault.snapshot()) {
                assertThat(snapshot.kv("kv").get("batched")).hasSize(1);
            }
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                String key = "thread " + t;
                threads.add(new Thread(() -> kv.put(key, new byte[1])));
            }
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            Path copy = folder.resolve("copy.db");
            vault.maintenance().backup(copy, Progress.none());
            try (Vault copied = Vault.openReadOnly(copy)) {
                assertThat(copied.kv("kv").count()).isEqualTo(kv.count());
            }
            Files.delete(copy);
            for (int pageSize : new int[] {4096, 8192}) {
                vault.maintenance().compact(pageSize, Progress.none());
                assertThat(vault.maintenance().stats().pageSizeBytes()).isEqualTo(pageSize);
                assertThat(Path.of(vault.path() + "-wal")).doesNotExist();
            }
            vault.maintenance().compact(0, Progress.none());
            assertThat(vault.maintenance().checkpoint()).isTrue();
            kv.put("last", new byte[1]);
        });
        try (Vault vault = Vault.open(file)) {
            assertThat(vault.kv("kv").count()).isEqualTo(2_006);
            assertThat(vault.kv("kv").get("key 1999")).hasSize(2_000);
            assertThat(vault.maintenance().verify(Progress.none()).isSound()).isTrue();
        }
        assertThat(files()).containsExactly("a.db");
    }

    @Test
    void aSnapshotThatStaysOpenIsTold() throws IOException {
        Path file = folder.resolve("a.db");
        List<Snapshot> left = new ArrayList<>();
        assertThatThrownBy(() ->
                        BulkLoad.create(file, VaultOptions.defaults().withBusyTimeout(Duration.ofMillis(50)), vault -> {
                            vault.kv("kv").put("k", new byte[1]);
                            left.add(vault.snapshot());
                            vault.kv("kv").put("k", new byte[2]);
                        }))
                .isInstanceOf(VaultBusyException.class);
        left.forEach(Snapshot::close);
        left.clear();
        assertThatThrownBy(() -> BulkLoad.create(file, vault -> {
                    vault.kv("kv").put("k", new byte[1]);
                    left.add(vault.snapshot());
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("BulkLoadTest");
        left.forEach(Snapshot::close);
        assertThat(files()).isEmpty();
    }

    /** The page size is known from the first column on. */
    @Test
    void blocksAreThoseOfAVaultThatWasOpened() throws Exception {
        List<String> texts = LongStream.range(0, 100_000)
                .mapToObj(i -> "text " + i * 7919 % 104_729)
                .toList();
        Path loaded = folder.resolve("loaded.db");
        Path written = folder.resolve("written.db");
        BulkLoad.create(loaded, vault -> {
            assertThat(vault.maintenance().stats().pageSizeBytes()).isEqualTo(32_768);
            vault.columns().ensure("s", DType.STR).appendAll(texts);
        });
        try (Vault vault = Vault.open(written)) {
            vault.columns().ensure("s", DType.STR).appendAll(texts);
        }
        String blocks = "SELECT count(*) FROM kvault_col_blocks";
        assertThat(TestSql.number(loaded, blocks)).isEqualTo(TestSql.number(written, blocks));
        assertThat(Files.size(loaded)).isEqualTo(Files.size(written));
    }

    @Test
    void namesMayBeLong() throws IOException {
        for (String name : List.of("a".repeat(240), "\u3042".repeat(80))) {
            BulkLoad.create(folder.resolve(name), vault -> {});
            Vault.open(folder.resolve(name)).close();
        }
        assertThat(files()).hasSize(2);
    }

    /** SQLite would take a log for the new file's. */
    @Test
    void aLogThatWasLeftIsRefused() throws IOException {
        Path file = folder.resolve("a.db");
        for (String suffix : List.of("-wal", "-journal")) {
            Path log = Files.write(Path.of(file + suffix), new byte[100]);
            assertThatThrownBy(() -> BulkLoad.create(file, vault -> {}))
                    .isInstanceOf(VaultIoException.class)
                    .hasMessageContaining(suffix + ": was left");
            Files.delete(log);
            assertThatThrownBy(() -> BulkLoad.create(file, vault -> Files.write(log, new byte[100])))
                    .isInstanceOf(VaultIoException.class);
            Files.delete(log);
            assertThat(files()).isEmpty();
        }
        BulkLoad.create(file, vault -> {});
        Vault.open(file).close();
    }

    @Test
    void ofLoadsOfOneFileOneWins() throws Exception {
        for (int round = 0; round < 20; round++) {
            Path file = folder.resolve("a" + round + ".db");
            AtomicInteger won = new AtomicInteger();
            AtomicInteger lost = new AtomicInteger();
            CyclicBarrier together = new CyclicBarrier(2);
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 2; t++) {
                threads.add(new Thread(() -> {
                    try {
                        BulkLoad.create(file, vault -> {
                            vault.kv("kv").put("k", new byte[1]);
                            together.await();
                        });
                        won.incrementAndGet();
                    } catch (VaultIoException e) {
                        lost.incrementAndGet();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                }));
            }
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(List.of(won.get(), lost.get())).containsExactly(1, 1);
        }
    }

    @Test
    void anInterruptDoesNotEndIt() throws IOException {
        Path file = folder.resolve("a.db");
        Thread.currentThread().interrupt();
        BulkLoad.create(file, vault -> vault.kv("kv").put("k", new byte[1]));
        assertThat(Thread.interrupted()).isTrue();
        try (Vault vault = Vault.open(file)) {
            assertThat(vault.kv("kv").exists("k")).isTrue();
            Thread.currentThread().interrupt();
            vault.maintenance().backup(folder.resolve("b.db"), Progress.none());
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(files()).containsExactly("a.db", "b.db");
    }

    /** What they see is committed, whole, and never in the writer's way. */
    @Test
    void otherThreadsReadBetweenTheCommits() throws Exception {
        Path file = folder.resolve("a.db");
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicLong read = new AtomicLong();
        BulkLoad.create(file, VaultOptions.defaults().withBusyTimeout(Duration.ofMillis(0)), vault -> {
            KVault kv = vault.kv("kv");
            LongColumn column = vault.columns().ensure("n", DType.I64);
            AtomicBoolean stop = new AtomicBoolean();
            List<Thread> readers = new ArrayList<>();
            for (int t = 0; t < 2; t++) {
                readers.add(new Thread(() -> {
                    try {
                        while (!stop.get()) {
                            long length = column.length();
                            assertThat(kv.count()).isGreaterThanOrEqualTo(length);
                            assertThat(length == 0 || column.get(length - 1) == length - 1)
                                    .isTrue();
                            read.incrementAndGet();
                        }
                    } catch (Throwable e) {
                        failure.compareAndSet(null, e);
                    }
                }));
            }
            readers.forEach(Thread::start);
            for (int i = 0; (i < 2_000 || read.get() < 200) && failure.get() == null; i++) {
                long n = i;
                vault.transact(() -> {
                    column.append(n);
                    kv.put("key " + n, new byte[100]);
                });
            }
            stop.set(true);
            for (Thread reader : readers) {
                reader.join();
            }
        });
        assertThat(failure.get()).isNull();
        assertThat(files()).containsExactly("a.db");
    }

    /** Nothing of it is left, also no descriptor. */
    @Test
    void whatALoadThatFailsLeavesOpenIsEnded() throws IOException {
        Path file = folder.resolve("a.db");
        List<Vault> vaults = new ArrayList<>();
        assertThatThrownBy(() ->
                        BulkLoad.create(file, VaultOptions.defaults().withSegmentThresholdBytes(1_000), vault -> {
                            vaults.add(vault);
                            vault.kv("kv").put("k", new ByteArrayInputStream(new byte[3_000_000]));
                            vault.kv("kv").newInputStream("k");
                            vault.snapshot();
                            vault.batch(BatchOptions.defaults());
                            throw new IllegalStateException("enough");
                        }))
                .hasMessage("enough")
                .satisfies(e -> assertThat(e.getSuppressed()).isEmpty());
        assertThatThrownBy(() -> vaults.get(0).kv("kv").get("k")).hasMessageContaining("closed");
        assertThat(files()).isEmpty();
    }
}
