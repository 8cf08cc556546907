package io.kohakuvault.internal.value;

import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.codec.NumberGuess;
import io.kohakuvault.codec.NumericArray;
import io.kohakuvault.codec.OpaqueValue;
import io.kohakuvault.codec.Utf8;
import io.kohakuvault.codec.ValueEncoding;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values with KohakuVault's 10-byte header: {@code 89 4B | version 01 | encoding | flags | 00 00 00 | 56 4B | payload}.
 * Bytes that do not begin {@code 89 4B}, or are shorter than 10, are raw. What is written here reads back in
 * KohakuVault as the same value.
 */
public final class ValueCodec {
    private static final int HEADER_BYTES = 10;
    private static final int RAW = 0;
    private static final int PICKLE = 1;
    private static final int DATAPACKER = 2;
    private static final int JSON = 3;
    private static final int MESSAGEPACK = 4;
    private static final int CBOR = 5;
    private static final int UTF8 = 6;

    /** Flags that KohakuVault ignores: they say what eight bytes under encoding 02 are. Read, never written. */
    private static final int INTEGER_FLAG = 0x10;

    private static final int FLOAT_FLAG = 0x20;

    /** KohakuVault ignores this flag too, and shows how many segments there are. */
    private static final byte SEGMENTED_FLAG = (byte) 0x80;

    /** KohakuVault takes an 8-byte payload for an integer when its magnitude as i64 is below this. */
    private static final long INTEGER_BOUND = 1_000_000_000_000L;

    private static final byte[] MESSAGEPACK_HEAD = withHeader(MESSAGEPACK, new byte[0]);

    private ValueCodec() {}

    /** Bytes as they are, escaped with a header of encoding 00 where they would be taken for a header. */
    public static byte[] encodeRaw(byte[] value) {
        return beginsLikeHeader(value) ? withHeader(RAW, value) : value;
    }

    public static byte[] encode(@Nullable Object value) {
        return encode(value, MessagePackWriter.once());
    }

    /** Encodes one of many values. */
    public static byte[] encode(@Nullable Object value, MessagePackWriter messagePack) {
        if (value instanceof byte[] raw) {
            return encodeRaw(raw);
        } else if (value instanceof String text) {
            return withHeader(UTF8, Utf8.encode(text));
        } else if (value instanceof Long
                || value instanceof Integer
                || value instanceof Short
                || value instanceof Byte) {
            return encodeLong(((Number) value).longValue());
        } else if (value instanceof Double || value instanceof Float) {
            return encodeDouble(((Number) value).doubleValue());
        } else if (value instanceof BigInteger big) {
            return encodeBig(big);
        } else if (value == null || value instanceof Boolean || value instanceof Map || value instanceof List) {
            return messagePack.write(MESSAGEPACK_HEAD, value);
        } else if (NumericArrays.isNumeric(value)) {
            return withHeader(DATAPACKER, NumericArrays.encode(value));
        } else if (value instanceof ValueEncoding.Encoded encoded) {
            return switch (encoded.encoding()) {
                case MESSAGE_PACK -> withHeader(MESSAGEPACK, MessagePack.encode(encoded.value()));
                case JSON -> withHeader(JSON, Json.encode(encoded.value()));
                case CBOR -> withHeader(CBOR, Cbor.encode(encoded.value()));
            };
        }
        throw new IllegalArgumentException(
                "a value may be byte[], String, Boolean, List, Map, null, an array of numbers or " + ValueModel.NUMBERS
                        + ", but was " + value.getClass().getName() + "; " + ValueModel.hint(value));
    }

    private static byte[] encodeLong(long value) {
        return -INTEGER_BOUND < value && value < INTEGER_BOUND
                ? withHeader(DATAPACKER, eight(value))
                : withHeader(MESSAGEPACK, MessagePack.encode(value));
    }

    private static byte[] encodeDouble(double value) {
        return Double.isNaN(value) || Math.abs(value) >= Double.MIN_NORMAL
                ? withHeader(DATAPACKER, eight(Double.doubleToLongBits(value)))
                : withHeader(MESSAGEPACK, MessagePack.encode(value));
    }

    private static byte[] encodeBig(BigInteger value) {
        if (value.bitLength() <= 63) {
            return encodeLong(value.longValue());
        }
        boolean fitsU64 = value.signum() > 0 && value.bitLength() <= 64;
        return fitsU64
                ? withHeader(MESSAGEPACK, MessagePack.encode(value))
                : withHeader(JSON, NumberLimits.checkWritten(value).toString().getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] eight(long bits) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(bits)
                .array();
    }

    private static byte[] withHeader(int encoding, byte[] payload) {
        byte[] bytes = new byte[HEADER_BYTES + payload.length];
        bytes[0] = (byte) 0x89;
        bytes[1] = 0x4B;
        bytes[2] = 1;
        bytes[3] = (byte) encoding;
        bytes[8] = 0x56;
        bytes[9] = 0x4B;
        System.arraycopy(payload, 0, bytes, HEADER_BYTES, payload.length);
        return bytes;
    }

    private static boolean beginsLikeHeader(byte[] value) {
        return value.length >= HEADER_BYTES && value[0] == (byte) 0x89 && value[1] == 0x4B;
    }

