package io.kohakuvault.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.AbstractMap.SimpleEntry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsbTreeTest {
    private static final NodeSizes SMALL = new NodeSizes(3, 4, 4);

    private enum Order {
        UP,
        DOWN,
        ANY
    }

    private static List<Integer> keys(int count, Order order) {
        List<Integer> keys = new ArrayList<>(IntStream.range(0, count).boxed().toList());
        switch (order) {
            case UP -> {}
            case DOWN -> Collections.reverse(keys);
            case ANY -> Collections.shuffle(keys, new Random(5));
        }
        return keys;
    }

    @ParameterizedTest
    @EnumSource(Order.class)
    void deepTreesGrowAndShrinkToNothing(Order order) {
        CsbTree<Integer, Integer> tree = new CsbTree<>(null, SMALL);
        for (int key : keys(5000, order)) {
            tree.put(key, -key);
        }
        CsbInvariants.check(tree);
        assertThat(tree.core.height).isGreaterThan(4);
        assertThat(tree).hasSize(5000);
        for (Order removal : Order.values()) {
            CsbTree<Integer, Integer> copy = CsbTree.ofSorted(tree.entrySet(), null, SMALL);
            for (int key : keys(5000, removal)) {
                assertThat(copy.remove(key)).isEqualTo(-key);
                if (key % 100 == 0) {
                    CsbInvariants.check(copy);
                }
            }
            assertThat(copy).isEmpty();
            assertThat(copy.core.height).isZero();
            CsbInvariants.check(copy);
        }
    }

    @Test
    void keysThatComeInOrderFillTheirNodes() {
        for (Order order : List.of(Order.UP, Order.DOWN)) {
            CsbTree<Integer, Integer> tree = new CsbTree<>();
            keys(100_000, order).forEach(key -> tree.put(key, key));
            int leaves = tree.core.leaves.used() - tree.core.leaves.freeNodes();
            assertThat(leaves).as(order.name()).isLessThan(100_000 / 32 * 5 / 4);
        }
    }

    @Test
    void memoryOfRemovedEntriesIsUsedAgain() {
        LongCsbTree<String> tree = new LongCsbTree<>();
        Random random = new Random(7);
        long[] keys = random.longs(50_000).toArray();
        for (int round = 0; round < 10; round++) {
            for (long key : keys) {
                tree.put(key + round, "");
            }
            if (round == 0) {
                CsbInvariants.check(tree);
            }
            for (long key : keys) {
                tree.remove(key + round);
            }
        }
        assertThat(tree.core().leaves.used()).isLessThan(50_000 / 32 * 3);
        // a queue: what comes in order goes in order
        for (int i = 0; i < 500_000; i++) {
            tree.put(i, "");
            if (i >= 1000) {
                assertThat(tree.asMap().pollFirstEntry().getKey()).isEqualTo(i - 1000);
            }
        }
        CsbInvariants.check(tree);
        assertThat(tree.core().leaves.used()).isLessThan(50_000 / 32 * 3);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 9, 10, 100, 1000, 20_000})
    void sortedInputIsBuiltWithoutSearching(int count) {
        TreeMap<Integer, String> model = new TreeMap<>(Collections.reverseOrder());
        IntStream.range(0, count).forEach(i -> model.put(i, "v" + i));
        long[] longs = LongStream.range(0, count).map(i -> i * 3 - 17).toArray();
        List<String> values = LongStream.of(longs).mapToObj(key -> "v" + key).toList();
        for (NodeSizes sizes : List.of(SMALL, NodeSizes.usual())) {
            CsbTree<Integer, String> tree = CsbTree.ofSorted(model.entrySet(), model.comparator(), sizes);
            assertThat(List.copyOf(tree.entrySet())).isEqualTo(List.copyOf(model.entrySet()));
            CsbInvariants.check(tree);
            LongCsbTree<String> ofLongs = LongCsbTree.ofSorted(longs, values, sizes);
            assertThat(ofLongs.size()).isEqualTo(count);
            CsbInvariants.check(ofLongs);
            for (int i = 0; i < count; i++) {
                assertThat(ofLongs.get(longs[i])).isEqualTo(values.get(i));
                assertThat(ofLongs.get(longs[i] + 1)).isNull();
            }
        }
        CsbTree<Integer, String> copy = CsbTree.copyOf(model);
        assertThat(copy).isEqualTo(model).hasSameHashCodeAs(model);
        assertThat(copy.comparator()).isSameAs(model.comparator());
    }

    @Test
    void inputThatIsNotSortedIsRefused() {
        List<Map.Entry<String, Integer>> twice = List.of(Map.entry("a", 1), Map.entry("a", 2));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CsbTree.ofSorted(twice, null))
                .withMessage("entry 1 is not above the one before it");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LongCsbTree.ofSorted(new long[] {1, 3, 2}, List.of("", "", "")))
                .withMessage("the key at index 2, 2, is not above 3 before it");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LongCsbTree.ofSorted(new long[] {1}, List.of()))
                .withMessage("1 keys, but 0 values");
    }

    @Test
    void rangesAreHalfOpenAndEmptyWhenReversed() {
        CsbTree<String, Integer> tree = new CsbTree<>();
        List.of("a", "b", "c", "d").forEach(key -> tree.put(key, key.length()));
        assertThat(tree.range("b", "d").keySet()).containsExactly("b", "c");
        assertThat(tree.range("b", "b")).isEmpty();
        assertThat(tree.range("d", "a")).isEmpty();
        assertThat(tree.range("d", "a").descendingMap()).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tree.range("d", "a").put("b", 1));
        assertThatThrownBy(() -> tree.range(null, "a")).isInstanceOf(NullPointerException.class);
        tree.range("a", "c").clear();
        assertThat(tree.keySet()).containsExactly("c", "d");

        LongCsbTree<String> longs = new LongCsbTree<>(SMALL);
        LongStream.of(Long.MIN_VALUE, -1, 0, 1, Long.MAX_VALUE).forEach(key -> longs.put(key, "v" + key));
        assertThat(longs.range(-1, 1).keySet()).containsExactly(-1L, 0L);
        assertThat(longs.range(1, -1)).isEmpty();
        List<Long> seen = new ArrayList<>();
        longs.forEachInRange(-1, 1, (key, value) -> seen.add(key));
        longs.forEachInRange(1, -1, (key, value) -> seen.add(key));
        longs.forEachInRange(Long.MIN_VALUE, Long.MIN_VALUE, (key, value) -> seen.add(key));
        assertThat(seen).containsExactly(-1L, 0L);
        seen.clear();
        longs.forEach((key, value) -> seen.add(key));
        assertThat(seen).containsExactly(Long.MIN_VALUE, -1L, 0L, 1L, Long.MAX_VALUE);
        assertThat(longs.firstKey()).isEqualTo(Long.MIN_VALUE);
        assertThat(longs.lastKey()).isEqualTo(Long.MAX_VALUE);
        assertThat(longs.higherKey(Long.MAX_VALUE)).isEmpty();
        assertThat(longs.lowerKey(Long.MIN_VALUE)).isEmpty();
    }

    @Test
    void scansSeeWhatARangeHas() {
        Random random = new Random(11);
        LongCsbTree<Integer> tree = new LongCsbTree<>(SMALL);
        TreeMap<Long, Integer> model = new TreeMap<>();
        for (int i = 0; i < 3000; i++) {
            long key = random.nextInt(4000);
            tree.put(key, i);
            model.put(key, i);
        }
        for (int i = 0; i < 1000; i++) {
            long from = random.nextInt(4200) - 100;
            long to = from + random.nextInt(300);
            List<Map.Entry<Long, Integer>> seen = new ArrayList<>();
            tree.forEachInRange(from, to, (key, value) -> seen.add(new SimpleEntry<>(key, value)));
            assertThat(seen).isEqualTo(List.copyOf(model.subMap(from, to).entrySet()));
        }
    }

    @Test
    void aComparatorThatThrowsLeavesTheTreeAsItWas() {
        int[] left = {Integer.MAX_VALUE};
        CsbTree<Integer, Integer> tree = new CsbTree<>(
                (a, b) -> {
                    if (left[0]-- <= 0) {
                        throw new IllegalStateException("no more");
                    }
                    return Integer.compare(a, b);
                },
                SMALL);
        TreeMap<Integer, Integer> model = new TreeMap<>();
        Random random = new Random(13);
        for (int i = 0; i < 3000; i++) {
            int key = random.nextInt(500);
            boolean put = random.nextInt(3) > 0;
            left[0] = random.nextInt(25);
            try {
                Integer before = put ? tree.put(key, i) : tree.remove(key);
                assertThat(before).isEqualTo(put ? model.put(key, i) : model.remove(key));
            } catch (IllegalStateException e) {
                assertThat(e).hasMessage("no more");
            }
            left[0] = Integer.MAX_VALUE;
            if (i % 10 == 0) {
                CsbInvariants.check(tree);
                assertThat(List.copyOf(tree.entrySet())).isEqualTo(List.copyOf(model.entrySet()));
            }
        }
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void keysWithoutAnOrderAreRefused() {
        CsbTree tree = new CsbTree<>();
        assertThatThrownBy(() -> tree.put(new Object(), 1)).isInstanceOf(ClassCastException.class);
        assertThat(tree).isEmpty();
        tree.put("a", 1);
        assertThatThrownBy(() -> tree.put(1, 1)).isInstanceOf(ClassCastException.class);
        assertThatThrownBy(() -> tree.get(1)).isInstanceOf(ClassCastException.class);
        assertThatThrownBy(() -> tree.containsKey(1)).isInstanceOf(ClassCastException.class);
        assertThat(tree).hasToString("{a=1}");
        CsbInvariants.check(tree);
    }

    @Test
    void nullIsAValueAndNoKey() {
        CsbTree<String, String> tree = new CsbTree<>();
        assertThatThrownBy(() -> tree.put(null, "")).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> tree.get(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> tree.floorKey(null)).isInstanceOf(NullPointerException.class);
        tree.put("a", null);
        assertThat(tree.containsKey("a")).isTrue();
        assertThat(tree.getOrDefault("a", "other")).isNull();
        assertThat(tree.getOrDefault("b", "other")).isEqualTo("other");
        assertThat(tree.putIfAbsent("a", "now")).isNull();
        assertThat(tree.putIfAbsent("a", "later")).isEqualTo("now");

        LongCsbTree<String> longs = new LongCsbTree<>();
        longs.put(1, null);
        assertThat(longs.containsKey(1)).isTrue();
        assertThat(longs.getOrDefault(1, "other")).isNull();
        assertThat(longs.putIfAbsent(1, "now")).isNull();
        assertThat(longs.putIfAbsent(1, "later")).isEqualTo("now");
        assertThat(longs.putIfAbsent(2, "two")).isNull();
        assertThat(longs.remove(3)).isNull();
        assertThat(longs.remove(1)).isEqualTo("now");
        assertThat(longs).hasToString("{2=two}");
        longs.clear();
        assertThat(longs.isEmpty()).isTrue();
        assertThatThrownBy(longs::firstKey).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void theObjectThatWasPutFirstStaysTheKey() {
        CsbTree<String, Integer> tree = new CsbTree<>(String.CASE_INSENSITIVE_ORDER);
        tree.put("Key", 1);
        assertThat(tree.put("kEY", 2)).isEqualTo(1);
        assertThat(tree).hasToString("{Key=2}");
    }

    @Test
    void iteratorsNoticeOtherChanges() {
        CsbTree<Integer, String> tree = new CsbTree<>(null, SMALL);
        IntStream.range(0, 100).forEach(i -> tree.put(i, ""));
        Iterator<Integer> whole = tree.keySet().iterator();
        Iterator<Map.Entry<Integer, String>> part =
                tree.tailMap(50).descendingMap().entrySet().iterator();
        whole.next();
        part.next();
        tree.put(7, "a new value is no change of the keys");
        assertThat(whole.next()).isEqualTo(1);
        tree.remove(7);
        assertThatThrownBy(whole::next).isInstanceOf(ConcurrentModificationException.class);
        assertThatThrownBy(whole::remove).isInstanceOf(ConcurrentModificationException.class);
        assertThatThrownBy(part::next).isInstanceOf(ConcurrentModificationException.class);
        Iterator<Integer> cleared = tree.keySet().iterator();
        tree.clear();
        assertThatThrownBy(cleared::next).isInstanceOf(ConcurrentModificationException.class);

        LongCsbTree<String> longs = new LongCsbTree<>(SMALL);
        LongStream.range(0, 100).forEach(i -> longs.put(i, ""));
        assertThatThrownBy(() -> longs.forEach((key, value) -> longs.remove(99 - key)))
                .isInstanceOf(ConcurrentModificationException.class);
        longs.forEach((key, value) -> longs.put(key, value + key));
        assertThat(longs.get(50)).isEqualTo("50");
    }

    @Test
    void anEntryWritesThroughAlsoAfterOtherChanges() {
        CsbTree<Integer, String> tree = new CsbTree<>(null, SMALL);
        IntStream.range(0, 100).forEach(i -> tree.put(i, ""));
        Map.Entry<Integer, String> entry = null;
        for (Map.Entry<Integer, String> each : tree.entrySet()) {
            entry = each.getKey() == 60 ? each : entry;
        }
        IntStream.range(0, 50).forEach(tree::remove);
        assertThat(entry.setValue("sixty")).isEmpty();
        assertThat(tree).containsEntry(60, "sixty");
        tree.remove(60);
        entry.setValue("gone");
        assertThat(tree).doesNotContainValue("gone");
        assertThatThrownBy(() -> tree.firstEntry().setValue("")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void whatIsBoxedGoesTheSameWay() {
        LongCsbTree<String> longs = new LongCsbTree<>();
        NavigableMap<Long, String> map = longs.asMap();
        map.putAll(Map.of(1L, "a", 2L, "b"));
        assertThat(longs.get(2)).isEqualTo("b");
        longs.put(3, "c");
        assertThat(map.descendingKeySet()).containsExactly(3L, 2L, 1L);
        assertThat(map.merge(3L, "d", String::concat)).isEqualTo("cd");
        assertThatThrownBy(() -> map.get("a")).isInstanceOf(ClassCastException.class);
        assertThatThrownBy(() -> map.get(null)).isInstanceOf(NullPointerException.class);
    }
}
