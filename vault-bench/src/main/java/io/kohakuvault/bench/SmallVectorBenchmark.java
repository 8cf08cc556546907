package io.kohakuvault.bench;

import io.kohakuvault.Vault;
import io.kohakuvault.vector.Metric;
import io.kohakuvault.vector.NewByteVector;
import io.kohakuvault.vector.NewVector;
import io.kohakuvault.vector.Quantization;
import io.kohakuvault.vector.VectorHit;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import io.kohakuvault.vector.VectorQuery;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The vectors of the other searches as whole numbers and as bits, and searches by bits that floats put in order. */
final class SmallVectorBenchmark {
    private static final int QUERIES = 20;
    private static final int K = 10;

    private final Workloads w;
    private final int n;

    SmallVectorBenchmark(Workloads workloads, int n) {
        this.w = workloads;
        this.n = n;
    }

    void int8() throws Exception {
        for (Metric metric : List.of(Metric.L2, Metric.COSINE, Metric.L1)) {
            String variant = metric == Metric.L2 ? "" : metric.name().toLowerCase(Locale.ROOT);
            search(
                    "vec_search_int8",
                    variant,
                    VectorOptions.int8(SearchData.DIMENSIONS, metric),
                    Quantization::int8,
                    metric == Metric.L2);
        }
    }

    void bits() throws Exception {
        search("vec_search_bit", "", VectorOptions.bits(SearchData.DIMENSIONS), Quantization::bits, true);
    }

    private void search(
            String workload, String variant, VectorOptions options, Function<float[], byte[]> small, boolean threads)
            throws Exception {
        if (!w.wanted(workload)) {
            return;
        }
        Path file = w.path(workload);
        Workloads.remove(file);
        try (Vault vault = Vault.open(file)) {
            List<NewByteVector> vectors = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                vectors.add(new NewByteVector(small.apply(SearchData.vector(i)), SearchData.number(i)));
            }
            vault.vectors("vec_kvault", options).insertAllBytes(vectors);
        }
        run(workload, variant, file, small, query -> query);
        if (threads) {
            run(workload, "threads-2", file, small, query -> query.withThreads(2));
        }
        Workloads.remove(file);
    }

    private void run(
            String workload, String variant, Path file, Function<float[], byte[]> small, UnaryOperator<VectorQuery> how)
            throws Exception {
        List<VectorQuery> queries = new ArrayList<>();
        for (int i = 0; i < QUERIES; i++) {
            queries.add(how.apply(VectorQuery.of(small.apply(SearchData.wanted(i)))));
        }
        w.read(workload, variant, QUERIES, file, Vault::open, vault -> {
            VectorKVault vectors = vault.vectors("vec_kvault");
            double sum = 0;
            for (VectorQuery query : queries) {
                sum += vectors.search(query, K).get(0).distance();
            }
            return Math.round(1000 * sum);
        });
        if (variant.isEmpty() || !variant.startsWith("threads")) {
            cpu(workload, variant, file, queries);
        }
    }

    /** The CPU's time, which others on the machine disturb less. The peers in Python print theirs likewise. */
    private static void cpu(String workload, String variant, Path file, List<VectorQuery> queries) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        try (Vault vault = Vault.open(file)) {
            VectorKVault vectors = vault.vectors("vec_kvault");
            for (int round = 0; round < 15; round++) {
                for (VectorQuery query : queries) {
                    long begin = threads.getCurrentThreadCpuTime();
                    vectors.search(query, K);
                    least = Math.min(least, threads.getCurrentThreadCpuTime() - begin);
                }
            }
        }
        System.out.printf(
                Locale.ROOT, "%s java %s: %.2f ms of CPU a query, the least%n", workload, variant, least / 1e6);
    }

    /** Twenty times as many as are wanted by their bits, these by their floats; beside floats alone. */
    void ranked() throws Exception {
        if (!w.wanted("vec_rerank")) {
            return;
        }
        Path file = w.path("vec_rerank");
        Workloads.remove(file);
        List<float[]> queries = new ArrayList<>();
        for (int i = 0; i < QUERIES; i++) {
            queries.add(SearchData.wanted(i));
        }
        try (Vault vault = Vault.open(file)) {
            List<NewVector> vectors = new ArrayList<>();
            List<NewByteVector> bits = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                vectors.add(new NewVector(SearchData.vector(i), SearchData.number(i)));
                bits.add(new NewByteVector(Quantization.bits(SearchData.vector(i)), SearchData.number(i)));
            }
            vault.vectors("floats", VectorOptions.cosine(SearchData.DIMENSIONS)).insertAll(vectors);
            vault.vectors("bits", VectorOptions.bits(SearchData.DIMENSIONS)).insertAllBytes(bits);
        }
        w.read("vec_rerank", "floats", QUERIES, file, Vault::open, vault -> {
            queries.forEach(query -> vault.vectors("floats").search(query, K));
            return 0;
        });
        for (int times : new int[] {5, 20, 50}) {
            w.read("vec_rerank", "bits-" + times + "k", QUERIES, file, Vault::open, vault -> {
                queries.forEach(query -> ranked(vault, query, times));
                return 0;
            });
        }
        try (Vault vault = Vault.open(file)) {
            for (int times : new int[] {1, 5, 20, 50}) {
                int common = 0;
                for (float[] query : queries) {
                    Set<Long> nearest = ids(vault.vectors("floats").search(query, K));
                    nearest.retainAll(ids(ranked(vault, query, times)));
                    common += nearest.size();
                }
                System.out.printf(
                        Locale.ROOT,
                        "recall of %d among %,d, bits for %d times as many: %.3f%n",
                        K,
                        n,
                        times,
                        common / (double) (K * QUERIES));
            }
        }
        Workloads.remove(file);
    }

    private static List<VectorHit> ranked(Vault vault, float[] query, int times) {
        Set<Long> some = ids(vault.vectors("bits").search(Quantization.bits(query), times * K));
        return vault.vectors("floats").search(VectorQuery.of(query).withIds(some), K);
    }

    private static Set<Long> ids(List<VectorHit> hits) {
        Set<Long> ids = new HashSet<>();
        hits.forEach(hit -> ids.add(hit.id()));
        return ids;
    }
}
