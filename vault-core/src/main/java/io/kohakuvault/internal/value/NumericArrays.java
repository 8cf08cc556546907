package io.kohakuvault.internal.value;

import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.NumericArray;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Arrays of numbers as values: type byte, number of dimensions u8, dimensions u32, elements in C order. */
final class NumericArrays {
    private NumericArrays() {}

    static boolean isNumeric(Object value) {
        return value instanceof NumericArray
                || value instanceof float[]
                || value instanceof double[]
                || value instanceof long[]
                || value instanceof int[]
                || value instanceof short[];
    }

    static byte[] encode(Object value) {
        NumericArray array = value instanceof NumericArray a ? a : wrap(value);
        if (array.shape().isEmpty() || array.shape().size() > 255) {
            throw new IllegalArgumentException(
                    "an array as a value needs 1 to 255 dimensions; give a single number as a number");
        }
        ByteBuffer data = array.data();
        int size = 2 + 4 * array.shape().size() + data.remaining();
        // KohakuVault takes a payload of 8 bytes for a number and a shorter one for text; it ignores trailing bytes.
        ByteBuffer out = ByteBuffer.allocate(Math.max(9, size)).order(ByteOrder.LITTLE_ENDIAN);
        out.put((byte) array.element().vectorCode()).put((byte) array.shape().size());
        array.shape().forEach(out::putInt);
        out.put(data);
        return out.array();
    }

    private static NumericArray wrap(Object value) {
        if (value instanceof float[] v) {
            ByteBuffer bytes = bytes(4, v.length);
            bytes.asFloatBuffer().put(v);
            return array(ElementType.F32, v.length, bytes);
        } else if (value instanceof double[] v) {
            ByteBuffer bytes = bytes(8, v.length);
            bytes.asDoubleBuffer().put(v);
            return array(ElementType.F64, v.length, bytes);
        } else if (value instanceof long[] v) {
            ByteBuffer bytes = bytes(8, v.length);
            bytes.asLongBuffer().put(v);
            return array(ElementType.I64, v.length, bytes);
        } else if (value instanceof int[] v) {
            ByteBuffer bytes = bytes(4, v.length);
            bytes.asIntBuffer().put(v);
            return array(ElementType.I32, v.length, bytes);
        }
        short[] v = (short[]) value;
        ByteBuffer bytes = bytes(2, v.length);
        bytes.asShortBuffer().put(v);
        return array(ElementType.I16, v.length, bytes);
    }

    private static ByteBuffer bytes(int size, int count) {
        return ByteBuffer.allocate(Math.multiplyExact(size, count)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static NumericArray array(ElementType element, int count, ByteBuffer bytes) {
        return new NumericArray(element, List.of(count), bytes.array());
    }

    /** The array, or null when the payload is none. A payload without dimensions is one number in an array of one. */
    static @Nullable NumericArray decode(byte[] payload) {
        ByteBuffer in = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
        ElementType element = ElementType.ofVectorCode(in.get(0)).orElse(null);
        int dimensions = in.get(1) & 0xFF;
        if (element == null || 2 + 4 * dimensions > payload.length) {
            return null;
        }
        List<Integer> shape = new ArrayList<>();
        long bytes = element.sizeBytes();
        for (int i = 0; i < dimensions; i++) {
            int dimension = in.getInt(2 + 4 * i);
            if (dimension < 0 || (dimension > 0 && bytes > payload.length / dimension)) {
                return null;
            }
            shape.add(dimension);
            bytes *= dimension;
        }
        int from = 2 + 4 * dimensions;
        if (from + bytes > payload.length) {
            return null;
        }
        byte[] data = java.util.Arrays.copyOfRange(payload, from, from + (int) bytes);
        return new NumericArray(element, dimensions == 0 ? List.of(1) : shape, data);
    }
}
