package io.kohakuvault.vector;

import java.util.Objects;

/**
 * How a table of vectors is made; a table that exists must agree. Who only wants to open one that exists gives none.
 *
 * @param dimensions numbers of a vector, 1 to 8192
 * @param metric the distance that searches use
 */
public record VectorOptions(int dimensions, Metric metric) {
    /** Checks the range, and that there is a metric. */
    public VectorOptions {
        Objects.requireNonNull(metric, "metric");
        if (dimensions < 1 || dimensions > 8192) {
            throw new IllegalArgumentException("dimensions must be from 1 to 8192, but were " + dimensions);
        }
    }

    /**
     * Cosine distance.
     *
     * @param dimensions numbers of a vector
     * @return the options
     */
    public static VectorOptions cosine(int dimensions) {
        return new VectorOptions(dimensions, Metric.COSINE);
    }

    /**
     * Euclidean distance.
     *
     * @param dimensions numbers of a vector
     * @return the options
     */
    public static VectorOptions l2(int dimensions) {
        return new VectorOptions(dimensions, Metric.L2);
    }
}