    /** A value whose bytes are in segments, as this map says; KohakuVault shows the map. */
    public static byte[] segmented(Map<String, Long> map) {
        byte[] stored = withHeader(MESSAGEPACK, MessagePack.encode(map));
        stored[4] = SEGMENTED_FLAG;
        return stored;
    }

    public static boolean isSegmented(byte[] stored) {
        return isHeader(stored) && stored[3] == MESSAGEPACK && stored[4] == SEGMENTED_FLAG;
    }

    /** What a value in segments begins with. */
    public static byte[] segmentedPrefix() {
        return Arrays.copyOf(segmented(Map.of()), HEADER_BYTES);
    }

    /** What comes after the header. */
    public static byte[] payload(byte[] stored) {
        return Arrays.copyOfRange(stored, HEADER_BYTES, stored.length);
    }

    private static boolean isHeader(byte[] stored) {
        return beginsLikeHeader(stored)
                && stored[2] == 1
                && (stored[5] | stored[6] | stored[7]) == 0
                && stored[8] == 0x56
                && stored[9] == 0x4B;
    }

    /** The bytes of a value that was written as bytes; those of any other value with its header, as they are stored. */
    public static byte[] decodeRaw(byte[] stored) {
        return isHeader(stored) && stored[3] == RAW ? payload(stored) : stored;
    }

    /**
     * Reads a value.
     *
     * @param where file, table and key, for the message when the bytes contradict the format
     * @param guess how an integer is distinguished from a float
     */
    public static @Nullable Object decode(byte[] stored, String where, NumberGuess guess) {
        if (!beginsLikeHeader(stored)) {
            return stored;
        }
        if (!isHeader(stored)) {
            throw new VaultCorruptException(
                    where
                            + ": the value begins like a header but is none of version 1; KohakuVault stores raw bytes that begin 89 4B so,"
                            + " read it as bytes",
                    null);
        }
        byte[] payload = payload(stored);
        try {
            return switch (stored[3]) {
                case RAW -> payload;
                case PICKLE -> new OpaqueValue("pickle", payload);
                case DATAPACKER -> packed(payload, stored[4], guess);
                case JSON -> Json.decode(payload);
                case MESSAGEPACK -> MessagePack.decode(payload);
                case CBOR -> Cbor.decode(payload);
                case UTF8 -> strictUtf8(payload);
                default ->
                    throw new VaultCorruptException(
                            where + ": the value has the unknown encoding " + (stored[3] & 0xFF) + "; read it as bytes",
                            null);
            };
        } catch (IOException | IllegalArgumentException e) {
            throw new VaultCorruptException(
                    where + ": the value's payload cannot be read: " + e.getMessage() + "; read it as bytes", e);
        }
    }

    static void checkEnd(byte[] payload, int end, boolean padded) throws IOException {
        for (int i = end; i < payload.length; i++) {
            if (!padded || payload[i] != 0) {
                throw new IOException("the value ends after " + end + " of " + payload.length + " bytes");
            }
        }
    }

    static String strictUtf8(byte[] payload) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(payload))
                .toString();
    }

    /** Encoding 02: eight bytes are an integer or a float, more are an array, anything else text or bytes. */
    private static Object packed(byte[] payload, byte flags, NumberGuess guess) {
        if (payload.length == 0) {
            return payload;
        }
        boolean better = guess == NumberGuess.BETTER;
        if (payload.length == 8) {
            long bits = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN).getLong();
            if (better && (flags & (INTEGER_FLAG | FLOAT_FLAG)) != 0) {
                return (flags & INTEGER_FLAG) != 0 ? (Object) bits : (Object) Double.longBitsToDouble(bits);
            }
            return number(bits, guess);
        }
        if (payload.length > 8 || (better && NumericArrays.decodeWhole(payload) != null)) {
            NumericArray array = NumericArrays.decode(payload);
            if (array != null) {
                return better || !array.shape().isEmpty()
                        ? array
                        : new NumericArray(array.element(), List.of(1), NumericArrays.bytes(array));
            }
        }
        try {
            return strictUtf8(payload);
        } catch (CharacterCodingException e) {
            return payload;
        }
    }

    /**
     * Tells an integer from a float by their bits. The first three rules mend what KohakuVault's own rule, the rest,
     * gets wrong for integers that real data holds: milliseconds since 1970 look like subnormal floats, small negative
     * ones like NaNs.
     */
    private static Object number(long bits, NumberGuess guess) {
        double asDouble = Double.longBitsToDouble(bits);
        if (guess == NumberGuess.BETTER) {
            boolean subnormal = (bits >>> 52 & 0x7FF) == 0 && asDouble != 0;
            boolean smallNegative = bits >>> 51 == 0x1FFF && bits != 0xFFF8000000000000L;
            if (subnormal || smallNegative || bits == 0) {
                return bits;
            }
        }
        if (Double.isFinite(asDouble) && Math.abs(asDouble % 1.0) > 1e-9) {
            return asDouble;
        }
        boolean small = bits == Long.MIN_VALUE || Math.abs(bits) < INTEGER_BOUND;
        return small ? (Object) bits : (Object) asDouble;
    }
}
