package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.kohakuvault.codec.DType;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Group commit: what was accepted is in the file or told to be lost. */
class BatchTest {
    private static final BatchOptions SELDOM =
            BatchOptions.defaults().withInterval(Duration.ofHours(1)).withMaxBytes(1 << 30);

    @TempDir
    Path folder;

    @AfterEach
    void removeFaults() {
        Session.hook(null);
    }

    @Test
    void anIntervalMayBeForEver() {
        try (Vault vault = Vault.open(folder.resolve("ever.db"))) {
            BatchOptions bySize = BatchOptions.defaults().withInterval(ChronoUnit.FOREVER.getDuration());
            for (int i = 0; i < 2; i++) {
                try (VaultBatch batch = vault.batch(bySize)) {
                    vault.kv("kv").put("k" + i, new byte[1]);
                    assertThat(batch.pendingCalls()).isEqualTo(1);
                }
            }
            assertThat(vault.kv("kv").count()).isEqualTo(2);
        }
    }

    @Test
    void gatheredCallsAreSeenHereAtOnceAndElsewhereWhenCommitted() {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file);
                Vault other = Vault.openReadOnly(file)) {
            var column = vault.columns().ensure("c", DType.I64);
            try (VaultBatch batch = vault.batch(SELDOM)) {
                for (int i = 0; i < 100; i++) {
                    vault.kv("kv").put("k" + i, new byte[] {(byte) i});
                    column.append(i);
                }
                assertThat(batch.pendingCalls()).isEqualTo(200);
                assertThat(vault.kv("kv").count()).isEqualTo(100);
                assertThat(column.length()).isEqualTo(100);
                assertThat(vault.kv("kv").get("k7")).containsExactly(7);
                assertThat(other.columns().longs("c").length()).isZero();
                batch.commit();
                assertThat(other.columns().longs("c").length()).isEqualTo(100);
                column.append(100);
                try (Snapshot snapshot = vault.snapshot()) {
                    assertThat(snapshot.columns().longs("c").length()).isEqualTo(101);
                }
                column.append(101);
                assertThatThrownBy(() -> vault.batch(SELDOM)).hasMessageContaining("open already");
                assertThatThrownBy(vault::close).hasMessageContaining("a batch with 1 calls");
            }
            assertThat(other.columns().longs("c").length()).isEqualTo(102);
        }
    }

    @Test
    void aBatchCommitsByBytesAndByTime() {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file);
                Vault other = Vault.open(file)) {
            try (VaultBatch batch = vault.batch(SELDOM.withMaxBytes(100_000))) {
                for (int i = 0; i < 10; i++) {
                    vault.kv("kv").put("k" + i, new byte[15_000]);
                }
                assertThat(other.kv("kv").count()).isBetween(5L, 9L);
                assertThat(batch.pendingCalls()).isLessThan(6);
            }
            assertThat(other.kv("kv").count()).isEqualTo(10);
            try (VaultBatch batch = vault.batch(SELDOM.withInterval(Duration.ofMillis(20)))) {
                vault.kv("kv").put("late", new byte[1]);
                Await.until("the timer has committed", () -> batch.pendingCalls() == 0, () -> "");
                assertThat(other.kv("kv").exists("late")).isTrue();
            }
        }
    }

    @Test
    void aRefusedArgumentLosesNothing() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            var column = vault.columns().ensure("c", DType.I64);
            vault.kv("kv").put("there", new byte[1]);
            try (VaultBatch batch = vault.batch(SELDOM)) {
                column.append(1);
                assertThatThrownBy(() -> column.set(5, 1)).isInstanceOf(IndexOutOfBoundsException.class);
                assertThatThrownBy(() -> vault.kv("kv").computeIfAbsent("k", k -> {
                            throw new IllegalStateException("no value");
                        }))
                        .isInstanceOf(IllegalStateException.class);
                column.append(2);
                assertThat(batch.pendingCalls()).isEqualTo(2);
            }
            assertThat(column.asList()).containsExactly(1L, 2L);
        }
    }

    @Test
    void aTransactionOfItsOwnCommitsWhatWasGatheredFirst() {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file);
                Vault other = Vault.openReadOnly(file);
                VaultBatch batch = vault.batch(SELDOM)) {
            vault.kv("kv").put("before", new byte[1]);
            assertThatThrownBy(() -> vault.transact(() -> {
                        vault.kv("kv").put("inside", new byte[1]);
                        throw new IllegalStateException("on purpose");
                    }))
                    .hasMessage("on purpose");
            assertThat(other.kv("kv").exists("before")).isTrue();
            assertThat(vault.kv("kv").exists("inside")).isFalse();
            assertThatThrownBy(() -> vault.transact(batch::commit)).hasMessageContaining("not inside a transaction");
        }
    }

    @Test
    void whatWasAcceptedIsInTheFileOrToldAtAFaultOfEveryStatement() {
        for (int fault = 1; ; fault++) {
            Path file = folder.resolve("f" + fault + ".db");
            AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
            int accepted = 0;
            long told = 0;
            long owner = 0;
            boolean hit;
            try (Vault vault = Vault.open(file, VaultOptions.defaults().withPageSizeBytes(4096))) {
                VaultBatch batch = vault.batch(SELDOM.withMaxBytes(3_000));
                Session.hook(sql -> {
                    // A rollback may fail too, but what it rolls back is lost either way.
                    if (!sql.equals("ROLLBACK") && left.decrementAndGet() == 0) {
                        throw new VaultIoException("injected before: " + sql, null);
                    }
                });
                left.set(fault);
                for (int i = 0; i < 20; i++) {
                    int n = i;
                    Throwable thrown = catchThrowable(() -> {
                        if (n % 2 == 0) {
                            vault.kv("kv").put("k" + n, new byte[400]);
                        } else {
                            vault.text("docs").insert("text " + n, n);
                        }
                    });
                    if (thrown == null) {
                        accepted++;
                    } else if (thrown instanceof VaultBatchException e) {
                        told += e.lostCalls();
                        // A commit that fails belongs to a call that was accepted.
                        accepted += String.valueOf(e.getCause()).contains("COMMIT") ? 1 : 0;
                    }
                }
                Throwable atClose = catchThrowable(batch::close);
                if (atClose instanceof VaultBatchException e) {
                    owner = e.lostCalls();
                }
                hit = left.get() <= 0;
                Session.hook(null);
                assertThat(vault.kv("kv").count() + vault.text("docs").count())
                        .as("fault %d: accepted %d, told %d", fault, accepted, Math.max(told, owner))
                        .isGreaterThanOrEqualTo(accepted - Math.max(told, owner));
            }
            if (!hit) {
                assertThat(fault).isGreaterThan(60);
                return;
            }
        }
    }

    @Test
    void threadsShareAGroup() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            try (VaultBatch batch =
                    vault.batch(BatchOptions.defaults().withMaxBytes(50_000).withInterval(Duration.ofMillis(5)))) {
                List<Thread> threads = new ArrayList<>();
                for (int t = 0; t < 4; t++) {
                    int number = t;
                    threads.add(new Thread(() -> {
                        for (int i = 0; i < 500; i++) {
                            vault.kv("kv").put(number + "/" + i, new byte[200]);
                            if (i % 50 == 0) {
                                vault.transact(() -> vault.kv("kv").put(number + "/t", new byte[1]));
                                assertThat(vault.kv("kv").exists(number + "/" + i))
                                        .isTrue();
                            }
                        }
                    }));
                }
                threads.forEach(Thread::start);
                for (Thread thread : threads) {
                    thread.join();
                }
                batch.commit();
            }
            assertThat(vault.kv("kv").count()).isEqualTo(2_004);
        }
    }

    @Test
    void aPutOfManyThatIsRefusedAtItsFirstEntryLosesNothing() {
        try (Vault vault = Vault.open(folder.resolve("refused.db"))) {
            Iterable<io.kohakuvault.kv.KvEntry> refusing = () -> {
                throw new IllegalArgumentException("no entries");
            };
            List<io.kohakuvault.kv.KvEntry> none = java.util.Collections.singletonList(null);
            try (VaultBatch batch = vault.batch(BatchOptions.defaults())) {
                vault.kv("kv").put("a", new byte[1]);
                assertThatThrownBy(() -> vault.kv("kv").putAll(refusing)).hasMessage("no entries");
                assertThatThrownBy(() -> vault.kv("kv").putAll(none)).isInstanceOf(NullPointerException.class);
                vault.kv("kv").put("b", new byte[1]);
                batch.commit();
            }
            vault.transact(() -> {
                vault.kv("kv").put("c", new byte[1]);
                assertThatThrownBy(() -> vault.kv("kv").putAll(none)).isInstanceOf(NullPointerException.class);
            });
            assertThat(vault.kv("kv").count()).isEqualTo(3);
        }
    }
}
