package io.kohakuvault.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;

/** What must hold of a tree between any two calls. */
final class CsbInvariants<K, V> {
    private final CsbCore<K, V> core;
    private final BitSet innerNodes = new BitSet();
    private final BitSet leafNodes = new BitSet();
    private int entries;
    private int values;

    private CsbInvariants(CsbCore<K, V> core) {
        this.core = core;
    }

    static void check(CsbTree<?, ?> tree) {
        new CsbInvariants<>(tree.core).check();
    }

    static void check(LongCsbTree<?> tree) {
        new CsbInvariants<>(tree.core()).check();
    }

    private void check() {
        group(core.height, core.root, 1, 1);
        node(core.height, core.root, true, true, null, null);
        assertThat(entries).as("size").isEqualTo(core.size);
        allNodesAreAccountedFor(core.inner, innerNodes);
        allNodesAreAccountedFor(core.leaves, leafNodes);
        assertThat(references(Objects.requireNonNull(core.leaves.values)))
                .as("values that are kept alive")
                .isEqualTo(values);
        if (core.leaves.keys instanceof ObjectRuns) {
            assertThat(references(core.leaves.keys))
                    .as("keys that are kept alive")
                    .isEqualTo(entries);
        }
    }

    private Nodes nodes(int level) {
        return level == 0 ? core.leaves : core.inner;
    }

    /** Neighbours in one chunk that no other group has; what is beyond the last child is blank. */
    private void group(int level, int first, int count, int room) {
        Nodes nodes = nodes(level);
        BitSet seen = level == 0 ? leafNodes : innerNodes;
        assertThat(room).as("room of a group").isBetween(count, core.sizes.inner());
        assertThat(nodes.chunk(first)).as("one chunk").isEqualTo(nodes.chunk(first + room - 1));
        assertThat(seen.get(first, first + room).isEmpty())
                .as("two groups share a node")
                .isTrue();
        seen.set(first, first + room);
        for (int node = first + count; node < first + room; node++) {
            assertThat(nodes.count[node]).as("a blank node").isZero();
        }
    }

    private void node(int level, int node, boolean atLeft, boolean atRight, K low, K high) {
        int count = nodes(level).count[node];
        boolean root = level == core.height;
        int fewest = root ? level == 0 ? 0 : 2 : atLeft || atRight ? level == 0 ? 1 : 2 : core.minimum(level);
        assertThat(count).as("fill of a node at level " + level).isBetween(fewest, nodes(level).width);
        if (level == 0) {
            leaf(node, count, low, high);
            return;
        }
        int first = core.inner.child[node];
        group(level - 1, first, count, core.inner.room[node]);
        for (int i = 0; i < count; i++) {
            K from = i == 0 ? low : bound(node, i);
            K to = i + 1 == count ? high : bound(node, i + 1);
            node(level - 1, first + i, atLeft && i == 0, atRight && i + 1 == count, from, to);
        }
    }

    private void leaf(int leaf, int count, K low, K high) {
        K before = null;
        for (int i = 0; i < count; i++) {
            long place = CsbCore.place(leaf, i);
            K key = core.keyAt(place);
            assertThat(before == null || core.compare(before, key) < 0)
                    .as("order in a leaf")
                    .isTrue();
            assertThat(low == null || core.compare(low, key) <= 0)
                    .as("above its lower bound")
                    .isTrue();
            assertThat(high == null || core.compare(key, high) < 0)
                    .as("below its upper bound")
                    .isTrue();
            values += core.valueAt(place) == null ? 0 : 1;
            before = key;
        }
        entries += count;
    }

    @SuppressWarnings("unchecked")
    private K bound(int node, int index) {
        int place = core.inner.offset(node) + index;
        Object chunk = core.inner.keys.chunk(core.inner.chunk(node));
        return (K) (chunk instanceof long[] longs ? (Object) longs[place] : ((Object[]) chunk)[place]);
    }

    /** A node is in the tree, or in a group that was taken back, or was left over at the end of a chunk. */
    private void allNodesAreAccountedFor(Nodes nodes, BitSet reached) {
        int lost = nodes.used() - reached.cardinality() - nodes.freeNodes();
        assertThat(lost)
                .as("nodes that nobody has")
                .isBetween(0, (nodes.chunk(nodes.used()) + 1) * (core.sizes.inner() - 1));
    }

    private static long references(Runs runs) {
        return Arrays.stream(((ObjectRuns) runs).chunks)
                .flatMap(Arrays::stream)
                .filter(Objects::nonNull)
                .count();
    }
}
