package io.kohakuvault.bench;

import io.kohakuvault.Vault;
import io.kohakuvault.kv.KVault;
import io.kohakuvault.text.NewDocument;
import io.kohakuvault.text.TextHit;
import io.kohakuvault.text.TextQuery;
import io.kohakuvault.text.TextVault;
import io.kohakuvault.vector.Metric;
import io.kohakuvault.vector.NewVector;
import io.kohakuvault.vector.VectorHit;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import io.kohakuvault.vector.VectorQuery;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The workloads of documents and vectors that the peers run too (src/main/python). Arguments: folder, file for the
 * lines, scale, workloads (all when none is named).
 */
public final class SearchBenchmark {
    static final Set<String> WORKLOADS = Set.of(
            "text_insert",
            "text_search",
            "text_search_or",
            "vec_insert",
            "vec_search_exact",
            "vec_search_exact_cosine",
            "vec_search_int8",
            "vec_search_bit",
            "vec_rerank",
            "rag_insert",
            "rag_replace");

    private static final int K = 10;

    private final Workloads w;
    private final double scale;

    private SearchBenchmark(Workloads workloads, double scale) {
        this.w = workloads;
        this.scale = scale;
    }

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        Files.createDirectories(folder);
        Set<String> only = Set.copyOf(Arrays.asList(args).subList(3, args.length));
        Workloads workloads = new Workloads(folder, Path.of(args[1]), 7, 8, only);
        SearchBenchmark benchmark = new SearchBenchmark(workloads, Double.parseDouble(args[2]));
        benchmark.texts();
        benchmark.vectors("l2", Metric.L2, "vec_search_exact");
        benchmark.vectors("cosine", Metric.COSINE, "vec_search_exact_cosine");
        SmallVectorBenchmark small = new SmallVectorBenchmark(workloads, benchmark.scaled(100_000));
        small.int8();
        small.bits();
        small.ranked();
        benchmark.together();
    }

    private int scaled(int n) {
        return Math.max(20, (int) (n * scale));
    }

    private void texts() throws Exception {
        if (!w.wanted("text_insert", "text_search", "text_search_or")) {
            return;
        }
        int n = scaled(20_000);
        List<NewDocument> documents = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            documents.add(new NewDocument(List.of(SearchData.document(i)), SearchData.number(i)));
        }
        w.write("text_insert", "", n, file -> () -> {}, nothing -> insertTexts(w.path("text_insert-run"), documents));
        Path file = w.path("text");
        insertTexts(file, documents);
        List<String> queries = new ArrayList<>();
        for (int i = 0; i < scaled(1_000); i++) {
            queries.add(SearchData.query(i));
        }
        w.read("text_search", "", queries.size(), file, Vault::open, vault -> search(vault, queries, false));
        w.read("text_search_or", "", queries.size(), file, Vault::open, vault -> search(vault, queries, true));
        Workloads.remove(file);
    }

    private static long insertTexts(Path file, List<NewDocument> documents) throws Exception {
        Workloads.remove(file);
        try (Vault vault = Vault.open(file)) {
            return vault.text("text_vault").insertAll(documents).length;
        }
    }

    private static List<Object> search(Vault vault, List<String> queries, boolean any) {
        TextVault texts = vault.text("text_vault");
        long hits = 0;
        double score = 0;
        for (String query : queries) {
            List<TextHit> found = texts.search(any ? TextQuery.any(query) : TextQuery.all(query), K);
            hits += found.size();
            score += found.isEmpty() ? 0 : found.get(0).score();
        }
        return List.of(hits, Math.round(score * 1000) / 1000.0);
    }

    private void vectors(String name, Metric metric, String workload) throws Exception {
        if (!w.wanted("vec_insert", workload)) {
            return;
        }
        int n = scaled(100_000);
        List<NewVector> vectors = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            vectors.add(new NewVector(SearchData.vector(i), SearchData.number(i)));
        }
        VectorOptions options = VectorOptions.of(SearchData.DIMENSIONS, metric);
        w.write(
                "vec_insert",
                name,
                n,
                file -> () -> {},
                nothing -> insertVectors(w.path("vec_insert-run"), options, vectors));
        Path file = w.path(workload);
        insertVectors(file, options, vectors);
        vectors.clear();
        search(workload, "", n, file, query -> query);
        search(workload, "threads-2", n, file, query -> query.withThreads(2));
        search(workload, "filter-1%", n, file, query -> query.withIds(id -> id % 100 == 0));
        Workloads.remove(file);
    }

    private static long insertVectors(Path file, VectorOptions options, List<NewVector> vectors) throws Exception {
        Workloads.remove(file);
        try (Vault vault = Vault.open(file)) {
            return vault.vectors("vec_kvault", options).insertAll(vectors).length;
        }
    }

    private void search(String workload, String variant, int n, Path file, UnaryOperator<VectorQuery> how)
            throws Exception {
        int count = 20;
        List<VectorQuery> queries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            queries.add(how.apply(VectorQuery.of(SearchData.wanted(i))));
        }
        w.read(workload, variant, count, file, Vault::open, vault -> {
            VectorKVault vectors = vault.vectors("vec_kvault");
            long sum = 0;
            for (VectorQuery query : queries) {
                List<VectorHit> hits = vectors.search(query, K);
                sum += n < 100 ? hits.size() : number(hits.get(0));
            }
            return sum;
        });
    }

    private static long number(VectorHit hit) {
        return Long.parseLong(new String((byte[]) hit.value().orElseThrow(), StandardCharsets.US_ASCII));
    }

    /** A document, its vector and its metadata by its key: one commit spans the three. */
    private void together() throws Exception {
        if (!w.wanted("rag_insert", "rag_replace")) {
            return;
        }
        int n = scaled(5_000);
        List<Triple> triples = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            triples.add(Triple.of(i, i));
        }
        for (int step : w.wanted("rag_insert") ? new int[] {1, 100} : new int[0]) {
            String variant = step == 1 ? "each" : "batch-100";
            w.write("rag_insert", variant, n, Store::new, store -> {
                for (int from = 0; from < n; from += step) {
                    store.insert(triples.subList(from, Math.min(n, from + step)));
                }
                return 0;
            });
        }
        List<Triple> first = triples.subList(0, Math.min(n, 1_000));
        List<Triple> others = new ArrayList<>();
        for (int i = 0; i < first.size(); i++) {
            others.add(Triple.of(i, n + i));
        }
        if (w.wanted("rag_replace")) {
            replaced(first, others);
        }
    }

    /** Both in one file, in turn: adding 1000, and putting others in their place. */
    private void replaced(List<Triple> first, List<Triple> others) throws Exception {
        Path file = w.path("rag_replaced");
        double inserted = Double.MAX_VALUE;
        double replaced = Double.MAX_VALUE;
        for (int round = 0; round < 6; round++) {
            Workloads.remove(file);
            try (Store store = Store.indexed(file)) {
                long start = System.nanoTime();
                store.insert(first);
                long between = System.nanoTime();
                store.replace(others);
                inserted = Math.min(inserted, (between - start) / 1e9);
                replaced = Math.min(replaced, (System.nanoTime() - between) / 1e9);
            }
        }
        Workloads.remove(file);
        System.out.printf(
                Locale.ROOT,
                "replacing %d documents with their vectors: %.1f ms, inserting them %.1f ms, %.2f times%n",
                first.size(),
                1e3 * replaced,
                1e3 * inserted,
                replaced / inserted);
    }

    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    private record Triple(String document, float[] vector, byte[] key, byte[] metadata) {
        static Triple of(int key, int content) {
            String document = SearchData.document(content);
            return new Triple(
                    document, SearchData.vector(content), SearchData.key(key), SearchData.metadata(content, document));
        }
    }

    /** A file with the three. */
    private static final class Store implements AutoCloseable {
        private final Vault vault;
        private final TextVault texts;
        private final VectorKVault vectors;
        private final KVault keys;

        Store(Path file) {
            vault = Vault.open(file);
            texts = vault.text("text_vault");
            vectors = vault.vectors("vec_kvault", VectorOptions.cosine(SearchData.DIMENSIONS));
            keys = vault.kv("kv");
        }

        static Store indexed(Path file) {
            Store store = new Store(file);
            store.texts.indexValues();
            store.vectors.indexValues();
            return store;
        }

        void insert(List<Triple> triples) {
            vault.transact(() -> {
                for (Triple triple : triples) {
                    texts.insert(triple.document, triple.key);
                    vectors.insert(triple.vector, triple.key);
                    keys.put(triple.key, triple.metadata);
                }
            });
        }

        void replace(List<Triple> triples) {
            vault.transact(() -> {
                for (Triple triple : triples) {
                    texts.put(triple.document, triple.key);
                    vectors.put(triple.vector, triple.key);
                    keys.put(triple.key, triple.metadata);
                }
            });
        }

        @Override
        public void close() {
            vault.close();
        }
    }
}
