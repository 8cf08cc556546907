package io.kohakuvault.internal.vector;

import io.kohakuvault.vector.Metric;
import io.kohakuvault.vector.VectorOptions;
import io.kohakuvault.vector.VectorQuery;

/**
 * A query that has been checked, for one table.
 *
 * @param k how many hits are wanted
 */
record VectorPlan(VectorQuery query, Distances distances, int k) {
    /** Checks a query; throws an IllegalArgumentException when the table cannot be searched with it. */
    static VectorPlan of(VectorQuery query, VectorOptions table, int k) {
        float[] prepared = Distances.prepare(table.metric(), query.vector(), table.dimensions());
        Metric metric = query.metric().orElse(table.metric());
        Distances distances = new Distances(metric, prepared);
        distances.checkDirection();
        return new VectorPlan(query, distances, k);
    }

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
