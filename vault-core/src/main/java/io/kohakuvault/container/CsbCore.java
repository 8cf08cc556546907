package io.kohakuvault.container;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * The structure of a cache-sensitive B+ tree (Rao and Ross, "Making B+-Trees Cache Conscious in Main Memory", SIGMOD
 * 2000), whatever its keys are. The children of a node are one group of neighbours, so a node has one pointer, to the
 * first of them, and keys besides.
 *
 * <p>An inner node has as many keys as children: each the lower bound of a child. The first one is never compared,
 * since a search that came to the node has nowhere else to go. So an entry of an inner node is a key and a child, that
 * of a leaf a key and a value, and nodes of both kinds are split, merged and filled up by the same three operations on
 * entries: open a gap, copy, close a gap.
 *
 * <p>A place in the tree is a number, leaf and index, and holds until the next change. Reads change nothing here, so
 * any number of threads may read while nobody writes.
 */
abstract class CsbCore<K, V extends @Nullable Object> {
    /** No place. */
    static final long NONE = -1;

    final NodeSizes sizes;
    Nodes inner;
    Nodes leaves;
    private ObjectRuns values;
    int root;

    /** How many levels of inner nodes there are. */
    int height;

    int size;
    int modCount;

    /** The way to where a change is made. */
    private Path path;

    /** How many nodes groups grow by. Exact groups would be copied for each node, whole ones be half empty. */
    private final int step;

    CsbCore(NodeSizes sizes) {
        this.sizes = sizes;
        step = Math.max(1, sizes.inner() / 4);
        inner = new Nodes(sizes.inner(), sizes.chunkShift(), sizes.inner(), newKeys(), null);
        values = new ObjectRuns();
        leaves = new Nodes(sizes.leaf(), sizes.chunkShift(), sizes.inner(), newKeys(), values);
        root = leaves.allocate(1);
        path = new Path(inner);
    }

    abstract Runs newKeys();

    abstract @Nullable Comparator<? super K> comparator();

    abstract int compare(K a, K b);

    /** Where a key is, or {@link #NONE}. */
    abstract long find(Object key);

    /** The first place at or after a key. */
    abstract long after(K key, boolean inclusive);

    /** The last place at or before a key. */
    abstract long before(K key, boolean inclusive);

    abstract K keyAt(long place);

    abstract @Nullable V put(K key, V value);

    abstract void setKey(int leaf, int index, K key);

    /** Leads a path to the leaf where a key is or belongs. */
    abstract void lead(Path to, K key);

    static long place(int leaf, int index) {
        return (long) leaf << Integer.SIZE | index;
    }

    static int leaf(long place) {
        return (int) (place >>> Integer.SIZE);
    }

    static int index(long place) {
        return (int) place;
    }

    final @Nullable Object[] valueChunk(int leaf) {
        return values.chunks[leaves.chunk(leaf)];
    }

    @SuppressWarnings("unchecked")
    final V valueAt(long place) {
        int leaf = leaf(place);
        return (V) valueChunk(leaf)[leaves.offset(leaf) + index(place)];
    }

    final V replace(long place, V value) {
        V before = valueAt(place);
        int leaf = leaf(place);
        valueChunk(leaf)[leaves.offset(leaf) + index(place)] = value;
        return before;
    }

    final long first() {
        return size == 0 ? NONE : firstUnder(root, height);
    }

    final long last() {
        return size == 0 ? NONE : lastUnder(root, height);
    }

    final long firstUnder(int node, int level) {
        int leaf = node;
        for (int i = level; i > 0; i--) {
            leaf = inner.child[leaf];
        }
        return place(leaf, 0);
    }

    final long lastUnder(int node, int level) {
        int leaf = lastLeaf(node, level);
        return place(leaf, leaves.count[leaf] - 1);
    }

    final int lastLeaf(int node, int level) {
        int leaf = node;
        for (int i = level; i > 0; i--) {
            leaf = inner.child[leaf] + inner.count[leaf] - 1;
        }
        return leaf;
    }

