package io.kohakuvault.connect;

import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;

/** How long to wait before a batch is tried again: twice as long each time, and a random part of that less. */
final class Retries {
    private final long firstMs;
    private final long longestMs;
    private final int most;
    private int failures;

    /**
     * @param most how often a batch is tried again; below 0 for always
     */
    Retries(long firstMs, long longestMs, int most) {
        this.firstMs = firstMs;
        this.longestMs = Math.max(firstMs, longestMs);
        this.most = most;
    }

    /**
     * Another failure.
     *
     * @return how long to wait, in milliseconds
     * @throws ConnectException when there have been enough
     */
    long next(RuntimeException reason) {
        if (most >= 0 && failures >= most) {
            throw new ConnectException(
                    "tried " + (failures + 1) + " times (" + SinkSettings.MAX_RETRIES + " is " + most + "): "
                            + reason.getMessage(),
                    reason);
        }
        long wait = Math.min(longestMs, firstMs << Math.min(failures, 20));
        failures++;
        return Math.max(1, wait - (long) (wait * 0.25 * Math.random()));
    }

    static RetriableException again(RuntimeException reason) {
        return new RetriableException(reason.getMessage(), reason);
    }

    void success() {
        failures = 0;
    }
}
