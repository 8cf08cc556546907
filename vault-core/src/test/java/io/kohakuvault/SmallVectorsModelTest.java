package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.vector.Metric;
import io.kohakuvault.vector.NewByteVector;
import io.kohakuvault.vector.StoredVector;
import io.kohakuvault.vector.VectorHit;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import io.kohakuvault.vector.VectorQuery;
import io.kohakuvault.vector.VectorReader;
import io.kohakuvault.vector.VectorType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Seeded histories of tables of whole numbers and of bits, beside a map that is searched number by number. */
class SmallVectorsModelTest {
    @TempDir
    Path folder;

    private record Entry(byte[] vector, String value) {}

    private record Found(long id, double distance) {}

    static List<VectorOptions> tables() {
        return List.of(
                VectorOptions.int8(29, Metric.L2),
                VectorOptions.int8(1100, Metric.L2), // whose sums leave what single precision holds
                VectorOptions.int8(31, Metric.L1),
                VectorOptions.int8(2050, Metric.COSINE),
                VectorOptions.int8(30, Metric.COSINE),
                VectorOptions.bits(72),
                VectorOptions.bits(1024));
    }

    /** As sqlite-vec adds up, in single precision and in order. */
    private static double distance(VectorOptions options, Metric metric, byte[] a, byte[] b) {
        float dot = 0;
        float aa = 0;
        float bb = 0;
        float l2 = 0;
        long l1 = 0;
        long exactDot = 0;
        int differing = 0;
        for (int i = 0; i < a.length; i++) {
            float difference = a[i] - b[i];
            l2 += difference * difference;
            l1 += Math.abs(a[i] - b[i]);
            dot += a[i] * b[i];
            aa += a[i] * a[i];
            bb += b[i] * b[i];
            exactDot += a[i] * b[i];
            for (int bit = 0; bit < 8; bit++) {
                differing += ((a[i] >> bit) & 1) != ((b[i] >> bit) & 1) ? 1 : 0;
            }
        }
        if (options.type() == VectorType.BIT) {
            return differing;
        }
        return switch (metric) {
            case L2 -> (float) Math.sqrt(l2);
            case L1 -> l1;
            case COSINE -> (float) (1 - dot / (Math.sqrt(aa) * Math.sqrt(bb)));
            default -> (float) -exactDot;
        };
    }

    private static byte[] vector(VectorOptions options, Random random) {
        byte[] vector = new byte[options.type().bytes(options.dimensions())];
        random.nextBytes(vector);
        vector[0] |= 1;
        if (random.nextInt(3) == 0) { // as far away as can be
            for (int i = 0; i < vector.length; i++) {
                vector[i] = random.nextInt(20) == 0 ? 5 : vector[i] < 0 ? -128 : (byte) 127;
            }
        }
        return vector;
    }

