package io.kohakuvault.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Runs the workloads in Java and, where Python and its packages can be had, those of the peers right after each, and
 * prints them side by side: nanoseconds a unit, the least of each, and ratios to the goals. Arguments: folder, scripts,
 * scale, workloads (all when none is named).
 */
public final class PeerComparison {
    private static final List<String> PACKAGES = List.of(
            PythonEnvironment.KOHAKUVAULT,
            PythonEnvironment.NUMPY,
            "apsw==3.54.1.0",
            "sqlite-vec==0.1.9",
            "duckdb==2.0.0",
            "pyarrow==26.0.1",
            "lmdb==3.0.0",
            "pylance==14.0.2");

    private static final List<String> WORKLOADS = List.of(
            "kv_put_batch",
            "kv_put_each",
            "kv_get",
            "kv_get_4threads",
            "kv_scan",
            "col_append_each",
            "col_append_1000x",
            "col_extend",
            "col_extend_list",
            "col_slice100",
            "col_take",
            "col_insert_mid",
            "col_delete_mid",
            "var_append",
            "var_random_get",
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

    private static final List<String> PEERS =
            List.of("kohakuvault", "sqlite", "duckdb", "lance", "ipc", "parquet", "lmdb");

    /** A variant of ours, a peer and how many times its speed is wanted. */
    private record Goal(String workload, String variant, String peer, double times) {}

    private static final List<Goal> GOALS = List.of(
            new Goal("kv_put_batch", "java", "kohakuvault", 1.0),
            new Goal("kv_put_batch", "java/load", "kohakuvault", 1.0),
            new Goal("kv_put_each", "java", "kohakuvault", 0.9),
            new Goal("kv_put_each", "java/page-4k", "kohakuvault", 2),
            new Goal("kv_get", "java", "kohakuvault", 1.2),
            new Goal("kv_get", "java/snapshot", "lmdb", 1),
            new Goal("kv_get", "java/getAll-1000", "kohakuvault/get_many-1000", 1),
            new Goal("kv_get_4threads", "java", "kohakuvault", 1.5),
            new Goal("kv_scan", "java", "kohakuvault", 1.3),
            new Goal("col_append_each", "java", "duckdb", 4),
            new Goal("col_append_each", "java", "lance", 10),
            new Goal("col_append_each", "java/page-4k", "kohakuvault", 1),
            new Goal("col_append_1000x", "java", "duckdb", 4),
            new Goal("col_append_1000x", "java", "lance", 6),
            new Goal("col_append_1000x", "java/page-4k", "kohakuvault", 1),
            new Goal("col_extend", "java", "kohakuvault", 2),
            new Goal("col_extend", "java", "duckdb", 1),
            new Goal("col_extend", "java/load", "kohakuvault", 2),
            new Goal("col_extend", "java/load", "duckdb", 1),
            new Goal("col_extend_list", "java", "kohakuvault", 1.5),
            new Goal("col_slice100", "java/snapshot", "kohakuvault/read_array", 10),
            new Goal("col_slice100", "java/snapshot", "ipc", 1),
            new Goal("col_take", "java/snapshot", "kohakuvault", 2),
            new Goal("col_insert_mid", "java", "kohakuvault", 5),
            new Goal("col_insert_mid", "java", "parquet/none", 1),
            new Goal("col_delete_mid", "java", "kohakuvault", 5),
            new Goal("col_delete_mid", "java", "parquet/none", 1),
            new Goal("var_append", "java", "kohakuvault", 4),
            new Goal("var_append", "java/load", "kohakuvault", 4),
            new Goal("var_random_get", "java/snapshot", "kohakuvault", 20),
            new Goal("var_random_get", "java/snapshot", "sqlite", 1),
            new Goal("text_insert", "java", "kohakuvault", 3),
            new Goal("text_insert", "java", "sqlite", 0.9),
            new Goal("text_search", "java", "kohakuvault", 1.1),
            new Goal("text_search_or", "java", "kohakuvault", 2),
            new Goal("vec_insert", "java/l2", "kohakuvault/l2", 6),
            new Goal("vec_insert", "java/l2", "sqlite/vec0-l2", 1),
            new Goal("vec_search_exact", "java", "kohakuvault", 3),
            new Goal("vec_search_exact", "java", "sqlite/vec0", 2),
            new Goal("vec_search_exact", "java/threads-2", "java", 1.7),
            new Goal("vec_search_exact", "java/filter-1%", "java", 5),
            new Goal("vec_search_exact_cosine", "java", "kohakuvault", 3),
            new Goal("vec_search_exact_cosine", "java", "sqlite/vec0", 2),
            new Goal("vec_search_int8", "java", "sqlite/vec0", 1),
            new Goal("vec_search_int8", "java/cosine", "sqlite/vec0-cosine", 1),
            new Goal("vec_search_bit", "java", "sqlite/vec0", 2),
            new Goal("rag_insert", "java/batch-100", "kohakuvault/batch-100", 4),
            new Goal("rag_insert", "java/each", "kohakuvault/each", 1.2));

    /** Reads whose checks are the same in every engine that does as many of them. */
    private static final Set<String> CHECKED = Set.of(
            "kv_get", "kv_get_4threads", "kv_scan", "col_slice100", "col_take", "var_random_get", "vec_search_bit");

    private PeerComparison() {}

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]).toAbsolutePath();
        Path scripts = Path.of(args[1]);
        String scale = args[2];
        List<String> workloads = args.length > 3 ? List.of(args).subList(3, args.length) : WORKLOADS;
        Files.createDirectories(folder);
        Path lines = folder.resolve("lines.jsonl");
        Files.deleteIfExists(lines);
        Path python = PythonEnvironment.in(folder.resolve("venv"), PACKAGES);
        for (String workload : workloads) {
            List<String> java = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx2g"));
            java.addAll(List.of(System.getProperty("vault.jvm.flags", "").split(" ")));
            java.addAll(List.of(
                    "-cp",
                    System.getProperty("java.class.path"),
                    (SearchBenchmark.WORKLOADS.contains(workload) ? SearchBenchmark.class : StoreBenchmark.class)
                            .getName(),
                    folder.resolve("java").toString(),
                    lines.toString(),
                    scale,
                    workload));
            PythonEnvironment.run(java);
            if (python != null) {
                for (String peer : PEERS) {
                    PythonEnvironment.run(List.of(
                            python.toString(),
                            scripts.resolve("bench.py").toString(),
                            "--peer",
                            peer,
                            "--workload",
                            workload,
                            "--scale",
                            scale,
                            "--budget",
                            "8",
                            "--out",
                            lines.toString()));
                }
            }
        }
        table(lines);
    }

    private static void table(Path lines) throws IOException {
        Map<String, Map<String, Double>> nanos = new TreeMap<>();
        Map<String, JsonNode> checks = new HashMap<>();
        for (String line : Files.readAllLines(lines)) {
            JsonNode node = new ObjectMapper().readTree(line);
            if (node.has("check") && CHECKED.contains(node.path("workload").asText())) {
                String work = node.get("workload").asText() + " of " + node.get("n");
                JsonNode first = checks.putIfAbsent(work, node);
                if (first != null && !first.get("check").equals(node.get("check"))) {
                    throw new IllegalStateException(work + ": " + first.get("peer") + " found " + first.get("check")
                            + ", " + node.get("peer") + " " + node.get("check"));
                }
            }
            if (node.has("min_s")) {
                nanos.computeIfAbsent(node.get("workload").asText(), k -> new TreeMap<>())
                        .put(
                                node.get("peer").asText(),
                                1e9
                                        * node.get("min_s").asDouble()
                                        / node.get("n").asLong());
            }
        }
        System.out.println();
        nanos.forEach((workload, peers) -> {
            System.out.println(workload);
            peers.forEach((peer, ns) -> System.out.printf(Locale.ROOT, "    %-34s %,14.1f ns%n", peer, ns));
        });
        System.out.printf(Locale.ROOT, "%n%-18s %-20s %-26s %8s %8s%n", "workload", "java", "peer", "times", "goal");
        for (Goal goal : GOALS) {
            Double ours = nanos.getOrDefault(goal.workload, Map.of()).get(goal.variant);
            Double theirs = nanos.getOrDefault(goal.workload, Map.of()).get(goal.peer);
            if (ours != null && theirs != null) {
                double times = theirs / ours;
                System.out.printf(
                        Locale.ROOT,
                        "%-18s %-20s %-26s %7.2fx %7.2fx %s%n",
                        goal.workload,
                        goal.variant,
                        goal.peer,
                        times,
                        goal.times,
                        times >= goal.times ? "" : "missed");
            }
        }
    }
}
