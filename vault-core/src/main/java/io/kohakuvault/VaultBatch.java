package io.kohakuvault;

import io.kohakuvault.internal.sqlite.SqliteFile;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Group commit for bulk loads: while it is open, mutating calls through the vault, of all threads, are gathered in one
 * transaction that is committed after so many bytes, after an interval, and on {@link #close}. Reads through the same
 * vault see them at once, other processes and snapshots when they are committed; {@link Vault#snapshot} commits first.
 * {@link Vault#transact} commits what was gathered and then runs on its own.
 *
 * <p>What was accepted is committed or reported as lost: when a call fails while it is writing, or a commit fails,
 * everything since the last commit is rolled back, and a {@link VaultBatchException} says how many calls that were:
 * thrown by the call, and once more by {@link #commit} or {@link #close}, so that the batch's owner learns of another
 * thread's loss. A crash of the process loses what was not committed. The file's write lock is held while something is
 * uncommitted. Thread-safe.
 *
 * <pre>{@code
 * try (VaultBatch batch = vault.batch(BatchOptions.defaults().withInterval(Duration.ofMillis(100)))) {
 *     for (int i = 0; i < 100_000; i++) {
 *         vault.kv("events").putValue("event:" + i, i); // committed some thousand at a time
 *     }
 * } // closing commits the rest, or throws what was lost
 * }</pre>
 */
public final class VaultBatch implements AutoCloseable {
    private final SqliteFile file;
    private final Consumer<VaultBatch> onClose;
    private final ScheduledExecutorService timer;
    private final AtomicBoolean closed = new AtomicBoolean();

    VaultBatch(SqliteFile file, BatchOptions options, Consumer<VaultBatch> onClose) {
        this.file = file;
        this.onClose = onClose;
        long nanos = options.intervalNanos();
        long look = Math.max(1_000_000, nanos / 4);
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "vault-batch");
            thread.setDaemon(true);
            return thread;
        });
        file.writer().group().open(options.maxBytes());
        try {
            ScheduledFuture<?> unused = timer.scheduleWithFixedDelay(
                    () -> file.writer().group().commitOlderThan(nanos), look, look, TimeUnit.NANOSECONDS);
        } catch (RuntimeException | Error e) { // no thread can be had: nobody would close it
            file.writer().group().close();
            throw e;
        }
    }

    /**
     * Commits what was gathered.
     *
     * @throws VaultBatchException when that fails, or something was lost since the last commit() that returned
     */
    public void commit() {
        if (closed.get()) {
            throw new IllegalStateException("this batch is closed");
        }
        file.writer().group().commit();
    }

    /**
     * How many calls wait for a commit.
     *
     * @return at least 0
     */
    public long pendingCalls() {
        return file.writer().group().calls();
    }

    /**
     * Commits what was gathered and ends the batch. Does nothing the second time.
     *
     * @throws VaultBatchException when that fails, or something was lost since the last commit() that returned; the
     *     batch is closed all the same
     * @throws IllegalStateException inside a transaction of this thread; nothing is closed then
     */
    @Override
    public void close() {
        file.writer().group().checkOutside();
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        timer.shutdown();
        try {
            file.writer().group().close();
        } finally {
            onClose.accept(this);
        }
    }

    @Override
    public String toString() {
        return "a batch with " + pendingCalls() + " calls to commit";
    }
}
