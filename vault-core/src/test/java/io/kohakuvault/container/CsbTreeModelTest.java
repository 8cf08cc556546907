package io.kohakuvault.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both trees against TreeMap: the same random calls on both, with nodes from the smallest to the usual. */
class CsbTreeModelTest {
    private static final int BATCHES = 60;

    /** A tree under test, whichever it is. */
    private record Subject(NavigableMap<Long, String> map, Runnable check, LongCsbTree<String> primitive) {
        static Subject objects(NodeSizes sizes, boolean reverse) {
            Comparator<Long> order = reverse ? Comparator.reverseOrder() : null;
            CsbTree<Long, String> tree = new CsbTree<>(order, sizes);
            return new Subject(tree, () -> CsbInvariants.check(tree), null);
        }

        static Subject longs(NodeSizes sizes) {
            LongCsbTree<String> tree = new LongCsbTree<>(sizes);
            return new Subject(tree.asMap(), () -> CsbInvariants.check(tree), tree);
        }
    }

    @ParameterizedTest
    @CsvSource({"1,2,4,2", "2,3,4,3", "3,2,5,3", "4,4,4,2", "5,5,7,4", "6,8,8,5", "7,16,32,5", "8,32,32,10"})
    void behaveLikeATreeMap(long seed, int leaf, int inner, int chunkShift) {
        NodeSizes sizes = new NodeSizes(leaf, inner, chunkShift);
        run(seed, Subject.objects(sizes, false), new TreeMap<>());
        run(seed + 100, Subject.objects(sizes, true), new TreeMap<>(Comparator.reverseOrder()));
        run(seed + 200, Subject.longs(sizes), new TreeMap<>());
    }

    private static void run(long seed, Subject subject, NavigableMap<Long, String> model) {
        Random random = new Random(seed);
        NavigableMap<Long, String> map = subject.map();
        int bound = 200 << random.nextInt(4);
        for (int batch = 0; batch < BATCHES; batch++) {
            String as = "seed " + seed + ", batch " + batch;
            int removals = random.nextInt(10);
            long next = random.nextInt(bound);
            int order = random.nextInt(4);
            for (int i = 0; i < 150; i++) {
                // up, down, and two of any
                next = order == 0 ? next + 1 : order == 1 ? next - 1 : random.nextInt(bound);
                if (random.nextInt(10) < removals) {
                    assertThat(map.remove(next)).as(as).isEqualTo(model.remove(next));
                } else {
                    String value = random.nextInt(20) == 0 ? null : "v" + random.nextInt();
                    assertThat(map.put(next, value)).as(as).isEqualTo(model.put(next, value));
                }
                reads(as, random.nextInt(bound), map, model);
                if (subject.primitive() != null) {
                    primitiveReads(as, random.nextInt(bound), subject.primitive(), model);
                }
            }
            changesByViews(as, random, bound, map, model);
            subject.check().run();
            assertThat(new ArrayList<>(map.entrySet())).as(as).isEqualTo(new ArrayList<>(model.entrySet()));
            assertThat(new ArrayList<>(map.descendingMap().entrySet()))
                    .as(as)
                    .isEqualTo(new ArrayList<>(model.descendingMap().entrySet()));
            ranges(as, random, bound, map, model);
            if (random.nextInt(25) == 0) {
                map.clear();
                model.clear();
                subject.check().run();
            }
        }
        drain(seed, random, map, model);
        subject.check().run();
    }

    private static void reads(String as, long key, NavigableMap<Long, String> map, NavigableMap<Long, String> model) {
        assertThat(map.size()).as(as).isEqualTo(model.size());
        assertThat(map.get(key)).as(as).isEqualTo(model.get(key));
        assertThat(map.containsKey(key)).as(as).isEqualTo(model.containsKey(key));
        assertThat(map.floorEntry(key)).as(as).isEqualTo(model.floorEntry(key));
        assertThat(map.ceilingEntry(key)).as(as).isEqualTo(model.ceilingEntry(key));
        assertThat(map.lowerKey(key)).as(as).isEqualTo(model.lowerKey(key));
        assertThat(map.higherKey(key)).as(as).isEqualTo(model.higherKey(key));
        assertThat(map.firstEntry()).as(as).isEqualTo(model.firstEntry());
        assertThat(map.lastEntry()).as(as).isEqualTo(model.lastEntry());
    }

