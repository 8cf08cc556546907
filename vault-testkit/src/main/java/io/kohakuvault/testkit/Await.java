package io.kohakuvault.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for conditions. */
public final class Await {
    /**
     * How long anything is waited for. It only bounds how late a test fails for what will never come, so it is far
     * beyond what a machine takes that has ten times as much to do as it has processors.
     */
    public static final Duration LONGEST = Duration.ofMinutes(5);

    private Await() {}

    /**
     * Asks until the answer is yes, for {@link #LONGEST} at most. The condition must stay true once it is: one that may
     * pass between two looks is missed on a busy machine.
     *
     * @param what for the message
     * @param details asked when the time is over, for the message
     */
    public static void until(String what, Callable<Boolean> condition, Supplier<String> details) {
        until(what, LONGEST, condition, details);
    }

    /**
     * {@link #until(String, Callable, Supplier)} with another limit: for work that takes longer by itself, or what is
     * waited for many times.
     */
    public static void until(String what, Duration longest, Callable<Boolean> condition, Supplier<String> details) {
        long end = System.nanoTime() + longest.toNanos();
        Exception last = null;
        while (System.nanoTime() < end) {
            try {
                if (condition.call()) {
                    return;
                }
                last = null;
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
