package io.kohakuvault.internal.column;

import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.VaultFormatException;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.TextEncoding;
import io.kohakuvault.internal.block.BlockData;
import io.kohakuvault.internal.block.Elements;
import io.kohakuvault.internal.value.Float16;
import java.util.function.Supplier;

/** Values to the bytes of elements and back, by dtype. */
public final class ElementCodec {
    /** A longer text's bytes are made faster by String, for all the copy. */
    private static final int SHORT = 64;

    private ElementCodec() {}

    public static void addLong(Elements to, DType.IntegerType type, long value) {
        long shifted = switch (type.element()) {
            case I8 -> (byte) value;
            case U8 -> value & 0xFF;
            case I16 -> (short) value;
            case U16 -> value & 0xFFFF;
            case I32 -> (int) value;
            case U32 -> value & 0xFFFFFFFFL;
            default -> value;
        };
        if (shifted != value) {
            throw new IllegalArgumentException(value + " is out of the range of " + type.token());
        }
        to.addBits(value);
    }

    /** Rounds to the nearest number of the type; a finite one that would become infinite is refused. */
    public static void addDouble(Elements to, DType.FloatingType type, double value) {
        switch (type.element()) {
            case F16 -> {
                short bits = Float16.fromDouble(value);
                checkFinite(type, value, Float16.toFloat(bits));
                to.addBits(bits);
            }
            case F32 -> {
                checkFinite(type, value, (float) value);
                to.addBits(Float.floatToRawIntBits((float) value));
            }
            default -> to.addBits(Double.doubleToRawLongBits(value));
        }
    }

    private static void checkFinite(DType.FloatingType type, double value, float stored) {
        if (Float.isInfinite(stored) && !Double.isInfinite(value)) {
            throw new IllegalArgumentException(value + " is out of the range of " + type.token() + ", which goes to "
                    + (type.element() == ElementType.F16 ? "65504" : Float.toString(Float.MAX_VALUE)));
        }
    }

    /** Integers narrower than a long are numbers and not bits: of u64 none is negative. */
    public static void addInt(Elements to, DType.IntegerType type, long value) {
        if (value < 0 && type.element() == ElementType.U64) {
            throw new IllegalArgumentException(value + " is out of the range of u64");
        }
        addLong(to, type, value);
    }

    public static void addString(Elements to, DType.StringType type, String value) {
        if (type.encoding().equals(TextEncoding.UTF8)
                && type.sizeBytes() == 0
                && value.length() <= SHORT
                && to.addAscii(value)) {
            return;
        }
        byte[] bytes;
        try {
            bytes = type.encoding().encode(value);
        } catch (UnsupportedOperationException e) {
            throw new IllegalArgumentException(e.getMessage() + "; write its bytes", e);
        }
        if (type.sizeBytes() > 0 && bytes.length > type.sizeBytes()) {
            throw new IllegalArgumentException("a text does not fit " + type.token() + ": at most " + type.sizeBytes()
                    + " bytes, has " + bytes.length + "; shorten it, or use a dtype without a size");
        }
        to.addBytes(bytes, 0, bytes.length);
    }

    public static void addBytes(Elements to, DType type, byte[] value) {
        int size = type.elementSizeBytes();
        boolean misfit = type instanceof DType.VectorType ? value.length != size : value.length > size;
        if (size > 0 && misfit) {
            throw new IllegalArgumentException("an element does not fit " + type.token() + ": "
                    + (type instanceof DType.VectorType ? "" : "at most ") + size + " bytes, has " + value.length);
        }
        to.addBytes(value, 0, value.length);
    }

    public static void addFloats(Elements to, DType.VectorType type, float[] value) {
        if (type.element() != ElementType.F32 || type.shape().isEmpty() || value.length != type.elementCount()) {
            throw new IllegalArgumentException(
                    "an element of " + type.token() + " was given " + value.length + " floats");
        }
        to.addFloats(value, 0, value.length);
    }

    public static byte[] getBytes(BlockData block, DType type, int i) {
        int size = type.elementSizeBytes();
        int from = size > 0 ? i * size : block.start(i);
        byte[] bytes = new byte[(size > 0 ? from + size : block.start(i + 1)) - from];
        block.payload().get(from, bytes);
        return bytes;
    }

    /**
     * Reads a text.
     *
     * @param where which column, for the message when the bytes are no text
     */
    public static String getString(BlockData block, DType.StringType type, int i, Supplier<String> where) {
        byte[] bytes = getBytes(block, type, i);
        try {
            return type.sizeBytes() == 0
                    ? type.encoding().decode(bytes)
                    : type.encoding().decodePadded(bytes);
        } catch (IllegalArgumentException e) {
            throw new VaultCorruptException(
                    where.get() + ": element " + (block.firstRow() + i) + " is damaged: " + e.getMessage()
                            + "; read it as bytes",
                    e);
        } catch (UnsupportedOperationException e) {
            throw new VaultFormatException(
                    where.get() + " cannot be read: " + e.getMessage() + "; read it as bytes", e);
        }
    }

    public static float[] getFloats(BlockData block, DType.VectorType type, int i) {
        float[] vector = new float[type.elementCount()];
        int size = type.elementSizeBytes();
        block.payload()
                .slice(i * size, size)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(vector);
        return vector;
    }
}
