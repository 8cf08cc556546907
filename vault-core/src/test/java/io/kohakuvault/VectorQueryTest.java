package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.vector.Metric;
import io.kohakuvault.vector.StoredVector;
import io.kohakuvault.vector.VectorHit;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import io.kohakuvault.vector.VectorQuery;
import io.kohakuvault.vector.VectorReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a query may ask for: every answer is compared with one that is computed from all stored vectors. */
class VectorQueryTest {
    @TempDir
    Path folder;

    private static final int DIMENSIONS = 37;

    private static float[] vector(Random random) {
        float[] vector = new float[DIMENSIONS];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    /** The distance as sqlite-vec computes it, written down once more. */
    private static float distance(Metric metric, float[] a, float[] b) {
        float dot = 0;
        float aa = 0;
        float bb = 0;
        float l2 = 0;
        double l1 = 0;
        for (int i = 0; i < a.length; i++) {
            dot += a[i] * b[i];
            aa += a[i] * a[i];
            bb += b[i] * b[i];
            l2 += (a[i] - b[i]) * (a[i] - b[i]);
            l1 += Math.abs((double) a[i] - (double) b[i]);
        }
        return switch (metric) {
            case COSINE -> (float) (1 - dot / (Math.sqrt(aa) * Math.sqrt(bb)));
            case L2 -> (float) Math.sqrt(l2);
            case L1 -> (float) l1;
            case DOT -> -dot;
            case HAMMING -> throw new IllegalArgumentException("of bits alone");
        };
    }

    private static float[] unit(float[] vector) {
        float sum = 0;
        for (float x : vector) {
            sum += x * x;
        }
        float length = (float) Math.sqrt(sum);
        float[] unit = vector.clone();
        for (int i = 0; i < unit.length; i++) {
            unit[i] /= length;
        }
        return unit;
    }

    private record Expected(long id, double distance) {}

    /** Vectors of equal distance are left out of what is generated: then the order is by distance alone. */
    private static List<Expected> expected(
            Map<Long, StoredVector> stored, Metric table, VectorQuery query, int k, Set<Long> passing) {
        float[] q = table == Metric.COSINE ? unit(query.vector()) : query.vector();
        Metric metric = query.metric().orElse(table);
        return stored.values().stream()
                .filter(s -> passing.contains(s.id()))
                .map(s -> new Expected(s.id(), distance(metric, q, s.vector())))
                .filter(e -> e.distance() <= query.maxDistance().orElse(Double.POSITIVE_INFINITY))
                .sorted(Comparator.comparingDouble(Expected::distance))
                .skip(query.offset())
                .limit(k)
                .toList();
    }

    private static List<Expected> found(List<VectorHit> hits) {
        return hits.stream().map(hit -> new Expected(hit.id(), hit.distance())).toList();
    }

    @ParameterizedTest
    @EnumSource(
            value = Metric.class,
            names = {"COSINE", "L2", "L1"})
    void everyQueryFindsWhatAllVectorsSay(Metric table) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            VectorKVault vectors = vault.vectors("v", VectorOptions.of(DIMENSIONS, table));
            vault.transact(() -> {
                for (int i = 0; i < 9_000; i++) {
                    vectors.insert(vector(random), "group " + i % 10);
                }
                for (int i = 0; i < 300; i++) {
                    vectors.delete(1 + random.nextInt(9_000));
                }
            });
            Map<Long, StoredVector> stored = new TreeMap<>();
            vectors.scan().forEach(s -> stored.put(s.id(), s));
            try (Snapshot snapshot = vault.snapshot()) {
                for (int round = 0; round < 30; round++) {
                    List<VectorQuery> queries = new ArrayList<>();
                    List<Set<Long>> passing = new ArrayList<>();
                    for (int i = 0; i < 1 + round % 3; i++) {
                        Set<Long> pass = new HashSet<>(stored.keySet());
                        queries.add(query(random, pass, stored));
                        passing.add(pass);
                    }
                    int k = 1 + random.nextInt(40);
                    for (VectorReader reader : List.of(vectors, snapshot.vectors("v"))) {
                        List<List<VectorHit>> hits = reader.searchAll(queries, k);
                        for (int i = 0; i < queries.size(); i++) {
                            assertThat(found(hits.get(i)))
                                    .as("seed %d, %s", seed, queries.get(i))
                                    .isEqualTo(expected(stored, table, queries.get(i), k, passing.get(i)));
                        }
                    }
                    if (round == 20) { // what comes now stands in the log
                        vault.transact(() -> {
                            for (int i = 0; i < 5; i++) {
                                stored.put(vectors.insert(vector(random), "group 0"), stored.get(1L));
                            }
                            long changed = stored.keySet().iterator().next();
                            vectors.updateVector(changed, vector(random));
                        });
                        break;
                    }
                }
            }
            stored.clear();
            vectors.scan().forEach(s -> stored.put(s.id(), s));
            for (int i = 0; i < 3; i++) { // by SQL, and then in mapped pages and those of the log
                VectorQuery query = VectorQuery.of(vector(random)).withThreads(3);
                assertThat(found(vectors.search(query, 9)))
                        .isEqualTo(expected(stored, table, query, 9, stored.keySet()));
            }
            vault.transact(() -> {
                long mine = vectors.insert(vector(random), "mine");
                VectorQuery query = VectorQuery.of(vectors.get(mine).vector())
                        .withValues(value -> value.filter("mine"::equals).isPresent());
                assertThat(vectors.search(query, 3)).extracting(VectorHit::id).containsExactly(mine);
            });
        }
    }

    /** A query with some of all that one may have, and which vectors pass it. */
    private static VectorQuery query(Random random, Set<Long> passing, Map<Long, StoredVector> stored) {
        VectorQuery query = VectorQuery.of(vector(random)).withThreads(1 + random.nextInt(3));
        if (random.nextBoolean()) {
            query = query.withMetric(
                    List.of(Metric.COSINE, Metric.L2, Metric.L1, Metric.DOT).get(random.nextInt(4)));
        }
        if (random.nextInt(3) == 0) {
            query = query.withOffset(random.nextInt(20));
        }
        if (random.nextInt(3) == 0) {
            query = query.withMaxDistance(random.nextDouble() * 10 - 1);
        }
        switch (random.nextInt(5)) {
            case 0 -> {
                Set<Long> ids = LongStream.generate(() -> random.nextInt(9_100))
                        .limit(1 + random.nextInt(300))
                        .boxed()
                        .collect(Collectors.toSet());
                passing.retainAll(ids);
                query = query.withIds(ids);
            }
            case 1 -> {
                Set<Long> ids = LongStream.range(0, 9_000)
                        .filter(id -> id % 3 != 0)
                        .boxed()
                        .collect(Collectors.toSet());
                passing.retainAll(ids);
                query = query.withIds(ids);
            }
            case 2 -> {
                long from = random.nextInt(9_000);
                passing.removeIf(id -> id < from);
                query = query.withIds(id -> id >= from);
            }
            default -> {}
        }
        if (random.nextInt(3) == 0) {
            String group = "group " + random.nextInt(10);
            passing.removeIf(id -> !stored.get(id).value().equals(Optional.of(group)));
            query = query.withValues(value -> value.equals(Optional.of(group)));
        }
        return query;
    }

    @Test
    void hitsCarryTheirVectorsWhenTheyAreAskedTo() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            VectorKVault vectors = vault.vectors("v", VectorOptions.cosine(2));
            assertThat(vectors.searchAll(List.of(VectorQuery.of(1, 0), VectorQuery.of(0, 1)), 3))
                    .containsExactly(List.of(), List.of());
            long id = vectors.insert(new float[] {3, 4}, "a");
            VectorHit hit =
                    vectors.search(VectorQuery.of(1, 1).withVectors(), 1).get(0);
            assertThat(hit.vector().orElseThrow()).containsExactly(0.6f, 0.8f);
            assertThat(vectors.search(VectorQuery.of(1, 1), 1).get(0).vector()).isEmpty();
            assertThat(vectors.exists(id)).isTrue();
            assertThat(vectors.exists(id + 1)).isFalse();
            assertThat(vectors.searchAll(List.of(), 3)).isEmpty();
            assertThat(vectors.search(VectorQuery.of(1, 1).withIds(List.of(77L)), 3))
                    .isEmpty();
            assertThat(vectors.search(VectorQuery.of(1, 1).withOffset(Integer.MAX_VALUE), Integer.MAX_VALUE))
                    .isEmpty();
        }
    }

    @Test
    void whatAQueryCannotBeIsRefused() {
        assertThatThrownBy(() -> VectorQuery.of(1).withMaxDistance(Double.NaN)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> VectorQuery.of(1).withOffset(-1)).hasMessageContaining("-1");
        assertThatThrownBy(() -> VectorQuery.of(1).withThreads(0)).hasMessageContaining("1 to 64");
        assertThatThrownBy(() -> VectorOptions.of(2, Metric.DOT)).hasMessageContaining("DOT");
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            VectorKVault vectors = vault.vectors("v", VectorOptions.l2(2));
            vectors.insert(new float[] {1, 2}, 1);
            assertThatThrownBy(() -> vectors.search(VectorQuery.of(0, 0).withMetric(Metric.COSINE), 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("table v")
                    .hasMessageContaining("direction");
            assertThat(vectors.search(VectorQuery.of(0, 0), 1)).hasSize(1);
        }
    }

    /** A predicate's own exception comes out as it is, and nothing stays behind. */
    @Test
    void aPredicateThatThrowsEndsTheSearch() {
        Random random = new Random(5);
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            VectorKVault vectors = vault.vectors("v", VectorOptions.l2(DIMENSIONS));
            vault.transact(() -> {
                for (int i = 0; i < 9_000; i++) {
                    vectors.insert(vector(random), i);
                }
            });
            VectorQuery query = VectorQuery.of(vector(random)).withThreads(4).withValues(value -> {
                throw new IllegalStateException("mine");
            });
            for (int i = 0; i < 4; i++) {
                assertThatThrownBy(() -> vectors.search(query, 5))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("mine");
            }
            assertThat(vectors.search(VectorQuery.of(vector(random)).withThreads(4), 5))
                    .hasSize(5);
        }
    }

    /** More chunks than are looked through at once, of which each has eight slots. */
    @Test
    void idsAreAskedForInEveryChunk() {
        int dimensions = 2048;
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            VectorKVault vectors = vault.vectors("v", VectorOptions.l2(dimensions));
            vault.transact(() -> {
                for (int i = 1; i <= 2_100; i++) {
                    float[] vector = new float[dimensions];
                    vector[0] = i;
                    vectors.insert(vector, i);
                }
            });
            vectors.delete(2_047);
            List<Long> asked = new ArrayList<>();
            for (int round = 0; round < 2; round++) { // by SQL, then mapped
                asked.clear();
                List<VectorHit> hits = vectors.search(
                        VectorQuery.of(new float[dimensions]).withIds(id -> {
                            asked.add(id);
                            return id % 500 == 48 || id > 2_098;
                        }),
                        10);
                assertThat(hits)
                        .extracting(VectorHit::id)
                        .containsExactly(48L, 548L, 1_048L, 1_548L, 2_048L, 2_099L, 2_100L);
                assertThat(asked).hasSize(2_099).doesNotContain(2_047L).isSorted();
            }
        }
    }
}
