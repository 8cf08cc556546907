package io.kohakuvault.connect;

/**
 * When what was gathered is written. A burst of small batches is written at once, each by itself; when they keep
 * coming, one commit an interval is enough: a commit writes the last page of every column again, whether it brings one
 * row or thousands. Not thread-safe.
 */
final class CommitPolicy {
    /** So many commits in a row need not wait. */
    private static final int BURST = 32;

    private final int records;
    private final long bytes;
    private final long intervalNanos;
    private double allowed = BURST;
    private long counted;

    /**
     * @param records gathered records that are written without waiting
     * @param bytes gathered bytes that are written without waiting
     * @param intervalNanos between two commits that are smaller; 0 for none
     */
    CommitPolicy(int records, long bytes, long intervalNanos, long now) {
        this.records = records;
        this.bytes = bytes;
        this.intervalNanos = intervalNanos;
        this.counted = now;
    }

    /** Whether a batch is to be written now. */
    boolean isDue(Batch batch, long now) {
        if (batch.isEmpty()) {
            return false;
        }
        count(now);
        return isFull(batch) || intervalNanos == 0 || allowed >= 1;
    }

    boolean isFull(Batch batch) {
        return isFull(batch, 1);
    }

    /** Whether it is so many times what a commit is to bring. */
    boolean isFull(Batch batch, int times) {
        return batch.size() / times >= records || batch.sizeBytes() / times >= bytes;
    }

    /** How long until a batch that waits is due. */
    long nanosUntilDue(long now) {
        count(now);
        return Math.max(1_000_000, (long) ((1 - allowed) * intervalNanos));
    }

    private void count(long now) {
        if (intervalNanos > 0) {
            allowed = Math.min(BURST, allowed + (double) (now - counted) / intervalNanos);
        }
        counted = now;
    }

    void committed() {
        allowed = Math.max(0, allowed - 1);
    }
}
