package io.kohakuvault.internal.value;

import io.kohakuvault.codec.OpaqueValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads one CBOR value out of bytes that anybody may have written. */
final class CborReader {
    private static final int INDEFINITE = 31;

    /** Stands for the end of an array, map or string whose length is not said in front. */
    private static final Object BREAK = new Object();

    /**
     * Large numbers may stand for this many times the bytes of the payload: a few bytes can say one of kilobytes, again
     * and again.
     */
    private static final int MOST_EXPANSION = 8;

    private final ByteBuffer in;
    private long bytesOfNumbers = 64 << 10;

    /**
     * Strings that can be referred to (http://cbor.schmorp.de/stringref), where something says that there may be
     * references.
     */
    private @Nullable List<Object> strings;

    CborReader(byte[] payload) {
        this.in = ByteBuffer.wrap(payload);
        this.bytesOfNumbers += (long) MOST_EXPANSION * payload.length;
    }

    @Nullable
    Object read() throws IOException {
        Object value = item(0);
        if (value == BREAK) {
            throw new IOException("an end where nothing began, at byte " + (in.position() - 1));
        }
        return value;
    }

    /** How many bytes have been read. */
    int position() {
        return in.position();
    }

    private @Nullable Object item(int depth) throws IOException {
        if (depth > ValueModel.MAX_DEPTH) {
            throw new IOException("nested deeper than " + ValueModel.MAX_DEPTH);
        }
        int first = byteAt();
        int type = first >> 5;
        int info = first & 0x1F;
        if (info > 27 && info < INDEFINITE) {
            throw new IOException("the reserved byte " + first + " at " + (in.position() - 1));
        }
        if (type == Cbor.SIMPLE) {
            return simple(info);
        }
        boolean indefinite = info == INDEFINITE;
        if (indefinite && (type < Cbor.BYTES || type == Cbor.TAG)) {
            throw new IOException("a number without an end at byte " + (in.position() - 1));
        }
        long number = indefinite ? -1 : number(info);
        return switch (type) {
            case Cbor.UNSIGNED -> unsigned(number);
            case Cbor.NEGATIVE ->
                number >= 0 ? (Object) (-1 - number) : new BigInteger(Long.toUnsignedString(number)).not();
            case Cbor.BYTES -> noted(bytes(type, number, indefinite), number);
            case Cbor.TEXT -> noted(ValueCodec.strictUtf8(bytes(type, number, indefinite)), number);
            case Cbor.ARRAY -> array(number, indefinite, depth);
            case Cbor.MAP -> map(number, indefinite, depth);
            default -> tagged(number, depth);
        };
    }

    private int byteAt() throws IOException {
        if (!in.hasRemaining()) {
            throw new IOException("it ends too early, after " + in.position() + " bytes");
        }
        return in.get() & 0xFF;
    }

    /** The number of an item's head, unsigned. */
    private long number(int info) throws IOException {
        if (info < 24) {
            return info;
        }
        int size = 1 << (info - 24);
        if (in.remaining() < size) {
            throw new IOException("it ends too early, after " + in.limit() + " bytes");
        }
        return switch (size) {
            case 1 -> in.get() & 0xFF;
            case 2 -> in.getShort() & 0xFFFF;
            case 4 -> in.getInt() & 0xFFFFFFFFL;
            default -> in.getLong();
        };
    }

    private static Object unsigned(long number) {
        return number >= 0 ? (Object) number : new BigInteger(Long.toUnsignedString(number));
    }

    /** No count can exceed the bytes there are: a damaged one must not make us allocate. */
    private int count(long number, int least) throws IOException {
        if (number < 0 || number > in.remaining() / least) {
            throw new IOException("a count of " + Long.toUnsignedString(number) + " in the " + in.remaining()
                    + " bytes from " + in.position() + " on");
        }
        return (int) number;
    }

    private byte[] bytes(int type, long number, boolean indefinite) throws IOException {
        if (!indefinite) {
            byte[] bytes = new byte[count(number, 1)];
            in.get(bytes);
            return bytes;
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (true) {
            int first = byteAt();
            if (first == 0xFF) {
                return all.toByteArray();
            }
            if (first >> 5 != type || (first & 0x1F) > 27) {
                throw new IOException("a string whose part at byte " + (in.position() - 1) + " is none");
            }
            byte[] part = bytes(type, number(first & 0x1F), false);
            all.write(part, 0, part.length);
        }
    }

    /** Remembers a string of a known length, if a reference to it would be shorter. */
    private Object noted(Object string, long length) {
        List<Object> noted = strings;
        if (noted != null) {
            int next = noted.size();
            int shortest = next < 24 ? 3 : next < 0x100 ? 4 : next < 0x10000 ? 5 : 7;
            if (length >= shortest) {
                noted.add(string);
            }
        }
        return string;
    }

    private List<@Nullable Object> array(long number, boolean indefinite, int depth) throws IOException {
        int count = indefinite ? Integer.MAX_VALUE : count(number, 1);
        List<@Nullable Object> list = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Object value = item(depth + 1);
            if (value == BREAK) {
                checkEnd(indefinite);
                break;
            }
            list.add(value);
        }
        return list;
    }

