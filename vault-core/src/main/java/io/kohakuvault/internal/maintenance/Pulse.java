package io.kohakuvault.internal.maintenance;

import io.kohakuvault.internal.sqlite.HelperThread;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.maintenance.Progress;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells a {@link Progress} several times a second how far an operation is, also while the operation is within one long
 * statement or waits for the disk. What it hears never falls. Calls come from the operation's thread and from a helper
 * thread, never two at a time; after one has cancelled or thrown there is no further call. A call of the helper that
 * waits for the write lock fails when the operation's thread has it and waits for the call. Must be closed.
 */
final class Pulse implements AutoCloseable {
    private static final long EVERY_NANOS = 200_000_000;

    private final String what;
    private final Progress progress;
    private final LongSupplier done;
    private final LongSupplier total;
    private final HelperThread helper;

    /** Used in calls alone, of which there is one at a time. */
    private long heard;

    /** Written in calls, read beside them to see whether it is time. */
    private volatile long heardNanos = System.nanoTime();

    private volatile boolean closed;
    private volatile boolean ended;
    private volatile @Nullable Throwable thrown;

    /**
     * @param what names the operation in the exception of one that was cancelled
     * @param done how much is done
     * @param total about how much there is
     */
    Pulse(String what, Progress progress, LongSupplier done, LongSupplier total) {
        this.what = what;
        this.progress = progress;
        this.done = done;
        this.total = total;
        this.helper = new HelperThread("vault-progress", this::beat);
        tell(false);
        helper.start();
    }

    private void beat() {
        while (!closed && !ended) {
            LockSupport.parkNanos(EVERY_NANOS);
            tellSoon();
        }
    }

    private void tellSoon() {
        helper.call(() -> {
            if (!closed && System.nanoTime() - heardNanos >= EVERY_NANOS / 2) {
                told(false);
            }
        });
    }

    private void tell(boolean all) {
        helper.call(() -> told(all));
    }

    private void told(boolean all) {
        if (ended) {
            return;
        }
        try {
            heard = Math.max(heard, done.getAsLong());
            long of = Math.max(heard, total.getAsLong());
            heard = all ? of : heard;
            ended = !progress.advanced(heard, of);
        } catch (Throwable t) { // of the caller's code: thrown to the caller by check()
            thrown = t;
            ended = true;
        }
        heardNanos = System.nanoTime();
    }

    /**
     * Runs statements that end when the operation is cancelled.
     *
     * @param tick run while a statement is under way, thousands of times a second
     * @throws CancellationException when the progress has said so, or what it has thrown
     */
    <T> T watch(Session session, Runnable tick, Supplier<T> work) {
        try {
            return session.cancellable(
                    () -> {
                        tick.run();
                        return !ended;
                    },
                    work);
        } catch (CancellationException e) {
            check();
            throw e;
        }
    }

    /** Whether the operation is to go on. */
    boolean goesOn() {
        return !ended;
    }

    /** Says how far it is, if that was not said just now; throws when the operation is to end. */
    void step() {
        if (System.nanoTime() - heardNanos >= EVERY_NANOS / 2) {
            tellSoon();
        }
        check();
    }

    /** Says how far it is, in any case; throws when the operation is to end. */
    void milestone() {
        tell(false);
        check();
    }

    /** Says that all is done, when it is too late to cancel; how much there would be was an estimate. */
    void finished() {
        tell(true);
    }

    /** Throws when the operation is to end. */
    void check() {
        if (!ended) {
            return;
        }
        Throwable failure = thrown;
        if (failure instanceof RuntimeException e) {
            throw e;
        } else if (failure instanceof Error e) {
            throw e;
        }
        throw new CancellationException(what + " was cancelled");
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(helper.thread());
        helper.call(() -> {}); // no call comes later than this
    }
}
