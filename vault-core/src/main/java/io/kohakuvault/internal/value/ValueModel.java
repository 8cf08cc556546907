package io.kohakuvault.internal.value;

import io.kohakuvault.codec.Utf8;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
            throw new IllegalArgumentException("the value is nested deeper than " + MAX_DEPTH);
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
                    throw new IllegalArgumentException("keys of a map as a value are strings, but one was " + k);
                }
                sorted.put(Utf8.check(key), checked(v, depth + 1));
            });
            return sorted;
        }
        throw new IllegalArgumentException("inside a List or Map a value may be a String, Boolean, List, Map, null or "
                + NUMBERS + ", but was " + value.getClass().getName() + "; convert it first");
    }
}
