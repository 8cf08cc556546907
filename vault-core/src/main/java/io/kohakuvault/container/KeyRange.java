package io.kohakuvault.container;

import java.util.AbstractMap;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a tree between two bounds, in either direction: what sub maps and descending maps are, and the tree
 * itself without bounds.
 */
class KeyRange<K, V extends @Nullable Object> extends AbstractMap<K, V> implements NavigableMap<K, V> {
    final CsbCore<K, V> core;
    private final Limits<K> limits;
    final boolean descending;

    KeyRange(CsbCore<K, V> core, Limits<K> limits, boolean descending) {
        this.core = core;
        this.limits = limits;
        this.descending = descending;
    }

    private boolean tooLow(K key) {
        K low = limits.low();
        if (low == null) {
            return false;
        }
        int order = core.compare(key, low);
        return order < 0 || (order == 0 && !limits.lowInclusive());
    }

    private boolean tooHigh(K key) {
        K high = limits.high();
        if (high == null) {
            return false;
        }
        int order = core.compare(key, high);
        return order > 0 || (order == 0 && !limits.highInclusive());
    }

    /** The least place in the range. */
    final long lowest() {
        K low = limits.low();
        long place = low == null ? core.first() : core.after(low, limits.lowInclusive());
        return place == CsbCore.NONE || tooHigh(core.keyAt(place)) ? CsbCore.NONE : place;
    }

    /** The greatest place in the range. */
    final long highest() {
        K high = limits.high();
        long place = high == null ? core.last() : core.before(high, limits.highInclusive());
        return place == CsbCore.NONE || tooLow(core.keyAt(place)) ? CsbCore.NONE : place;
    }

    private long nearest(K key, boolean inclusive, boolean forward) {
        Objects.requireNonNull(key, "key");
        if (forward != descending) {
            if (tooLow(key)) {
                return lowest();
            }
            long place = core.after(key, inclusive);
            return place == CsbCore.NONE || tooHigh(core.keyAt(place)) ? CsbCore.NONE : place;
        }
        if (tooHigh(key)) {
            return highest();
        }
        long place = core.before(key, inclusive);
        return place == CsbCore.NONE || tooLow(core.keyAt(place)) ? CsbCore.NONE : place;
    }

    private long end(boolean first) {
        return first != descending ? lowest() : highest();
    }

    @SuppressWarnings("unchecked")
    private long find(@Nullable Object key) {
        Object present = Objects.requireNonNull(key, "key");
        long place = core.find(present);
        return place == CsbCore.NONE || tooLow((K) present) || tooHigh((K) present) ? CsbCore.NONE : place;
    }

    private Map.@Nullable Entry<K, V> entry(long place) {
        // a snapshot, as TreeMap gives: these entries do not change the map
        return place == CsbCore.NONE ? null : new SimpleImmutableEntry<>(core.keyAt(place), core.valueAt(place));
    }

    private @Nullable K key(long place) {
        return place == CsbCore.NONE ? null : core.keyAt(place);
    }

    private Map.@Nullable Entry<K, V> poll(boolean first) {
        long place = end(first);
        Map.Entry<K, V> entry = entry(place);
        if (entry != null) {
            core.removeAt(place);
        }
        return entry;
    }

    private K present(long place) {
        if (place == CsbCore.NONE) {
            throw new NoSuchElementException("there are no keys");
        }
        return core.keyAt(place);
    }

    @Override
    public int size() {
        return new EntryCursor<>(this).remaining();
    }

    @Override
    public boolean isEmpty() {
        return lowest() == CsbCore.NONE;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return find(key) != CsbCore.NONE;
    }

    @Override
    public @Nullable V get(@Nullable Object key) {
        long place = find(key);
        return place == CsbCore.NONE ? null : core.valueAt(place);
    }

    @Override
    public V getOrDefault(@Nullable Object key, V otherwise) {
        long place = find(key);
        return place == CsbCore.NONE ? otherwise : core.valueAt(place);
    }

    @Override
    public @Nullable V put(K key, V value) {
        Objects.requireNonNull(key, "key");
        if (tooLow(key) || tooHigh(key)) {
            throw new IllegalArgumentException("the key is out of range");
        }
        return core.put(key, value);
    }

    @Override
    public @Nullable V remove(@Nullable Object key) {
        long place = find(key);
        return place == CsbCore.NONE ? null : core.removeAt(place);
    }

    /** Makes no entries, as an iterator has to. */
    @Override
    public void forEach(BiConsumer<? super K, ? super V> action) {
        EntryCursor<K, V> cursor = new EntryCursor<>(this);
        while (cursor.hasNext()) {
            cursor.advance();
            action.accept(cursor.key(), cursor.value());
        }
        cursor.checkUnchanged();
    }

