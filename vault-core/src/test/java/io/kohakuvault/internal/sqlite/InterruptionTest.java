package io.kohakuvault.internal.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.VaultInterruptedException;
import io.kohakuvault.VaultOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A statement without an end, ended. */
@Timeout(300)
class InterruptionTest {
    private static final String ENDLESS =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";

    @TempDir
    Path folder;

    private SqliteFile file;

    @BeforeEach
    void open() {
        file = SqliteFile.open(folder.resolve("a.db"), VaultOptions.defaults(), OpenMode.WRITE);
        file.run(transaction -> transaction.session().execute("CREATE TABLE t (n)"));
    }

    @AfterEach
    void close() {
        file.close();
    }

    /** Runs something that does not end by itself on a thread, interrupts it, and answers what it threw. */
    private Throwable interrupted(Runnable work) throws InterruptedException {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicReference<Boolean> status = new AtomicReference<>();
        CountDownLatch started = new CountDownLatch(1);
        Thread thread = new Thread(() -> {
            started.countDown();
            try {
                work.run();
            } catch (Throwable t) {
                thrown.set(t);
            }
            status.set(Thread.currentThread().isInterrupted());
        });
        thread.start();
        started.await();
        while (thread.isAlive()) { // also when the first one comes before the statement has begun
            thread.interrupt();
            thread.join(100);
        }
        assertThat(status.get()).as("the interrupt status is kept").isTrue();
        return thrown.get();
    }

    @Test
    void anInterruptEndsARead() throws Exception {
        Throwable thrown = interrupted(() -> file.read(session -> session.queryLong(ENDLESS)));
        assertThat(thrown).isInstanceOf(VaultInterruptedException.class).hasMessageContaining("a.db");
        assertThat(file.<Long>read(session -> session.queryLong("SELECT count(*) FROM t")))
                .isZero();
    }

    @Test
    void anInterruptEndsAWriteAndNothingOfItIsKept() throws Exception {
        Throwable thrown = interrupted(() -> file.run(transaction -> {
            Session session = transaction.session();
            session.update("INSERT INTO t VALUES (1)");
            session.update("INSERT INTO t " + ENDLESS);
        }));
        assertThat(thrown).isInstanceOf(VaultInterruptedException.class);
        file.run(transaction -> transaction.session().update("INSERT INTO t VALUES (2)"));
        assertThat(file.<Long>read(session -> session.queryLong("SELECT sum(n) FROM t")))
                .isEqualTo(2);
    }

    @Test
    void anInterruptEndsWaitingForAnotherConnection() throws Exception {
        VaultOptions patient = VaultOptions.defaults().withBusyTimeout(Duration.ofMillis(600_000));
        try (SqliteFile other = SqliteFile.open(folder.resolve("a.db"), patient, OpenMode.WRITE)) {
            Throwable thrown = file.<Throwable, InterruptedException>write(held -> interrupted(
                    () -> other.run(transaction -> transaction.session().update("INSERT INTO t VALUES (1)"))));
            assertThat(thrown).isInstanceOf(VaultInterruptedException.class);
            other.run(transaction -> transaction.session().update("INSERT INTO t VALUES (2)"));
            assertThat(file.<Long>read(session -> session.queryLong("SELECT sum(n) FROM t")))
                    .isEqualTo(2);
        }
    }

    @Test
    void anInterruptEndsWaitingForAnotherThread() throws Exception {
        Throwable thrown =
                file.<Throwable, InterruptedException>write(transaction -> interrupted(() -> file.run(inner -> {})));
        assertThat(thrown).isInstanceOf(VaultInterruptedException.class).hasMessageContaining("another thread");
    }

    @Test
    void anInterruptedThreadThatNeedNotWaitWritesAndCommits() {
        Thread.currentThread().interrupt();
        try {
            for (int i = 0; i < 100; i++) {
                file.run(transaction -> transaction.session().update("INSERT INTO t VALUES (1)"));
            }
            file.whole().checkpoint();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(file.<Long>read(session -> session.queryLong("SELECT count(*) FROM t")))
                .isEqualTo(100);
    }

    /** SQLite counts the instructions of a prepared statement over all its runs, and asks at their end too. */
    @Test
    void anInterruptThatABeginReportsLeavesNoTransactionBehind() {
        int written = 0;
        int ended = 0;
        Thread.currentThread().interrupt();
        try {
            while (ended < 5) {
                try {
                    file.run(transaction -> transaction.session().update("INSERT INTO t VALUES (1)"));
                    written++;
                } catch (VaultInterruptedException e) {
                    ended++;
                }
            }
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        file.run(transaction -> transaction.session().update("INSERT INTO t VALUES (1)"));
        assertThat(file.<Long>read(session -> session.queryLong("SELECT count(*) FROM t")))
                .isEqualTo(written + 1);
    }

    @Test
    void aTransactionThatWasLeftOpenFailsNoLaterWrite() {
        int unused = file.writer().outside(session -> session.update("BEGIN"));
        file.run(transaction -> transaction.session().update("INSERT INTO t VALUES (1)"));
        assertThat(file.<Long>read(session -> session.queryLong("SELECT count(*) FROM t")))
                .isEqualTo(1);
    }

    @Test
    void aCancelledOperationEndsItsStatement() {
        AtomicInteger asked = new AtomicInteger();
        assertThatThrownBy(() -> file.read(session ->
                        session.cancellable(() -> asked.incrementAndGet() < 100, () -> session.queryLong(ENDLESS))))
                .isInstanceOf(CancellationException.class);
        assertThat(asked).hasValue(100);
        assertThatThrownBy(() -> file.read(session -> session.cancellable(
                        () -> {
                            throw new IllegalArgumentException("mine");
                        },
                        () -> session.queryLong(ENDLESS))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mine");
        assertThat(file.<Long>read(session -> session.queryLong("SELECT count(*) FROM t")))
                .isZero();
    }
}
