package io.kohakuvault.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The sorted maps of {@code io.kohakuvault.container} beside Java's and fastutil's, with keys that are {@code long}.
 * Rounds in which each takes its turn; all of them must find the same. Measured is the time of the measuring thread:
 * what the collector does beside it counts for nobody.
 * It moves the nodes of trees of objects, now near each other and now not, so figures are medians.
 */
public final class ContainersBenchmark {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int SAMPLE = 1_000_000;

    private final int size;
    private final long[] sorted;
    private final long[] shuffled;
    private final long[] wanted;
    private final long[] missing;
    private final Random random = new Random(17);

    /** What each round measured of each subject, by workload. */
    private final Map<String, List<List<Double>>> figures = new LinkedHashMap<>();

    private final Map<String, Long> checks = new LinkedHashMap<>();

    private ContainersBenchmark(int size) {
        this.size = size;
        sorted = new long[size];
        for (int i = 0; i < size; i++) {
            sorted[i] = 16L * i + 2L * random.nextInt(8);
        }
        shuffled = shuffle(sorted.clone());
        wanted = Arrays.copyOf(shuffle(sorted.clone()), Math.min(SAMPLE, size));
        missing = Arrays.stream(wanted).map(key -> key + 1).toArray();
    }

    /**
     * Runs it.
     *
     * @param args sizes, as numbers of keys
     */
    public static void main(String[] args) {
        // warms up
        new ContainersBenchmark(200_000).run(3);
        for (String arg : args) {
            ContainersBenchmark benchmark = new ContainersBenchmark(Integer.parseInt(arg));
            // small ones are over soon, and vary more
            int rounds = benchmark.size > 2_000_000 ? 3 : 5;
            benchmark.run(rounds);
            benchmark.print(rounds);
        }
    }

    private long[] shuffle(long[] keys) {
        for (int i = keys.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            long key = keys[i];
            keys[i] = keys[j];
            keys[j] = key;
        }
        return keys;
    }

    private static Map<String, Supplier<ContainerSubject>> subjects() {
        Map<String, Supplier<ContainerSubject>> subjects = new LinkedHashMap<>();
        subjects.put("LongCsbTree", ContainerSubject.Longs::new);
        subjects.put("CsbTree<Long>", ContainerSubject.Boxed::new);
        subjects.put("TreeMap", ContainerSubject.RedBlack::new);
        subjects.put("ConcurrentSkipListMap", ContainerSubject.Skip::new);
        subjects.put("fastutil, red-black", ContainerSubject.FastUtil::new);
        return subjects;
    }

    private void run(int rounds) {
        List<Supplier<ContainerSubject>> subjects = new ArrayList<>(subjects().values());
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < subjects.size(); i++) {
                int subject = i;
                insertions(subject, subjects.get(subject), round == rounds - 1);
            }
        }
    }

    private void insertions(int subject, Supplier<ContainerSubject> supplier, boolean last) {
        ContainerSubject ascending = supplier.get();
        measure("insert, ascending", subject, size, () -> {
            ascending.put(sorted);
            return 0;
        });
        long before = last ? used() : 0;
        ContainerSubject map = supplier.get();
        measure("insert, any order", subject, size, () -> {
            map.put(shuffled);
            return 0;
        });
        if (last) {
            keep("bytes of heap an entry", subject, (double) (used() - before) / size);
        }
        measure("get", subject, wanted.length, () -> map.get(wanted));
        measure("get what is not there", subject, wanted.length, () -> map.get(missing));
        ranges("range scan of 100, an entry", subject, map, 100, 5000);
        ranges("range scan of 10,000, an entry", subject, map, 10_000, 50);
        measure("scan of all, an entry", subject, size, map::scan);
        measure("remove, any order", subject, wanted.length, () -> map.remove(wanted));
    }

    private void ranges(String workload, int subject, ContainerSubject map, int length, int count) {
        Random places = new Random(length);
        int[] from = places.ints(count, 0, size - length).toArray();
        measure(workload, subject, (long) length * count, () -> {
            long sum = 0;
            for (int place : from) {
                sum += map.range(sorted[place], sorted[place + length]);
            }
            return sum;
        });
    }

    private void measure(String workload, int subject, long units, LongSupplier work) {
        long start = THREADS.getCurrentThreadCpuTime();
        long check = work.getAsLong();
        double nanos = (double) (THREADS.getCurrentThreadCpuTime() - start) / units;
        Long expected = checks.putIfAbsent(workload, check);
        if (expected != null && expected != check) {
            throw new IllegalStateException(workload + ": subject " + subject + " finds something else");
        }
        keep(workload, subject, nanos);
    }

    private void keep(String workload, int subject, double figure) {
        figures.computeIfAbsent(
                        workload,
                        name -> subjects().keySet().stream()
                                .<List<Double>>map(each -> new ArrayList<>())
                                .toList())
                .get(subject)
                .add(figure);
    }

    private static double median(List<Double> rounds) {
        return rounds.stream().sorted().toList().get(rounds.size() / 2);
    }

    private static long used() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private void print(int rounds) {
        List<String> names = new ArrayList<>(subjects().keySet());
        System.out.printf("%n%,d keys, ns, medians of %d rounds in turn%n%n", size, rounds);
        System.out.println("| | " + String.join(" | ", names) + " | TreeMap's over LongCsbTree's | over CsbTree's |");
        System.out.println("|---" + "|---".repeat(names.size() + 2) + "|");
        int treeMap = names.indexOf("TreeMap");
        figures.forEach((workload, measured) -> {
            double[] medians =
                    measured.stream().mapToDouble(ContainersBenchmark::median).toArray();
            StringBuilder row = new StringBuilder("| " + workload);
            for (double figure : medians) {
                row.append(String.format(Locale.ROOT, figure < 20 ? " | %.1f" : " | %.0f", figure));
            }
            for (int ours = 0; ours < 2; ours++) {
                row.append(String.format(Locale.ROOT, " | %.1f×", medians[treeMap] / medians[ours]));
            }
            System.out.println(row + " |");
        });
    }
}
