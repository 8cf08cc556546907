package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.Codec;
import io.kohakuvault.kv.KVault;
import io.kohakuvault.kv.KvRange;
import io.kohakuvault.maintenance.Progress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Key-values used as few do: names in other cases, streams that misbehave, maps at their edges. */
class KvOddUsesTest {
    private static final VaultOptions SEGMENTS = VaultOptions.defaults().withSegmentThresholdBytes(10);
    private static final int MIB = 1 << 20;

    @TempDir
    Path folder;

    private Vault open() {
        return Vault.open(folder.resolve("a.db"), SEGMENTS);
    }

    private static InputStream zeros(int bytes) {
        return new ByteArrayInputStream(new byte[bytes]);
    }

    @Test
    void aMapOfArraysComparesWhatIsInThem() {
        try (Vault vault = open()) {
            ConcurrentNavigableMap<String, byte[]> map = vault.kv("kv").asMap();
            map.put("a", new byte[] {1});
            map.put("b", new byte[] {2});
            map.put("c", new byte[] {2});
            assertThat(map.values().contains(new byte[] {2})).isTrue();
            assertThat(map.values().remove(new byte[] {2})).isTrue();
            assertThat(map.keySet()).containsExactly("a", "c");
            assertThat(map.values().remove(new byte[] {3})).isFalse();
            assertThat(map.tailMap("b").values().remove(new byte[] {1})).isFalse();
            assertThat(map.entrySet().contains(Map.entry("a", new byte[] {1}))).isTrue();
            assertThat(map.entrySet().remove(Map.entry("a", new byte[] {1}))).isTrue();
            map.values().clear();
            assertThat(map).isEmpty();
        }
    }

    @Test
    void viewsOfAMapOfArraysKeepAndRemoveWhatIsEqual() {
        try (Vault vault = open()) {
            ConcurrentNavigableMap<String, byte[]> map = vault.kv("kv").asMap();
            for (int i = 0; i < 6; i++) {
                map.put("k" + i, new byte[] {(byte) (i % 3)});
            }
            assertThat(map.values().retainAll(List.of(new byte[] {0}, new byte[] {1}, new byte[] {2})))
                    .isFalse();
            assertThat(map.values().removeAll(List.of(new byte[] {1}, "no array")))
                    .isTrue();
            assertThat(map.keySet()).containsExactly("k0", "k2", "k3", "k5");
            assertThat(map.entrySet()
                            .removeAll(Set.of(Map.entry("k0", new byte[] {0}), Map.entry("k2", new byte[] {9}))))
                    .isTrue();
            assertThat(map.keySet()).containsExactly("k2", "k3", "k5");
            assertThat(map.entrySet()
                            .retainAll(List.of(Map.entry("k3", new byte[] {0}), Map.entry("k5", new byte[] {1}))))
                    .isTrue();
            assertThat(map.keySet()).containsExactly("k3");
            assertThat(map.values().retainAll(List.of(new byte[] {7}))).isTrue();
            assertThat(map).isEmpty();
        }
    }

    @Test
    void valuesOfAMapThatAreEqualAreNotTakenForDistinct() {
        try (Vault vault = open()) {
            ConcurrentNavigableMap<String, String> map = vault.kv("kv").asMap(Codec.ofType(String.class));
            map.put("a", "same");
            map.put("b", "same");
            map.put("c", "other");
            assertThat(map.values().stream().distinct()).containsExactly("same", "other");
            assertThat(map.keySet().stream().distinct()).containsExactly("a", "b", "c");
            assertThat(map.entrySet().stream().distinct()).hasSize(3);
        }
    }