    final void clear() {
        modCount++;
        size = 0;
        height = 0;
        inner = new Nodes(sizes.inner(), sizes.chunkShift(), sizes.inner(), newKeys(), null);
        values = new ObjectRuns();
        leaves = new Nodes(sizes.leaf(), sizes.chunkShift(), sizes.inner(), newKeys(), values);
        root = leaves.allocate(1);
        path = new Path(inner);
        cleared();
    }

    /** Tells a subclass that its arrays are others. */
    abstract void cleared();

    /** The path for a change. */
    final Path newPath() {
        path.begin(root, height);
        return path;
    }

    private Nodes nodes(int level) {
        return level == 0 ? leaves : inner;
    }

    /** Makes a place for an entry in a leaf that has room; the caller fills it. */
    final void open(int leaf, int index, V value) {
        openEntries(0, leaf, index, 1);
        valueChunk(leaf)[leaves.offset(leaf) + index] = value;
        size++;
        modCount++;
    }

    /** The leaf that takes an entry behind all others. */
    final int leafAtEnd() {
        int leaf = lastLeaf(root, height);
        if (leaves.count[leaf] == leaves.width) {
            newPath().toLast(height);
            split(leaves.width);
            leaf = lastLeaf(root, height);
        }
        return leaf;
    }

    /** Puts an entry behind all others, without a comparison. */
    final void append(K key, V value) {
        int leaf = leafAtEnd();
        int index = leaves.count[leaf];
        open(leaf, index, value);
        setKey(leaf, index, key);
    }

    final V removeAt(long place) {
        int leaf = leaf(place);
        V removed = valueAt(place);
        boolean repair = height > 0 && leaves.count[leaf] <= minimum(0);
        if (repair) {
            lead(newPath(), keyAt(place));
        }
        closeEntries(0, leaf, index(place), 1);
        size--;
        modCount++;
        if (repair) {
            repair();
        }
        return removed;
    }

    /**
     * Splits the leaf at the end of {@link #newPath}, and what has to be split above it. At an edge of the tree the
     * old node stays as full as it can be: keys that come in order would never fill its other half.
     */
    final void split(int index) {
        modCount++;
        boolean atEnd = index == leaves.count[path.leaf()] && path.isLast();
        boolean atStart = index == 0 && path.isFirst();
        if (nodes(height).count[root] == nodes(height).width) {
            growRoot();
        }
        int parent = root;
        for (int level = height - 1; level >= 0; level--) {
            int at = path.index[level];
            int node = inner.child[parent] + at;
            int width = nodes(level).width;
            if (nodes(level).count[node] == width) {
                int fewest = level == 0 ? 1 : 2;
                int keep = atEnd ? width - fewest : atStart ? fewest : width / 2;
                splitChild(level + 1, parent, at, keep);
                if (level > 0 && path.index[level - 1] >= keep) {
                    path.index[level - 1] -= keep;
                    at++;
                }
            }
            parent = inner.child[parent] + at;
        }
    }

    private void growRoot() {
        int node = inner.allocate(1);
        inner.child[node] = root;
        inner.room[node] = 1;
        inner.count[node] = 1;
        root = node;
        height++;
        path.grow(node);
    }

    private void splitChild(int level, int parent, int at, int keep) {
        openEntries(level, parent, at + 1, 1);
        int left = inner.child[parent] + at;
        transfer(level - 1, left, keep, left + 1, 0, nodes(level - 1).count[left] - keep);
        copyBound(level - 1, left + 1, parent, at + 1);
    }

    /** The fewest entries a node may have that is at neither edge of the tree. */
    final int minimum(int level) {
        return Math.max(level == 0 ? 1 : 2, nodes(level).width / 4);
    }

    /** Fills up what lies on the path and has become too empty, from the leaf upwards. */
    private void repair() {
        for (int level = 0; level < height && nodes(level).count[path.node[level]] < minimum(level); level++) {
            int parent = path.node[level + 1];
            rebalance(level, parent, Math.max(path.index[level], 1));
        }
        while (height > 0 && inner.count[root] == 1) {
            int first = inner.child[root];
            int room = inner.room[root];
            inner.free(root, 1);
            height--;
            root = nodes(height).allocate(1);
            nodes(height).copy(first, root, 1);
            nodes(height).free(first, room);
        }
    }