    @Override
    public void clear() {
        if (limits.low() == null && limits.high() == null) {
            core.clear();
            return;
        }
        for (long place = lowest(); place != CsbCore.NONE; place = lowest()) {
            core.removeAt(place);
        }
    }

    @Override
    public @Nullable Comparator<? super K> comparator() {
        return descending ? Collections.reverseOrder(core.comparator()) : core.comparator();
    }

    @Override
    public Map.@Nullable Entry<K, V> lowerEntry(K key) {
        return entry(nearest(key, false, false));
    }

    @Override
    public @Nullable K lowerKey(K key) {
        return key(nearest(key, false, false));
    }

    @Override
    public Map.@Nullable Entry<K, V> floorEntry(K key) {
        return entry(nearest(key, true, false));
    }

    @Override
    public @Nullable K floorKey(K key) {
        return key(nearest(key, true, false));
    }

    @Override
    public Map.@Nullable Entry<K, V> ceilingEntry(K key) {
        return entry(nearest(key, true, true));
    }

    @Override
    public @Nullable K ceilingKey(K key) {
        return key(nearest(key, true, true));
    }

    @Override
    public Map.@Nullable Entry<K, V> higherEntry(K key) {
        return entry(nearest(key, false, true));
    }

    @Override
    public @Nullable K higherKey(K key) {
        return key(nearest(key, false, true));
    }

    @Override
    public Map.@Nullable Entry<K, V> firstEntry() {
        return entry(end(true));
    }

    @Override
    public Map.@Nullable Entry<K, V> lastEntry() {
        return entry(end(false));
    }

    @Override
    public K firstKey() {
        return present(end(true));
    }

    @Override
    public K lastKey() {
        return present(end(false));
    }

    @Override
    public Map.@Nullable Entry<K, V> pollFirstEntry() {
        return poll(true);
    }

    @Override
    public Map.@Nullable Entry<K, V> pollLastEntry() {
        return poll(false);
    }

    @Override
    public Set<Map.Entry<K, V>> entrySet() {
        return new RangeEntries<>(this);
    }

    @Override
    public Set<K> keySet() {
        return navigableKeySet();
    }

    @Override
    public NavigableSet<K> navigableKeySet() {
        return new RangeKeys<>(this);
    }

    @Override
    public NavigableSet<K> descendingKeySet() {
        return descendingMap().navigableKeySet();
    }

    @Override
    public NavigableMap<K, V> descendingMap() {
        return new KeyRange<>(core, limits, !descending);
    }

    @Override
    public NavigableMap<K, V> subMap(K from, boolean fromInclusive, K to, boolean toInclusive) {
        int order = core.compare(Objects.requireNonNull(from, "from"), Objects.requireNonNull(to, "to"));
        if (descending ? order < 0 : order > 0) {
            throw new IllegalArgumentException("from comes after to");
        }
        return within(from, fromInclusive, to, toInclusive);
    }

    @Override
    public NavigableMap<K, V> headMap(K to, boolean inclusive) {
        return within(null, true, Objects.requireNonNull(to, "to"), inclusive);
    }

    @Override
    public NavigableMap<K, V> tailMap(K from, boolean inclusive) {
        return within(Objects.requireNonNull(from, "from"), inclusive, null, true);
    }

    @Override
    public NavigableMap<K, V> subMap(K from, K to) {
        return subMap(from, true, to, false);
    }

    @Override
    public NavigableMap<K, V> headMap(K to) {
        return headMap(to, false);
    }

    @Override
    public NavigableMap<K, V> tailMap(K from) {
        return tailMap(from, true);
    }

    /** A part of this range. A bound that is null is this range's own. */
    private NavigableMap<K, V> within(@Nullable K from, boolean fromInclusive, @Nullable K to, boolean toInclusive) {
        K low = descending ? to : from;
        K high = descending ? from : to;
        boolean lowInclusive = descending ? toInclusive : fromInclusive;
        boolean highInclusive = descending ? fromInclusive : toInclusive;
        if (low != null) {
            checkBound(low, lowInclusive);
        }
        if (high != null) {
            checkBound(high, highInclusive);
        }
        Limits<K> part = new Limits<>(
                low == null ? limits.low() : low,
                low == null ? limits.lowInclusive() : lowInclusive,
                high == null ? limits.high() : high,
                high == null ? limits.highInclusive() : highInclusive);
        return new KeyRange<>(core, part, descending);
    }

    /** A bound that leaves its own key out may be this range's bound, which leaves it out too. */
    private void checkBound(K bound, boolean inclusive) {
        K low = limits.low();
        K high = limits.high();
        // also refuses what cannot be compared
        int self = core.compare(bound, bound);
        boolean outside = inclusive
                ? tooLow(bound) || tooHigh(bound)
                : (low != null && core.compare(bound, low) < 0) || (high != null && core.compare(bound, high) > 0);
        if (self != 0 || outside) {
            throw new IllegalArgumentException("the bound is out of range");
        }
    }
}
