package io.kohakuvault.tabular.internal;

import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.NumericArray;
import io.kohakuvault.codec.OpaqueValue;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values that are stored with documents and vectors as JSON, such that they are read as the same values. What JSON has
 * no word for is an object with one key that begins with a dollar sign; a map that looks like one stands in
 * {@code {"$map": …}}.
 */
public final class ValueJson {
    private static final String BYTES = "$bytes";
    private static final String FLOAT = "$float";
    private static final String ARRAY = "$array";
    private static final String MAP = "$map";

    /**
     * What other programs store and this library reads, but does not write. Python runs a pickle when it reads it:
     * lines of a stranger must not become one.
     */
    private static final Map<String, String> ONLY_READ = Map.of(
            "$decimal", "a decimal",
            "$timestamp", "a timestamp",
            "$opaque", "a value that is not interpreted, such as a pickle",
            "$entries", "a map with keys that are no texts");

    private ValueJson() {}

    /**
     * A value as a tree that {@link JsonTree#text} writes.
     *
     * @param value as it was read from a vault
     */
    public static @Nullable Object tree(@Nullable Object value) {
        if (value instanceof List<?> list) {
            List<@Nullable Object> out = new ArrayList<>(list.size());
            list.forEach(item -> out.add(tree(item)));
            return out;
        } else if (value instanceof Map<?, ?> map) {
            return ofMap(map);
        } else if (value instanceof byte[] bytes) {
            return Map.of(BYTES, base64(bytes));
        } else if (value instanceof Double number && !Double.isFinite(number)) {
            return Map.of(FLOAT, number.toString());
        } else if (value instanceof NumericArray array) {
            byte[] data = new byte[array.data().remaining()];
            array.data().get(data);
            Map<String, Object> parts = new LinkedHashMap<>();
            parts.put("type", array.element().token());
            parts.put("shape", array.shape());
            parts.put("data", base64(data));
            return Map.of(ARRAY, parts);
        } else if (value instanceof BigDecimal number) {
            return Map.of("$decimal", number.toString());
        } else if (value instanceof Instant time) {
            return Map.of("$timestamp", time.toString());
        } else if (value instanceof OpaqueValue opaque) {
            return Map.of("$opaque", List.of(opaque.encoding(), base64(opaque.bytes())));
        }
        return value;
    }

    private static Object ofMap(Map<?, ?> map) {
        if (!map.keySet().stream().allMatch(String.class::isInstance)) {
            List<Object> entries = new ArrayList<>();
            map.forEach((key, value) -> entries.add(Arrays.asList(tree(key), tree(value))));
            return Map.of("$entries", entries);
        }
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        map.forEach((key, value) -> out.put(String.valueOf(key), tree(value)));
        boolean likeOurs = out.size() == 1 && out.keySet().iterator().next().startsWith("$");
        return likeOurs ? Map.of(MAP, out) : out;
    }

    /** The value that a tree of {@link JsonTree} says; a number that would be rounded is refused. */
    static @Nullable Object value(@Nullable Object tree) {
        if (tree instanceof List<?> list) {
            List<@Nullable Object> out = new ArrayList<>(list.size());
            list.forEach(item -> out.add(value(item)));
            return out;
        } else if (tree instanceof Map<?, ?> map) {
            if (map.size() == 1) {
                Map.Entry<?, ?> only = map.entrySet().iterator().next();
                return marked(String.valueOf(only.getKey()), only.getValue(), map);
            }
            return plain(map);
        }
        return JsonTree.values(tree, true);
    }

    private static Map<String, @Nullable Object> plain(Map<?, ?> map) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        map.forEach((key, item) -> out.put(String.valueOf(key), value(item)));
        return out;
    }

    private static Object marked(String key, @Nullable Object inner, Map<?, ?> map) {
        if (ONLY_READ.containsKey(key)) {
            throw new RecordException("{\"" + key + "\": …} is " + ONLY_READ.get(key)
                    + ", which another program has stored and this one does not store");
        }
        return switch (key) {
            case BYTES -> bytes(key, inner);
            case FLOAT -> {
                if (!List.of("NaN", "Infinity", "-Infinity").contains(String.valueOf(inner))) {
                    throw new RecordException("under $float stands NaN, Infinity or -Infinity, and no other number");
                }
                yield Double.valueOf(String.valueOf(inner));
            }
            case ARRAY -> array(inner);
            case MAP -> {
                if (!(inner instanceof Map<?, ?> said)) {
                    throw new RecordException("under $map stands an object");
                }
                yield plain(said);
            }
            default -> plain(map);
        };
    }

    private static NumericArray array(@Nullable Object inner) {
        if (inner instanceof Map<?, ?> parts
                && parts.get("type") instanceof String type
                && parts.get("shape") instanceof List<?> dimensions) {
            ElementType element = Arrays.stream(ElementType.values())
                    .filter(candidate -> candidate.token().equals(type))
                    .findFirst()
                    .orElseThrow(() -> new RecordException("'" + type + "' is no type of the numbers of an array"));
            List<Integer> shape = new ArrayList<>();
            for (Object dimension : dimensions) {
                if (!String.valueOf(dimension).matches("[0-9]{1,9}")) {
                    throw new RecordException("an array has no dimension of " + dimension);
                }
                shape.add(Integer.valueOf(String.valueOf(dimension)));
            }
            return new NumericArray(element, shape, bytes("data", parts.get("data")));
        }
        throw new RecordException("under $array stands an object of type, shape and data");
    }

    private static byte[] bytes(String key, @Nullable Object base64) {
        if (base64 instanceof String text) {
            try {
                return Base64.getDecoder().decode(text);
            } catch (IllegalArgumentException e) {
                // said below
            }
        }
        throw new RecordException("what stands under " + key + " is no Base64");
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
