package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.maintenance.Progress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
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
        try (Vault vault = Vault.open(file, VaultOptions.defaults().withBusyTimeoutMillis(50))) {
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
        try (Vault vault = Vault.open(file, VaultOptions.defaults().withBusyTimeoutMillis(50))) {
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
                assertThat(vault.checkpoint()).isFalse();
                assertThat(vault.kv("kv").get("k")).containsExactly(7);
            }
            assertThat(mode(file)).isEqualTo("delete");
            vault.kv("kv").put("l", new byte[] {8});
            assertThat(vault.checkpoint()).isTrue();
            assertThat(mode(file)).isEqualTo("wal");
            vault.kv("kv").put("m", new byte[] {9});
            assertThat(vault.kv("kv").get("l")).containsExactly(8);
            assertThat(vault.kv("kv").get("m")).containsExactly(9);
        }
    }
}
