package io.kohakuvault.internal.kv;

import java.util.AbstractSet;
import java.util.Comparator;
import java.util.Iterator;
import java.util.NavigableSet;
import java.util.Spliterator;
import org.jspecify.annotations.Nullable;

/** The keys of a map. Thread-safe. */
final class KvKeySet<V> extends AbstractSet<String> implements NavigableSet<String> {
    private final KeyNavigation<V> map;

    KvKeySet(KeyNavigation<V> map) {
        this.map = map;
    }

    @Override
    public Iterator<String> iterator() {
        return map.keys();
    }

    @Override
    public Spliterator<String> spliterator() {
        return KeyNavigation.unsized(iterator(), Spliterator.DISTINCT);
    }

    @Override
    public int size() {
        return map.size();
    }

    @Override
    public boolean isEmpty() {
        return map.isEmpty();
    }

    @Override
    public boolean contains(Object key) {
        return map.containsKey(key);
    }

    @Override
    public boolean remove(Object key) {
        return map.removeKey(key);
    }

    @Override
    public void clear() {
        map.clear();
    }

    @Override
    public @Nullable String lower(String key) {
        return map.lowerKey(key);
    }

    @Override
    public @Nullable String floor(String key) {
        return map.floorKey(key);
    }

    @Override
    public @Nullable String ceiling(String key) {
        return map.ceilingKey(key);
    }

    @Override
    public @Nullable String higher(String key) {
        return map.higherKey(key);
    }

    @Override
    public String first() {
        return map.firstKey();
    }

    @Override
    public String last() {
        return map.lastKey();
    }

    @Override
    public @Nullable String pollFirst() {
        return map.pollKey(map.range);
    }

    @Override
    public @Nullable String pollLast() {
        return map.pollKey(map.range.reversed());
    }

    @Override
    public Comparator<? super String> comparator() {
        return map.comparator();
    }

    @Override
    public NavigableSet<String> descendingSet() {
        return map.descendingKeySet();
    }

    @Override
    public Iterator<String> descendingIterator() {
        return descendingSet().iterator();
    }

    @Override
    public NavigableSet<String> subSet(String from, boolean fromInclusive, String to, boolean toInclusive) {
        return map.subMap(from, fromInclusive, to, toInclusive).navigableKeySet();
    }

    @Override
    public NavigableSet<String> headSet(String to, boolean inclusive) {
        return map.headMap(to, inclusive).navigableKeySet();
    }

    @Override
    public NavigableSet<String> tailSet(String from, boolean inclusive) {
        return map.tailMap(from, inclusive).navigableKeySet();
    }

    @Override
    public NavigableSet<String> subSet(String from, String to) {
        return subSet(from, true, to, false);
    }

    @Override
    public NavigableSet<String> headSet(String to) {
        return headSet(to, false);
    }

    @Override
    public NavigableSet<String> tailSet(String from) {
        return tailSet(from, true);
    }
}
