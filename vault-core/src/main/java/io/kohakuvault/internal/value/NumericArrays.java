package io.kohakuvault.internal.value;

import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.NumericArray;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Arrays of numbers as values: type byte, number of dimensions u8, dimensions u32, elements in C order. */
public final class NumericArrays {
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
        // KohakuVault takes a payload of 8 bytes for a number and a shorter one for text; it ignores trailing bytes.
        return encode(array, 9);
    }

    /** As an element of a column of arrays of any shape. */
    public static byte[] encodeExact(NumericArray array) {
        return encode(array, 0);
    }

    /** The numbers alone, as an element of a column of arrays of one shape. */
    public static byte[] bytes(NumericArray array) {
        byte[] bytes = new byte[array.data().remaining()];
        array.data().get(bytes);
        return bytes;
    }

    private static byte[] encode(NumericArray array, int leastBytes) {
        int dimensions = array.shape().size();
        if (dimensions == 0 || dimensions > 255 || VectorCodes.of(array.element()) == 0) {
            throw new IllegalArgumentException(
                    "an array that describes itself has 1 to 255 dimensions and elements other than"
                            + " bool and f16, but was " + array);
        }
        ByteBuffer data = array.data();
        int size = 2 + 4 * dimensions + data.remaining();
        ByteBuffer out = ByteBuffer.allocate(Math.max(leastBytes, size)).order(ByteOrder.LITTLE_ENDIAN);
        out.put((byte) VectorCodes.of(array.element())).put((byte) array.shape().size());
        array.shape().forEach(out::putInt);
        out.put(data);
        return out.array();
    }

    private static NumericArray wrap(Object value) {
        if (value instanceof float[] v) {
            byte[] bytes = new byte[Math.multiplyExact(4, v.length)];
            littleEndian(bytes).asFloatBuffer().put(v);
            return array(ElementType.F32, v.length, bytes);
        } else if (value instanceof double[] v) {
            byte[] bytes = new byte[Math.multiplyExact(8, v.length)];
            littleEndian(bytes).asDoubleBuffer().put(v);
            return array(ElementType.F64, v.length, bytes);
        } else if (value instanceof long[] v) {
            byte[] bytes = new byte[Math.multiplyExact(8, v.length)];
            littleEndian(bytes).asLongBuffer().put(v);
            return array(ElementType.I64, v.length, bytes);
        } else if (value instanceof int[] v) {
            byte[] bytes = new byte[Math.multiplyExact(4, v.length)];
            littleEndian(bytes).asIntBuffer().put(v);
            return array(ElementType.I32, v.length, bytes);
        }
        short[] v = (short[]) value;
        byte[] bytes = new byte[Math.multiplyExact(2, v.length)];
        littleEndian(bytes).asShortBuffer().put(v);
        return array(ElementType.I16, v.length, bytes);
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static NumericArray array(ElementType element, int count, byte[] bytes) {
        return new NumericArray(element, List.of(count), bytes);
    }

    /** The array that a payload is and nothing but that, or null. */
    public static @Nullable NumericArray decodeWhole(byte[] payload) {
        NumericArray array = payload.length < 2 ? null : decode(payload);
        return array != null && 2 + 4 * array.shape().size() + array.data().remaining() == payload.length
                ? array
                : null;
    }

    /** The array, or null when the payload is none; trailing bytes are ignored. */
    public static @Nullable NumericArray decode(byte[] payload) {
        ByteBuffer in = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
        ElementType element = VectorCodes.type(in.get(0)).orElse(null);
        int dimensions = in.get(1) & 0xFF;
        if (element == null || 2 + 4 * dimensions > payload.length) {
            return null;
        }
        List<Integer> shape = new ArrayList<>();
        for (int i = 0; i < dimensions; i++) {
            int dimension = in.getInt(2 + 4 * i);
            if (dimension < 0) {
                return null;
            }
            shape.add(dimension);
        }
        // Without elements whatever the other dimensions say.
        long bytes = shape.contains(0) ? 0 : element.sizeBytes();
        for (int dimension : shape) {
            if (bytes > 0 && bytes > payload.length / dimension) {
                return null;
            }
            bytes *= dimension;
        }
        int from = 2 + 4 * dimensions;
        if (from + bytes > payload.length) {
            return null;
        }
        byte[] data = java.util.Arrays.copyOfRange(payload, from, from + (int) bytes);
        return new NumericArray(element, shape, data);
    }
}