    private Map<Object, @Nullable Object> map(long number, boolean indefinite, int depth) throws IOException {
        int count = indefinite ? Integer.MAX_VALUE : count(number, 2);
        Map<Object, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            Object key = item(depth + 1);
            if (key == BREAK) {
                checkEnd(indefinite);
                break;
            }
            if (!(key instanceof String || key instanceof Long || key instanceof BigInteger)) {
                throw new IOException("a map with a key that is neither text nor an integer");
            }
            Object value = item(depth + 1);
            if (value == BREAK) {
                throw new IOException("a map that ends after a key, at byte " + in.position());
            }
            if (map.containsKey(key.toString())) { // 1 and "1": here keys are texts
                throw new IOException("a map with the key " + key + " twice");
            }
            map.put(key.toString(), value);
        }
        return map;
    }

    private void checkEnd(boolean indefinite) throws IOException {
        if (!indefinite) {
            throw new IOException("an end inside of something whose length was said, at byte " + (in.position() - 1));
        }
    }

    private @Nullable Object simple(int info) throws IOException {
        return switch (info) {
            case Cbor.FALSE -> false;
            case Cbor.TRUE -> true;
            case Cbor.NULL, Cbor.UNDEFINED -> null;
            case Cbor.FLOAT16 -> (double) Float16.toFloat((short) number(info));
            case Cbor.FLOAT32 -> (double) Float.intBitsToFloat((int) number(info));
            case Cbor.FLOAT64 -> Double.longBitsToDouble(number(info));
            case INDEFINITE -> BREAK;
            default -> new OpaqueValue("cbor-simple", new byte[] {(byte) number(info)}); // nothing that has a meaning
        };
    }

    /** Tags that make a number; of others the value is handed out that they stand in front of. */
    private @Nullable Object tagged(long tag, int depth) throws IOException {
        List<Object> outer = strings;
        strings = tag == Cbor.STRING_REFERENCES ? new ArrayList<>() : outer;
        Object value = item(depth + 1);
        strings = outer;
        if (value == BREAK) {
            throw new IOException("a tag of nothing at byte " + in.position());
        }
        if (tag == Cbor.POSITIVE_BIGNUM || tag == Cbor.NEGATIVE_BIGNUM) {
            if (!(value instanceof byte[] magnitude)) {
                throw new IOException("a large integer that is no byte string");
            }
            spend(magnitude.length);
            BigInteger positive = new BigInteger(1, magnitude);
            return NumberLimits.integer(tag == Cbor.POSITIVE_BIGNUM ? positive : positive.not());
        } else if (tag == Cbor.DECIMAL_FRACTION || tag == Cbor.BIGFLOAT) {
            if (!(value instanceof List<?> parts)
                    || parts.size() != 2
                    || !isInteger(parts.get(0))
                    || !isInteger(parts.get(1))) {
                throw new IOException("a decimal that is not an exponent and an integer");
            }
            BigInteger exponent = big(parts.get(0));
            BigInteger mantissa = big(parts.get(1));
            spend(mantissa.bitLength() / 8
                    + (tag == Cbor.BIGFLOAT && exponent.bitLength() < 32 ? Math.abs(exponent.longValue()) / 3 : 0));
            return tag == Cbor.BIGFLOAT
                    ? NumberLimits.binary(mantissa, exponent)
                    : NumberLimits.scaled(mantissa, exponent);
        } else if (tag == Cbor.STRING_REFERENCE) {
            if (outer == null || !(value instanceof Long index) || index < 0 || index >= outer.size()) {
                throw new IOException("a reference to a string that is not there");
            }
            return outer.get(index.intValue());
        } else if (tag == Cbor.SHARED_REFERENCE) {
            throw new IOException("a reference to another part of the value, which is not followed");
        }
        return value;
    }

    private void spend(long bytes) throws IOException {
        bytesOfNumbers -= bytes;
        if (bytesOfNumbers < 0) {
            throw new IOException("numbers that are more than " + MOST_EXPANSION + " times as large as the payload");
        }
    }

    private static boolean isInteger(@Nullable Object value) {
        return value instanceof Long || value instanceof BigInteger;
    }

    private static BigInteger big(@Nullable Object value) {
        return value instanceof BigInteger big ? big : BigInteger.valueOf((Long) Objects.requireNonNull(value));
    }
}
