package io.kohakuvault.container;

import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import org.jspecify.annotations.Nullable;

/** The entries of a range. */
final class RangeEntries<K, V extends @Nullable Object> extends AbstractSet<Map.Entry<K, V>> {
    private final KeyRange<K, V> range;

    RangeEntries(KeyRange<K, V> range) {
        this.range = range;
    }

    @Override
    public Iterator<Map.Entry<K, V>> iterator() {
        EntryCursor<K, V> cursor = new EntryCursor<>(range);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return cursor.hasNext();
            }

            @Override
            public Map.Entry<K, V> next() {
                cursor.advance();
                return cursor.entry();
            }

            @Override
            public void remove() {
                cursor.remove();
            }
        };
    }

    @Override
    public Spliterator<Map.Entry<K, V>> spliterator() {
        return Spliterators.spliterator(this, Spliterator.DISTINCT | Spliterator.ORDERED);
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
    public boolean contains(@Nullable Object object) {
        return object instanceof Map.Entry<?, ?> entry
                && range.containsKey(entry.getKey())
                && Objects.equals(range.get(entry.getKey()), entry.getValue());
    }

    @Override
    public boolean remove(@Nullable Object object) {
        if (!contains(object)) {
            return false;
        }
        range.remove(((Map.Entry<?, ?>) Objects.requireNonNull(object)).getKey());
        return true;
    }

    @Override
    public void clear() {
        range.clear();
    }
}
