package io.kohakuvault.internal.packer;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.internal.block.BlockData;
import io.kohakuvault.internal.block.Elements;
import io.kohakuvault.internal.block.Numbers;
import io.kohakuvault.internal.column.ElementCodec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Arrays of numbers to elements and back: copied where the array's numbers are the dtype's, else one by one. */
final class PrimitiveArrays {
    private PrimitiveArrays() {}

    private interface Adder {
        void add(Elements to, int i);
    }

    static byte[] packLongs(DType.IntegerType type, long[] values, int size) {
        if (type.elementSizeBytes() == Long.BYTES) {
            byte[] bytes = new byte[size];
            view(bytes).asLongBuffer().put(values);
            return bytes;
        }
        return pack(type, values.length, (to, i) -> ElementCodec.addLong(to, type, values[i]));
    }

    static byte[] packInts(DType.IntegerType type, int[] values, int size) {
        if (type.element() == ElementType.I32) {
            byte[] bytes = new byte[size];
            view(bytes).asIntBuffer().put(values);
            return bytes;
        }
        return pack(type, values.length, (to, i) -> ElementCodec.addInt(to, type, values[i]));
    }

    static byte[] packDoubles(DType.FloatingType type, double[] values, int size) {
        if (type.element() == ElementType.F64) {
            byte[] bytes = new byte[size];
            view(bytes).asDoubleBuffer().put(values);
            return bytes;
        }
        return pack(type, values.length, (to, i) -> ElementCodec.addDouble(to, type, values[i]));
    }

    static byte[] packFloats(DType.FloatingType type, float[] values, int size) {
        if (type.element() == ElementType.F32) {
            byte[] bytes = new byte[size];
            view(bytes).asFloatBuffer().put(values);
            return bytes;
        }
        return pack(type, values.length, (to, i) -> ElementCodec.addDouble(to, type, values[i]));
    }

    private static byte[] pack(DType type, int count, Adder adder) {
        Elements packed = new Elements(type.elementSizeBytes(), count);
        for (int i = 0; i < count; i++) {
            try {
                adder.add(packed, i);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("value " + i + ": " + e.getMessage(), e);
            }
        }
        return Arrays.copyOf(packed.bytes(), packed.sizeBytes());
    }

    static long[] unpackLongs(DType.IntegerType type, byte[] bytes, int count) {
        long[] values = new long[count];
        if (type.elementSizeBytes() == Long.BYTES) {
            view(bytes).asLongBuffer().get(values);
            return values;
        }
        BlockData block = ElementValues.block(bytes, 0, bytes.length, count);
        for (int i = 0; i < count; i++) {
            values[i] = Numbers.getLong(block, type, i);
        }
        return values;
    }

    static int[] unpackInts(DType.IntegerType type, byte[] bytes, int count) {
        int[] values = new int[count];
        if (type.element() == ElementType.I32) {
            view(bytes).asIntBuffer().get(values);
            return values;
        }
        BlockData block = ElementValues.block(bytes, 0, bytes.length, count);
        boolean bits = type.element() == ElementType.U64;
        for (int i = 0; i < count; i++) {
            long value = Numbers.getLong(block, type, i);
            values[i] = (int) value;
            if (values[i] != value || (bits && value < 0)) {
                throw beyond(i, type, bits ? Long.toUnsignedString(value) : Long.toString(value), "an int", "longs");
            }
        }
        return values;
    }

    static double[] unpackDoubles(DType.FloatingType type, byte[] bytes, int count) {
        double[] values = new double[count];
        if (type.element() == ElementType.F64) {
            view(bytes).asDoubleBuffer().get(values);
            return values;
        }
        BlockData block = ElementValues.block(bytes, 0, bytes.length, count);
        for (int i = 0; i < count; i++) {
            values[i] = Numbers.getDouble(block, type, i);
        }
        return values;
    }

    static float[] unpackFloats(DType.FloatingType type, byte[] bytes, int count) {
        float[] values = new float[count];
        if (type.element() == ElementType.F32) {
            view(bytes).asFloatBuffer().get(values);
            return values;
        }
        BlockData block = ElementValues.block(bytes, 0, bytes.length, count);
        for (int i = 0; i < count; i++) {
            double value = Numbers.getDouble(block, type, i);
            values[i] = (float) value;
            if (Float.isInfinite(values[i]) && !Double.isInfinite(value)) {
                throw beyond(i, type, Double.toString(value), "a float", "doubles");
            }
        }
        return values;
    }

    private static IllegalArgumentException beyond(int i, DType type, String value, String holder, String wider) {
        return new IllegalArgumentException("element " + i + " of " + type.token() + " is " + value + ", beyond what "
                + holder + " holds; read it as " + wider);
    }

    private static ByteBuffer view(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
