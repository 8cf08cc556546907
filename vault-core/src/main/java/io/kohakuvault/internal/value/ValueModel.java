package io.kohakuvault.internal.value;

import io.kohakuvault.codec.Utf8;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a value may be made of where both languages are to read it: JSON's data model. */
final class ValueModel {
    /** How deep lists and maps may stand in each other, for writing and for reading. */
    static final int MAX_DEPTH = 512;

    /** Classes of numbers that values take, for messages: of others nobody knows what they hold. */
    static final String NUMBERS = "a number (Byte to Long, BigInteger, Float, Double)";

    private ValueModel() {}

    /** The value with its maps sorted by key; an IllegalArgumentException for what is not of the model. */
    static @Nullable Object checked(@Nullable Object value) {
        return checked(value, 0);
    }

    private static @Nullable Object checked(@Nullable Object value, int depth) {
        if (depth > MAX_DEPTH) {
            throw tooDeep();
        }
        if (value instanceof String text) {
            return Utf8.check(text);
        } else if (value == null
                || value instanceof Boolean
                || value instanceof Double
                || value instanceof Float
                || value instanceof Long
                || value instanceof Integer
                || value instanceof Short
                || value instanceof Byte) {
            return value;
        } else if (value instanceof BigInteger big) {
            return NumberLimits.checkWritten(big);
        } else if (value instanceof List<?> list) {
            List<@Nullable Object> out = new ArrayList<>(list.size());
            list.forEach(item -> out.add(checked(item, depth + 1)));
            return out;
        } else if (value instanceof Map<?, ?> map) {
            TreeMap<String, @Nullable Object> sorted = new TreeMap<>();
            map.forEach((k, v) -> {
                if (!(k instanceof String key)) {
                    throw noKey(k);
                }
                sorted.put(Utf8.check(key), checked(v, depth + 1));
            });
            return sorted;
        }
        throw notOfIt(value);
    }

    static IllegalArgumentException tooDeep() {
        return new IllegalArgumentException("the value is nested deeper than " + MAX_DEPTH);
    }

    static IllegalArgumentException noKey(@Nullable Object key) {
        return new IllegalArgumentException("keys of a map as a value are strings, but one was " + key);
    }

    static IllegalArgumentException notOfIt(Object value) {
        return new IllegalArgumentException("inside a List or Map a value may be a String, Boolean, List, Map, null or "
                + NUMBERS + ", but was " + value.getClass().getName() + "; " + hint(value));
    }

    /** How something can be stored that is no value. */
    static String hint(Object value) {
        if (value instanceof Set || value instanceof Queue || value instanceof Object[]) {
            return "store a List of what it holds (List.copyOf)";
        } else if (value instanceof BigDecimal) {
            return "store its toPlainString(), or its unscaledValue() and scale(): no number of both languages holds it";
        } else if (value instanceof Instant || value instanceof Date) {
            return "store its milliseconds since 1970 (toEpochMilli(), getTime()), or its text";
        } else if (value instanceof UUID || value instanceof TemporalAccessor) {
            return "store its toString()";
        } else if (value instanceof Enum) {
            return "store its name()";
        } else if (value instanceof Optional) {
            return "store what it holds, or null (orElse(null))";
        } else if (value instanceof byte[]) {
            return "store it as a value of its own, or as text (Base64)";
        } else if (value instanceof Record) {
            return "store a Map of its components, or write it with a Codec";
        }
        return "convert it first, or write it with a Codec";
    }
}
