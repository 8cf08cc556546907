package io.kohakuvault.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Repeats workloads as the peers' harness does: fresh files for writes, one file and a warm-up for reads, until a
 * budget of time is spent. A line of JSON each. The JIT needs warming too, so writes have a warm-up here as well.
 */
class Workloads {
    private final Path folder;
    private final Path out;
    private final int repetitions;
    private final double budgetSeconds;
    private final Set<String> only;

    Workloads(Path folder, Path out, int repetitions, double budgetSeconds, Set<String> only) {
        this.folder = folder;
        this.out = out;
        this.repetitions = repetitions;
        this.budgetSeconds = budgetSeconds;
        this.only = only;
    }

    /** What is timed. */
    interface Run<H> {
        Object run(H handle) throws Exception;
    }

    /** What is not. */
    interface Open<H> {
        H open(Path file) throws Exception;
    }

    boolean wanted(String... names) {
        if (only.isEmpty()) {
            return true;
        }
        for (String name : names) {
            if (only.contains(name)) {
                return true;
            }
        }
        return false;
    }

    Path path(String name) {
        return folder.resolve("java." + name + ".db");
    }

    static void remove(Path file) throws IOException {
        for (String side : List.of("", "-wal", "-shm")) {
            Files.deleteIfExists(Path.of(file + side));
        }
    }

    /** Each repetition writes a fresh file; opening and closing are not timed unless the run does them. */
    @SuppressWarnings("try") // an interrupt while it closes ends the run
    <H extends AutoCloseable> void write(String workload, String variant, int n, Open<H> open, Run<H> run)
            throws Exception {
        if (!wanted(workload)) {
            return;
        }
        Path file = path(workload + variant);
        List<Double> seconds = new ArrayList<>();
        double spent = 0;
        Object check = 0;
        for (int rep = -1; rep < repetitions && (rep < 1 || spent < budgetSeconds); rep++) {
            remove(file);
            try (H handle = open.open(file)) {
                long start = System.nanoTime();
                check = run.run(handle);
                double took = (System.nanoTime() - start) / 1e9;
                spent += took;
                if (rep >= 0) {
                    seconds.add(took);
                }
            }
        }
        emit(workload, variant, n, seconds, check);
        remove(file);
    }

    /** The same file each repetition. */
    @SuppressWarnings("try") // an interrupt while it closes ends the run
    <H extends AutoCloseable> void read(String workload, String variant, int n, Path file, Open<H> open, Run<H> run)
            throws Exception {
        if (!wanted(workload)) {
            return;
        }
        List<Double> seconds = new ArrayList<>();
        double spent = 0;
        Object check = 0;
        try (H handle = open.open(file)) {
            for (int rep = -3; rep < repetitions && (rep < 1 || spent < budgetSeconds); rep++) {
                long start = System.nanoTime();
                check = run.run(handle);
                double took = (System.nanoTime() - start) / 1e9;
                spent += took;
                if (rep >= 0) {
                    seconds.add(took);
                }
            }
        }
        emit(workload, variant, n, seconds, check);
    }

    private void emit(String workload, String variant, int n, List<Double> seconds, Object check) {
        Collections.sort(seconds);
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("workload", workload);
        line.put("peer", "java" + (variant.isEmpty() ? "" : "/" + variant));
        line.put("n", n);
        line.put("reps", seconds.size());
        line.put("min_s", seconds.get(0));
        line.put("median_s", seconds.get(seconds.size() / 2));
        line.put("check", check);
        try {
            String json = new ObjectMapper().writeValueAsString(line);
            System.out.println(json);
            Files.writeString(out, json + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
