package io.kohakuvault.connect;

import io.kohakuvault.codec.Utf8;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** What converters deliver, with or without schemas, as plain values: Struct and Map alike. */
final class Plain {
    /** The store's encoding of values goes no deeper. */
    private static final int DEEPEST = 500;

    /** A decimal with more zeros than this keeps its exponent. */
    private static final int MOST_ZEROS = 1_000;

    /** What is wrong with a text that is none. */
    static final String HALF = " holds half a surrogate pair, which UTF-8 cannot say";

    private Plain() {}

    /** A field of a Struct or a Map; null when it is absent. */
    static @Nullable Object field(@Nullable Object value, String name) {
        if (value instanceof Struct struct) {
            Field field = struct.schema().field(name);
            return field == null ? null : get(struct, field);
        }
        return value instanceof Map<?, ?> map ? map.get(name) : null;
    }

    /** What a struct holds; a null is a null, and no default, where the schema allows it. */
    static @Nullable Object get(Struct struct, Field field) {
        Schema schema = field.schema();
        if (schema.defaultValue() == null) {
            return struct.get(field);
        }
        Object value = struct.getWithoutDefault(field.name());
        return value == null && !schema.isOptional() ? schema.defaultValue() : value;
    }

    /** What a buffer holds, which stays as it is. */
    static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    /** Strings, numbers, Booleans, byte[], Lists and Maps with String keys: what a self-describing value may be. */
    static @Nullable Object value(@Nullable Object value) {
        return value(value, 0);
    }

    @SuppressWarnings("JavaUtilDate") // what Kafka Connect hands over
    private static @Nullable Object value(@Nullable Object value, int depth) {
        if (depth > DEEPEST) {
            throw new UnfitException("it is nested deeper than " + DEEPEST);
        }
        if (value instanceof Struct struct) {
            if (ConnectTypes.VARIABLE_SCALE_DECIMAL.equals(struct.schema().name())) {
                return value(variableDecimal(struct), depth);
            }
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            for (Field field : struct.schema().fields()) {
                map.put(field.name(), inner(get(struct, field), depth));
            }
            return map;
        } else if (value instanceof Map<?, ?> source) {
            if (isPlain(source)) {
                return source;
            }
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            source.forEach((k, v) -> map.put(text(key(k, depth)), inner(v, depth)));
            if (map.size() < source.size()) {
                throw new UnfitException("two keys of a map are one when they are written as text");
            }
            return map;
        } else if (value instanceof List<?> source) {
            List<@Nullable Object> list = new ArrayList<>(source.size());
            source.forEach(v -> list.add(inner(v, depth)));
            return list;
        } else if (value instanceof ByteBuffer buffer) {
            return bytes(buffer);
        } else if (value instanceof java.util.Date date) {
            return date.getTime();
        } else if (value instanceof BigDecimal decimal) {
            // Written out, 1E+999999999 would take all memory.
            return Math.abs((long) decimal.scale()) <= MOST_ZEROS ? decimal.toPlainString() : decimal.toString();
        } else if (value instanceof BigInteger big) {
            return big.bitLength() <= 63 ? (Object) big.longValue() : big.toString();
        } else if (value instanceof String text) {
            return text(text);
        } else if (value == null || value instanceof byte[] || value instanceof Boolean || isNumber(value)) {
            return value;
        }
        throw new UnfitException("a " + value.getClass().getName() + " cannot be stored");
    }

    /**
     * The key of a map as text, the same in every process: bytes in base64, what has elements in JSON.
     *
     * @throws UnfitException when it cannot be stored
     */
    static String key(@Nullable Object key) {
        return key(key, 0);
    }

    private static String key(@Nullable Object key, int depth) {
        Object plain = inner(key, depth);
        return plain instanceof Map || plain instanceof List ? JsonText.of(plain) : String.valueOf(plain);
    }

    /** A text that can be stored. */
    static String text(String text) {
        if (!isText(text)) {
            throw new UnfitException("it" + HALF);
        }
        return text;
    }

    static boolean isText(String text) {
        try {
            return Utf8.check(text).equals(text);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static BigDecimal variableDecimal(Struct struct) {
        Object scale = field(struct, "scale");
        if (scale instanceof Integer s && value(field(struct, "value")) instanceof byte[] bytes && bytes.length > 0) {
            return new BigDecimal(new BigInteger(bytes), s);
        }
        throw new UnfitException("its schema says that it is a decimal of any scale, but it has no scale and value");
    }

    /** Inside a MessagePack value KohakuVault reads no bytes: they become text, in base64. */
    private static @Nullable Object inner(@Nullable Object value, int depth) {
        Object plain = value(value, depth + 1);
        return plain instanceof byte[] bytes ? Base64.getEncoder().encodeToString(bytes) : plain;
    }

    /** Whether it is a flat map of what is stored as it is; most are, and need no copy. */
    private static boolean isPlain(Map<?, ?> map) {
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            Object value = entry.getValue();
            if (!(entry.getKey() instanceof String)
                    || !(value == null || value instanceof String || value instanceof Boolean || isNumber(value))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNumber(Object value) {
        return value instanceof Double || value instanceof Float || (value instanceof Number n && isInteger(n));
    }

    static boolean isInteger(Number value) {
        return value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte;
    }

    /** A vector: a list of numbers, or 32-bit floats as little-endian bytes, or these in base64. */
    static float[] floats(Object value) {
        if (value instanceof List<?> list) {
            float[] vector = new float[list.size()];
            for (int i = 0; i < vector.length; i++) {
                if (!(list.get(i) instanceof Number number)) {
                    throw new UnfitException("element " + i + " of the vector is no number");
                }
                vector[i] = number.floatValue();
                boolean given = (number instanceof Double || number instanceof Float)
                        && Double.isInfinite(number.doubleValue()); // of a larger decimal that is infinite, too
                if (Float.isInfinite(vector[i]) && !given) {
                    throw new UnfitException("element " + i + " of the vector is beyond what 32-bit floats hold");
                }
            }
            return vector;
        }
        Object plain = value instanceof String text ? base64(text) : value(value);
        if (plain instanceof byte[] bytes && bytes.length % 4 == 0) {
            float[] vector = new float[bytes.length / 4];
            ByteBuffer.wrap(bytes)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(vector);
            return vector;
        }
        throw new UnfitException(
                "a vector is a list of numbers, or little-endian f32 bytes or their base64 text, but this is "
                        + UnfitException.kindOf(value));
    }

    private static byte @Nullable [] base64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
