package io.kohakuvault.container;

import java.util.Comparator;
import java.util.ConcurrentModificationException;
import org.jspecify.annotations.Nullable;

/** A tree of primitive keys, and its boxed side for views. */
final class LongCore<V extends @Nullable Object> extends CsbCore<Long, V> {
    /** Keys of one cache line. */
    private static final int LINE = 8;

    private LongRuns innerKeys;
    private LongRuns leafKeys;

    LongCore(NodeSizes sizes) {
        super(sizes);
        innerKeys = (LongRuns) inner.keys;
        leafKeys = (LongRuns) leaves.keys;
    }

    @Override
    Runs newKeys() {
        return new LongRuns();
    }

    @Override
    void cleared() {
        innerKeys = (LongRuns) inner.keys;
        leafKeys = (LongRuns) leaves.keys;
    }

    /**
     * How many of a node's keys are below a key. Looks at one key a cache
     * line first: these reads do not wait for each other, as those of a binary search do.
     */
    private static int below(long[] keys, int offset, int count, long key) {
        int line = 0;
        for (int i = LINE; i < count; i += LINE) {
            line = keys[offset + i] < key ? i : line;
        }
        int end = offset + Math.min(line + LINE, count);
        int below = line;
        for (int i = offset + line; i < end; i++) {
            below += keys[i] < key ? 1 : 0;
        }
        return below;
    }

    /** The child under which a key is or belongs. */
    private int child(int node, long key) {
        long[] keys = innerKeys.chunks[inner.chunk(node)];
        int offset = inner.offset(node);
        int count = inner.count[node];
        int line = 0;
        for (int i = LINE; i < count; i += LINE) {
            line = keys[offset + i] <= key ? i : line;
        }
        int end = offset + Math.min(line + LINE, count);
        int child = line;
        for (int i = offset + line + 1; i < end; i++) {
            child += keys[i] <= key ? 1 : 0;
        }
        return child;
    }

    private int leafFor(long key) {
        int node = root;
        int[] children = inner.child;
        for (int level = height; level > 0; level--) {
            node = children[node] + child(node, key);
        }
        return node;
    }

    /** How many keys of a leaf are below a key. */
    private int below(int leaf, long key) {
        return below(leafKeys.chunks[leaves.chunk(leaf)], leaves.offset(leaf), leaves.count[leaf], key);
    }

    private boolean has(int leaf, int index, long key) {
        return index < leaves.count[leaf] && leafKeys.chunks[leaves.chunk(leaf)][leaves.offset(leaf) + index] == key;
    }

    long find(long key) {
        int leaf = leafFor(key);
        int index = below(leaf, key);
        return has(leaf, index, key) ? place(leaf, index) : NONE;
    }

    long longAt(long place) {
        int leaf = leaf(place);
        return leafKeys.chunks[leaves.chunk(leaf)][leaves.offset(leaf) + index(place)];
    }

    @Nullable
    V put(long key, V value) {
        // times and ids come in order: the last leaf is a few loads away, without a search
        int tail = lastLeaf(root, height);
        int count = leaves.count[tail];
        if (count > 0 && count < leaves.width && longAt(place(tail, count - 1)) < key) {
            open(tail, count, value);
            setKey(tail, count, key);
            return null;
        }
        while (true) {
            int leaf = leafFor(key);
            int index = below(leaf, key);
            if (has(leaf, index, key)) {
                return replace(place(leaf, index), value);
            }
            if (leaves.count[leaf] < leaves.width) {
                open(leaf, index, value);
                setKey(leaf, index, key);
                return null;
            }
            lead(newPath(), key);
            split(index);
        }
    }

    void append(long key, V value) {
        int leaf = leafAtEnd();
        int index = leaves.count[leaf];
        open(leaf, index, value);
        setKey(leaf, index, key);
    }

    private void setKey(int leaf, int index, long key) {
        leafKeys.chunks[leaves.chunk(leaf)][leaves.offset(leaf) + index] = key;
    }

