package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.maintenance.Content;
import io.kohakuvault.maintenance.Finding;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.search.HybridHit;
import io.kohakuvault.search.HybridQuery;
import io.kohakuvault.search.HybridSearch;
import io.kohakuvault.text.TextQuery;
import io.kohakuvault.vector.Metric;
import io.kohakuvault.vector.NewByteVector;
import io.kohakuvault.vector.NewVector;
import io.kohakuvault.vector.Quantization;
import io.kohakuvault.vector.StoredVector;
import io.kohakuvault.vector.VectorHit;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import io.kohakuvault.vector.VectorQuery;
import io.kohakuvault.vector.VectorType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Vectors of whole numbers and of bits, from a caller's side. */
class SmallVectorsTest {
    @TempDir
    Path folder;

    static List<VectorOptions> small() {
        return List.of(
                VectorOptions.int8(16, Metric.L2),
                VectorOptions.int8(16, Metric.L1),
                VectorOptions.int8(16, Metric.COSINE),
                VectorOptions.bits(16));
    }

    private static byte[] vector(VectorOptions options, int... numbers) {
        byte[] bytes = new byte[options.type().bytes(options.dimensions())];
        for (int i = 0; i < numbers.length; i++) {
            bytes[i] = (byte) numbers[i];
        }
        return bytes;
    }

