package io.kohakuvault.container;

import java.util.List;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A {@link CsbTree} whose keys are primitive: they lie in arrays of {@code long}, and are never boxed on the way in or
 * out. {@link #asMap()} is the same tree as a {@code NavigableMap<Long, V>}.
 *
 * <p>Null is a value like any other; {@link #containsKey} tells it from a key that is missing. Not thread-safe. Any
 * number of threads may read while no one writes.
 *
 * <pre>{@code
 * LongCsbTree<String> names = new LongCsbTree<>();
 * names.put(7, "seven");
 * names.put(9, "nine");
 * names.forEachInRange(7, 9, (key, name) -> System.out.println(key + " " + name)); // 7 seven
 * NavigableMap<Long, String> newestFirst = names.asMap().descendingMap();
 * }</pre>
 *
 * @param <V> the values
 */
public final class LongCsbTree<V extends @Nullable Object> {
    private final LongCore<V> core;

    /** An empty tree. */
    public LongCsbTree() {
        this(NodeSizes.usual());
    }

    LongCsbTree(NodeSizes sizes) {
        core = new LongCore<>(sizes);
    }

    /**
     * Builds a tree from keys that are sorted already, without searching: nodes are filled one after the other.
     *
     * @param keys keys that ascend, each above the one before it
     * @param values the values, one for each key
     * @param <V> the values
     * @return the tree
     * @throws IllegalArgumentException if a key is not above the one before it, or there are more or fewer values
     */
    public static <V extends @Nullable Object> LongCsbTree<V> ofSorted(long[] keys, List<? extends V> values) {
        return ofSorted(keys, values, NodeSizes.usual());
    }

    static <V extends @Nullable Object> LongCsbTree<V> ofSorted(
            long[] keys, List<? extends V> values, NodeSizes sizes) {
        if (keys.length != values.size()) {
            throw new IllegalArgumentException(keys.length + " keys, but " + values.size() + " values");
        }
        LongCsbTree<V> tree = new LongCsbTree<>(sizes);
        int i = 0;
        // not by index: a linked list would be walked for each
        for (V value : values) {
            if (i > 0 && keys[i] <= keys[i - 1]) {
                throw new IllegalArgumentException(
                        "the key at index " + i + ", " + keys[i] + ", is not above " + keys[i - 1] + " before it");
            }
            tree.core.append(keys[i], value);
            i++;
        }
        return tree;
    }

    CsbCore<Long, V> core() {
        return core;
    }

    /** How many keys there are. */
    public int size() {
        return core.size;
    }

    /** Whether there are no keys. */
    public boolean isEmpty() {
        return core.size == 0;
    }

    /** Whether a key is there, be its value null. */
    public boolean containsKey(long key) {
        return core.find(key) != CsbCore.NONE;
    }

    /** The value of a key; null if it is not there or its value is null. */
    public @Nullable V get(long key) {
        long place = core.find(key);
        return place == CsbCore.NONE ? null : core.valueAt(place);
    }

    /** The value of a key, or another if the key is not there. */
    public V getOrDefault(long key, V otherwise) {
        long place = core.find(key);
        return place == CsbCore.NONE ? otherwise : core.valueAt(place);
    }

    /** Stores a value under a key, new or not; returns the value before, or null. */
    public @Nullable V put(long key, V value) {
        return core.put(key, value);
    }

    /** Stores a value under a key that has none, or null; returns the value that is there and stays, or null. */
    public @Nullable V putIfAbsent(long key, V value) {
        long place = core.find(key);
        if (place == CsbCore.NONE) {
            return core.put(key, value);
        }
        V present = core.valueAt(place);
        if (present == null) {
            core.replace(place, value);
        }
        return present;
    }

    /** Removes a key; returns its value, or null if it was not there. */
    public @Nullable V remove(long key) {
        long place = core.find(key);
        return place == CsbCore.NONE ? null : core.removeAt(place);
    }

    /** Removes all keys, and gives their memory back. */
    public void clear() {
        core.clear();
    }

    /**
     * The least key.
     *
     * @throws NoSuchElementException if there is none
     */
    public long firstKey() {
        return present(core.first());
    }

    /**
     * The greatest key.
     *
     * @throws NoSuchElementException if there is none
     */
    public long lastKey() {
        return present(core.last());
    }

    /** The greatest key below another. */
    public OptionalLong lowerKey(long key) {
        return key(core.before(key, false));
    }

    /** The greatest key at or below another. */
    public OptionalLong floorKey(long key) {
        return key(core.before(key, true));
    }

    /** The least key at or above another. */
    public OptionalLong ceilingKey(long key) {
        return key(core.after(key, true));
    }

    /** The least key above another. */
    public OptionalLong higherKey(long key) {
        return key(core.after(key, false));
    }

    private long present(long place) {
        if (place == CsbCore.NONE) {
            throw new NoSuchElementException("there are no keys");
        }
        return core.longAt(place);
    }

    private OptionalLong key(long place) {
        return place == CsbCore.NONE ? OptionalLong.empty() : OptionalLong.of(core.longAt(place));
    }

    /**
     * Hands all entries to a consumer, in the order of keys.
     *
     * @throws java.util.ConcurrentModificationException if the consumer adds or removes keys
     */
    public void forEach(LongEntryConsumer<? super V> consumer) {
        core.scan(Long.MIN_VALUE, Long.MAX_VALUE, Objects.requireNonNull(consumer, "consumer"));
    }

    /**
     * Hands the entries with keys from {@code from}, inclusive, to {@code to}, exclusive, to a consumer, in the order
     * of keys. If {@code from} is above {@code to}, there are none. Makes no object.
     *
     * @throws java.util.ConcurrentModificationException if the consumer adds or removes keys
     */
    public void forEachInRange(long from, long to, LongEntryConsumer<? super V> consumer) {
        Objects.requireNonNull(consumer, "consumer");
        if (from < to) {
            core.scan(from, to - 1, consumer);
        }
    }

    /**
     * The entries with keys from {@code from}, inclusive, to {@code to}, exclusive. If {@code from} is above
     * {@code to}, there are none.
     *
     * @return a view, which takes no keys outside the range
     */
    public NavigableMap<Long, V> range(long from, long to) {
        return new KeyRange<>(core, new Limits<>(from, true, Math.max(from, to), false), false);
    }

    /** This tree as a map: a view with all that {@link CsbTree} has, whose keys are boxed on the way. */
    public NavigableMap<Long, V> asMap() {
        return new KeyRange<>(core, Limits.none(), false) {
            @Override
            public int size() {
                return core.size;
            }
        };
    }

    /** The entries, as a map prints them. */
    @Override
    public String toString() {
        return asMap().toString();
    }
}
