package io.kohakuvault.internal.state;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Whether a way that costs something before it helps has paid by now: once the other way has cost as much, the two
 * together have cost at most twice what the better one would have. All such decisions are of this kind, in nanoseconds
 * or in whatever unit both ways are counted in. Thread-safe.
 */
public final class Payoff {
    /** Looking at the -wal of a snapshot, before its keys are looked up in the mapped file. */
    private static final long KEYS_NANOS = 200_000;

    /** Calls of SQL that are enough to be sure, whatever the clock says. */
    private static final int KEYS_CALLS = 16;

    /** The least that following the newest state to a further one costs. */
    private static final long NEWEST_NANOS = 50_000;

    private static final long DIRECTORY_READS = 3;

    /** A query for a block or two takes as long as this many rows of a directory. */
    private static final int BLOCKS_A_READ = 8;

    private final AtomicLong spent = new AtomicLong();
    private final long leastCost;

    /** What one call spends at least. */
    private final long leastSpent;

    private volatile long cost;

    /** Whether the cost is more than a guess. */
    private volatile boolean exact;

    private Payoff(long leastCost, long leastSpent) {
        this.leastCost = leastCost;
        this.leastSpent = leastSpent;
        this.cost = leastCost;
    }

    /** Of what is worth its cost at once. */
    public static Payoff atOnce() {
        return new Payoff(0, 0);
    }

    /** Of looking a snapshot's keys up in the mapped file, in nanoseconds. */
    static Payoff ofKeys() {
        return new Payoff(KEYS_NANOS, KEYS_NANOS / KEYS_CALLS);
    }

    /** Of following the file to its newest state, in nanoseconds. */
    static Payoff ofNewest() {
        return new Payoff(NEWEST_NANOS, 0);
    }

    /** Of reading a column's whole directory of blocks, in reads: {@link #paysDirectory}. */
    public static Payoff ofDirectory() {
        return new Payoff(1 + DIRECTORY_READS, 1);
    }

    /** Says what a call of the other way has cost. */
    public void spent(long amount) {
        spent.addAndGet(Math.max(leastSpent, amount));
    }

    /** Says that a read of a directory has given so many blocks, which is more than a read where they are many. */
    public void spentOnBlocks(int blocks) {
        spent.addAndGet(blocks / BLOCKS_A_READ);
    }

    /** Whether it pays from here on. */
    public boolean pays() {
        return spent.get() >= cost;
    }

    /**
     * {@link #pays} of a directory.
     *
     * @param blocks how many it has, asked once when so much has been spent that it matters
     */
    public boolean paysDirectory(LongSupplier blocks) {
        if (pays() && !exact) {
            costs(1 + blocks.getAsLong() / BLOCKS_A_READ);
            exact = true;
        }
        return pays();
    }

    /** Says what it has cost the last time. */
    void costs(long amount) {
        cost = Math.max(leastCost, amount);
    }

    /** Begins again: what has been learnt holds no longer. */
    void reset() {
        spent.set(0);
    }
}
