package io.kohakuvault.internal.sqlite;

import io.kohakuvault.VaultBatchException;
import io.kohakuvault.VaultException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Group commit: calls of all threads are gathered in one transaction, which stays open between them. What was accepted
 * is committed or reported as lost: by the call that spoilt it, and to the owner of the group. Thread-safe.
 */
public final class Group {
    private final Writer writer;

    // Guarded by the write lock.
    private boolean active;
    private long maxBytes;
    private long lostCalls;
    private @Nullable Throwable failure;

    /** What has been gathered; changed with the lock held, read without it as a hint. */
    private volatile @Nullable Transaction open;

    /** How many calls that are; as with {@link #open}. */
    private final AtomicLong calls = new AtomicLong();

    Group(Writer writer) {
        this.writer = writer;
    }

    private <T> T locked(Supplier<T> work) {
        writer.lock().acquire();
        try {
            return work.get();
        } finally {
            writer.lock().release();
        }
    }

    boolean isActive() {
        return active;
    }

    /** What is open between calls. With the lock held. */
    @Nullable
    Transaction transaction() {
        return open;
    }

    /** From now on calls are gathered, and committed after so many bytes. */
    public void open(long bytes) {
        locked(() -> {
            writer.checkOpen();
            if (writer.isInside() || active) {
                throw new IllegalStateException(writer.file()
                        + (active ? ": a batch is open already" : ": a batch is not opened inside a transaction"));
            }
            active = true;
            maxBytes = bytes;
            return active;
        });
    }

    <T, X extends Exception> T run(TransactionCall<T, X> work) throws X {
        Transaction gathering = open;
        if (gathering == null) {
            gathering = writer.begin();
            calls.set(0);
            open = gathering;
        }
        T result = writer.runGathered(gathering, work);
        calls.incrementAndGet();
        if (gathering.bytes() >= maxBytes) {
            commitGathered();
        }
        return result;
    }

    /** Commits what was gathered, if anything was. With the lock held. */
    void commitGathered() {
        Transaction gathered = open;
        if (gathered != null) {
            writer.commitGathered(gathered);
        }
    }

    /** What was gathered has been committed or rolled back. */
    void ended() {
        open = null;
        calls.set(0);
    }

    /**
     * Everything since the last commit is gone: the exception for the one whose call did it; the owner hears of it
     * later too.
     */
    VaultBatchException lost(Throwable cause) {
        VaultBatchException loss = exception(calls.get(), cause);
        lostCalls += calls.get();
        if (failure == null) {
            failure = cause;
        }
        ended();
        return loss;
    }

    private void tellLoss() {
        Throwable cause = failure;
        if (cause != null) {
            VaultBatchException loss = exception(lostCalls, cause);
            failure = null;
            lostCalls = 0;
            throw loss;
        }
    }

    private VaultBatchException exception(long lost, Throwable cause) {
        return new VaultBatchException(
                writer.file() + ": " + lost + " calls that the batch had accepted were not committed and are not in the"
                        + " file, because one failed: " + cause,
                lost,
                cause);
    }

    /** Throws when the calling thread is in a transaction, in which the group can be neither committed nor closed. */
    public void checkOutside() {
        if (writer.isMine()) {
            throw new IllegalStateException(writer.file() + ": not inside a transaction; leave it first");
        }
    }

    /** Commits what was gathered and says what was lost since this was last asked. */
    public void commit() {
        locked(() -> {
            checkOutside();
            commitGathered();
            tellLoss();
            return active;
        });
    }

    /** Called by a timer: a failure is reported to the group's owner later. */
    public void commitOlderThan(long nanos) {
        locked(() -> {
            try {
                Transaction gathered = open;
                if (!writer.isInside() && gathered != null && gathered.ageNanos() >= nanos) {
                    commitGathered();
                }
            } catch (VaultException e) {
                // Remembered by lost().
            }
            return active;
        });
    }

    /** Commits what was gathered, ends the group and says what was lost. */
    public void close() {
        writer.lock().acquireUninterruptibly();
        try {
            checkOutside();
            try {
                commitGathered();
            } catch (VaultException e) {
                // Remembered by lost() and reported next.
            }
            active = false;
            tellLoss();
        } finally {
            writer.lock().release();
        }
    }

    /** How many calls wait for a commit. */
    public long calls() {
        return calls.get();
    }

    /** Whether something may be gathered that only the write connection sees; a hint. */
    boolean hasGathered() {
        return open != null;
    }

    /** Before a read that does not see what is uncommitted. */
    void commitBeforeSnapshot() {
        if (hasGathered()) {
            locked(() -> {
                if (!writer.isInside()) {
                    commitGathered();
                }
                return active;
            });
        }
    }

    /**
     * Reads through the write connection while there is something that only it sees; empty when there is nothing of the
     * kind.
     */
    <T> Optional<Supplier<T>> read(Function<Session, T> work) {
        if (!hasGathered()) {
            return Optional.empty();
        }
        return locked(() -> {
            Transaction gathered = open;
            if (gathered == null) {
                return Optional.empty();
            }
            try {
                T result = gathered.read(work);
                return Optional.of(() -> result);
            } catch (Throwable t) {
                if (gathered.isDoomed()) {
                    gathered.rollback(t);
                    throw lost(t);
                }
                throw t;
            }
        });
    }
}