    /** The same vector by its numbers and by its bytes is the same vector. */
    @ParameterizedTest
    @MethodSource("small")
    void numbersAndBytesAreTwoFormsOfOneVector(VectorOptions options) {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            VectorKVault vectors = vault.vectors("v", options);
            byte[] bytes = vector(options, 5, -3);
            long first = vectors.insert(bytes, "first");
            float[] numbers = vectors.get(first).vector();
            assertThat(numbers).hasSize(16);
            assertThat(numbers[0]).isEqualTo(options.type() == VectorType.BIT ? 1 : 5);
            assertThat(numbers[1]).isEqualTo(options.type() == VectorType.BIT ? 0 : -3);
            long second = vectors.insert(numbers, "second");
            assertThat(vectors.get(second).bytes()).isEqualTo(bytes);
            long[] more = vectors.insertAll(List.of(new NewVector(numbers, "third")));
            long[] others =
                    vectors.insertAllBytes(List.of(new NewByteVector(bytes, "fourth"), new NewByteVector(bytes, 5)));
            long[] restored =
                    vectors.restoreAll(List.of(new NewVector(vectors.get(first).vector(), "sixth")));
            assertThat(vectors.put(numbers, "first")).isEqualTo(first);
            assertThat(vectors.put(bytes, "seventh")).isEqualTo(7);
            assertThat(List.of(more[0], others[0], others[1], restored[0])).containsExactly(3L, 4L, 5L, 6L);
            assertThat(vectors.insertAllBytes(List.of())).isEmpty();
            for (VectorQuery query : List.of(VectorQuery.of(bytes), VectorQuery.of(numbers))) {
                List<VectorHit> hits = vectors.search(query.withVectors(), 10);
                assertThat(hits)
                        .hasSize(7)
                        .allMatch(hit -> hit.distance() == hits.get(0).distance());
                assertThat(hits.get(0).distance()).isLessThan(1e-6);
                assertThat(hits.get(0).vector().orElseThrow()).isEqualTo(numbers);
                assertThat(hits.get(0).bytes().orElseThrow()).isEqualTo(bytes);
            }
            assertThat(vectors.search(bytes, 1).get(0).bytes()).isEmpty();
            assertThat(vectors.updateVector(first, vector(options, 1, 1))).isTrue();
            assertThat(vectors.get(first).bytes()).isEqualTo(vector(options, 1, 1));
            assertThat(vectors.updateVector(first, numbers)).isTrue();
            assertThat(vectors.get(first).bytes()).isEqualTo(bytes);
            assertThat(vectors.updateVector(99, bytes)).isFalse();
            vectors.check(bytes);
            vectors.check(numbers);
        }
    }

    @Test
    void floatsMayComeAsTheBytesThatTheyAreStoredAs() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            VectorKVault vectors = vault.vectors("v", VectorOptions.l2(2));
            long id = vectors.insert(new float[] {1.5f, -2}, "x");
            byte[] bytes = vectors.get(id).bytes();
            assertThat(bytes).containsExactly(0, 0, 0xC0, 0x3F, 0, 0, 0, 0xC0);
            assertThat(vectors.get(vectors.insert(bytes, "y")).vector()).containsExactly(1.5f, -2);
            assertThat(vectors.search(bytes, 2)).allMatch(hit -> hit.distance() == 0);
            VectorKVault unit = vault.vectors("u", VectorOptions.cosine(2));
            assertThat(unit.get(unit.insert(bytes, "y")).vector()).containsExactly(0.6f, -0.8f);
        }
    }

    private static void refused(Runnable call, String... says) {
        assertThatThrownBy(call::run)
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(says));
    }

    @Test
    void whatAColumnCannotHoldIsRefusedWhereverItComesIn() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            VectorKVault bytes = vault.vectors("i", VectorOptions.int8(16, Metric.COSINE));
            VectorKVault bits = vault.vectors("b", VectorOptions.bits(16));
            VectorKVault floats = vault.vectors("f", VectorOptions.l2(16));
            long id = bytes.insert(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}, "x");
            float[] half = new float[16];
            half[3] = 0.5f;
            float[] large = new float[16];
            large[15] = 128;
            float[] nan = new float[16];
            nan[2] = Float.NaN;
            for (Consumer<float[]> call : List.<Consumer<float[]>>of(
                    v -> bytes.insert(v, 1),
                    v -> bytes.put(v, 1),
                    v -> bytes.updateVector(id, v),
                    v -> bytes.check(v),
                    v -> bytes.search(v, 1),
                    v -> bytes.search(v, 0),
                    v -> bytes.insertAll(List.of(new NewVector(v, 1))),
                    v -> bytes.restoreAll(List.of(new NewVector(v, 1))))) {
                refused(() -> call.accept(half), "table i", "index 3", "0.5", "Quantization.int8");
                refused(() -> call.accept(large), "table i", "index 15", "128");
                refused(() -> call.accept(nan), "table i", "index 2", "NaN");
                refused(() -> call.accept(new float[16]), "table i", "direction");
                refused(() -> call.accept(new float[15]), "table i", "16", "15");
            }
            for (Consumer<byte[]> call : List.<Consumer<byte[]>>of(
                    v -> bytes.insert(v, 1),
                    v -> bytes.put(v, 1),
                    v -> bytes.updateVector(id, v),
                    v -> bytes.check(v),
                    v -> bytes.search(v, 1),
                    v -> bytes.insertAllBytes(List.of(new NewByteVector(v, 1))))) {
                refused(() -> call.accept(new byte[16]), "table i", "direction");
                refused(() -> call.accept(new byte[2]), "table i", "16 bytes", "2");
                refused(() -> call.accept(new byte[64]), "table i", "16 bytes", "64");
            }
            refused(() -> bits.insert(half, 1), "table b", "index 3", "0.5", "Quantization.bits");
            refused(() -> bits.insert(large, 1), "table b", "index 15", "128");
            refused(() -> bits.insert(nan, 1), "table b", "index 2", "NaN");
            refused(() -> bits.insert(new byte[16], 1), "table b", "2 bytes", "16");
            refused(() -> bits.search(new float[8], 1), "table b", "16", "8");
            refused(() -> floats.insert(new byte[16], 1), "table f", "64 bytes", "16");
            refused(() -> floats.search(new byte[2], 1), "table f", "64 bytes", "2");
            assertThat(bits.count() + floats.count()).isZero();
            assertThat(bytes.count()).isEqualTo(1);
            assertThat(bits.insert(new byte[2], "all bits are 0")).isEqualTo(1);
            assertThatThrownBy(() -> VectorQuery.of(new byte[2]).vector())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("bytes");
            assertThat(VectorQuery.of(new byte[] {1, 2}).bytes().orElseThrow()).containsExactly(1, 2);
            assertThat(VectorQuery.of(1, 2).bytes()).isEmpty();
            assertThat(VectorQuery.of(new byte[2])).hasToString("VectorQuery[2 bytes]");
        }
    }

    @Test
    void distancesBelongToTypes() {
        refused(() -> VectorOptions.of(8, Metric.HAMMING), "HAMMING", "VectorOptions.bits");
        refused(() -> VectorOptions.int8(8, Metric.HAMMING), "HAMMING", "INT8");
        refused(() -> VectorOptions.int8(8, Metric.DOT), "DOT");
        refused(() -> VectorOptions.int8(8193, Metric.L2), "8192");
        refused(() -> VectorOptions.bits(12), "multiple of 8", "12");
        refused(() -> VectorOptions.bits(0), "dimensions");
        refused(() -> VectorOptions.bits(8200), "8192");
        assertThat(VectorOptions.bits(8)).hasToString("VectorOptions[dimensions=8, metric=HAMMING, type=BIT]");
        assertThat(VectorOptions.int8(8, Metric.L2)).isNotEqualTo(VectorOptions.l2(8));
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            VectorKVault bits = vault.vectors("b", VectorOptions.bits(8));
            for (Metric metric : List.of(Metric.L2, Metric.L1, Metric.COSINE, Metric.DOT)) {
                refused(
                        () -> bits.search(VectorQuery.of(new byte[1]).withMetric(metric), 1),
                        "table b",
                        "HAMMING",
                        metric.name());
            }
            for (VectorOptions options : List.of(VectorOptions.int8(8, Metric.L2), VectorOptions.l2(8))) {
                VectorKVault vectors = vault.vectors(options.type().name(), options);
                refused(
                        () -> vectors.search(VectorQuery.of(new float[8]).withMetric(Metric.HAMMING), 1),
                        "HAMMING",
                        options.type().name());
                refused(() -> vectors.search(VectorQuery.of(new float[8]).withMetric(Metric.COSINE), 1), "direction");
            }
            bits.insert(new byte[1], 1);
            refused(() -> vault.vectors("b", VectorOptions.int8(8, Metric.L2)), "type=BIT", "type=INT8");
            refused(() -> vault.vectors("b", VectorOptions.l2(8)), "type=BIT", "L2");
        }
    }

    /** Vectors without a distance, which only sqlite-vec takes in, come last; verify finds them. */
    @Test
    void zerosOfOtherProgramsHaveNoDirection() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            VectorKVault vectors = vault.vectors("v", VectorOptions.int8(8, Metric.COSINE));
            for (int i = 1; i <= 3; i++) {
                vectors.insert(new byte[] {1, (byte) i, 0, 0, 0, 0, 0, 0}, i);
            }
        }
        TestSql.run(
                file,
                "UPDATE v_vector_chunks00 SET vectors = unhex(hex(zeroblob(8)) || substr(hex(vectors), 17))"); // the
        // first
        // one
        try (Vault vault = Vault.open(file)) {
            List<VectorHit> hits = vault.vectors("v").search(new byte[] {1, 3, 0, 0, 0, 0, 0, 0}, 9);
            assertThat(hits).extracting(VectorHit::id).containsExactly(3L, 2L, 1L);
            assertThat(hits.get(2).distance()).isNaN();
            assertThat(vault.maintenance().verify(Progress.none()).findings())
                    .singleElement()
                    .matches(f ->
                            f.severity() == Finding.Severity.WARNING && f.what().contains("no distance"));
        }
    }

    /** Vector 9 is in slot 0 of chunk 2, which inserts fill. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "UPDATE v_vector_chunks00 SET vectors = substr(vectors, 2)",
                "UPDATE v_vector_chunks00 SET vectors = vectors || x'00'",
                "UPDATE v_vector_chunks00 SET vectors = zeroblob(4 * length(vectors))",
                "DELETE FROM v_vector_chunks00",
                "UPDATE v_chunks SET rowids = x''",
                "UPDATE v_chunks SET size = 8"
            })
    void damageIsToldAndNothingIsChanged(String damage) throws Exception {
        for (VectorOptions options : List.of(VectorOptions.int8(8192, Metric.L2), VectorOptions.bits(8192))) {
            Path file = folder.resolve(options.type() + ".db");
            byte[] query = vector(options, 3);
            try (Vault vault = Vault.open(file)) {
                VectorKVault vectors = vault.vectors("v", options);
                for (int i = 0; i < 70; i++) {
                    vectors.insert(vector(options, i), i);
                }
            }
            String slots = options.type() == VectorType.BIT ? "64" : "8";
            assertThat(TestSql.strings(file, "SELECT DISTINCT size FROM v_chunks"))
                    .containsExactly(slots);
            TestSql.run(file, damage.replace("size = 8", "size = 16"));
            try (Vault vault = Vault.open(file)) {
                VectorKVault vectors = vault.vectors("v");
                for (Runnable call : List.<Runnable>of(
                        () -> vectors.search(query, 3),
                        () -> vectors.search(VectorQuery.of(query).withIds(List.of(3L)), 3),
                        () -> vectors.get(70),
                        () -> vectors.insert(query, 70),
                        () -> vectors.delete(3),
                        () -> {
                            try (Snapshot snapshot = vault.snapshot()) {
                                snapshot.vectors("v").search(query, 3);
                            }
                        })) {
                    assertThatThrownBy(call::run)
                            .isInstanceOf(VaultCorruptException.class)
                            .hasMessageContaining(file.toString());
                }
                assertThat(vault.maintenance().verify(Progress.none()).isSound())
                        .isFalse();
                assertThat(vault.contents().list())
                        .singleElement()
                        .matches(c -> c.kind() == Content.Kind.VECTORS && c.count() == 70);
            }
            assertThat(TestSql.number(file, "SELECT count(*) FROM v_values")).isEqualTo(70);
        }
    }

    @Test
    void wordsAndSmallVectorsAreOneRanking() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            VectorKVault bits = vault.vectors("b", VectorOptions.bits(64));
            vault.text("t").insert("stop reading messages", "a");
            vault.text("t").insert("wake a consumer", "b");
            bits.insert(new byte[] {1, 1, 1, 1, 1, 1, 1, 1}, "a");
            bits.insert(new byte[] {-1, -1, 0, 0, 0, 0, 0, 0}, "b");
            List<HybridHit> hits = HybridSearch.of(vault.text("t"), bits)
                    .search(
                            HybridQuery.of(
                                    TextQuery.any("consumer"), VectorQuery.of(new byte[] {-1, -1, 1, 0, 0, 0, 0, 0})),
                            2);
            assertThat(hits).extracting(hit -> hit.value().orElseThrow()).containsExactly("b", "a");
            assertThat(hits.get(0).vector().orElseThrow().distance()).isEqualTo(1);
        }
    }

    /** Clustered vectors with noise, as embeddings are; no threshold that could not be missed. */
    @Test
    void someMoreByBitsAndOrderedByFloatsAreNearlyTheNearest() {
        Random random = new Random(5);
        int dimensions = 256;
        List<float[]> centres = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            centres.add(near(random, new float[dimensions], 1));
        }
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            VectorKVault floats = vault.vectors("f", VectorOptions.cosine(dimensions));
            VectorKVault bits = vault.vectors("b", VectorOptions.bits(dimensions));
            VectorKVault bytes = vault.vectors("i", VectorOptions.int8(dimensions, Metric.COSINE));
            vault.transact(() -> {
                for (int i = 0; i < 4_000; i++) {
                    float[] vector = near(random, centres.get(i % 40), 0.8f);
                    long id = floats.insert(vector, i);
                    assertThat(bits.insert(Quantization.bits(vector), i)).isEqualTo(id);
                    assertThat(bytes.insert(Quantization.int8(floats.get(id).vector()), i))
                            .isEqualTo(id);
                }
            });
            int byBits = 0;
            int ranked = 0;
            int byBytes = 0;
            for (int i = 0; i < 20; i++) {
                float[] query = near(random, centres.get(i), 0.8f);
                Set<Long> nearest = ids(floats.search(query, 10));
                List<VectorHit> some = bits.search(Quantization.bits(query), 100);
                byBits += common(nearest, ids(some.subList(0, 10)));
                Set<Long> candidates = ids(some);
                ranked +=
                        common(nearest, ids(floats.search(VectorQuery.of(query).withIds(candidates), 10)));
                byBytes += common(nearest, ids(bytes.search(Quantization.int8(unit(query)), 10)));
            }
            System.out.printf(
                    "recall of 10: bits %.2f, ranked %.2f, int8 %.2f%n", byBits / 200., ranked / 200., byBytes / 200.);
            assertThat(ranked).isGreaterThan(byBits).isGreaterThanOrEqualTo(180);
            assertThat(byBytes).isGreaterThanOrEqualTo(180);
        }
    }

    private static float[] near(Random random, float[] centre, float noise) {
        float[] vector = new float[centre.length];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = centre[i] + noise * (float) random.nextGaussian();
        }
        return vector;
    }

    private static float[] unit(float[] vector) {
        double sum = 0;
        for (float x : vector) {
            sum += (double) x * x;
        }
        float[] unit = new float[vector.length];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = (float) (vector[i] / Math.sqrt(sum));
        }
        return unit;
    }

    private static Set<Long> ids(List<VectorHit> hits) {
        Set<Long> ids = new HashSet<>();
        hits.forEach(hit -> ids.add(hit.id()));
        return ids;
    }

    private static int common(Set<Long> a, Set<Long> b) {
        Set<Long> both = new HashSet<>(a);
        both.retainAll(b);
        return both.size();
    }

    /** What was exported by its numbers is the same again, whatever the type. */
    @ParameterizedTest
    @MethodSource("small")
    void whatWasReadIsRestored(VectorOptions options) {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            VectorKVault from = vault.vectors("a", options);
            Random random = new Random(3);
            for (int i = 0; i < 300; i++) {
                byte[] bytes = new byte[options.type().bytes(16)];
                random.nextBytes(bytes);
                from.insert(bytes, i);
            }
            List<NewVector> read = new ArrayList<>();
            from.scan()
                    .forEach(stored -> read.add(
                            new NewVector(stored.vector(), stored.value().orElseThrow())));
            VectorKVault to = vault.vectors("b", options);
            to.restoreAll(read);
            for (StoredVector stored : from.scan()) {
                assertThat(to.get(stored.id()).bytes()).isEqualTo(stored.bytes());
            }
        }
    }
}
