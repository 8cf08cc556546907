package io.kohakuvault.internal.vector;

import io.kohakuvault.vector.VectorQuery;

/**
 * A query that has been checked, for one table.
 *
 * @param k how many hits are wanted
 */
record VectorPlan(VectorQuery query, Distances distances, int k) {
    /** Empty, for its hits. */
    Nearest nearest(Nearest.Filter filter) {
        return new Nearest(
                (int) Math.min(Integer.MAX_VALUE - 8, (long) k + query.offset()),
                query.maxDistance().orElse(Double.NaN),
                filter);
    }

    boolean filtersIds() {
        return query.ids().isPresent() || query.idFilter().isPresent();
    }
}