    /** Merges a child with the one before it, or divides what both have. */
    private void rebalance(int level, int parent, int at) {
        Nodes nodes = nodes(level);
        int right = inner.child[parent] + at;
        int left = right - 1;
        int inLeft = nodes.count[left];
        int inRight = nodes.count[right];
        // a merged node that were full would be split by the next put
        if (inLeft + inRight <= nodes.width * 3 / 4) {
            transfer(level, right, 0, left, inLeft, inRight);
            closeEntries(level + 1, parent, at, 1);
            return;
        }
        int half = (inLeft + inRight) / 2;
        if (inLeft < half) {
            transfer(level, right, 0, left, inLeft, half - inLeft);
        } else {
            transfer(level, left, half, right, 0, inLeft - half);
        }
        copyBound(level, right, parent, at);
    }

    /** Writes a node's first key into its parent. */
    private void copyBound(int level, int node, int parent, int at) {
        Nodes nodes = nodes(level);
        System.arraycopy(
                nodes.keys.chunk(nodes.chunk(node)),
                nodes.offset(node),
                inner.keys.chunk(inner.chunk(parent)),
                inner.offset(parent) + at,
                1);
    }

    /** Moves entries from one node of a level to another, where they are put between what is there. */
    private void transfer(int level, int from, int fromIndex, int to, int toIndex, int entries) {
        openEntries(level, to, toIndex, entries);
        nodes(level).copyEntries(from, fromIndex, to, toIndex, entries);
        if (level > 0) {
            nodes(level - 1).copy(inner.child[from] + fromIndex, inner.child[to] + toIndex, entries);
        }
        closeEntries(level, from, fromIndex, entries);
    }

    /** Makes a gap in a node; what is in the gap is old, but its children are blank. */
    private void openEntries(int level, int node, int at, int entries) {
        Nodes nodes = nodes(level);
        int count = nodes.count[node];
        if (level > 0) {
            openChildren(level, node, at, entries);
        }
        nodes.copyEntries(node, at, node, at + entries, count - at);
        nodes.count[node] = count + entries;
    }

    private void openChildren(int level, int node, int at, int entries) {
        Nodes children = nodes(level - 1);
        int count = inner.count[node];
        int first = inner.child[node];
        if (count + entries <= inner.room[node]) {
            children.copy(first + at, first + at + entries, count - at);
            children.blank(first + at, entries);
            return;
        }
        int room = roomFor(count + entries);
        int wider = children.allocate(room);
        if (count > 0) {
            children.copy(first, wider, at);
            children.copy(first + at, wider + at + entries, count - at);
            children.free(first, inner.room[node]);
        }
        inner.child[node] = wider;
        inner.room[node] = room;
    }

    private void closeEntries(int level, int node, int at, int entries) {
        Nodes nodes = nodes(level);
        int count = nodes.count[node];
        if (level > 0) {
            closeChildren(level, node, at, entries);
        }
        nodes.copyEntries(node, at + entries, node, at, count - at - entries);
        nodes.eraseEntries(node, count - entries, count);
        nodes.count[node] = count - entries;
    }

    private void closeChildren(int level, int node, int at, int entries) {
        Nodes children = nodes(level - 1);
        int first = inner.child[node];
        int room = inner.room[node];
        int left = inner.count[node] - entries;
        if (left == 0) {
            children.free(first, room);
            inner.room[node] = 0;
            return;
        }
        children.copy(first + at + entries, first + at, left - at);
        children.blank(first + left, entries);
        // a step of slack, so that one child that comes and goes does not move the group each time
        if (roomFor(left + step) < room) {
            int narrower = children.allocate(roomFor(left));
            children.copy(first, narrower, left);
            children.free(first, room);
            inner.child[node] = narrower;
            inner.room[node] = roomFor(left);
        }
    }

    private int roomFor(int children) {
        return children == 1 ? 1 : Math.min(sizes.inner(), (children + step - 1) / step * step);
    }
}
