package io.kohakuvault.internal.sqlite;

import org.jspecify.annotations.Nullable;

/**
 * A thread that calls the caller's code for an operation of another thread. That one waits for such a call to end, so
 * the call must never wait for what the operation's thread holds.
 */
public final class HelperThread {
    private static final ThreadLocal<@Nullable Thread> OPERATION = new ThreadLocal<>();

    private HelperThread() {}

    /**
     * A daemon thread that is not started.
     *
     * @param operation the thread that it helps
     */
    public static Thread of(Thread operation, String name, Runnable work) {
        Thread helper = new Thread(
                () -> {
                    OPERATION.set(operation);
                    work.run();
                },
                name);
        helper.setDaemon(true);
        return helper;
    }

    /** The thread that the current one helps; null for most. */
    static @Nullable Thread helped() {
        return OPERATION.get();
    }
}
