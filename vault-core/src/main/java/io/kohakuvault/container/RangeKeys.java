package io.kohakuvault.container;

import java.util.AbstractSet;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableSet;
import org.jspecify.annotations.Nullable;

/** The keys of a range. */
final class RangeKeys<K, V extends @Nullable Object> extends AbstractSet<K> implements NavigableSet<K> {
    private final KeyRange<K, V> range;

    RangeKeys(KeyRange<K, V> range) {
        this.range = range;
    }

    private static <K> @Nullable K key(Map.@Nullable Entry<K, ?> entry) {
        return entry == null ? null : entry.getKey();
    }

    @Override
    public Iterator<K> iterator() {
        EntryCursor<K, V> cursor = new EntryCursor<>(range);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return cursor.hasNext();
            }

            @Override
            public K next() {
                cursor.advance();
                return cursor.key();
            }

            @Override
            public void remove() {
                cursor.remove();
            }
        };
    }

    @Override
    public int size() {
        return range.size();
    }

    @Override
    public boolean isEmpty() {
        return range.isEmpty();
    }

    @Override
    public boolean contains(@Nullable Object key) {
        return range.containsKey(key);
    }

    @Override
    public boolean remove(@Nullable Object key) {
        if (!range.containsKey(key)) {
            return false;
        }
        range.remove(key);
        return true;
    }

    @Override
    public void clear() {
        range.clear();
    }

    @Override
    public @Nullable K lower(K key) {
        return range.lowerKey(key);
    }

    @Override
    public @Nullable K floor(K key) {
        return range.floorKey(key);
    }

    @Override
    public @Nullable K ceiling(K key) {
        return range.ceilingKey(key);
    }

    @Override
    public @Nullable K higher(K key) {
        return range.higherKey(key);
    }

    @Override
    public K first() {
        return range.firstKey();
    }

    @Override
    public K last() {
        return range.lastKey();
    }

    @Override
    public @Nullable K pollFirst() {
        return key(range.pollFirstEntry());
    }

    @Override
    public @Nullable K pollLast() {
        return key(range.pollLastEntry());
    }

    @Override
    public @Nullable Comparator<? super K> comparator() {
        return range.comparator();
    }

    @Override
    public NavigableSet<K> descendingSet() {
        return range.descendingKeySet();
    }

    @Override
    public Iterator<K> descendingIterator() {
        return descendingSet().iterator();
    }

    @Override
    public NavigableSet<K> subSet(K from, boolean fromInclusive, K to, boolean toInclusive) {
        return range.subMap(from, fromInclusive, to, toInclusive).navigableKeySet();
    }

    @Override
    public NavigableSet<K> headSet(K to, boolean inclusive) {
        return range.headMap(to, inclusive).navigableKeySet();
    }

    @Override
    public NavigableSet<K> tailSet(K from, boolean inclusive) {
        return range.tailMap(from, inclusive).navigableKeySet();
    }

    @Override
    public NavigableSet<K> subSet(K from, K to) {
        return subSet(from, true, to, false);
    }

    @Override
    public NavigableSet<K> headSet(K to) {
        return headSet(to, false);
    }

    @Override
    public NavigableSet<K> tailSet(K from) {
        return tailSet(from, true);
    }
}
