package io.kohakuvault;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** When a {@link VaultBatch} commits by itself. Immutable; start from {@link #defaults()}. */
public final class BatchOptions {
    private static final BatchOptions DEFAULTS = new BatchOptions(16L << 20, Duration.ofSeconds(1));

    private final long maxBytes;
    private final Duration interval;

    private BatchOptions(long maxBytes, Duration interval) {
        this.maxBytes = maxBytes;
        this.interval = Objects.requireNonNull(interval, "interval");
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
     * After how many bytes that were written a batch commits.
     *
     * @return at least 1
     */
    public long maxBytes() {
        return maxBytes;
    }

    /**
     * These options with another size.
     *
     * @param bytes after how many a batch commits, at least 1
     * @return a changed copy
     */
    public BatchOptions withMaxBytes(long bytes) {
        return new BatchOptions(bytes, interval);
    }

    /**
     * After how long the oldest uncommitted call is committed.
     *
     * @return more than zero
     */
    public Duration interval() {
        return interval;
    }

    /** The interval; one that is longer than a long takes is as good as none at all. */
    long intervalNanos() {
        return interval.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0 ? Long.MAX_VALUE : interval.toNanos();
    }

    /**
     * These options with another interval.
     *
     * @param duration after how long a batch commits, more than zero; a very long one leaves it to the size
     * @return a changed copy
     */
    public BatchOptions withInterval(Duration duration) {
        return new BatchOptions(maxBytes, duration);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof BatchOptions o && o.maxBytes == maxBytes && o.interval.equals(interval);
    }

    @Override
    public int hashCode() {
        return Objects.hash(maxBytes, interval);
    }

    @Override
    public String toString() {
        return "BatchOptions[maxBytes=" + maxBytes + ", interval=" + interval + "]";
    }
}
