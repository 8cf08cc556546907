package io.kohakuvault.internal.value;

import com.fasterxml.jackson.core.StreamReadConstraints;
import io.kohakuvault.codec.Utf8;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a value may be made of where both languages are to read it: JSON's data model. */
final class ValueModel {
    private static final int MAX_DEPTH = 512;

    /** What was written is read, however long: Jackson's own limits are for what comes over a network. Only the depth is bounded. */
    static final StreamReadConstraints READ_LIMITS = StreamReadConstraints.builder()
            .maxNumberLength(Integer.MAX_VALUE)
            .maxStringLength(Integer.MAX_VALUE)
            .maxNameLength(Integer.MAX_VALUE)
            .build();

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
                || value instanceof BigInteger
                || value instanceof Long
                || value instanceof Integer
                || value instanceof Short
                || value instanceof Byte) {
            return value;
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
        throw new IllegalArgumentException(
                "inside a List or Map a value may be a String, number, Boolean, List, Map or null, but was "
                        + value.getClass().getName());
    }

    /** Jackson reads numbers as the smallest type that holds them; we promise Long, BigInteger beyond it, and Double. */
    static @Nullable Object widened(@Nullable Object value) {
        if (value instanceof Integer small) {
            return small.longValue();
        } else if (value instanceof Float || value instanceof BigDecimal) {
            return ((Number) value).doubleValue();
        } else if (value instanceof List<?> list) {
            List<@Nullable Object> out = new ArrayList<>(list.size());
            list.forEach(item -> out.add(widened(item)));
            return out;
        } else if (value instanceof Map<?, ?> map) {
            Map<Object, @Nullable Object> out = new LinkedHashMap<>();
            map.forEach((k, v) -> out.put(k, widened(v)));
            return out;
        }
        return value;
    }
}
