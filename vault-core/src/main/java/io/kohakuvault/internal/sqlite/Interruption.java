package io.kohakuvault.internal.sqlite;

import io.kohakuvault.VaultInterruptedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.sqlite.BusyHandler;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteException;

/**
 * Ends the statement that a connection runs when its thread is interrupted or its operation is cancelled, and decides
 * how long it waits for locks. SQLite asks both questions on the thread that runs the statement, so there is no
 * watching thread and no interrupt that comes too late and meets the next statement. Used by the thread that uses the
 * connection.
 */
final class Interruption {
    /** How many instructions of SQLite's virtual machine run between two questions: about a tenth of a millisecond. */
    private static final int INSTRUCTIONS = 4000;

    /** How long SQLite's own busy handler sleeps at its first tries; later it is the last of them. */
    private static final int[] PAUSE_MILLIS = {1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100};

    private final String file;
    private int shielded;
    private long busyNanos;
    private boolean interrupted;
    private boolean cancelled;
    private @Nullable BooleanSupplier goesOn;
    private @Nullable Throwable thrown;
    private long waitingSince;

    private Interruption(String file, Duration busyTimeout) {
        this.file = file;
        this.busyNanos = busyTimeout.toNanos();
    }

    /**
     * Takes over how a connection is interrupted and how it waits; a busy timeout that was set before no longer counts.
     */
    static Interruption of(String file, Connection connection, Duration busyTimeout) throws SQLException {
        Interruption made = new Interruption(file, busyTimeout);
        ProgressHandler.setHandler(connection, INSTRUCTIONS, new ProgressHandler() {
            @Override
            protected int progress() {
                return made.ends() ? 1 : 0;
            }
        });
        BusyHandler.setHandler(connection, new BusyHandler() {
            @Override
            protected int callback(int attempt) {
                return made.tryAgain(attempt) ? 1 : 0;
            }
        });
        return made;
    }

    private boolean ends() {
        if (shielded > 0) {
            return false;
        }
        if (Thread.currentThread().isInterrupted()) {
            interrupted = true;
            return true;
        }
        BooleanSupplier question = goesOn;
        if (question == null) {
            return false;
        }
        try {
            cancelled = !question.getAsBoolean();
        } catch (Throwable t) { // nothing may be thrown through SQLite's C code
            thrown = t;
            cancelled = true;
        }
        return cancelled;
    }

    private boolean tryAgain(int attempt) {
        long now = System.nanoTime();
        if (attempt == 0) {
            waitingSince = now;
        }
        long left = waitingSince + busyNanos - now;
        if (left <= 0 || ends()) {
            return false;
        }
        long pause = TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS[Math.min(attempt, PAUSE_MILLIS.length - 1)]);
        pause(Math.min(left, pause));
        return true;
    }

    private void pause(long nanos) {
        boolean put = shielded > 0 && Thread.interrupted(); // else parking would return at once, again and again
        LockSupport.parkNanos(nanos);
        if (put) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs what must be finished once it has begun, a commit or a rollback, also on an interrupted thread. */
    <T> T shielded(Supplier<T> work) {
        shielded++;
        try {
            return work.get();
        } finally {
            shielded--;
        }
    }

    /** Runs something that waits no longer than this where another connection holds a lock. */
    <T> T waitingAtMost(Duration longest, Supplier<T> work) {
        long before = busyNanos;
        busyNanos = Math.min(before, longest.toNanos());
        try {
            return work.get();
        } finally {
            busyNanos = before;
        }
    }

    /**
     * Runs a long operation, asking thousands of times a second whether it goes on.
     *
     * @throws CancellationException when it does not
     */
    <T> T cancellable(BooleanSupplier question, Supplier<T> work) {
        goesOn = question;
        thrown = null;
        cancelled = false;
        try {
            return work.get();
        } catch (VaultInterruptedException e) {
            Throwable own = thrown;
            if (own instanceof RuntimeException failure) {
                throw failure;
            } else if (own instanceof Error failure) {
                throw failure;
            } else if (cancelled) {
                CancellationException failure = new CancellationException(file + ": cancelled");
                failure.initCause(e);
                throw failure;
            }
            throw e;
        } finally {
            goesOn = null;
            cancelled = false;
            thrown = null;
        }
    }

    /** The exception for a statement that was ended from here; null when it failed by itself. */
    @Nullable
    VaultInterruptedException endedBy(SQLException e, String doing) {
        int code = e instanceof SQLiteException s ? s.getResultCode().code & 0xFF : 0;
        boolean ended = cancelled || (interrupted && Thread.currentThread().isInterrupted());
        interrupted = false;
        return code == SqlErrors.INTERRUPT || (ended && code == SqlErrors.BUSY)
                ? new VaultInterruptedException(
                        file + ": " + doing + ": "
                                + (cancelled ? "cancelled" : "the thread was interrupted; nothing was changed"),
                        e)
                : null;
    }
}
