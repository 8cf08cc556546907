package io.kohakuvault.connect;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When to look whether a topic that has paused is still the same: the making of a new one under its name takes a pause.
 * What is compared is the last record from before the earliest pause that no look has followed. Not thread-safe.
 */
final class PauseLooks {
    /** A look reads all records behind that one again: no more than these. */
    private static final long MOST_READ_AGAIN = 2_000;

    /**
     * Looks follow each other at this distance in pauses, twice it each time that nothing is found, up to the longest:
     * Kafka's client logs every seek.
     */
    private static final long FIRST_SPACING = 20;

    private static final long LONGEST_SPACING = 600;

    private final DeliveryPolicy policy;
    private @Nullable RecordMark unproven;
    private long lastAcceptedNanos;
    private long nextNanos;
    private long spacingNanos;

    PauseLooks(DeliveryPolicy policy, long now) {
        this.policy = policy;
        this.lastAcceptedNanos = now;
        this.nextNanos = now;
        this.spacingNanos = FIRST_SPACING * policy.pauseNanos();
    }

    /** Whether the next records come after a pause. */
    boolean hasPaused(long now) {
        return policy.looksAfterPauses() && now - lastAcceptedNanos >= policy.pauseNanos();
    }

    /**
     * Records were accepted.
     *
     * @param before the last one before them, null for none
     * @param next the offset behind them
     */
    void accepted(@Nullable RecordMark before, long next, long now) {
        boolean paused = hasPaused(now);
        lastAcceptedNanos = now;
        if (paused
                && before != null
                && !policy.topicIds()
                && (unproven == null || next - unproven.offset() > MOST_READ_AGAIN)
                && next - before.offset() <= MOST_READ_AGAIN) {
            unproven = before;
        }
    }

    /** The record to read again now, where there is one and it is time. */
    Optional<RecordMark> next(long now) {
        if (unproven == null || now - nextNanos < 0) {
            return Optional.empty();
        }
        nextNanos = now;
        if (policy.topicChange()
                == DeliveryPolicy.OnTopicChange.FAIL) { // else what was written since must not be in doubt
            nextNanos += spacingNanos;
            spacingNanos = Math.min(2 * spacingNanos, LONGEST_SPACING * policy.pauseNanos());
        }
        return Optional.of(unproven);
    }

    /** The topic was the same. */
    void proven() {
        unproven = null;
    }
}
