package io.kohakuvault.internal.vec0;

import io.kohakuvault.vector.Metric;
import io.kohakuvault.vector.VectorType;
import java.util.Locale;

/**
 * A vector column of a vec0 table.
 *
 * @param dimensions of bits not always a multiple of 8: sqlite-vec makes such a table, and puts nothing into it
 */
public record VectorColumn(String name, VectorType type, int dimensions, Metric metric) {
    /** How many bytes a vector takes in a chunk. */
    public int vectorBytes() {
        return type.bytes(dimensions);
    }

    /** Type, dimensions and metric, as the file's contents are listed. */
    String describe() {
        return Vec0Table.name(type) + " " + dimensions + " " + metric.name().toLowerCase(Locale.ROOT);
    }
}
