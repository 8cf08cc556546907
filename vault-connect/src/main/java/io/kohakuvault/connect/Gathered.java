package io.kohakuvault.connect;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Documents or vectors on their way to a store: those that are appended, and those of which each key has one, the
 * newest. Not thread-safe.
 */
final class Gathered<T> {
    private final List<T> appended = new ArrayList<>();

    /** By the key as it is compared; without an item it is deleted. */
    private final Map<Object, Newest<T>> byKey = new LinkedHashMap<>();

    private record Newest<T>(Object key, @Nullable T item) {}

    /**
     * @param key what it is stored with
     * @param replaces whether it takes the place of what has the key
     */
    void add(@Nullable Object key, T item, boolean replaces) {
        if (replaces && key != null) {
            put(key, item);
        } else {
            appended.add(item);
        }
    }

    void delete(Object key) {
        put(key, null);
    }

    private void put(Object key, @Nullable T item) {
        Object compared = comparable(key);
        byKey.remove(compared); // the newest ones last
        byKey.put(compared, new Newest<>(key, item));
    }

    /** The keys whose older documents or vectors go. */
    Collection<Object> replaced() {
        return byKey.values().stream().map(Newest::key).toList();
    }

    /** What is new. */
    List<T> added() {
        List<T> all = new ArrayList<>(appended);
        for (Newest<T> newest : byKey.values()) {
            T item = newest.item;
            if (item != null) {
                all.add(item);
            }
        }
        return all;
    }

    /** Keys that are stored as the same bytes are equal: whole numbers of any width, maps in any order. */
    private static Object comparable(Object key) {
        if (key instanceof byte[] bytes) {
            return ByteBuffer.wrap(bytes);
        } else if (key instanceof Float number) {
            return number.doubleValue();
        } else if (key instanceof Number number && Plain.isInteger(number)) {
            return number.longValue();
        } else if (key instanceof List<?> list) {
            List<@Nullable Object> elements = new ArrayList<>();
            list.forEach(element -> elements.add(element == null ? null : comparable(element)));
            return elements;
        } else if (key instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> entries = new TreeMap<>();
            map.forEach((k, v) -> entries.put(String.valueOf(k), v == null ? null : comparable(v)));
            return entries;
        }
        return key;
    }
}
