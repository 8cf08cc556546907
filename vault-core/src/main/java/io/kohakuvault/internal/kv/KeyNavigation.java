package io.kohakuvault.internal.kv;

import io.kohakuvault.codec.Utf8;
import io.kohakuvault.kv.KvRange;
import java.util.AbstractMap;
import java.util.Comparator;
import java.util.Iterator;
import java.util.NavigableSet;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finding one's way in a sorted map from text: each answer is the first entry of a range. */
abstract class KeyNavigation<V> extends AbstractMap<String, V> implements ConcurrentNavigableMap<String, V> {
    final KvRange range;

    KeyNavigation(KvRange range) {
        this.range = range;
    }

    /** The first entry of a range of the table, or null. */
    abstract @Nullable Entry<String, V> first(KvRange of);

    /** Removes and answers the first entry of a range of the table. */
    abstract @Nullable Entry<String, V> poll(KvRange from);

    /** {@link #first} without its value, which may be large, or none of the codec's. */
    abstract @Nullable String firstKey(KvRange of);

    /** {@link #poll} without its value. */
    abstract @Nullable String pollKey(KvRange from);

    /** Removes an entry without looking at its value. */
    abstract boolean removeKey(Object key);

    /**
     * A spliterator that does not say how many there are: others add and remove meanwhile.
     *
     * @param distinct {@link Spliterator#DISTINCT} where no two can be equal, else 0
     */
    static <T> Spliterator<T> unsized(Iterator<T> iterator, int distinct) {
        return Spliterators.spliteratorUnknownSize(iterator, distinct | Spliterator.NONNULL | Spliterator.CONCURRENT);
    }

    /** Removes what fulfils a condition; whether there was any. */
    static <T> boolean removeThose(Iterator<T> each, Predicate<T> condition) {
        boolean removed = false;
        while (each.hasNext()) {
            if (condition.test(each.next())) {
                each.remove();
                removed = true;
            }
        }
        return removed;
    }

    /** The keys in order. */
    abstract Iterator<String> keys();

    /** Another range of the same table. */
    abstract KeyNavigation<V> of(KvRange part);

    /** What of this map comes before or after a key in this map's direction. */
    private KvRange beside(String key, boolean after, boolean inclusive) {
        byte[] bytes = Utf8.encode(Objects.requireNonNull(key, "key"));
        boolean upwards = after != range.isDescending();
        KvRange cut = upwards ? Bounds.narrowLow(range, bytes, inclusive) : Bounds.narrowHigh(range, bytes, inclusive);
        return after ? cut : cut.reversed();
    }

    @Override
    public @Nullable Entry<String, V> lowerEntry(String key) {
        return first(beside(key, false, false));
    }

    @Override
    public @Nullable Entry<String, V> floorEntry(String key) {
        return first(beside(key, false, true));
    }

    @Override
    public @Nullable Entry<String, V> ceilingEntry(String key) {
        return first(beside(key, true, true));
    }

    @Override
    public @Nullable Entry<String, V> higherEntry(String key) {
        return first(beside(key, true, false));
    }

    @Override
    public @Nullable Entry<String, V> firstEntry() {
        return first(range);
    }

    @Override
    public @Nullable Entry<String, V> lastEntry() {
        return first(range.reversed());
    }

    @Override
    public @Nullable String lowerKey(String key) {
        return firstKey(beside(key, false, false));
    }

    @Override
    public @Nullable String floorKey(String key) {
        return firstKey(beside(key, false, true));
    }

    @Override
    public @Nullable String ceilingKey(String key) {
        return firstKey(beside(key, true, true));
    }

    @Override
    public @Nullable String higherKey(String key) {
        return firstKey(beside(key, true, false));
    }

    @Override
    public String firstKey() {
        return present(firstKey(range));
    }

    @Override
    public String lastKey() {
        return present(firstKey(range.reversed()));
    }

    private static String present(@Nullable String key) {
        if (key == null) {
            throw new NoSuchElementException("the map is empty");
        }
        return key;
    }

    @Override
    public @Nullable Entry<String, V> pollFirstEntry() {
        return poll(range);
    }

    @Override
    public @Nullable Entry<String, V> pollLastEntry() {
        return poll(range.reversed());
    }

    @Override
    public Comparator<? super String> comparator() {
        return range.isDescending() ? KeyOrder.ASCENDING.reversed() : KeyOrder.ASCENDING;
    }

    @Override
    public KeyNavigation<V> descendingMap() {
        return of(range.reversed());
    }

    @Override
    public KeyNavigation<V> subMap(String from, boolean fromInclusive, String to, boolean toInclusive) {
        if (comparator().compare(from, to) > 0) {
            throw new IllegalArgumentException("'" + from + "' comes after '" + to + "'");
        }
        checkBound(from, fromInclusive);
        checkBound(to, toInclusive);
        return part(from, fromInclusive, true).part(to, toInclusive, false);
    }

    @Override
    public KeyNavigation<V> headMap(String to, boolean inclusive) {
        checkBound(to, inclusive);
        return part(to, inclusive, false);
    }

    @Override
    public KeyNavigation<V> tailMap(String from, boolean inclusive) {
        checkBound(from, inclusive);
        return part(from, inclusive, true);
    }

    private void checkBound(String key, boolean inclusive) {
        byte[] bytes = Utf8.encode(Objects.requireNonNull(key, "key"));
        if (!Bounds.mayBound(range, bytes, inclusive)) {
            throw new IllegalArgumentException("'" + key + "' is outside of this map, which is " + range);
        }
    }

    private KeyNavigation<V> part(String key, boolean inclusive, boolean after) {
        byte[] bytes = Utf8.encode(Objects.requireNonNull(key, "key"));
        boolean low = after != range.isDescending();
        return of(low ? Bounds.narrowLow(range, bytes, inclusive) : Bounds.narrowHigh(range, bytes, inclusive));
    }

    @Override
    public KeyNavigation<V> subMap(String from, String to) {
        return subMap(from, true, to, false);
    }

    @Override
    public KeyNavigation<V> headMap(String to) {
        return headMap(to, false);
    }

    @Override
    public KeyNavigation<V> tailMap(String from) {
        return tailMap(from, true);
    }

    @Override
    public NavigableSet<String> navigableKeySet() {
        return new KvKeySet<>(this);
    }

    @Override
    public NavigableSet<String> keySet() {
        return navigableKeySet();
    }

    @Override
    public NavigableSet<String> descendingKeySet() {
        return descendingMap().navigableKeySet();
    }
}
