package io.kohakuvault.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for conditions. */
public final class Await {
    private Await() {}

    /**
     * Asks until the answer is yes.
     *
     * @param what for the message
     * @param details asked when the time is over, for the message
     */
    public static void until(String what, Duration longest, Callable<Boolean> condition, Supplier<String> details) {
        long end = System.nanoTime() + longest.toNanos();
        Exception last = null;
        while (System.nanoTime() < end) {
            try {
                if (condition.call()) {
                    return;
                }
            } catch (Exception e) {
                last = e;
            }
            LockSupport.parkNanos(20_000_000);
        }
        IllegalStateException failure =
                new IllegalStateException("waited " + longest + " in vain for: " + what + "\n" + details.get());
        if (last != null) {
            failure.addSuppressed(last);
        }
        throw failure;
    }
}
