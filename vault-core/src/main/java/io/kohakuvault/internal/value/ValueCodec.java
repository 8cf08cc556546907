package io.kohakuvault.internal.value;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.codec.OpaqueValue;
import io.kohakuvault.codec.Utf8;
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
 * Values with KohakuVault's 10-byte header: {@code 89 4B | version 01 | encoding | flags | 00 00 00 | 56 4B | payload}. Bytes that do
 * not begin {@code 89 4B}, or are shorter than 10, are raw. What is written here reads back in KohakuVault as the same value.
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

    /** KohakuVault takes an 8-byte payload for an integer when its magnitude as i64 is below this. */
    private static final long INTEGER_BOUND = 1_000_000_000_000L;

    private static final ObjectMapper JSON_MAPPER = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private ValueCodec() {}

    /** Bytes as they are, escaped with a header of encoding 00 where they would be taken for a header. */
    public static byte[] encodeRaw(byte[] value) {
        return beginsLikeHeader(value) ? withHeader(RAW, value) : value;
    }

    public static byte[] encode(@Nullable Object value) {
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
            return withHeader(MESSAGEPACK, MessagePack.encode(value));
        } else if (NumericArrays.isNumeric(value)) {
            return withHeader(DATAPACKER, NumericArrays.encode(value));
        }
        throw new IllegalArgumentException(
                "a value may be byte[], String, a number, Boolean, List, Map, an array of numbers or null, "
                        + "but was " + value.getClass().getName() + "; convert it first");
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
                : withHeader(JSON, value.toString().getBytes(StandardCharsets.US_ASCII));
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

    /** The bytes of a value that was written as bytes; those of any other value with its header, as they are stored. */
    public static byte[] decodeRaw(byte[] stored) {
        return beginsLikeHeader(stored) && stored[2] == 1 && stored[3] == RAW && stored[8] == 0x56 && stored[9] == 0x4B
                ? Arrays.copyOfRange(stored, HEADER_BYTES, stored.length)
                : stored;
    }

    /**
     * Reads a value.
     *
     * @param where file, table and key, for the message when the bytes contradict the format
     */
    public static @Nullable Object decode(byte[] stored, String where) {
        if (!beginsLikeHeader(stored)) {
            return stored;
        }
        if (stored[8] != 0x56 || stored[9] != 0x4B || stored[2] != 1 || (stored[5] | stored[6] | stored[7]) != 0) {
            throw new VaultCorruptException(
                    where
                            + ": the value begins like a header but is none of version 1; KohakuVault stores raw bytes that begin 89 4B so,"
                            + " read it as bytes",
                    null);
        }
        byte[] payload = Arrays.copyOfRange(stored, HEADER_BYTES, stored.length);
        try {
            return switch (stored[3]) {
                case RAW -> payload;
                case PICKLE -> new OpaqueValue("pickle", payload);
                case DATAPACKER -> packed(payload);
                case JSON -> ValueModel.widened(JSON_MAPPER.readValue(payload, Object.class));
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
                    where + ": the value's payload is damaged: " + e.getMessage() + "; read it as bytes", e);
        }
    }

    private static String strictUtf8(byte[] payload) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(payload))
                .toString();
    }

    /** Encoding 02: eight bytes are an integer or a float, more are an array, anything else text or bytes. */
    private static Object packed(byte[] payload) {
        if (payload.length == 8) {
            return number(
                    ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN).getLong());
        }
        if (payload.length > 8) {
            Object array = NumericArrays.decode(payload);
            if (array != null) {
                return array;
            }
        }
        try {
            return strictUtf8(payload);
        } catch (CharacterCodingException e) {
            return payload;
        }
    }

    /**
     * Tells an integer from a float by their bits. The first three rules mend what KohakuVault's own rule, the rest, gets wrong for
     * integers that real data holds: milliseconds since 1970 look like subnormal floats, small negative ones like NaNs.
     */
    private static Object number(long bits) {
        double asDouble = Double.longBitsToDouble(bits);
        long exponent = bits >>> 52 & 0x7FF;
        if (exponent == 0 && asDouble != 0) {
            return bits;
        }
        if (bits >>> 51 == 0x1FFF && bits != 0xFFF8000000000000L) {
            return bits;
        }
        if (bits == 0) {
            return 0L;
        }
        if (Double.isFinite(asDouble) && Math.abs(asDouble % 1.0) > 1e-9) {
            return asDouble;
        }
        boolean small = bits == Long.MIN_VALUE || Math.abs(bits) < INTEGER_BOUND;
        return small ? (Object) bits : (Object) asDouble;
    }
}
