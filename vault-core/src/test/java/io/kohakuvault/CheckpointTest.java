package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.codec.DType;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.kv.KvEntry;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The log is copied back beside the writer, and stays bounded. */
class CheckpointTest {
    private static final VaultOptions SMALL_PAGES = VaultOptions.defaults().withPageSizeBytes(4096);
    private static final long FRAME_BYTES = 4096 + 24;

    @TempDir
    Path folder;

    @AfterEach
    void unhook() {
        Session.hook(null);
    }

    /** SQLite writes no page whose content stays. */
    private static byte[] filled(int i) {
        byte[] bytes = new byte[5_000];
        Arrays.fill(bytes, (byte) (1 + i / 50));
        return bytes;
    }

    private long logFrames() throws IOException {
        return Files.size(folder.resolve("a.db-wal")) / FRAME_BYTES;
    }

    @Test
    void theLogOfAWriterThatNeverPausesStaysBounded() throws IOException {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file, SMALL_PAGES)) {
            for (int i = 0; i < 6_000; i++) { // some four frames each
                vault.columns().ensure("n", DType.I64).append(i);
                if (i % 500 == 0) {
                    assertThat(logFrames()).isLessThan(6_000);
                }
            }
            assertThat(logFrames()).isBetween(1_000L, 6_000L);
            assertThat(vault.columns().longs("n").length()).isEqualTo(6_000);
        }
        try (Vault vault = Vault.open(file)) {
            assertThat(vault.columns().longs("n").get(5_999)).isEqualTo(5_999);
            assertThat(vault.maintenance().verify(Progress.none()).isSound()).isTrue();
        }
    }

    @Test
    void aCommitDoesNotWaitForTheCopyAndCloseDoes() throws Exception {
        Path file = folder.resolve("a.db");
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Thread writer = Thread.currentThread();
        Session.hook(sql -> {
            if (Thread.currentThread() != writer) { // nothing but the copy runs beside
                begun.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        Vault vault = Vault.open(file, SMALL_PAGES);
        byte[] large = new byte[1_100 * 4096];
        vault.kv("kv").put("large", large);
        assertThat(begun.await(Await.LONGEST.toMillis(), TimeUnit.MILLISECONDS))
                .as("the log is being copied back beside the writer")
                .isTrue();
        vault.kv("kv").put("beside", new byte[1]); // would hang here
        Thread closer = new Thread(vault::close);
        closer.start();
        Await.until(
                "the closing thread waits",
                () -> closer.getState() == Thread.State.WAITING,
                () -> closer.getState().toString());
        goOn.countDown();
        closer.join();
        assertThat(Files.exists(folder.resolve("a.db-wal"))).isFalse();
        try (Vault again = Vault.open(file)) {
            assertThat(again.kv("kv").get("large")).isEqualTo(large);
        }
    }

    @Test
    void aFailingCopyFailsNoCommit() {
        AtomicInteger failed = new AtomicInteger();
        Session.hook(sql -> {
            if (sql.contains("wal_checkpoint(PASSIVE)")) {
                failed.incrementAndGet();
                throw new VaultIoException("no room", null);
            }
        });
        try (Vault vault = Vault.open(folder.resolve("a.db"), SMALL_PAGES)) {
            for (int i = 0; i < 12; i++) {
                vault.kv("kv").put("key " + i, new byte[600 * 4096]);
            }
            assertThat(failed.get()).isPositive();
            Session.hook(null);
            for (int i = 0; i < 12; i++) {
                assertThat(vault.kv("kv").get("key " + i)).hasSize(600 * 4096);
            }
        }
    }

    @Test
    void anOpenSnapshotHoldsTheLogBackAndNothingElse() throws Exception {
        try (Vault vault = Vault.open(folder.resolve("a.db"), SMALL_PAGES)) {
            vault.kv("kv").put("k", new byte[1]);
            try (Snapshot snapshot = vault.snapshot()) {
                for (int i = 0; i < 3_000; i++) {
                    vault.kv("kv").put("key " + i % 50, filled(i));
                }
                assertThat(snapshot.kv("kv").count()).isEqualTo(1);
                assertThat(logFrames()).isGreaterThan(6_000);
            }
            for (int i = 0; i < 2_000; i++) {
                vault.kv("kv").put("key " + i % 50, filled(i));
            }
            assertThat(vault.maintenance().checkpoint()).isTrue();
            assertThat(Files.size(folder.resolve("a.db-wal"))).isZero();
        }
    }

    /** What a long read has kept in the log would else be copied back within the first commit behind it. */
    @ParameterizedTest
    @ValueSource(ints = {1_000, 5_000})
    void whatASnapshotHasKeptIsCopiedBackBeside(int commits) throws Exception {
        Thread writer = Thread.currentThread();
        AtomicInteger kept = new AtomicInteger();
        AtomicInteger copiedBeforeTheWriterDid = new AtomicInteger(-1);
        try (Vault vault = Vault.open(folder.resolve("a.db"), SMALL_PAGES)) {
            vault.kv("kv").put("k", new byte[1]);
            try (Snapshot snapshot = vault.snapshot()) {
                for (int i = 0; i < commits; i++) {
                    vault.kv("kv").put("key " + i % 50, filled(i));
                }
                assertThat(snapshot.kv("kv").count()).isEqualTo(1);
                kept.set(walIndex(16));
                assertThat(walIndex(96)).isLessThan(kept.get() - 1_000);
            }
            Session.hook(sql -> {
                if (Thread.currentThread() == writer && sql.contains("wal_checkpoint")) {
                    copiedBeforeTheWriterDid.compareAndSet(-1, walIndex(96));
                }
            });
            for (int i = 0; copiedBeforeTheWriterDid.get() < 0; i++) {
                vault.kv("kv").put("key " + i % 50, filled(i));
            }
            assertThat(copiedBeforeTheWriterDid.get()).isGreaterThanOrEqualTo(kept.get());
        }
    }

    /** A number of the wal-index: at 16 how many frames are committed, at 96 how many are copied back. */
    private int walIndex(int at) {
        try {
            return ByteBuffer.wrap(Files.readAllBytes(folder.resolve("a.db-shm")))
                    .order(ByteOrder.nativeOrder())
                    .getInt(at);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theFileCanBeHadAloneAfterwards() {
        try (Vault vault = Vault.open(folder.resolve("a.db"), SMALL_PAGES)) {
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 20; i++) {
                    vault.kv("kv").put("key " + i, new byte[100 * 4096]);
                }
                vault.maintenance().compact(round % 2 == 0 ? 8192 : 4096, Progress.none());
                assertThat(vault.kv("kv").get("key 19")).hasSize(100 * 4096);
            }
        }
    }

    /**
     * A reader that has begun while the log was copied back keeps it from starting over at the next commit, but not at
     * all of them.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theLogStaysBoundedBesideReadersThatNeverPause(boolean sameVault) throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file, SMALL_PAGES);
                Vault other = Vault.open(file)) {
            Vault reads = sameVault ? vault : other;
            for (int i = 0; i < 20_000; i++) {
                vault.kv("kv").put("key " + i, new byte[50]);
            }
            vault.columns().ensure("n", DType.I64).appendAll(new long[20_000]);
            vault.maintenance().checkpoint();
            AtomicBoolean stop = new AtomicBoolean();
            List<Thread> readers = new ArrayList<>();
            for (int t = 0; t < 2; t++) {
                Random random = new Random(t);
                Thread reader = new Thread(() -> {
                    while (!stop.get()) {
                        reads.kv("kv").get("key " + random.nextInt(20_000));
                        reads.columns().longs("n").get(random.nextInt(20_000));
                    }
                });
                reader.start();
                readers.add(reader);
            }
            Random random = new Random(9);
            long written = 0;
            long most = 0;
            try {
                for (int i = 0; i < 12_000; i++) {
                    List<KvEntry> entries = new ArrayList<>();
                    for (int k = 0; k < 5; k++) {
                        byte[] value = new byte[50];
                        random.nextBytes(value);
                        String key = "key " + random.nextInt(20_000);
                        entries.add(new KvEntry(key.getBytes(StandardCharsets.UTF_8), value));
                    }
                    vault.kv("kv").putAll(entries);
                    written += 5; // at least a frame each
                    most = Math.max(most, logFrames());
                }
            } finally {
                stop.set(true);
                for (Thread reader : readers) {
                    reader.join();
                }
            }
            System.out.printf("at least %d frames written beside two readers, the log had %d at most%n", written, most);
            assertThat(most).isLessThan(written * 3 / 4);
        }
    }

    @Test
    void waitingForASnapshotKeepsNoWriterWaiting() throws Exception {
        try (Vault vault =
                Vault.open(folder.resolve("a.db"), SMALL_PAGES.withBusyTimeout(Duration.ofMillis(600_000)))) {
            vault.kv("kv").put("k", new byte[1]);
            Snapshot snapshot = vault.snapshot();
            vault.kv("kv").put("k", new byte[2]);
            AtomicBoolean emptied = new AtomicBoolean();
            Thread waiting = new Thread(() -> emptied.set(vault.maintenance().checkpoint()));
            waiting.start();
            Await.until(
                    "the checkpoint waits",
                    () -> waiting.getState() == Thread.State.TIMED_WAITING,
                    () -> waiting.getState().toString());
            for (int i = 0; i < 100; i++) {
                vault.kv("kv").put("key " + i, new byte[1]); // the first would wait for ten minutes
            }
            assertThat(waiting.isAlive()).isTrue();
            snapshot.close();
            waiting.join();
            assertThat(emptied).isTrue();
            assertThat(Files.size(folder.resolve("a.db-wal"))).isZero();
        }
    }

    @Test
    void closingEndsAWaitingCheckpoint() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault other = Vault.open(file)) {
            Vault vault = Vault.open(file, SMALL_PAGES.withBusyTimeout(Duration.ofMillis(600_000)));
            vault.kv("kv").put("k", new byte[1]);
            Snapshot snapshot = other.snapshot();
            vault.kv("kv").put("k", new byte[2]);
            AtomicReference<Object> answer = new AtomicReference<>();
            Thread waiting = new Thread(() -> {
                try {
                    answer.set(vault.maintenance().checkpoint());
                } catch (RuntimeException e) {
                    answer.set(e);
                }
            });
            waiting.start();
            Await.until(
                    "the checkpoint waits",
                    () -> waiting.getState() == Thread.State.TIMED_WAITING,
                    () -> waiting.getState().toString());
            vault.close();
            waiting.join();
            assertThat(answer.get()).isEqualTo(false);
            snapshot.close();
        }
    }

    @Test
    void theLastWriterCopiesTheLogBackAlsoWhenAReaderClosesAfterIt() throws Exception {
        Path file = folder.resolve("a.db");
        Vault writer = Vault.open(file, SMALL_PAGES);
        writer.kv("kv").put("k", new byte[1]);
        Vault reader = Vault.openReadOnly(file);
        writer.kv("kv").put("k", new byte[50_000]);
        assertThat(reader.kv("kv").get("k")).hasSize(50_000);
        writer.close();
        reader.close();
        Path copy = folder.resolve("copy.db"); // of the file alone
        Files.copy(file, copy);
        try (Vault vault = Vault.openReadOnly(copy)) {
            assertThat(vault.kv("kv").get("k")).hasSize(50_000);
        }
    }

    @Test
    void compactingShrinksTheFileAtOnce() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file, SMALL_PAGES)) {
            for (int i = 0; i < 100; i++) {
                vault.kv("kv").put("key " + i, new byte[100_000]);
            }
            vault.maintenance().checkpoint();
            for (int i = 0; i < 90; i++) {
                vault.kv("kv").delete("key " + i);
            }
            vault.maintenance().compact(0, Progress.none());
            assertThat(Files.size(file)).isLessThan(2_000_000);
        }
    }
}
