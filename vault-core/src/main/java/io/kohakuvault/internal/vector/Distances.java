package io.kohakuvault.internal.vector;

import io.kohakuvault.vector.Metric;
import io.kohakuvault.vector.VectorType;

/** How far vectors are from a query, bit for bit as sqlite-vec computes it. Thread-safe. */
abstract sealed class Distances permits FloatDistances, Int8Distances, BitDistances {
    /**
     * Those from a query.
     *
     * @param query a prepared one, as it would be stored; not copied
     * @throws IllegalArgumentException for a metric that vectors of the type have not, and for a query without
     *     direction where it needs one
     */
    static Distances of(VectorType type, Metric metric, byte[] query) {
        if ((metric == Metric.HAMMING) != (type == VectorType.BIT)) {
            throw new IllegalArgumentException(
                    type == VectorType.BIT
                            ? "vectors of bits have the distance HAMMING alone, and the query's is " + metric
                            : "HAMMING is the distance of vectors of bits, and these are " + type);
        }
        return switch (type) {
            case F32 -> new FloatDistances(metric, StoredNumbers.floats(query));
            case INT8 -> new Int8Distances(metric, query);
            case BIT -> new BitDistances(query);
        };
    }

    /**
     * The distances of vectors.
     *
     * @param block holds them
     * @param at where each begins in the block's array
     * @param count how many
     * @param into filled from 0
     */
    abstract void of(VectorBlock block, int[] at, int count, float[] into);
}
