package io.kohakuvault.internal.packer;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.NumericArray;
import io.kohakuvault.internal.block.BlockData;
import io.kohakuvault.internal.block.BlockEntry;
import io.kohakuvault.internal.block.Elements;
import io.kohakuvault.internal.block.Numbers;
import io.kohakuvault.internal.column.ElementCodec;
import io.kohakuvault.internal.column.PackedElements;
import io.kohakuvault.internal.value.Cbor;
import io.kohakuvault.internal.value.MessagePack;
import io.kohakuvault.internal.value.NumericArrays;
import io.kohakuvault.spi.Origin;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Objects to the bytes of elements and back, as columns hold them. */
final class ElementValues {
    /** Each integer up to it is a number of each floating-point type. */
    private static final int MOST_OF_F16 = 2048;

    private ElementValues() {}

    /** Adds one element; an IllegalArgumentException says why the value does not fit. */
    static void add(Elements to, DType dtype, @Nullable Object value) {
        if (dtype instanceof DType.PackedType type) {
            PackedElements.addValue(to, type, value);
        } else if (dtype instanceof DType.IntegerType type && value instanceof Number number) {
            addInteger(to, type, number);
        } else if (dtype instanceof DType.FloatingType type && value instanceof Number number) {
            addFloating(to, type, number);
        } else if (dtype instanceof DType.BooleanType && value instanceof Boolean truth) {
            to.addBits(truth ? 1 : 0);
        } else if (dtype instanceof DType.StringType type && value instanceof String text) {
            ElementCodec.addString(to, type, text);
        } else if (dtype instanceof DType.BytesType && value instanceof byte[] bytes) {
            ElementCodec.addBytes(to, dtype, bytes);
        } else if (dtype instanceof DType.VectorType type && value != null) {
            PackedElements.addArray(to, type, ArrayValues.of(type, value));
        } else {
            throw misfit(dtype, value);
        }
    }

    private static void addInteger(Elements to, DType.IntegerType type, Number number) {
        if (number instanceof Long value) {
            ElementCodec.addLong(to, type, value);
        } else if (number instanceof Integer || number instanceof Short || number instanceof Byte) {
            ElementCodec.addInt(to, type, number.longValue());
        } else if (number instanceof BigInteger big) {
            boolean bits = type.equals(DType.U64) && big.signum() >= 0;
            if (big.bitLength() > (bits ? 64 : 63)) {
                throw new IllegalArgumentException(
                        "an integer of " + big.bitLength() + " bits is out of the range of " + type.token());
            } else if (bits) {
                ElementCodec.addLong(to, type, big.longValue());
            } else {
                ElementCodec.addInt(to, type, big.longValue());
            }
        } else {
            throw misfit(type, number);
        }
    }

    private static void addFloating(Elements to, DType.FloatingType type, Number number) {
        if (number instanceof Double || number instanceof Float) {
            ElementCodec.addDouble(to, type, number.doubleValue());
            return;
        } else if (!isInteger(number)) {
            throw misfit(type, number);
        }
        double nearest = number.doubleValue();
        if (Double.isInfinite(nearest)) {
            throw new IllegalArgumentException("an integer is out of the range of " + type.token());
        }
        ElementCodec.addDouble(to, type, nearest);
        if (Math.abs(nearest) > MOST_OF_F16) { // refused, not rounded: as in tables
            BigDecimal stored = new BigDecimal(Numbers.getDouble(to.asBlock(), type, to.rows() - 1));
            if (stored.compareTo(new BigDecimal(number.toString())) != 0) {
                throw new IllegalArgumentException("the integer " + number + " is no number of " + type.token()
                        + ", the nearest is " + stored.toPlainString() + "; give it as a Double to have it rounded");
            }
        }
    }

    private static boolean isInteger(Number number) {
        return number instanceof Long
                || number instanceof Integer
                || number instanceof Short
                || number instanceof Byte
                || number instanceof BigInteger;
    }

    private static IllegalArgumentException misfit(DType dtype, @Nullable Object value) {
        String takes;
        if (dtype instanceof DType.IntegerType) {
            takes = "Long, Integer, Short, Byte or BigInteger";
        } else if (dtype instanceof DType.FloatingType) {
            takes = "Double, Float or an integer";
        } else if (dtype instanceof DType.BooleanType) {
            takes = "Boolean";
        } else if (dtype instanceof DType.StringType) {
            takes = "String";
        } else {
            takes = dtype instanceof DType.BytesType ? "byte[]" : "NumericArray, lists or arrays of numbers";
        }
        return new IllegalArgumentException(dtype.token() + " takes " + takes + ", but was given "
                + (value == null ? "null" : "a " + value.getClass().getSimpleName()) + "; convert it first");
    }

    /** The value of the element that bytes [from, to) are; an IllegalArgumentException says why they are none. */
    static @Nullable Object read(DType dtype, byte[] bytes, int from, int to) {
        if (dtype instanceof DType.IntegerType type) {
            return Numbers.getLong(block(bytes, from, to, 1), type, 0);
        } else if (dtype instanceof DType.FloatingType type) {
            return Numbers.getDouble(block(bytes, from, to, 1), type, 0);
        } else if (dtype instanceof DType.BooleanType) {
            return bytes[from] != 0;
        }
        byte[] element = Arrays.copyOfRange(bytes, from, to);
        if (dtype instanceof DType.StringType type) {
            return type.isFixedSize()
                    ? type.encoding().decodePadded(element)
                    : type.encoding().decode(element);
        } else if (dtype instanceof DType.PackedType type) {
            try {
                return type.format() == DType.PackedType.Format.MSGPACK
                        ? MessagePack.decode(element)
                        : Cbor.decode(element);
            } catch (IOException | IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        element.length + " bytes are no element of " + type.token() + ": " + e.getMessage(), e);
            }
        } else if (dtype instanceof DType.VectorType type) {
            return array(type, element);
        }
        return element;
    }

    private static NumericArray array(DType.VectorType type, byte[] element) {
        if (type.isFixedSize()) {
            return new NumericArray(type.element(), type.shape(), element);
        }
        NumericArray array = element.length < 2 ? null : NumericArrays.decode(element);
        if (array == null) {
            throw new IllegalArgumentException(element.length + " bytes are no element of " + type.token()
                    + ", which says its element, its shape and its numbers");
        }
        return array;
    }

    /** Elements of a fixed size as a block. */
    static BlockData block(byte[] bytes, int from, int to, int rows) {
        int used = to - from;
        return new BlockData(
                new BlockEntry(0, 0, 0, rows, used, Math.max(1, used), Math.max(1, rows)),
                ByteBuffer.wrap(bytes, from, used).slice().order(ByteOrder.LITTLE_ENDIAN),
                null,
                null,
                Origin.COPIED);
    }
}
