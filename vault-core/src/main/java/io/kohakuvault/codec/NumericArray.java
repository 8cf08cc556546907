package io.kohakuvault.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * An array of numbers of any shape, as values and columns hold it (numpy arrays, for KohakuVault). Immutable by
 * convention: the bytes are not copied.
 */
public final class NumericArray {
    private final ElementType element;
    private final List<Integer> shape;
    private final byte[] data;

    /**
     * Makes one over bytes.
     *
     * @param element type of the numbers
     * @param shape the dimensions, each at least 0
     * @param data the numbers little-endian in C order, exactly as many as the shape says
     */
    public NumericArray(ElementType element, List<Integer> shape, byte[] data) {
        // Without elements whatever the other dimensions say; else none is larger than the bytes that there can be.
        long bytes = shape.contains(0) ? 0 : element.sizeBytes();
        for (int dimension : shape) {
            if (dimension < 0) {
                throw new IllegalArgumentException("dimensions must be at least 0, but were " + shape);
            }
            bytes = Math.min(bytes * dimension, Long.MAX_VALUE >> 32);
        }
        if (bytes != data.length) {
            throw new IllegalArgumentException("an array of " + element.token() + " " + shape + " takes " + bytes
                    + " bytes, but was given " + data.length);
        }
        this.element = element;
        this.shape = List.copyOf(shape);
        this.data = data;
    }

    /**
     * An array of one dimension.
     *
     * @param values the numbers
     * @return f32
     */
    public static NumericArray of(float... values) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(4, values.length)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return new NumericArray(ElementType.F32, List.of(values.length), bytes.array());
    }

    /**
     * An array of one dimension.
     *
     * @param values the numbers
     * @return f64
     */
    public static NumericArray of(double... values) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(8, values.length)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asDoubleBuffer().put(values);
        return new NumericArray(ElementType.F64, List.of(values.length), bytes.array());
    }

    /**
     * An array of one dimension.
     *
     * @param values the numbers
     * @return i64
     */
    public static NumericArray of(long... values) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(8, values.length)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return new NumericArray(ElementType.I64, List.of(values.length), bytes.array());
    }

    /**
     * Type of the numbers.
     *
     * @return the type
     */
    public ElementType element() {
        return element;
    }

    /**
     * The dimensions.
     *
     * @return none for a single number
     */
    public List<Integer> shape() {
        return shape;
    }

    /**
     * The numbers.
     *
     * @return a little-endian, read-only view in C order
     */
    public ByteBuffer data() {
        return ByteBuffer.wrap(data).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NumericArray o
                && element == o.element
                && shape.equals(o.shape)
                && Arrays.equals(data, o.data);
    }

    @Override
    public int hashCode() {
        return Objects.hash(element, shape, Arrays.hashCode(data));
    }

    @Override
    public String toString() {
        return element.token() + shape;
    }
}
