package io.kohakuvault.cli;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ctrl-C and SIGTERM: the command is asked to end, and the process waits a while for it to undo what is half done. */
final class Interruption {
    private static final int PATIENCE_SECONDS = 20;

    private static volatile boolean requested;

    private Interruption() {}

    /** Runs the main command, which a signal interrupts. */
    static int guard(java.util.function.IntSupplier command) {
        Thread thread = Thread.currentThread();
        CountDownLatch ended = new CountDownLatch(1);
        Thread hook = new Thread(() -> {
            if (ended.getCount() > 0) {
                requested = true;
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

    static boolean isRequested() {
        return requested;
    }

    /** Throws when the command should end; called now and then by what takes long. */
    static void check() {
        if (requested) {
            throw new CancellationException("interrupted");
        }
    }
}