    @Test
    void segmentsOfAValueThatAnotherProgramReplacedAreFoundAndRemoved() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = open()) {
            vault.kv("kv").put("kept", zeros(3 * MIB));
            vault.kv("kv").put("replaced", zeros(2 * MIB));
            vault.kv("kv").put("gone", zeros(MIB));
        }
        TestSql.run(
                file,
                "UPDATE kv SET value = x'01' WHERE key = CAST('replaced' AS BLOB)",
                "DELETE FROM kv WHERE key = CAST('gone' AS BLOB)");
        try (Vault vault = open()) {
            assertThat(vault.maintenance().verify(Progress.none()).findings())
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.toString())
                            .contains("kv_segments")
                            .contains(" 2 keys"));
            assertThat(vault.maintenance().repair()).singleElement().asString().startsWith("removed 3 segments");
            assertThat(vault.maintenance().verify(Progress.none()).findings()).isEmpty();
            assertThat(vault.kv("kv").get("kept")).hasSize(3 * MIB);
        }
        assertThat(TestSql.count(file, "kv_segments")).isEqualTo(3);
    }

    @Test
    void oneTableHasNamesInAnyCase() throws IOException {
        try (Vault vault = open()) {
            KVault upper = vault.kv("Media");
            KVault lower = vault.kv("media");
            assertThat(upper.name()).isEqualTo("Media");
            assertThat(lower.name()).isEqualTo("media");
            assertThat(upper.delete("x")).isFalse();
            lower.put("k", new byte[] {1});
            upper.put("k", new byte[] {2});
            assertThat(lower.get("k")).containsExactly(2);
            assertThat(upper.delete("k")).isTrue();
            lower.put("big", zeros(3 * MIB));
            upper.put("big", new byte[1]);
            upper.put("large", zeros(2 * MIB));
            assertThat(lower.delete("large")).isTrue();
            assertThat(vault.maintenance().verify(Progress.none()).findings()).isEmpty();
            assertThatThrownBy(() -> lower.computeIfAbsent("new", key -> {
                        upper.put("new", new byte[1]);
                        return new byte[2];
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("by the function or stream that gives its value");
        }
    }

    /** As a file is that somebody appends to while it is read. */
    @Test
    void aStreamEndsWhereItSaysSoFirst() throws IOException {
        int first = MIB + MIB / 2;
        InputStream growing = new InputStream() {
            private int left = first;
            private int ends;

            @Override
            public int read() {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0];
            }

            @Override
            public int read(byte[] into, int from, int length) {
                if (left == 0) {
                    left = ++ends < 3 ? 1000 : 0;
                    return -1;
                }
                int n = Math.min(left, length);
                Arrays.fill(into, from, from + n, (byte) 7);
                left -= n;
                return n;
            }
        };
        try (Vault vault = open()) {
            assertThat(vault.kv("kv").put("log", growing)).isEqualTo(first);
            assertThat(vault.kv("kv").get("log")).hasSize(first);
            assertThat(vault.maintenance().verify(Progress.none()).findings()).isEmpty();
        }
    }

    @Test
    void segmentsOfSeveralLengthsAreTold() throws Exception {
        try (Vault vault = open()) {
            vault.kv("kv").put("k", zeros(3 * MIB));
        }
        TestSql.run(
                folder.resolve("a.db"),
                "UPDATE kv_segments SET data = substr(data, 1, 1000) WHERE segment = 0",
                "UPDATE kv_segments SET data = zeroblob(2096152) WHERE segment = 1");
        try (Vault vault = open()) {
            assertThat(vault.maintenance().verify(Progress.none()).findings())
                    .singleElement()
                    .asString()
                    .contains("several lengths");
        }
    }

    @Test
    void aStreamCannotChangeTheKeyThatItIsTheValueOf() throws IOException {
        try (Vault vault = open()) {
            KVault kv = vault.kv("kv");
            kv.put("k", new byte[] {1});
            List<Consumer<KVault>> changes = List.of(
                    own -> own.put("k", new byte[1]), own -> own.delete("k"), own -> own.deleteAll(KvRange.all()));
            for (Consumer<KVault> change : changes) {
                InputStream stream = new InputStream() {
                    private int given;

                    @Override
                    public int read() {
                        if (++given == MIB) {
                            change.accept(kv);
                        }
                        return given > 2 * MIB ? -1 : 0;
                    }
                };
                assertThatThrownBy(() -> kv.put("k", stream))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("x'6b'");
                assertThat(kv.get("k")).containsExactly(1);
            }
            // Another key is free.
            InputStream other = new InputStream() {
                private int given;

                @Override
                public int read() {
                    if (++given == MIB) {
                        kv.put("other", new byte[] {3});
                    }
                    return given > 2 * MIB ? -1 : 0;
                }
            };
            assertThat(kv.put("k", other)).isEqualTo(2 * MIB);
            assertThat(kv.get("k")).hasSize(2 * MIB);
            assertThat(kv.get("other")).containsExactly(3);
        }
    }

    /** Has no equals. */
    private static final class Box {
        final long number;

        Box(long number) {
            this.number = number;
        }
    }

    @Test
    void aMapReplacesAllByOneCallAKey() {
        Codec<Box> codec = Codec.of(box -> box.number, value -> new Box((Long) value));
        try (Vault vault = open()) {
            ConcurrentNavigableMap<String, Box> map = vault.kv("kv").asMap(codec);
            map.put("a", new Box(1));
            map.put("b", new Box(2));
            AtomicInteger calls = new AtomicInteger();
            map.replaceAll((key, box) -> {
                calls.incrementAndGet();
                return new Box(box.number * 10);
            });
            assertThat(calls).hasValue(2);
            assertThat(map.values()).extracting(box -> box.number).containsExactly(10L, 20L);
        }
    }

    @Test
    void keysAreFoundAndRemovedWithoutTheirValues() {
        Codec<Box> strict = Codec.of(box -> box.number, value -> new Box((Long) value));
        try (Vault vault = open()) {
            vault.kv("kv").putValue("a", "no number");
            vault.kv("kv").putValue("b", "no number");
            vault.kv("kv").putValue("c", "no number");
            ConcurrentNavigableMap<String, Box> map = vault.kv("kv").asMap(strict);
            assertThat(map.firstKey()).isEqualTo("a");
            assertThat(map.lastKey()).isEqualTo("c");
            assertThat(map.higherKey("a")).isEqualTo("b");
            assertThat(map.floorKey("bb")).isEqualTo("b");
            assertThat(map.keySet().first()).isEqualTo("a");
            assertThat(map.keySet().remove("b")).isTrue();
            assertThat(map.keySet().remove("b")).isFalse();
            assertThat(map.navigableKeySet().pollFirst()).isEqualTo("a");
            assertThat(map.navigableKeySet().pollLast()).isEqualTo("c");
            assertThat(map.navigableKeySet().pollFirst()).isNull();
            assertThatThrownBy(map::firstKey).isInstanceOf(java.util.NoSuchElementException.class);
        }
    }

    @Test
    void mapsBehaveAtTheirEdges() {
        try (Vault vault = open()) {
            ConcurrentNavigableMap<String, byte[]> map = vault.kv("kv").asMap();
            map.put("a", new byte[] {1});
            map.put("b", new byte[] {2});
            assertThat(map.subMap("a", false, "a", true)).isEmpty();
            assertThat(map.subMap("a", true, "a", false)).isEmpty();
            assertThat(map.descendingMap().subMap("a", false, "a", true)).isEmpty();
            assertThat(map.navigableKeySet().subSet("a", false, "a", true)).isEmpty();
            assertThatThrownBy(() -> map.headMap("b").subMap("a", true, "c", true))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(map.headMap("b").computeIfPresent("z", (key, old) -> new byte[9]))
                    .isNull();
            assertThat(map.get("\uD800")).isNull();
            assertThat(map.containsKey("\uD800")).isFalse();
            assertThat(map.remove("\uD800")).isNull();
            assertThatThrownBy(() -> map.put("\uD800", new byte[1])).isInstanceOf(IllegalArgumentException.class);
            Map<String, byte[]> other = new HashMap<>(Map.of("\uD800", new byte[1], "b", new byte[1]));
            assertThat(other.equals(map)).isFalse();
            // While a stream goes on, others add: there is no size that it could promise.
            assertThat(map.keySet().stream()
                            .peek(key -> vault.kv("kv").put(key + key, new byte[1]))
                            .limit(3)
                            .toList())
                    .isNotEmpty();
        }
    }
}
