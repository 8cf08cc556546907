package io.kohakuvault.internal.kv;

import java.util.AbstractCollection;
import java.util.Collection;
import java.util.Iterator;
import java.util.Objects;
import java.util.Spliterator;
import org.jspecify.annotations.Nullable;

/** The values of a map, compared as everywhere in it: arrays by what is in them. Thread-safe. */
final class KvValues<V> extends AbstractCollection<V> {
    private final KvMap<V> map;

    KvValues(KvMap<V> map) {
        this.map = map;
    }

    @Override
    public Iterator<V> iterator() {
        return map.eachValue();
    }

    @Override
    public Spliterator<V> spliterator() {
        return KeyNavigation.unsized(iterator(), 0);
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
    public boolean contains(@Nullable Object value) {
        return map.containsValue(value);
    }

    @Override
    public boolean remove(@Nullable Object value) {
        Iterator<V> each = iterator();
        while (each.hasNext()) {
            if (Objects.deepEquals(each.next(), value)) {
                each.remove();
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean removeAll(Collection<?> of) {
        return KeyNavigation.removeThose(iterator(), value -> KvMap.isAmong(value, of));
    }

    @Override
    public boolean retainAll(Collection<?> of) {
        return KeyNavigation.removeThose(iterator(), value -> !KvMap.isAmong(value, of));
    }

    @Override
    public void clear() {
        map.clear();
    }
}
