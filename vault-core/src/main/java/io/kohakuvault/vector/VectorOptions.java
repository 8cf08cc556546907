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
    private final VectorType type;

    /**
     * See {@link #of}.
     *
     * @param dimensions numbers of a vector
     * @param metric the distance
     * @deprecated goes with 1.0
     */
    @Deprecated(forRemoval = true)
    public VectorOptions(int dimensions, Metric metric) {
        this(dimensions, metric, VectorType.F32);
    }

    private VectorOptions(int dimensions, Metric metric, VectorType type) {
        this.dimensions = dimensions;
        this.metric = Objects.requireNonNull(metric, "metric");
        this.type = type;
        if (metric == Metric.DOT) {
            throw new IllegalArgumentException(
                    "sqlite-vec has no tables of the metric DOT; make the table with another, and give DOT to each query");
        }
        if (metric == Metric.HAMMING && type != VectorType.BIT) {
            throw new IllegalArgumentException("HAMMING is the distance of bits, and these are " + type
                    + "; VectorOptions.bits(dimensions) makes a table of bits");
        }
        if (dimensions < 1 || dimensions > 8192) {
            throw new IllegalArgumentException("dimensions must be from 1 to 8192, but were " + dimensions);
        }
        if (type == VectorType.BIT && dimensions % 8 != 0) {
            throw new IllegalArgumentException(
                    "a vector of bits has a multiple of 8 of them, but dimensions were " + dimensions);
        }
    }

    /**
     * Vectors of floats with a distance.
     *
     * @param dimensions numbers of a vector, 1 to 8192
     * @param metric the distance that searches use, unless a query says otherwise: cosine, L2 or L1
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
     * Vectors of whole numbers from -128 to 127, a quarter of the room of floats. They are stored as they are, also
     * under cosine.
     *
     * @param dimensions numbers of a vector, 1 to 8192
     * @param metric the distance that searches use, unless a query says otherwise: cosine, L2 or L1
     * @return the options
     * @throws IllegalArgumentException for another metric
     */
    public static VectorOptions int8(int dimensions, Metric metric) {
        return new VectorOptions(dimensions, metric, VectorType.INT8);
    }

    /**
     * Vectors of bits, a thirty-second of the room of floats, with the Hamming distance.
     *
     * @param dimensions bits of a vector, 8 to 8192, a multiple of 8
     * @return the options
     */
    public static VectorOptions bits(int dimensions) {
        return new VectorOptions(dimensions, Metric.HAMMING, VectorType.BIT);
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

    /**
     * What the numbers are.
     *
     * @return floats unless {@link #int8} or {@link #bits} made the options
     */
    public VectorType type() {
        return type;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof VectorOptions o && o.dimensions == dimensions && o.metric == metric && o.type == type;
    }

    @Override
    public int hashCode() {
        return Objects.hash(dimensions, metric, type);
    }

    @Override
    public String toString() {
        return "VectorOptions[dimensions=" + dimensions + ", metric=" + metric
                + (type == VectorType.F32 ? "" : ", type=" + type) + "]";
    }
}
