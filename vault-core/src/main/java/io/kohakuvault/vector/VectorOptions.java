package io.kohakuvault.vector;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a table of vectors is made; a table that exists must agree. Who only wants to open one that exists gives none.
 * Immutable.
 */
public final class VectorOptions {
    private final int dimensions;
    private final Metric metric;

    /**
     * See {@link #of}.
     *
     * @param dimensions numbers of a vector
     * @param metric the distance
     * @deprecated goes with 1.0
     */
    @Deprecated(forRemoval = true)
    public VectorOptions(int dimensions, Metric metric) {
        this.dimensions = dimensions;
        this.metric = Objects.requireNonNull(metric, "metric");
        if (metric == Metric.DOT) {
            throw new IllegalArgumentException(
                    "sqlite-vec has no tables of the metric DOT; make the table with another, and give DOT to each query");
        }
        if (dimensions < 1 || dimensions > 8192) {
            throw new IllegalArgumentException("dimensions must be from 1 to 8192, but were " + dimensions);
        }
    }

    /**
     * Options of a distance.
     *
     * @param dimensions numbers of a vector, 1 to 8192
     * @param metric the distance that searches use, unless a query says otherwise; not {@link Metric#DOT}
     * @return the options
     */
    @SuppressWarnings("removal") // private from then on
    public static VectorOptions of(int dimensions, Metric metric) {
        return new VectorOptions(dimensions, metric);
    }

    /**
     * Cosine distance.
     *
     * @param dimensions numbers of a vector, 1 to 8192
     * @return the options
     */
    public static VectorOptions cosine(int dimensions) {
        return of(dimensions, Metric.COSINE);
    }

    /**
     * Euclidean distance.
     *
     * @param dimensions numbers of a vector, 1 to 8192
     * @return the options
     */
    public static VectorOptions l2(int dimensions) {
        return of(dimensions, Metric.L2);
    }

    /**
     * Numbers of a vector.
     *
     * @return 1 to 8192
     */
    public int dimensions() {
        return dimensions;
    }

    /**
     * The distance that searches use.
     *
     * @return the metric
     */
    public Metric metric() {
        return metric;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof VectorOptions o && o.dimensions == dimensions && o.metric == metric;
    }

    @Override
    public int hashCode() {
        return Objects.hash(dimensions, metric);
    }

    @Override
    public String toString() {
        return "VectorOptions[dimensions=" + dimensions + ", metric=" + metric + "]";
    }
}
