package io.kohakuvault.container;

import java.util.Collection;
import java.util.Comparator;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * KohakuVault's SkipList: a sorted map that any number of threads read and change at once. It is Java's
 * {@link ConcurrentSkipListMap} with the two calls of the original that Java names or does otherwise,
 * {@link #insert} and {@link #range}; code that needs neither is better off with Java's class, and gets the whole of
 * it, for the same entries, from {@link #asMap()}.
 *
 * <p>Neither keys nor values are null: a NullPointerException. A key that cannot be compared is a ClassCastException,
 * or what the comparator throws, and nothing has changed. Iterators never throw; they show each key that was there all
 * the time, and perhaps others.
 *
 * <pre>{@code
 * SkipList<String, Integer> list = new SkipList<>();
 * list.insert("a", 1); // null: it was not there
 * list.insert("a", 2); // 1, which stays
 * list.put("a", 3);    // 1, which is replaced
 * for (Map.Entry<String, Integer> entry : list.range("a", "m").entrySet()) System.out.println(entry);
 * }</pre>
 *
 * @param <K> the keys
 * @param <V> the values
 */
public final class SkipList<K, V> {
    private final ConcurrentNavigableMap<K, V> map;

    /** An empty list in the natural order of its keys, which are {@link Comparable} then. */
    public SkipList() {
        map = new ConcurrentSkipListMap<>();
    }

    /** An empty list in another order. */
    public SkipList(Comparator<? super K> comparator) {
        map = new ConcurrentSkipListMap<>(Objects.requireNonNull(comparator, "comparator"));
    }

    /**
     * Stores a value under a key that is not there yet. A key that is there keeps its value, as in the original; there,
     * {@code list[key] = value} does so too, while {@link #put} here overwrites, as Java's maps do.
     *
     * @return the value that is there and stays, or null if this one was stored
     */
    public @Nullable V insert(K key, V value) {
        checkOrder(key);
        return map.putIfAbsent(key, Objects.requireNonNull(value, "value"));
    }

    /** Stores a value under a key, new or not; returns the value before, or null. */
    public @Nullable V put(K key, V value) {
        checkOrder(key);
        return map.put(key, Objects.requireNonNull(value, "value"));
    }

    /** The value of a key, or null. */
    public @Nullable V get(K key) {
        return map.get(key);
    }

    /** The value of a key, or another if the key is not there. */
    public V getOrDefault(K key, V otherwise) {
        return map.getOrDefault(key, otherwise);
    }

    /** Whether a key is there. */
    public boolean containsKey(K key) {
        return map.containsKey(key);
    }

    /** Removes a key; returns its value, or null if it was not there. */
    public @Nullable V remove(K key) {
        return map.remove(key);
    }

    /** How many keys there are; of little meaning while others add and remove. */
    public int size() {
        return map.size();
    }

    /** Whether there are no keys. */
    public boolean isEmpty() {
        return map.isEmpty();
    }

    /** Removes all keys, one by one: those that others add meanwhile may stay. */
    public void clear() {
        map.clear();
    }

    /** The keys in order, as a view. */
    public NavigableSet<K> keys() {
        return map.navigableKeySet();
    }

    /** The values in the order of their keys, as a view. */
    public Collection<V> values() {
        return map.values();
    }

    /**
     * The entries with keys from {@code from}, inclusive, to {@code to}, exclusive: a view. If {@code from} is above
     * {@code to}, there are none, and that is no error as it is for {@code subMap}.
     *
     * @return a view, which takes no keys outside the range
     */
    public ConcurrentNavigableMap<K, V> range(K from, K to) {
        Objects.requireNonNull(to, "to");
        return map.subMap(from, compare(from, to) > 0 ? from : to);
    }

    /** Java's map compares the first key with nothing, and would take one that has no order. */
    private void checkOrder(K key) {
        int ignored = compare(key, key);
    }

    @SuppressWarnings("unchecked")
    private int compare(K a, K b) {
        Comparator<? super K> comparator = map.comparator();
        return comparator == null
                ? ((Comparable<? super K>) Objects.requireNonNull(a)).compareTo(b)
                : comparator.compare(a, b);
    }

    /**
     * This list as Java's map: everything else, {@code entrySet()} and {@code descendingMap()} included. What is
     * changed in one is changed in the other.
     */
    public ConcurrentNavigableMap<K, V> asMap() {
        return map;
    }

    /** The entries, as a map prints them. */
    @Override
    public String toString() {
        return map.toString();
    }
}
