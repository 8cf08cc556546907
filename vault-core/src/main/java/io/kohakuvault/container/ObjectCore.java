package io.kohakuvault.container;

import java.util.Comparator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A tree whose keys are objects. */
@SuppressWarnings("unchecked")
final class ObjectCore<K, V extends @Nullable Object> extends CsbCore<K, V> {
    private final @Nullable Comparator<? super K> comparator;
    private ObjectRuns innerKeys;
    private ObjectRuns leafKeys;

    ObjectCore(@Nullable Comparator<? super K> comparator, NodeSizes sizes) {
        super(sizes);
        this.comparator = comparator;
        innerKeys = (ObjectRuns) inner.keys;
        leafKeys = (ObjectRuns) leaves.keys;
    }

    @Override
    Runs newKeys() {
        return new ObjectRuns();
    }

    @Override
    void cleared() {
        innerKeys = (ObjectRuns) inner.keys;
        leafKeys = (ObjectRuns) leaves.keys;
    }

    @Override
    @Nullable
    Comparator<? super K> comparator() {
        return comparator;
    }

    @Override
    int compare(K a, K b) {
        return comparator == null ? ((Comparable<? super K>) a).compareTo(b) : comparator.compare(a, b);
    }

    /** The child under which a key is or belongs. */
    private int child(int node, K key) {
        @Nullable Object[] keys = innerKeys.chunks[inner.chunk(node)];
        int offset = inner.offset(node);
        int low = 0;
        int high = inner.count[node];
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (compare(key, (K) Objects.requireNonNull(keys[offset + middle])) < 0) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return low;
    }

    private int leafFor(K key) {
        int node = root;
        for (int level = height; level > 0; level--) {
            node = inner.child[node] + child(node, key);
        }
        return node;
    }

    /** Where a key is in a leaf; if it is not, the complement of where it belongs. */
    private int search(int leaf, K key) {
        @Nullable Object[] keys = leafKeys.chunks[leaves.chunk(leaf)];
        int offset = leaves.offset(leaf);
        int low = 0;
        int high = leaves.count[leaf];
        while (low < high) {
            int middle = (low + high) >>> 1;
            int order = compare(key, (K) Objects.requireNonNull(keys[offset + middle]));
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return ~low;
    }

    private K checked(Object key) {
        K checked = (K) Objects.requireNonNull(key, "key");
        if (size == 0) {
            // with nothing to compare with, a key that has no order at all would be taken
            int ignored = compare(checked, checked);
        }
        return checked;
    }

    @Override
    long find(Object key) {
        K checked = checked(key);
        int leaf = leafFor(checked);
        int index = search(leaf, checked);
        return index < 0 ? NONE : place(leaf, index);
    }

    @Override
    K keyAt(long place) {
        int leaf = leaf(place);
        return (K) Objects.requireNonNull(leafKeys.chunks[leaves.chunk(leaf)][leaves.offset(leaf) + index(place)]);
    }

    @Override
    @Nullable
    V put(K key, V value) {
        K checked = checked(key);
        while (true) {
            int leaf = leafFor(checked);
            int index = search(leaf, checked);
            if (index >= 0) {
                return replace(place(leaf, index), value);
            }
            if (leaves.count[leaf] < leaves.width) {
                open(leaf, ~index, value);
                setKey(leaf, ~index, checked);
                return null;
            }
            lead(newPath(), checked);
            split(~index);
        }
    }

    @Override
    void setKey(int leaf, int index, K key) {
        leafKeys.chunks[leaves.chunk(leaf)][leaves.offset(leaf) + index] = key;
    }

    @Override
    void lead(Path to, K key) {
        int node = root;
        for (int level = height; level > 0; level--) {
            node = to.down(level, child(node, key));
        }
        to.node[0] = node;
    }

    @Override
    long after(K key, boolean inclusive) {
        K checked = checked(key);
        int node = root;
        int beside = -1;
        int besideLevel = 0;
        for (int level = height; level > 0; level--) {
            int child = child(node, checked);
            if (child + 1 < inner.count[node]) {
                beside = inner.child[node] + child + 1;
                besideLevel = level - 1;
            }
            node = inner.child[node] + child;
        }
        int found = search(node, checked);
        int index = found < 0 ? ~found : inclusive ? found : found + 1;
        if (index < leaves.count[node]) {
            return place(node, index);
        }
        return beside < 0 ? NONE : firstUnder(beside, besideLevel);
    }

    @Override
    long before(K key, boolean inclusive) {
        K checked = checked(key);
        int node = root;
        int beside = -1;
        int besideLevel = 0;
        for (int level = height; level > 0; level--) {
            int child = child(node, checked);
            if (child > 0) {
                beside = inner.child[node] + child - 1;
                besideLevel = level - 1;
            }
            node = inner.child[node] + child;
        }
        int found = search(node, checked);
        int index = found < 0 ? ~found - 1 : inclusive ? found : found - 1;
        if (index >= 0) {
            return place(node, index);
        }
        return beside < 0 ? NONE : lastUnder(beside, besideLevel);
    }
}
