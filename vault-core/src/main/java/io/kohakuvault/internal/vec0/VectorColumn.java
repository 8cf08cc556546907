package io.kohakuvault.internal.vec0;

import io.kohakuvault.vector.Metric;
import org.jspecify.annotations.Nullable;

/**
 * A vector column of a vec0 table.
 *
 * @param metric null for bits, which have the Hamming distance alone
 */
public record VectorColumn(
        String name,
        ElementType type,
        int dimensions,
        @Nullable Metric metric) {
    /** How many bytes a vector takes in a chunk. */
    public int vectorBytes() {
        return type.bytes(dimensions);
    }

    /** Type, dimensions and metric, as the file's contents are listed. */
    String describe() {
        String distance = metric == null ? "hamming" : metric.name().toLowerCase(java.util.Locale.ROOT);
        return type.token() + " " + dimensions + " " + distance;
    }
}
