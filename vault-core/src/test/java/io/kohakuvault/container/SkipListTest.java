package io.kohakuvault.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SkipListTest {
    @Test
    void insertKeepsAndPutReplaces() {
        SkipList<String, Integer> list = new SkipList<>();
        assertThat(list.insert("a", 1)).isNull();
        assertThat(list.insert("a", 2)).isEqualTo(1);
        assertThat(list.get("a")).isEqualTo(1);
        assertThat(list.put("a", 3)).isEqualTo(1);
        assertThat(list.getOrDefault("a", 0)).isEqualTo(3);
        assertThat(list.getOrDefault("b", 0)).isZero();
        assertThat(list.containsKey("b")).isFalse();
        assertThat(list.remove("a")).isEqualTo(3);
        assertThat(list.remove("a")).isNull();
        assertThat(list.isEmpty()).isTrue();
    }

    @Test
    void rangesAreHalfOpenAndEmptyWhenReversed() {
        SkipList<String, Integer> list = new SkipList<>(Comparator.reverseOrder());
        for (String key : List.of("a", "b", "c", "d")) {
            list.insert(key, 1);
        }
        assertThat(list.keys()).containsExactly("d", "c", "b", "a");
        assertThat(list.range("d", "b").keySet()).containsExactly("d", "c");
        assertThat(list.range("a", "d")).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> list.range("a", "d").put("b", 1));
        list.range("d", "b").clear();
        assertThat(list).hasToString("{b=1, a=1}");
        assertThat(list.asMap().firstKey()).isEqualTo("b");
        assertThat(list.values()).containsExactly(1, 1);
        list.clear();
        assertThat(list.size()).isZero();
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void keysWithoutAnOrderLeaveItAsItWas() {
        SkipList list = new SkipList<>();
        assertThatThrownBy(() -> list.insert(new Object(), 1)).isInstanceOf(ClassCastException.class);
        assertThat(list.isEmpty()).isTrue();
        list.insert("a", 1);
        list.insert("b", 2);
        assertThatThrownBy(() -> list.insert(1, 1)).isInstanceOf(ClassCastException.class);
        assertThatThrownBy(() -> list.range(1, "a")).isInstanceOf(ClassCastException.class);
        assertThat(list).hasToString("{a=1, b=2}");
        assertThatThrownBy(() -> list.insert(null, 1)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> list.put("c", null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> list.range("a", null)).isInstanceOf(NullPointerException.class);
    }

    /** Each key is inserted by all threads at once: one of them does it, and a reader sees only order. */
    @Test
    void ofThreadsThatInsertOneKeyOneSucceeds() throws Exception {
        int keys = 20_000;
        int threads = 4;
        SkipList<Integer, Integer> list = new SkipList<>();
        AtomicInteger inserted = new AtomicInteger();
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService pool = Executors.newFixedThreadPool(threads + 1);
        try {
            Future<?> reader = pool.submit(() -> {
                while (!done.get()) {
                    int before = -1;
                    for (Map.Entry<Integer, Integer> entry :
                            list.range(keys / 4, keys / 2).entrySet()) {
                        assertThat(entry.getKey()).isGreaterThan(before).isBetween(keys / 4, keys / 2 - 1);
                        before = entry.getKey();
                    }
                }
            });
            List<Callable<Void>> writers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                writers.add(() -> {
                    for (int key = 0; key < keys; key++) {
                        if (list.insert(key, thread) == null) {
                            inserted.incrementAndGet();
                        }
                    }
                    return null;
                });
            }
            for (Future<Void> writer : pool.invokeAll(writers)) {
                writer.get();
            }
            done.set(true);
            reader.get();
        } finally {
            done.set(true);
            pool.shutdownNow();
        }
        assertThat(inserted).hasValue(keys);
        assertThat(list.size()).isEqualTo(keys);
    }
}
