package io.kohakuvault.connect;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongPredicate;
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

    /** Whether something is kept by key. */
    boolean hasKeys() {
        return !byKey.isEmpty();
    }

    /** Puts an item in the place of another one; false when that is not there. */
    interface Replace<T> {
        boolean replace(long id, T item);
    }

    /**
     * Settles each key: what has it is replaced where it stands, or deleted.
     *
     * @param find the ids of what a store has with a key
     * @param delete deletes one of them
     * @param replace puts the newest in the place of one of them
     * @return what is to be added
     */
    List<T> settle(Function<Object, List<Long>> find, LongPredicate delete, Replace<T> replace) {
        List<T> added = new ArrayList<>(appended);
        for (Newest<T> newest : byKey.values()) {
            List<Long> ids = find.apply(newest.key);
            T item = newest.item;
            boolean replaced = item != null && !ids.isEmpty() && replace.replace(ids.get(0), item);
            for (long id : replaced ? ids.subList(1, ids.size()) : ids) {
                boolean unused = delete.test(id);
            }
            if (item != null && !replaced) {
                added.add(item);
            }
        }
        return added;
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
