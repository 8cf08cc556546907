package io.kohakuvault;

import java.time.Duration;

/**
 * When a {@link VaultBatch} commits by itself. Immutable; start from {@link #defaults()}.
 *
 * @param maxBytes after so many bytes were written, at least 1
 * @param interval after the oldest uncommitted call has waited so long, more than zero
 */
public record BatchOptions(long maxBytes, Duration interval) {
    private static final BatchOptions DEFAULTS = new BatchOptions(16L << 20, Duration.ofSeconds(1));

    /** Checks the ranges. */
    public BatchOptions {
        if (maxBytes < 1 || interval.isNegative() || interval.isZero()) {
            throw new IllegalArgumentException(
                    "a batch commits after at least 1 byte and a positive interval, but was given " + maxBytes + " and "
                            + interval);
        }
    }

    /**
     * 16 MiB, or a second.
     *
     * @return the defaults
     */
    public static BatchOptions defaults() {
        return DEFAULTS;
    }

    /**
     * These options with another size.
     *
     * @param bytes after how many a batch commits
     * @return a changed copy
     */
    public BatchOptions withMaxBytes(long bytes) {
        return new BatchOptions(bytes, interval);
    }

    /**
     * These options with another interval.
     *
     * @param duration after how long a batch commits
     * @return a changed copy
     */
    public BatchOptions withInterval(Duration duration) {
        return new BatchOptions(maxBytes, duration);
    }
}
