package io.kohakuvault.container;

import java.util.Comparator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A sorted map in memory: a cache-sensitive B+ tree (Rao and Ross, SIGMOD 2000). The children of a node lie side by
 * side and a node has one pointer for all of them, so its cache lines hold keys. Entries are no objects: this takes
 * about two thirds of the memory of a {@link java.util.TreeMap}, keys included.
 *
 * <p>Keys are compared by a comparator or by their natural order, never by {@code equals}; two that compare as equal
 * are one key, and the object that was put first stays. Null as a key is a NullPointerException, null as a value is
 * stored. When a comparison throws, the tree is as it was before the call. Keys whose order changes while they are in
 * the tree are lost.
 *
 * <p>Iterators, and those of sub maps and descending maps, which are views, fail fast: a
 * {@link java.util.ConcurrentModificationException} when another than their own {@code remove} has added or removed
 * keys since. Entries of iterators write through; those of {@code firstEntry} and the like are snapshots and refuse.
 *
 * <p>Not thread-safe. Any number of threads may read while no one writes. A comparison follows a
 * pointer to a key, in every tree; {@link LongCsbTree}, for keys that are {@code long}, does without and is several
 * times as fast. For writers beside readers there is {@link SkipList}.
 *
 * <p>{@code get}, {@code put} and {@code remove} take time in proportion to the logarithm of the size, and
 * {@code size()} of the whole map none; that of a sub map goes from leaf to leaf. Memory of removed entries is used
 * again by later ones, and given back by {@code clear()}. A removed key object may be kept for some time as a bound
 * between two nodes.
 *
 * <pre>{@code
 * CsbTree<String, Integer> ages = new CsbTree<>();
 * ages.put("ann", 30);
 * ages.put("bob", 40);
 * ages.range("a", "b").forEach((name, age) -> System.out.println(name + " " + age)); // ann 30
 * }</pre>
 *
 * @param <K> the keys
 * @param <V> the values
 */
public final class CsbTree<K, V extends @Nullable Object> extends KeyRange<K, V> {
    /** An empty tree in the natural order of its keys, which are {@link Comparable} then. */
    public CsbTree() {
        this((Comparator<? super K>) null);
    }

    /**
     * An empty tree.
     *
     * @param comparator the order of keys; null for the natural one
     */
    public CsbTree(@Nullable Comparator<? super K> comparator) {
        this(comparator, NodeSizes.usual());
    }

    CsbTree(@Nullable Comparator<? super K> comparator, NodeSizes sizes) {
        super(new ObjectCore<>(comparator, sizes), Limits.none(), false);
    }

    /**
     * Copies a sorted map, in its order and without searching: nodes are filled one after the other.
     *
     * @param map what to copy
     * @param <K> the keys
     * @param <V> the values
     * @return a tree of its own
     */
    public static <K, V extends @Nullable Object> CsbTree<K, V> copyOf(SortedMap<K, ? extends V> map) {
        return ofSorted(map.entrySet(), map.comparator());
    }

    /**
     * Builds a tree from entries that are sorted already, without searching: nodes are filled one after the other.
     *
     * @param entries entries whose keys ascend, each above the one before it
     * @param comparator the order of keys; null for the natural one
     * @param <K> the keys
     * @param <V> the values
     * @return the tree
     * @throws IllegalArgumentException if a key is not above the one before it
     */
    public static <K, V extends @Nullable Object> CsbTree<K, V> ofSorted(
            Iterable<? extends Map.Entry<? extends K, ? extends V>> entries,
            @Nullable Comparator<? super K> comparator) {
        return ofSorted(entries, comparator, NodeSizes.usual());
    }

    static <K, V extends @Nullable Object> CsbTree<K, V> ofSorted(
            Iterable<? extends Map.Entry<? extends K, ? extends V>> entries,
            @Nullable Comparator<? super K> comparator,
            NodeSizes sizes) {
        CsbTree<K, V> tree = new CsbTree<>(comparator, sizes);
        CsbCore<K, V> core = tree.core;
        K before = null;
        for (Map.Entry<? extends K, ? extends V> entry : entries) {
            K key = Objects.requireNonNull(entry.getKey(), "key");
            if (before == null) {
                core.put(key, entry.getValue());
            } else {
                if (core.compare(before, key) >= 0) {
                    throw new IllegalArgumentException("entry " + core.size + " is not above the one before it");
                }
                core.append(key, entry.getValue());
            }
            before = key;
        }
        return tree;
    }

    /**
     * The entries with keys from {@code from}, inclusive, to {@code to}, exclusive: a view, as {@link #subMap} gives.
     * If {@code from} is above {@code to}, there are none, and that is no error.
     *
     * @param from the lowest key
     * @param to the key above the highest
     * @return a view, which takes no keys outside the range
     */
    public NavigableMap<K, V> range(K from, K to) {
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
        // keys that have no order are refused here rather than at the first look at the view
        int order = core.compare(from, to);
        return new KeyRange<>(core, new Limits<>(from, true, order < 0 ? to : from, false), false);
    }

    @Override
    public int size() {
        return core.size;
    }

    @Override
    public boolean isEmpty() {
        return core.size == 0;
    }
}
