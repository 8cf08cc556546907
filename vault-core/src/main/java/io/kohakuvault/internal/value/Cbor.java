package io.kohakuvault.internal.value;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * CBOR (RFC 8949) as KohakuVault writes it (string keys, sorted; integers and floats as short as they can be), and all
 * of it for reading.
 */
public final class Cbor {
    static final int UNSIGNED = 0;
    static final int NEGATIVE = 1;
    static final int BYTES = 2;
    static final int TEXT = 3;
    static final int ARRAY = 4;
    static final int MAP = 5;
    static final int TAG = 6;
    static final int SIMPLE = 7;

    static final int FALSE = 20;
    static final int TRUE = 21;
    static final int NULL = 22;
    static final int UNDEFINED = 23;
    static final int FLOAT16 = 25;
    static final int FLOAT32 = 26;
    static final int FLOAT64 = 27;

    static final int POSITIVE_BIGNUM = 2;
    static final int NEGATIVE_BIGNUM = 3;
    static final int DECIMAL_FRACTION = 4;
    static final int BIGFLOAT = 5;
    static final int STRING_REFERENCE = 25;
    static final int SHARED_REFERENCE = 29;
    static final int STRING_REFERENCES = 256;

    private Cbor() {}

    public static byte[] encode(@Nullable Object value) {
        Buffer out = new Buffer();
        write(out, ValueModel.checked(value));
        return out.toByteArray();
    }

    /** Reads the value that the bytes begin with; an IOException says why they are none. */
    public static @Nullable Object decode(byte[] payload) throws IOException {
        return new CborReader(payload).read();
    }

    /**
     * Reads a value that is all of the bytes.
     *
     * @param padded whether zeros may follow
     */
    public static @Nullable Object decodeWhole(byte[] payload, boolean padded) throws IOException {
        CborReader reader = new CborReader(payload);
        Object value = reader.read();
        ValueCodec.checkEnd(payload, reader.position(), padded);
        return value;
    }

    private static void write(Buffer out, @Nullable Object value) {
        if (value == null) {
            out.head(SIMPLE, NULL);
        } else if (value instanceof Boolean truth) {
            out.head(SIMPLE, truth ? TRUE : FALSE);
        } else if (value instanceof String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            out.head(TEXT, bytes.length);
            out.put(bytes);
        } else if (value instanceof Double || value instanceof Float) {
            write(out, ((Number) value).doubleValue());
        } else if (value instanceof BigInteger big) {
            write(out, big);
        } else if (value instanceof Number integer) {
            long number = integer.longValue();
            out.head(number < 0 ? NEGATIVE : UNSIGNED, number < 0 ? -1 - number : number);
        } else if (value instanceof List<?> list) {
            out.head(ARRAY, list.size());
            list.forEach(item -> write(out, item));
        } else if (value instanceof Map<?, ?> map) {
            out.head(MAP, map.size());
            map.forEach((k, v) -> {
                write(out, k);
                write(out, v);
            });
        } else {
            throw new IllegalStateException("not checked: " + value.getClass());
        }
    }

    /** In the fewest bytes that say it, bit for bit. */
    private static void write(Buffer out, double value) {
        short half = Float16.fromDouble(value);
        if (isSame(Float16.toFloat(half), value)) {
            out.put((byte) (SIMPLE << 5 | FLOAT16), 2, half);
        } else if (isSame((float) value, value)) {
            out.put((byte) (SIMPLE << 5 | FLOAT32), 4, Float.floatToRawIntBits((float) value));
        } else {
            out.put((byte) (SIMPLE << 5 | FLOAT64), 8, Double.doubleToRawLongBits(value));
        }
    }

    private static boolean isSame(double narrow, double value) {
        return Double.doubleToRawLongBits(narrow) == Double.doubleToRawLongBits(value);
    }

    private static void write(Buffer out, BigInteger value) {
        BigInteger magnitude = value.signum() < 0 ? value.not() : value;
        if (magnitude.bitLength() <= 64) {
            out.head(value.signum() < 0 ? NEGATIVE : UNSIGNED, magnitude.longValue());
            return;
        }
        out.head(TAG, value.signum() < 0 ? NEGATIVE_BIGNUM : POSITIVE_BIGNUM);
        byte[] bytes = magnitude.toByteArray();
        int sign = bytes[0] == 0 ? 1 : 0;
        out.head(BYTES, bytes.length - sign);
        out.put(bytes, sign, bytes.length - sign);
    }

    /** Bytes that grow. */
    private static final class Buffer extends java.io.ByteArrayOutputStream {
        void put(byte[] bytes) {
            write(bytes, 0, bytes.length);
        }

        void put(byte[] bytes, int from, int length) {
            write(bytes, from, length);
        }

        void put(byte first, int size, long number) {
            ByteBuffer bytes = ByteBuffer.allocate(9).put(first).putLong(number << (64 - 8 * size));
            write(bytes.array(), 0, 1 + size);
        }

        /** The first byte of an item and the number that belongs to it, unsigned, in as few bytes as hold it. */
        void head(int type, long number) {
            int major = type << 5;
            if (number >= 0 && number < 24) {
                write(major | (int) number);
            } else if (number >>> 8 == 0) {
                put((byte) (major | 24), 1, number);
            } else if (number >>> 16 == 0) {
                put((byte) (major | 25), 2, number);
            } else if (number >>> 32 == 0) {
                put((byte) (major | 26), 4, number);
            } else {
                put((byte) (major | 27), 8, number);
            }
        }
    }
}
