package io.kohakuvault.tabular.internal;

import io.kohakuvault.Vault;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.vector.Metric;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import io.kohakuvault.vector.VectorReader;
import io.kohakuvault.vector.VectorType;
import org.jspecify.annotations.Nullable;

/**
 * What is said of a table of vectors that may have to be made.
 *
 * @param type null for floats, or for what a table has that is there
 * @param metric null for cosine, or for what a table has that is there
 */
public record MadeVectors(
        @Nullable VectorType type, @Nullable Metric metric) {
    /**
     * The table.
     *
     * @param dimensions of one that is made
     * @throws IllegalArgumentException when what is said is not what the table has, or what none can have
     */
    public VectorKVault table(Vault vault, String name, int dimensions) {
        VectorReader there = vault.contents().contains(Content.Kind.VECTORS, name) ? vault.vectors(name) : null;
        if (there == null) {
            return vault.vectors(name, options(dimensions, type == null ? VectorType.F32 : type, metric));
        } else if (type == null && metric == null) {
            return vault.vectors(name);
        }
        return vault.vectors(
                name,
                options(
                        there.dimensions(),
                        type == null ? there.type() : type,
                        metric == null && (type == null || type == there.type()) ? there.metric() : metric));
    }

    private static VectorOptions options(int dimensions, VectorType type, @Nullable Metric metric) {
        if (metric != null && (metric == Metric.HAMMING) != (type == VectorType.BIT)) {
            throw new IllegalArgumentException(
                    type == VectorType.BIT
                            ? "vectors of bits have the distance hamming alone"
                            : "hamming is the distance of vectors of bits, and not of floats or whole numbers");
        }
        return switch (type) {
            case F32 -> VectorOptions.of(dimensions, metric == null ? Metric.COSINE : metric);
            case INT8 -> VectorOptions.int8(dimensions, metric == null ? Metric.COSINE : metric);
            case BIT -> VectorOptions.bits(dimensions);
        };
    }
}
