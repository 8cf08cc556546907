package io.kohakuvault.internal.kv;

import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Spliterator;
import org.jspecify.annotations.Nullable;

/** The entries of a map, a view of it. Thread-safe. */
final class KvEntries<V> extends AbstractSet<Entry<String, V>> {
    private final KvMap<V> map;

    KvEntries(KvMap<V> map) {
        this.map = map;
    }

    @Override
    public Iterator<Entry<String, V>> iterator() {
        return map.eachEntry();
    }

    @Override
    public Spliterator<Entry<String, V>> spliterator() {
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
    public boolean contains(@Nullable Object entry) {
        return entry instanceof Entry<?, ?> e && e.getKey() instanceof String key && map.holds(key, e.getValue());
    }

    @Override
    public boolean remove(@Nullable Object entry) {
        return entry instanceof Entry<?, ?> e && e.getKey() instanceof String key && map.remove(key, e.getValue());
    }

    @Override
    public boolean removeAll(Collection<?> of) {
        boolean changed = false;
        for (Object entry : of) {
            changed |= remove(entry);
        }
        return changed;
    }

    @Override
    public boolean retainAll(Collection<?> of) {
        Map<Object, List<Object>> kept = new HashMap<>();
        for (Object entry : of) {
            if (entry instanceof Entry<?, ?> e) {
                kept.computeIfAbsent(e.getKey(), key -> new ArrayList<>()).add(e.getValue());
            }
        }
        return KeyNavigation.removeThose(
                iterator(), entry -> !KvMap.isAmong(entry.getValue(), kept.getOrDefault(entry.getKey(), List.of())));
    }

    @Override
    public void clear() {
        map.clear();
    }
}