    void lead(Path to, long key) {
        int node = root;
        for (int level = height; level > 0; level--) {
            node = to.down(level, child(node, key));
        }
        to.node[0] = node;
    }

    long after(long key, boolean inclusive) {
        int node = root;
        int beside = -1;
        int besideLevel = 0;
        for (int level = height; level > 0; level--) {
            int child = child(node, key);
            if (child + 1 < inner.count[node]) {
                beside = inner.child[node] + child + 1;
                besideLevel = level - 1;
            }
            node = inner.child[node] + child;
        }
        int index = below(node, key);
        if (!inclusive && has(node, index, key)) {
            index++;
        }
        if (index < leaves.count[node]) {
            return place(node, index);
        }
        return beside < 0 ? NONE : firstUnder(beside, besideLevel);
    }

    long before(long key, boolean inclusive) {
        int node = root;
        int beside = -1;
        int besideLevel = 0;
        for (int level = height; level > 0; level--) {
            int child = child(node, key);
            if (child > 0) {
                beside = inner.child[node] + child - 1;
                besideLevel = level - 1;
            }
            node = inner.child[node] + child;
        }
        int index = below(node, key);
        if (inclusive && has(node, index, key)) {
            return place(node, index);
        }
        if (index > 0) {
            return place(node, index - 1);
        }
        return beside < 0 ? NONE : lastUnder(beside, besideLevel);
    }

    /** Hands all entries with keys from one to another, both inclusive, to a consumer. */
    void scan(long from, long to, LongEntryConsumer<? super V> consumer) {
        if (from <= to) {
            scan(root, height, from, to, true, true, consumer);
        }
    }

    /** Only nodes at the ends of the range are searched: those between belong to it with all they have. */
    private void scan(
            int node,
            int level,
            long from,
            long to,
            boolean first,
            boolean last,
            LongEntryConsumer<? super V> consumer) {
        if (level == 0) {
            int begin = first ? below(node, from) : 0;
            int end = leaves.count[node];
            if (last) {
                end = below(node, to);
                end += has(node, end, to) ? 1 : 0;
            }
            scanLeaf(node, begin, end, consumer);
            return;
        }
        int begin = first ? child(node, from) : 0;
        int end = last ? child(node, to) : inner.count[node] - 1;
        int expected = modCount;
        int children = inner.child[node];
        for (int i = begin; i <= end; i++) {
            scan(children + i, level - 1, from, to, first && i == begin, last && i == end, consumer);
            if (modCount != expected) {
                throw new ConcurrentModificationException();
            }
        }
    }

    @SuppressWarnings("unchecked")
    private void scanLeaf(int leaf, int begin, int end, LongEntryConsumer<? super V> consumer) {
        int expected = modCount;
        long[] keys = leafKeys.chunks[leaves.chunk(leaf)];
        @Nullable Object[] chunk = valueChunk(leaf);
        int offset = leaves.offset(leaf);
        for (int i = offset + begin; i < offset + end; i++) {
            consumer.accept(keys[i], (V) chunk[i]);
            if (modCount != expected) {
                throw new ConcurrentModificationException();
            }
        }
    }

    @Override
    @Nullable
    Comparator<? super Long> comparator() {
        return null;
    }

    @Override
    int compare(Long a, Long b) {
        return Long.compare(a, b);
    }

    @Override
    long find(Object key) {
        return find(((Long) key).longValue());
    }

    @Override
    long after(Long key, boolean inclusive) {
        return after(key.longValue(), inclusive);
    }

    @Override
    long before(Long key, boolean inclusive) {
        return before(key.longValue(), inclusive);
    }

    @Override
    Long keyAt(long place) {
        return longAt(place);
    }

    @Override
    void setKey(int leaf, int index, Long key) {
        setKey(leaf, index, key.longValue());
    }

    @Override
    @Nullable
    V put(Long key, V value) {
        return put(key.longValue(), value);
    }

    @Override
    void lead(Path to, Long key) {
        lead(to, key.longValue());
    }
}
