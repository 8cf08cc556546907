package io.kohakuvault.internal.sqlite;

import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * A daemon thread that calls the caller's code for an operation of another thread, which calls it too: one call at a
 * time. The operation's thread waits for a call of the helper to end, so that this must not wait for what that thread
 * holds.
 */
public final class HelperThread {
    private static final ThreadLocal<@Nullable HelperThread> CURRENT = new ThreadLocal<>();

    private final Thread operation = Thread.currentThread();
    private final Thread thread;

    /** Belongs to no thread, as a lock would: what waits for it is not taken for a deadlock before it is one. */
    private final Semaphore turn = new Semaphore(1);

    private volatile boolean isAwaited;

    /** A helper of the current thread's operation, which is not started. */
    public HelperThread(String name, Runnable work) {
        thread = new Thread(
                () -> {
                    CURRENT.set(this);
                    work.run();
                },
                name);
        thread.setDaemon(true);
    }

    /** Begins the work. */
    public void start() {
        thread.start();
    }

    /** The thread, to be woken. */
    public Thread thread() {
        return thread;
    }

    /** Calls the caller's code, from the operation's thread or the helper, when no other call is under way. */
    public void call(Runnable code) {
        if (!turn.tryAcquire()) {
            boolean isOperation = Thread.currentThread() == operation; // which alone says what it does
            if (isOperation) {
                isAwaited = true;
            }
            turn.acquireUninterruptibly();
            if (isOperation) {
                isAwaited = false;
            }
        }
        try {
            code.run();
        } finally {
            turn.release();
        }
    }

    /** The helper that the current thread is; null for most. */
    static @Nullable HelperThread current() {
        return CURRENT.get();
    }

    /** The thread that is helped. */
    Thread operation() {
        return operation;
    }

    /** Whether the operation's thread waits for the call that the helper makes. */
    boolean isAwaited() {
        return isAwaited;
    }
}
