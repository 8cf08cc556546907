package io.kohakuvault.container;

import java.util.ConcurrentModificationException;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Walks the entries of a range in its direction. Compares keys when it begins and after a removal, not on the way. */
final class EntryCursor<K, V extends @Nullable Object> {
    private final KeyRange<K, V> range;
    private final CsbCore<K, V> core;
    private final Path path;
    private int expected;

    /** The place that comes next; NONE at the end. */
    private long next = CsbCore.NONE;

    private long end = CsbCore.NONE;

    /** The last place of the leaf that the path leads to, in the direction of the range. */
    private long edge = CsbCore.NONE;

    private long current = CsbCore.NONE;

    EntryCursor(KeyRange<K, V> range) {
        this.range = range;
        core = range.core;
        path = new Path(core.inner);
        begin(range.descending ? range.highest() : range.lowest());
    }

    private void begin(long at) {
        expected = core.modCount;
        next = at;
        end = at == CsbCore.NONE ? CsbCore.NONE : range.descending ? range.lowest() : range.highest();
        if (end == CsbCore.NONE) {
            next = CsbCore.NONE;
            return;
        }
        path.begin(core.root, core.height);
        core.lead(path, core.keyAt(at));
        edge = range.descending ? firstOfLeaf() : lastOfLeaf();
    }

    boolean hasNext() {
        return next != CsbCore.NONE;
    }

    void checkUnchanged() {
        if (core.modCount != expected) {
            throw new ConcurrentModificationException();
        }
    }

    /** Goes one on; {@link #key} and {@link #value} are those of the entry that was passed. */
    void advance() {
        checkUnchanged();
        if (next == CsbCore.NONE) {
            throw new NoSuchElementException();
        }
        current = next;
        next = current == end ? CsbCore.NONE : after(current);
    }

    private long after(long place) {
        if (place != edge) {
            return range.descending ? place - 1 : place + 1;
        }
        boolean more = range.descending ? path.toPreviousLeaf() : path.toNextLeaf();
        if (!more) {
            return CsbCore.NONE;
        }
        edge = range.descending ? firstOfLeaf() : lastOfLeaf();
        return range.descending ? lastOfLeaf() : firstOfLeaf();
    }

    private long firstOfLeaf() {
        return CsbCore.place(path.leaf(), 0);
    }

    private long lastOfLeaf() {
        return CsbCore.place(path.leaf(), core.leaves.count[path.leaf()] - 1);
    }

    K key() {
        return core.keyAt(current);
    }

    V value() {
        return core.valueAt(current);
    }

    void remove() {
        if (current == CsbCore.NONE) {
            throw new IllegalStateException("there is no entry to remove");
        }
        checkUnchanged();
        boolean more = next != CsbCore.NONE;
        K key = core.keyAt(current);
        core.removeAt(current);
        current = CsbCore.NONE;
        // merges may have moved any node of the path
        begin(more ? range.descending ? core.before(key, false) : core.after(key, false) : CsbCore.NONE);
    }

    /** How many entries are still to come; the cursor is at its end then. */
    int remaining() {
        int entries = 0;
        while (next != CsbCore.NONE) {
            boolean last = CsbCore.leaf(next) == CsbCore.leaf(end);
            entries += 1 + Math.abs(CsbCore.index(last ? end : edge) - CsbCore.index(next));
            next = last ? CsbCore.NONE : after(edge);
        }
        return entries;
    }

    /** An entry that writes through. */
    Map.Entry<K, V> entry() {
        return new WrittenThrough<>(core, key(), value());
    }

    /** One entry of the entry set: made for each step of an iterator, so it has no more than it needs. */
    private static final class WrittenThrough<K, V extends @Nullable Object> implements Map.Entry<K, V> {
        private final CsbCore<K, V> core;
        private final K key;
        private V value;

        WrittenThrough(CsbCore<K, V> core, K key, V value) {
            this.core = core;
            this.key = key;
            this.value = value;
        }

        @Override
        public K getKey() {
            return key;
        }

        @Override
        public V getValue() {
            return value;
        }

        @Override
        public V setValue(V newValue) {
            long place = core.find(Objects.requireNonNull(key));
            if (place != CsbCore.NONE) {
                core.replace(place, newValue);
            }
            V before = value;
            value = newValue;
            return before;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Map.Entry<?, ?> entry
                    && Objects.equals(key, entry.getKey())
                    && Objects.equals(value, entry.getValue());
        }

        @Override
        public int hashCode() {
            return Objects.hashCode(key) ^ Objects.hashCode(value);
        }

        @Override
        public String toString() {
            return key + "=" + value;
        }
    }
}
