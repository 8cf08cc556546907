package io.kohakuvault.container;

import com.google.common.collect.testing.NavigableMapTestSuiteBuilder;
import com.google.common.collect.testing.SampleElements;
import com.google.common.collect.testing.TestSortedMapGenerator;
import com.google.common.collect.testing.TestStringSortedMapGenerator;
import com.google.common.collect.testing.features.CollectionFeature;
import com.google.common.collect.testing.features.CollectionSize;
import com.google.common.collect.testing.features.MapFeature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import junit.framework.Test;
import junit.framework.TestSuite;
import org.junit.runner.RunWith;
import org.junit.runners.AllTests;

/** Both trees against Guava's conformance suite of navigable maps, sub maps and descending ones included. */
@RunWith(AllTests.class)
public final class CsbTreeMapTest {
    /** Three entries are two levels already. */
    private static final NodeSizes SMALLEST = new NodeSizes(2, 4, 3);

    private CsbTreeMapTest() {}

    /** JUnit 3's way to name the tests of a class. */
    public static Test suite() {
        TestSuite suite = new TestSuite("trees");
        suite.addTest(strings());
        suite.addTest(longs());
        return suite;
    }

    private static Test strings() {
        return suite("CsbTree", new TestStringSortedMapGenerator() {
            @Override
            protected SortedMap<String, String> create(Map.Entry<String, String>[] entries) {
                SortedMap<String, String> map = new CsbTree<>(null, SMALLEST);
                Arrays.stream(entries).forEach(entry -> map.put(entry.getKey(), entry.getValue()));
                return map;
            }
        });
    }

    private static Test longs() {
        return suite("LongCsbTree", new LongMaps());
    }

    private static <K, V> Test suite(String name, TestSortedMapGenerator<K, V> generator) {
        return NavigableMapTestSuiteBuilder.using(generator)
                .named(name)
                .withFeatures(
                        MapFeature.GENERAL_PURPOSE,
                        MapFeature.ALLOWS_NULL_VALUES,
                        MapFeature.FAILS_FAST_ON_CONCURRENT_MODIFICATION,
                        CollectionFeature.SUPPORTS_ITERATOR_REMOVE,
                        CollectionFeature.KNOWN_ORDER,
                        CollectionSize.ANY)
                .createTestSuite();
    }

    /** Maps of the keys -2 to 9. */
    private static final class LongMaps implements TestSortedMapGenerator<Long, String> {
        private static Map.Entry<Long, String> entry(long key) {
            return Map.entry(key, "v" + key);
        }

        @Override
        public SortedMap<Long, String> create(Object... elements) {
            SortedMap<Long, String> map = new LongCsbTree<String>(SMALLEST).asMap();
            for (Object element : elements) {
                Map.Entry<?, ?> entry = (Map.Entry<?, ?>) element;
                map.put((Long) entry.getKey(), (String) entry.getValue());
            }
            return map;
        }

        @Override
        public SampleElements<Map.Entry<Long, String>> samples() {
            return new SampleElements<>(entry(0), entry(1), entry(2), entry(3), entry(4));
        }

        @Override
        @SuppressWarnings({"unchecked", "rawtypes"})
        public Map.Entry<Long, String>[] createArray(int length) {
            return new Map.Entry[length];
        }

        @Override
        public Long[] createKeyArray(int length) {
            return new Long[length];
        }

        @Override
        public String[] createValueArray(int length) {
            return new String[length];
        }

        @Override
        public Iterable<Map.Entry<Long, String>> order(List<Map.Entry<Long, String>> insertionOrder) {
            List<Map.Entry<Long, String>> order = new ArrayList<>(insertionOrder);
            order.sort(Map.Entry.comparingByKey());
            return order;
        }

        @Override
        public Map.Entry<Long, String> belowSamplesLesser() {
            return entry(-2);
        }

        @Override
        public Map.Entry<Long, String> belowSamplesGreater() {
            return entry(-1);
        }

        @Override
        public Map.Entry<Long, String> aboveSamplesLesser() {
            return entry(8);
        }

        @Override
        public Map.Entry<Long, String> aboveSamplesGreater() {
            return entry(9);
        }
    }
}
