package io.kohakuvault.internal.vector;

import io.kohakuvault.internal.sqlite.RowSize;
import io.kohakuvault.internal.value.ValueCodec;
import io.kohakuvault.vector.Metric;
import io.kohakuvault.vector.VectorOptions;
import io.kohakuvault.vector.VectorQuery;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What callers hand in for a table, checked and as it is stored: vectors of numbers or bytes, and values. What cannot
 * be stored is an IllegalArgumentException that names the table.
 *
 * @param table its name
 */
record VectorInput(String table, VectorOptions options) {
    /** A vector of numbers. */
    byte[] of(float[] vector) {
        return of(vector, false);
    }

    /** A vector of numbers that was read from a table: one that is of length 1 already is kept as it is. */
    byte[] restored(float[] vector) {
        return of(vector, true);
    }

    private byte[] of(float[] vector, boolean restored) {
        Objects.requireNonNull(vector, "vector");
        try {
            if (vector.length != options.dimensions()) {
                throw new IllegalArgumentException("a vector of the table has " + options.dimensions()
                        + " numbers, but this one has " + vector.length);
            }
            return switch (options.type()) {
                case F32 -> floats(vector, restored);
                case INT8 -> checkedInt8(int8(vector));
                case BIT -> bits(vector);
            };
        } catch (IllegalArgumentException e) {
            throw named(e);
        }
    }

    private byte[] floats(float[] vector, boolean restored) {
        float[] prepared = FloatDistances.prepare(options.metric(), vector);
        return StoredNumbers.bytes(restored && FloatDistances.isUnit(vector) ? vector : prepared);
    }

    private static byte[] int8(float[] vector) {
        byte[] bytes = new byte[vector.length];
        for (int i = 0; i < vector.length; i++) {
            bytes[i] = (byte) vector[i];
            if (bytes[i] != vector[i]) {
                throw new IllegalArgumentException("a vector of the table holds whole numbers from -128 to 127, but"
                        + " the one at index " + i + " is " + vector[i] + "; Quantization.int8 makes such of floats");
            }
        }
        return bytes;
    }

    private static byte[] bits(float[] vector) {
        byte[] bits = new byte[vector.length / 8];
        for (int i = 0; i < vector.length; i++) {
            if (vector[i] == 1) {
                bits[i >> 3] |= (byte) (1 << (i & 7));
            } else if (vector[i] != 0) {
                throw new IllegalArgumentException("a vector of the table holds 0 and 1, but the number at index " + i
                        + " is " + vector[i] + "; Quantization.bits makes such of floats");
            }
        }
        return bits;
    }

    /** A vector of bytes; a copy of them. */
    byte[] of(byte[] vector) {
        Objects.requireNonNull(vector, "vector");
        try {
            int bytes = options.type().bytes(options.dimensions());
            if (vector.length != bytes) {
                throw new IllegalArgumentException("a vector of the table has " + bytes + " bytes, being "
                        + options.dimensions() + " of " + options.type() + ", but this one has " + vector.length);
            }
            return switch (options.type()) {
                case F32 -> floats(StoredNumbers.floats(vector), false);
                case INT8 -> checkedInt8(vector.clone());
                case BIT -> vector.clone();
            };
        } catch (IllegalArgumentException e) {
            throw named(e);
        }
    }

    private byte[] checkedInt8(byte[] vector) {
        if (options.metric() == Metric.COSINE) {
            Int8Distances.checkDirection(vector);
        }
        return vector;
    }

    /** A query's vector. */
    byte[] of(VectorQuery query) {
        byte[] bytes = query.bytes().orElse(null);
        return bytes == null ? of(query.vector()) : of(bytes);
    }

    /** A query, for the k nearest. */
    VectorPlan plan(VectorQuery query, int k) {
        byte[] vector = of(query);
        try {
            return new VectorPlan(
                    query, Distances.of(options.type(), query.metric().orElse(options.metric()), vector), k);
        } catch (IllegalArgumentException e) {
            throw named(e);
        }
    }

    private IllegalArgumentException named(IllegalArgumentException e) {
        return new IllegalArgumentException("table " + table + ": " + e.getMessage(), e);
    }

    /** A value. */
    static byte[] value(@Nullable Object value) {
        byte[] stored = ValueCodec.encode(value);
        RowSize.check(stored.length, "a vector's value", "put it under a key, and the key here");
        return stored;
    }
}