    private static void primitiveReads(
            String as, long key, LongCsbTree<String> tree, NavigableMap<Long, String> model) {
        assertThat(tree.get(key)).as(as).isEqualTo(model.get(key));
        assertThat(tree.getOrDefault(key, "none")).as(as).isEqualTo(model.getOrDefault(key, "none"));
        assertThat(tree.containsKey(key)).as(as).isEqualTo(model.containsKey(key));
        assertThat(tree.floorKey(key)).as(as).isEqualTo(optional(model.floorKey(key)));
        assertThat(tree.ceilingKey(key)).as(as).isEqualTo(optional(model.ceilingKey(key)));
        assertThat(tree.lowerKey(key)).as(as).isEqualTo(optional(model.lowerKey(key)));
        assertThat(tree.higherKey(key)).as(as).isEqualTo(optional(model.higherKey(key)));
    }

    private static OptionalLong optional(Long key) {
        return key == null ? OptionalLong.empty() : OptionalLong.of(key);
    }

    /** Polls, and removals and new values by iterators, of the whole or a part. */
    private static void changesByViews(
            String as, Random random, int bound, NavigableMap<Long, String> map, NavigableMap<Long, String> model) {
        if (random.nextBoolean()) {
            assertThat(map.pollFirstEntry()).as(as).isEqualTo(model.pollFirstEntry());
            assertThat(map.pollLastEntry()).as(as).isEqualTo(model.pollLastEntry());
        }
        boolean down = random.nextBoolean();
        NavigableMap<Long, String> part = map;
        NavigableMap<Long, String> modelPart = model;
        if (random.nextBoolean()) {
            long from = random.nextInt(bound);
            boolean inclusive = random.nextBoolean();
            part = map.tailMap(from, inclusive);
            modelPart = model.tailMap(from, inclusive);
        }
        Iterator<Map.Entry<Long, String>> left =
                (down ? part.descendingMap() : part).entrySet().iterator();
        Iterator<Map.Entry<Long, String>> right =
                (down ? modelPart.descendingMap() : modelPart).entrySet().iterator();
        int every = 1 + random.nextInt(6);
        while (right.hasNext()) {
            Map.Entry<Long, String> entry = left.next();
            Map.Entry<Long, String> expected = right.next();
            assertThat(entry).as(as).isEqualTo(expected);
            if (random.nextInt(every) == 1) {
                left.remove();
                right.remove();
            } else if (random.nextInt(10) == 0) {
                assertThat(entry.setValue("set " + entry.getKey()))
                        .isEqualTo(expected.setValue("set " + entry.getKey()));
            }
        }
        assertThat(left.hasNext()).as(as).isFalse();
    }

    private static void ranges(
            String as, Random random, int bound, NavigableMap<Long, String> map, NavigableMap<Long, String> model) {
        for (int i = 0; i < 5; i++) {
            long a = random.nextInt(bound);
            long b = random.nextInt(bound);
            boolean ordered = model.comparator() == null ? a <= b : b <= a;
            long from = ordered ? a : b;
            long to = ordered ? b : a;
            NavigableMap<Long, String> part = map.subMap(from, random.nextBoolean(), to, random.nextBoolean());
            // the bounds of a part are those of the model when both say the same of their ends
            boolean low = part.containsKey(from) || !map.containsKey(from);
            boolean high = part.containsKey(to) || !map.containsKey(to);
            NavigableMap<Long, String> expected = model.subMap(from, low, to, high);
            assertThat(part.size()).as(as).isEqualTo(expected.size());
            assertThat(part.descendingMap().size()).as(as).isEqualTo(expected.size());
            assertThat(List.copyOf(part.keySet())).as(as).isEqualTo(List.copyOf(expected.keySet()));
            assertThat(List.copyOf(part.descendingKeySet())).as(as).isEqualTo(List.copyOf(expected.descendingKeySet()));
            if (i == 0 && random.nextInt(4) == 0) {
                part.clear();
                expected.clear();
            }
        }
    }

    private static void drain(
            long seed, Random random, NavigableMap<Long, String> map, NavigableMap<Long, String> model) {
        List<Long> keys = new ArrayList<>(model.keySet());
        java.util.Collections.shuffle(keys, random);
        for (Long key : keys) {
            assertThat(map.remove(key)).as("seed " + seed).isEqualTo(model.remove(key));
        }
        assertThat(map).isEmpty();
    }
}
