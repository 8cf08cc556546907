package io.kohakuvault.internal.vector;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The nearest vectors of those that have been offered. vec0 orders by distance, then chunk ascending, then slot
 * descending. A distance that is no number, which only vectors that others wrote can give, comes behind all others.
 * Belongs to one thread.
 */
final class Nearest {
    /**
     * A vector by where it stands.
     *
     * @param chunk the number of its chunk among the table's, not its id
     */
    record Candidate(float distance, int chunk, int slot) {
        static final Comparator<Candidate> BEST_FIRST = Comparator.<Candidate>comparingDouble(c -> c.distance)
                .thenComparingInt(c -> c.chunk)
                .thenComparing(c -> c.slot, Comparator.reverseOrder());
    }

    /** Whether a candidate that is near enough counts. */
    @FunctionalInterface
    interface Filter {
        boolean passes(Candidate candidate);
    }

    private final int most;
    private final double maxDistance;
    private final Filter filter;
    private final PriorityQueue<Candidate> worstFirst = new PriorityQueue<>(Candidate.BEST_FIRST.reversed());
    private float worst = Float.NaN;

    /**
     * Nothing yet.
     *
     * @param most how many are wanted, at least 1
     * @param maxDistance NaN where there is none
     */
    Nearest(int most, double maxDistance, Filter filter) {
        this.most = most;
        this.maxDistance = maxDistance;
        this.filter = filter;
    }

    void offer(float distance, int chunk, int slot) {
        boolean isFull = worstFirst.size() == most;
        if (isFull && Float.compare(distance, worst) > 0) {
            return;
        }
        if (!Double.isNaN(maxDistance) && !(distance <= maxDistance)) {
            return;
        }
        Candidate candidate = new Candidate(distance, chunk, slot);
        if (isFull && Candidate.BEST_FIRST.compare(candidate, worstFirst.element()) >= 0) {
            return;
        }
        if (!filter.passes(candidate)) {
            return;
        }
        worstFirst.add(candidate);
        if (isFull) {
            worstFirst.remove();
        }
        worst = worstFirst.element().distance;
    }

    /** All that are left, in no order. */
    List<Candidate> found() {
        return new ArrayList<>(worstFirst);
    }
}
