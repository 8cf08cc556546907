package io.kohakuvault.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Fails when something has become a third as fast beside its peer as docs/benchmarks.md records. Each ratio is the
 * median of rounds in which ours and the peer's take turns, so that a busy machine slows both; what fails is measured
 * anew, three times in all.
 */
public final class RatioGuard {
    private static final int TRIES = 3;
    private static final double WORST_PART = 1 / 3.0;

    /**
     * A workload of KohakuVault's: its variant of ours and of theirs, and how large it is beside those of
     * docs/benchmarks.md.
     */
    private record Workload(String name, String variant, String theirs, double scale) {}

    private static final Map<String, Workload> BESIDE_KOHAKUVAULT = new LinkedHashMap<>();

    static {
        for (Workload workload : List.of(
                new Workload("kv_put_batch", "", "", 0.1),
                new Workload("kv_put_each", "", "", 0.5),
                new Workload("kv_get", "", "", 0.1),
                new Workload("kv_get", "snapshot", "", 0.1),
                new Workload("kv_scan", "", "", 0.1),
                new Workload("col_append_1000x", "", "", 0.1),
                new Workload("col_extend", "", "", 0.1),
                new Workload("col_slice100", "", "read_array", 0.5),
                new Workload("col_slice100", "snapshot", "read_array", 0.5),
                new Workload("col_take", "snapshot", "", 0.5),
                new Workload("var_append", "", "", 0.1),
                new Workload("var_random_get", "snapshot", "", 0.1))) {
            BESIDE_KOHAKUVAULT.put(
                    workload.name + (workload.variant.isEmpty() ? "" : "/" + workload.variant), workload);
        }
    }

    private final Path folder;
    private final Path scripts;
    private @Nullable Path python;

    private RatioGuard(Path folder, Path scripts) {
        this.folder = folder;
        this.scripts = scripts;
    }

    /** What is measured, by name. */
    static List<String> names() {
        List<String> names = new ArrayList<>(List.of("scan", "duckdb_load", "sink", "sink_all"));
        names.addAll(BESIDE_KOHAKUVAULT.keySet());
        return names;
    }

    /**
     * Measures.
     *
     * @param args folder for files, folder of the scripts, the document, whether Python is required, names (all
     *     when none is given)
     */
    public static void main(String[] args) throws Exception {
        RatioGuard guard = new RatioGuard(Path.of(args[0]).toAbsolutePath(), Path.of(args[1]));
        Files.createDirectories(guard.folder);
        Map<String, Double> recorded = RecordedRatios.read(Path.of(args[2]));
        List<String> names = args.length > 4 ? List.of(args).subList(4, args.length) : names();
        System.exit(guard.run(recorded, names, Boolean.parseBoolean(args[3])) ? 0 : 1);
    }

    private boolean run(Map<String, Double> recorded, List<String> names, boolean pythonIsRequired) throws Exception {
        long start = System.nanoTime();
        python = python();
        List<String> measured = new ArrayList<>(names);
        if (python == null) {
            measured.removeAll(BESIDE_KOHAKUVAULT.keySet());
        }
        boolean passed = isPassed(recorded, measured, this::ratio);
        System.out.printf("%d s%n", (System.nanoTime() - start) / 1_000_000_000);
        if (python == null) {
            System.out.println("Without Python and KohakuVault, skipped: " + BESIDE_KOHAKUVAULT.keySet()
                    + (pythonIsRequired ? "; they are required here" : ""));
        }
        return passed && (python != null || !pythonIsRequired);
    }

    /** Measures the ratio of something. */
    interface Measurement {
        double ratio(String name) throws Exception;
    }

    /** Measures, those that are too slow again, and prints the table. */
    static boolean isPassed(Map<String, Double> recorded, List<String> names, Measurement measurement)
            throws Exception {
        Map<String, Double> best = new LinkedHashMap<>();
        List<String> left = new ArrayList<>(names);
        for (int attempt = 1; attempt <= TRIES && !left.isEmpty(); attempt++) {
            for (String name : left) {
                double limit = limit(recorded, name); // before it is measured: one that is not recorded
                System.out.printf(
                        Locale.ROOT, "%s%s, at least %.3f%n", name, attempt > 1 ? ", try " + attempt : "", limit);
                best.merge(name, measurement.ratio(name), Math::max);
            }
            left.removeIf(name -> best.getOrDefault(name, 0.0) >= limit(recorded, name));
        }
        System.out.printf("%n%-26s %10s %10s %10s%n", "times the peer's speed", "recorded", "now", "at least");
        for (String name : names) {
            System.out.printf(
                    Locale.ROOT,
                    "%-26s %10.3f %10.3f %10.3f  %s%n",
                    name,
                    recorded.get(name),
                    best.get(name),
                    limit(recorded, name),
                    left.contains(name) ? "TOO SLOW, " + TRIES + " times" : "ok");
        }
        return left.isEmpty();
    }

    private static double limit(Map<String, Double> recorded, String name) {
        Double ratio = recorded.get(name);
        if (ratio == null) {
            throw new IllegalArgumentException("docs/benchmarks.md records no ratio of " + name);
        }
        return ratio * WORST_PART;
    }

    /** The environment of {@link PeerComparison} where it is there, else a smaller one. */
    private @Nullable Path python() throws InterruptedException {
        Path large = folder.resolveSibling("peers").resolve("venv");
        Path found = PythonEnvironment.in(
                PythonEnvironment.isReady(large) ? large : folder.resolve("venv"),
                List.of(PythonEnvironment.KOHAKUVAULT, PythonEnvironment.NUMPY));
        return found != null && PythonEnvironment.has(found, "kohakuvault") ? found : null;
    }

    private double ratio(String name) throws Exception {
        return switch (name) {
            case "scan" -> ScanBenchmark.ratio(folder, 4_000_000);
            case "duckdb_load" -> DuckDbRatio.of(folder);
            case "sink" -> SinkRatio.of(folder, Map.of());
            case "sink_all" ->
                SinkRatio.of(folder, Map.of("kv.table", "latest", "text.table", "names", "text.fields", "name"));
            default -> besideKohakuVault(Objects.requireNonNull(BESIDE_KOHAKUVAULT.get(name), name));
        };
    }

    private double besideKohakuVault(Workload workload) throws Exception {
        try (PythonPeer peer = new PythonPeer(
                Objects.requireNonNull(python), scripts, folder, workload.name, workload.theirs, workload.scale)) {
            WorkloadInTurn ours = new WorkloadInTurn(folder, workload.name, workload.variant, peer::seconds);
            StoreBenchmark.run(ours, workload.scale);
            return ours.ratio();
        } catch (IOException e) {
            throw new IOException(workload.name + ": " + e.getMessage(), e);
        }
    }
}
