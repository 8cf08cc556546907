package io.kohakuvault.cli;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ctrl-C and SIGTERM: the command is asked to end, and the process waits a while for it to undo what is half done. */
public final class Interruption {
    private static final int PATIENCE_SECONDS = 20;

    private static volatile boolean requested;
    private static volatile Runnable action = () -> {};

    private Interruption() {}

    /** Runs the main command, which a signal interrupts. */
    static int guard(java.util.function.IntSupplier command) {
        Thread thread = Thread.currentThread();
        CountDownLatch ended = new CountDownLatch(1);
        Thread hook = new Thread(() -> {
            if (ended.getCount() > 0) {
                requested = true;
                action.run();
                thread.interrupt();
                try {
                    ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return command.getAsInt();
        } finally {
            ended.countDown();
        }
    }

    /**
     * What ends that which does not look here by itself, as native code does not.
     *
     * @param stops run once by another thread, when the command is asked to end; of several the last
     */
    public static void whenRequested(Runnable stops) {
        action = stops;
    }

    static boolean isRequested() {
        return requested;
    }

    /** Throws when the command should end; called now and then by what takes long. */
    public static void check() {
        if (requested) {
            throw new CancellationException("interrupted");
        }
    }
}
