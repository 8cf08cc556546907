package io.kohakuvault.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * An array of numbers of any shape, as values hold it (numpy arrays, for KohakuVault). Immutable by convention: the bytes are not copied.
 */
public final class NumericArray {
    private final ElementType element;
    private final List<Integer> shape;
    private final byte[] data;

    /**
     * Makes one over bytes.
     *
     * @param element type of the numbers, any but bool and f16
     * @param shape the dimensions, each at least 0
     * @param data the numbers little-endian in C order, exactly as many as the shape says
     */
    public NumericArray(ElementType element, List<Integer> shape, byte[] data) {
        long bytes = element.sizeBytes();
        for (int dimension : shape) {
            if (dimension < 0) {
                throw new IllegalArgumentException("dimensions must be at least 0, but were " + shape);
            }
            bytes = Math.multiplyExact(bytes, (long) dimension);
        }
        if (element.vectorCode() == 0 || bytes != data.length) {
            throw new IllegalArgumentException("an array of " + element.token() + " " + shape + " takes " + bytes
                    + " bytes, but was given " + data.length);
        }
        this.element = element;
        this.shape = List.copyOf(shape);
        this.data = data;
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
