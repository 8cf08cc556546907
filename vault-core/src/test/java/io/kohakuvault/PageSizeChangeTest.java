package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.DType;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.kv.KVault;
import io.kohakuvault.maintenance.Progress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** To change the page size a file leaves its log for a moment: what happens to those that come to read just then. */
class PageSizeChangeTest {
    @TempDir
    Path folder;

    @AfterEach
    void removeHook() {
        Session.hook(null);
    }

    private static String mode(Path file) throws SQLException {
        return TestSql.strings(file, "PRAGMA journal_mode").get(0);
    }

    /** Runs something once, before the first statement that begins so. */
    private static void before(String sql, Runnable action) {
        AtomicBoolean done = new AtomicBoolean();
        Session.hook(statement -> {
            if (statement.startsWith(sql) && done.compareAndSet(false, true)) {
                action.run();
            }
        });
    }

    @Test
    void aReadThatBeginsMeanwhileWaits() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            vault.kv("kv").put("k", new byte[] {7});
            AtomicReference<CompletableFuture<byte[]>> read = new AtomicReference<>();
            AtomicReference<Thread> reader = new AtomicReference<>();
            before("VACUUM", () -> {
                CompletableFuture<byte[]> answer = new CompletableFuture<>();
                read.set(answer);
                Thread thread = new Thread(() -> {
                    try {
                        answer.complete(vault.kv("kv").get("k"));
                    } catch (RuntimeException e) {
                        answer.completeExceptionally(e);
                    }
                });
                reader.set(thread);
                thread.start();
                while (thread.getState() == Thread.State.RUNNABLE || thread.getState() == Thread.State.NEW) {
                    Thread.onSpinWait(); // until it waits, or has answered
                }
                assertThat(answer).isNotDone();
            });
            vault.maintenance().compact(8192, Progress.none());
            assertThat(read.get().get()).containsExactly(7);
            reader.get().join();
            assertThat(mode(file)).isEqualTo("wal");
            assertThat(vault.maintenance().stats().pageSizeBytes()).isEqualTo(8192);
        }
    }

    @Test
    void aReadThatWouldWaitTooLongSaysWhy() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file, VaultOptions.defaults().withBusyTimeout(Duration.ofMillis(50)))) {
            vault.kv("kv").put("k", new byte[] {7});
            before("VACUUM", () -> {
                CompletableFuture<byte[]> read =
                        CompletableFuture.supplyAsync(() -> vault.kv("kv").get("k"));
                assertThatThrownBy(read::get)
                        .isInstanceOf(ExecutionException.class)
                        .cause()
                        .isInstanceOf(VaultBusyException.class)
                        .hasMessageContaining("page size");
            });
            vault.maintenance().compact(8192, Progress.none());
            assertThat(vault.kv("kv").get("k")).containsExactly(7);
        }
    }

    @Test
    void anotherProgramThatReadsMeanwhileDoesNotKeepTheFileOutOfItsLogForEver() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file, VaultOptions.defaults().withBusyTimeout(Duration.ofMillis(50)))) {
            vault.kv("kv").put("k", new byte[] {7});
            try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                    Statement statement = other.createStatement()) {
                before("PRAGMA journal_mode = wal", () -> {
                    try {
                        statement.execute("BEGIN");
                        statement.executeQuery("SELECT count(*) FROM kv").close();
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                });
                assertThatThrownBy(() -> vault.maintenance().compact(8192, Progress.none()))
                        .isInstanceOf(VaultBusyException.class);
                assertThat(vault.maintenance().checkpoint()).isFalse();
                assertThat(vault.kv("kv").get("k")).containsExactly(7);
            }
            assertThat(mode(file)).isEqualTo("delete");
            vault.kv("kv").put("l", new byte[] {8});
            assertThat(vault.maintenance().checkpoint()).isTrue();
            assertThat(mode(file)).isEqualTo("wal");
            vault.kv("kv").put("m", new byte[] {9});
            assertThat(vault.kv("kv").get("l")).containsExactly(8);
            assertThat(vault.kv("kv").get("m")).containsExactly(9);
        }
    }

    private static void execute(Statement statement, String sql) {
        try {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whoReadsWhenThePageSizeIsChangedAlreadyOnlyDelaysTheLog() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file, VaultOptions.defaults().withBusyTimeout(Duration.ofMillis(50)))) {
            vault.kv("kv").put("k", new byte[] {7});
            try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                    Statement statement = other.createStatement()) {
                before(
                        "VACUUM",
                        () -> before("PRAGMA journal_mode = wal", () -> {
                            execute(statement, "BEGIN");
                            execute(statement, "SELECT count(*) FROM kv");
                        }));
                vault.maintenance().compact(8192, Progress.none());
                assertThat(vault.maintenance().stats().pageSizeBytes()).isEqualTo(8192);
                assertThat(vault.kv("kv").get("k")).containsExactly(7);
            }
            assertThat(mode(file)).isEqualTo("delete");
            vault.kv("kv").put("l", new byte[] {8});
            assertThat(mode(file)).isEqualTo("wal");
            AtomicInteger checkpoints = new AtomicInteger();
            Session.hook(sql -> checkpoints.addAndGet(sql.contains("wal_checkpoint") ? 1 : 0));
            for (int i = 0; i < 50; i++) {
                vault.kv("kv").put("m", new byte[] {(byte) i});
            }
            assertThat(checkpoints).hasValueLessThan(5);
            assertThat(vault.kv("kv").get("l")).containsExactly(8);
            assertThat(vault.kv("kv").get("m")).containsExactly(49);
        }
    }

    @Test
    void aProgramThatSetsTheLogJustThenIsNoticed() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file, VaultOptions.defaults().withBusyTimeout(Duration.ofMillis(50)))) {
            vault.kv("kv").put("k", new byte[] {7});
            vault.columns().ensure("c", DType.I64).appendAll(new long[100_000]);
            before("VACUUM", () -> {
                try {
                    TestSql.strings(file, "PRAGMA journal_mode = wal");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThatThrownBy(() -> vault.maintenance().compact(8192, Progress.none()))
                    .isInstanceOf(VaultBusyException.class)
                    .hasMessageContaining("page size");
            assertThat(vault.maintenance().stats().pageSizeBytes()).isEqualTo(32768);
            vault.maintenance().compact(8192, Progress.none());
            assertThat(vault.maintenance().stats().pageSizeBytes()).isEqualTo(8192);
            assertThat(vault.maintenance().verify(Progress.none()).isSound()).isTrue();
            assertThat(mode(file)).isEqualTo("wal");
        }
    }

    @Test
    void aReadThatIsUnderWayIsWaitedFor() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            vault.kv("kv").put("k", new byte[] {7});
            Thread changing = new Thread(() -> vault.maintenance().compact(8192, Progress.none()));
            AtomicBoolean begun = new AtomicBoolean();
            Session.hook(sql -> {
                if (sql.startsWith("SELECT value FROM") && begun.compareAndSet(false, true)) {
                    changing.start();
                    while (changing.getState() != Thread.State.TIMED_WAITING && changing.isAlive()) {
                        Thread.onSpinWait();
                    }
                }
            });
            assertThat(vault.kv("kv").get("k")).containsExactly(7);
            changing.join();
            assertThat(begun).isTrue();
            assertThat(vault.maintenance().stats().pageSizeBytes()).isEqualTo(8192);
        }
    }

    @Test
    void aSnapshotIsNotWaitedFor() {
        try (Vault vault = Vault.open(
                folder.resolve("a.db"), VaultOptions.defaults().withBusyTimeout(Duration.ofMillis(60_000)))) {
            vault.kv("kv").put("k", new byte[] {7});
            try (Snapshot snapshot = vault.snapshot()) {
                assertThatThrownBy(() -> vault.maintenance().compact(8192, Progress.none()))
                        .isInstanceOf(VaultBusyException.class)
                        .hasMessageContaining("snapshots open");
                assertThat(snapshot.kv("kv").get("k")).containsExactly(7);
            }
            vault.maintenance().compact(8192, Progress.none());
        }
    }

    /** An empty log with a new index says the same of every state, before and after. */
    @Test
    void keysThatAreReadAllTheWhileAreFound() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            for (int i = 0; i < 50; i++) {
                vault.kv("kv").put("k" + i, ("k" + i).getBytes(StandardCharsets.US_ASCII));
                vault.kv("beside").put("b" + i, new byte[20]);
                vault.kv("more").put("b" + i, new byte[3_000]);
            }
            AtomicBoolean stop = new AtomicBoolean();
            AtomicLong missing = new AtomicLong();
            CompletableFuture<Void> reading = CompletableFuture.runAsync(() -> {
                KVault kv = vault.kv("kv");
                for (int i = 0; !stop.get(); i++) {
                    String key = "k" + i * 7L % 50;
                    byte[] value = kv.get(key);
                    if (value == null || !key.equals(new String(value, StandardCharsets.US_ASCII))) {
                        missing.incrementAndGet();
                    }
                }
            });
            for (int i = 0; i < 30 && !reading.isDone(); i++) {
                vault.maintenance().compact(i % 2 == 0 ? 8192 : 4096, Progress.none());
                LockSupport.parkNanos(60_000_000); // so that the state is followed for a while, and more than once
            }
            stop.set(true);
            reading.get();
            assertThat(missing).hasValue(0);
        }
    }
}