    @ParameterizedTest
    @MethodSource("tables")
    void everyHistoryLeavesWhatAPlainMapHas(VectorOptions options) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Path file = folder.resolve("a.db");
        Map<Long, Entry> model = new TreeMap<>();
        Vault vault = Vault.open(file);
        try {
            for (int step = 0; step < 400; step++) {
                VectorKVault vectors = vault.vectors("v", options);
                long id = model.isEmpty() ? -1 : new ArrayList<>(model.keySet()).get(random.nextInt(model.size()));
                byte[] vector = vector(options, random);
                String value = "value " + random.nextInt(200);
                switch (random.nextInt(12)) {
                    case 0, 1, 2 -> model.put(vectors.insert(vector, value), new Entry(vector, value));
                    case 3 -> {
                        List<NewByteVector> many = new ArrayList<>();
                        for (int i = 0; i < 30; i++) {
                            many.add(new NewByteVector(vector(options, random), "many " + i % 7));
                        }
                        long[] ids = vectors.insertAllBytes(many);
                        for (int i = 0; i < ids.length; i++) {
                            model.put(ids[i], new Entry(many.get(i).vector(), "many " + i % 7));
                        }
                    }
                    case 4, 5 -> assertThat(vectors.delete(id)).isEqualTo(model.remove(id) != null);
                    case 6 -> {
                        assertThat(vectors.updateVector(id, vector)).isEqualTo(model.containsKey(id));
                        model.computeIfPresent(id, (k, e) -> new Entry(vector, e.value));
                    }
                    case 7 -> {
                        List<Long> had = model.entrySet().stream()
                                .filter(e -> e.getValue().value.equals(value))
                                .map(Map.Entry::getKey)
                                .toList();
                        had.forEach(model::remove);
                        long put = vectors.put(vector, value);
                        if (!had.isEmpty()) {
                            assertThat(put).isEqualTo(had.get(0));
                        }
                        model.put(put, new Entry(vector, value));
                    }
                    case 8 -> {
                        vault.transact(() -> {
                            model.put(vectors.insert(vector, value), new Entry(vector, value));
                            if (vectors.delete(id)) {
                                model.remove(id);
                            }
                            check(seed, options, model, vectors, random); // by SQL, with what is gathered still
                        });
                    }
                    case 9 -> {
                        if (random.nextInt(15) == 0) {
                            vectors.clear();
                            model.clear();
                        }
                    }
                    case 10 -> {
                        if (random.nextInt(5) == 0) {
                            vault.close();
                            vault = Vault.open(file);
                        }
                    }
                    default -> check(seed, options, model, vectors, random);
                }
            }
            try (Snapshot snapshot = vault.snapshot()) {
                check(seed, options, model, snapshot.vectors("v"), random);
            }
            assertThat(vault.maintenance().verify(Progress.none()).findings())
                    .as("seed %d", seed)
                    .isEmpty();
        } finally {
            vault.close();
        }
    }

    private static void check(
            long seed, VectorOptions options, Map<Long, Entry> model, VectorReader vectors, Random random) {
        assertThat(vectors.count()).as("seed %d", seed).isEqualTo(model.size());
        int read = 0;
        for (StoredVector stored : vectors.scan()) {
            Entry entry = model.get(stored.id());
            assertThat(stored.bytes()).as("seed %d, id %d", seed, stored.id()).isEqualTo(entry.vector);
            assertThat(stored.value()).contains(entry.value);
            read++;
        }
        assertThat(read).isEqualTo(model.size());
        List<VectorQuery> queries = new ArrayList<>();
        List<List<Found>> expected = new ArrayList<>();
        int k = 1 + random.nextInt(40);
        for (int i = 0; i < 3; i++) {
            byte[] wanted = vector(options, random);
            VectorQuery query = VectorQuery.of(wanted).withThreads(1 + random.nextInt(3));
            Metric metric = options.type() == VectorType.BIT
                    ? Metric.HAMMING
                    : List.of(Metric.L2, Metric.L1, Metric.COSINE, Metric.DOT).get(random.nextInt(4));
            query = query.withMetric(metric);
            Set<Long> passing = model.keySet();
            int modulus = 1 + random.nextInt(4);
            if (modulus > 1) {
                passing = passing.stream().filter(id -> id % modulus == 0).collect(Collectors.toSet());
                query = random.nextBoolean() ? query.withIds(passing) : query.withIds(id -> id % modulus == 0);
            }
            Set<Long> among = passing;
            List<Found> all = model.entrySet().stream()
                    .filter(e -> among.contains(e.getKey()))
                    .map(e -> new Found(e.getKey(), distance(options, metric, wanted, e.getValue().vector)))
                    .sorted(Comparator.comparingDouble(Found::distance))
                    .toList();
            int offset = random.nextInt(5);
            query = query.withOffset(offset);
            if (!all.isEmpty() && random.nextBoolean()) {
                double radius = all.get(random.nextInt(all.size())).distance;
                query = query.withMaxDistance(radius);
                all = all.stream().filter(found -> found.distance <= radius).toList();
            }
            queries.add(query);
            expected.add(all.stream().skip(offset).limit(k).toList());
        }
        List<List<VectorHit>> hits = vectors.searchAll(queries, k);
        for (int i = 0; i < hits.size(); i++) {
            // Vectors at the same distance come in the order of their places, which the model has not.
            assertThat(hits.get(i).stream().map(VectorHit::distance).toList())
                    .as("seed %d: %s", seed, queries.get(i))
                    .isEqualTo(expected.get(i).stream().map(Found::distance).toList());
            assertThat(hits.get(i).stream().map(VectorHit::id).distinct().count())
                    .isEqualTo(hits.get(i).size());
            byte[] wanted = queries.get(i).bytes().orElseThrow();
            Metric metric = queries.get(i).metric().orElseThrow();
            hits.get(i)
                    .forEach(hit -> assertThat(hit.distance())
                            .isEqualTo(distance(options, metric, wanted, model.get(hit.id()).vector)));
        }
    }
}
