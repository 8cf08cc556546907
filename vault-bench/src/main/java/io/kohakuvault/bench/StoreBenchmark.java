package io.kohakuvault.bench;

import io.kohakuvault.BulkLoad;
import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.VaultOptions;
import io.kohakuvault.codec.DType;
import io.kohakuvault.column.DoubleColumn;
import io.kohakuvault.column.LongColumn;
import io.kohakuvault.kv.KVault;
import io.kohakuvault.kv.KvEntry;
import io.kohakuvault.kv.KvReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * The workloads of key-values and columns that the peers run too (src/main/python). Arguments: folder, file for the
 * lines, scale, workloads (all when none is named).
 */
public final class StoreBenchmark {
    private final Workloads w;
    private final double scale;

    private StoreBenchmark(Workloads workloads, double scale) {
        this.w = workloads;
        this.scale = scale;
    }

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        Files.createDirectories(folder);
        double scale = Double.parseDouble(args[2]);
        Set<String> only = Set.copyOf(Arrays.asList(args).subList(3, args.length));
        run(new Workloads(folder, Path.of(args[1]), 7, 8, only), scale);
    }

    static void run(Workloads workloads, double scale) throws Exception {
        StoreBenchmark benchmark = new StoreBenchmark(workloads, scale);
        benchmark.keyValues();
        benchmark.appends();
        benchmark.reads();
        benchmark.edits();
        benchmark.texts();
    }

    private int scaled(int n) {
        return Math.max(20, (int) (n * scale));
    }

    /** What the file operations of writing so many bytes through SQLite's log take by themselves. */
    private void floor(String workload, int n, long bytes) throws Exception {
        w.write(
                workload,
                "floor",
                n,
                file -> () -> {},
                nothing -> WriteFloor.run(w.path(workload), bytes / 32_704 + 1, 32_768));
    }

    private void keyValues() throws Exception {
        if (!w.wanted("kv_put_batch", "kv_put_each", "kv_get", "kv_get_4threads", "kv_scan")) {
            return;
        }
        int n = scaled(100_000);
        List<KvEntry> entries = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            entries.add(new KvEntry(PeerData.key(i), PeerData.value(i)));
        }
        bulk("kv_put_batch", n, vault -> vault.kv("kv").putAll(entries));
        floor("kv_put_batch", n, n * 300L);
        int each = scaled(2_000);
        for (int pageSize : new int[] {32_768, 4_096}) {
            w.write(
                    "kv_put_each",
                    pageSize == 4_096 ? "page-4k" : "",
                    each,
                    file -> Vault.open(file, VaultOptions.defaults().withPageSizeBytes(pageSize)),
                    vault -> {
                        KVault kv = vault.kv("kv");
                        for (int i = 0; i < each; i++) {
                            kv.put(entries.get(i).key(), entries.get(i).value());
                        }
                        return 0;
                    });
        }
        Path file = w.path("kv");
        Workloads.remove(file);
        try (Vault vault = Vault.open(file)) {
            vault.kv("kv").putAll(entries);
        }
        List<byte[]> order = new ArrayList<>();
        for (int j = 0; j < n; j++) {
            order.add(entries.get((int) PeerData.below(3, j, n)).key());
        }
        w.read("kv_get", "", n, file, Vault::open, vault -> get(vault.kv("kv"), order));
        w.read("kv_get", "snapshot", n, file, Opened::new, opened -> get(opened.snapshot.kv("kv"), order));
        w.read("kv_get", "getAll-1000", n, file, Vault::open, vault -> {
            long sum = 0;
            for (int from = 0; from < n; from += 1000) {
                for (byte[] value : vault.kv("kv").getAll(order.subList(from, Math.min(n, from + 1000)))) {
                    sum += Objects.requireNonNull(value)[0] & 0xFF;
                }
            }
            return sum;
        });
        w.read("kv_get_4threads", "", n, file, Vault::open, vault -> {
            long[] sums = new long[4];
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                int number = t;
                threads.add(new Thread(() ->
                        sums[number] = get(vault.kv("kv"), order.subList(number * (n / 4), (number + 1) * (n / 4)))));
            }
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
            return LongStream.of(sums).sum();
        });
        w.read("kv_scan", "", n, file, Vault::open, vault -> {
            long sum = 0;
            long count = 0;
            for (KvEntry entry : vault.kv("kv").prefix(new byte[0])) {
                count++;
                sum += entry.value()[0] & 0xFF;
            }
            return List.of(count, sum);
        });
        Workloads.remove(file);
    }

    /**
     * Everything in one commit, into a new vault and into a file that is made by a load; opening and closing are timed.
     */
    private void bulk(String workload, int n, BulkLoad.Loader<RuntimeException> loader) throws Exception {
        w.write(workload, "", n, file -> () -> {}, nothing -> {
            try (Vault vault = Vault.open(w.path(workload))) {
                loader.load(vault);
            }
            return 0;
        });
        w.write(workload, "load", n, file -> () -> {}, nothing -> {
            BulkLoad.create(w.path(workload + "load"), loader);
            return 0;
        });
    }

    private static long get(KvReader kv, List<byte[]> order) {
        long sum = 0;
        for (byte[] key : order) {
            sum += Objects.requireNonNull(kv.get(key))[0] & 0xFF;
        }
        return sum;
    }

    /** A vault with a snapshot of it. */
    private static final class Opened implements AutoCloseable {
        private final Vault vault;
        private final Snapshot snapshot;

        Opened(Path file) {
            vault = Vault.open(file);
            vault.maintenance().checkpoint();
            snapshot = vault.snapshot();
        }

        @Override
        public void close() {
            snapshot.close();
            vault.close();
        }
    }

    /** Two columns to append to. */
    private static final class Two implements AutoCloseable {
        private final Vault vault;
        private final LongColumn ts;
        private final DoubleColumn x;

        Two(Path file, int pageSize) {
            vault = Vault.open(file, VaultOptions.defaults().withPageSizeBytes(pageSize));
            ts = vault.columns().ensure("ts", DType.I64);
            x = vault.columns().ensure("x", DType.F64);
        }

        @Override
        public void close() {
            vault.close();
        }
    }

    private void appends() throws Exception {
        int rows = scaled(200) * 1_000;
        long[] ts = new long[rows];
        double[] x = new double[rows];
        for (int i = 0; i < rows; i++) {
            ts[i] = 1_700_000_000_000L + 10L * i;
            x[i] = PeerData.fraction(12, i);
        }
        int each = scaled(2_000);
        for (int pageSize : new int[] {32_768, 4_096}) {
            String variant = pageSize == 4_096 ? "page-4k" : "";
            w.write("col_append_each", variant, each, file -> new Two(file, pageSize), two -> {
                for (int i = 0; i < each; i++) {
                    int n = i;
                    two.vault.transact(() -> {
                        two.ts.append(ts[n]);
                        two.x.append(x[n]);
                    });
                }
                return 0;
            });
            w.write("col_append_1000x", variant, rows, file -> new Two(file, pageSize), two -> {
                for (int from = 0; from < rows; from += 1_000) {
                    long[] t = Arrays.copyOfRange(ts, from, from + 1_000);
                    double[] d = Arrays.copyOfRange(x, from, from + 1_000);
                    two.vault.transact(() -> {
                        two.ts.appendAll(t);
                        two.x.appendAll(d);
                    });
                }
                return 0;
            });
        }
        if (w.wanted("col_extend", "col_extend_list")) {
            long[] values = PeerData.outs(10, scaled(10_000_000));
            bulk(
                    "col_extend",
                    values.length,
                    vault -> vault.columns().ensure("v", DType.I64).appendAll(values));
            floor("col_extend", values.length, 8L * values.length);
            List<Long> boxed =
                    Arrays.stream(values, 0, scaled(1_000_000)).boxed().toList();
            bulk(
                    "col_extend_list",
                    boxed.size(),
                    vault -> vault.columns().ensure("v", DType.I64).asList().addAll(boxed));
        }
    }

    private Path column(String name, long[] values) throws Exception {
        Path file = w.path(name);
        Workloads.remove(file);
        try (Vault vault = Vault.open(file)) {
            vault.columns().ensure("v", DType.I64).appendAll(values);
        }
        return file;
    }

    private void reads() throws Exception {
        if (w.wanted("col_slice100")) {
            int rows = scaled(1_000_000);
            Path file = column("slices", PeerData.outs(10, rows));
            int slices = scaled(20_000);
            long[] starts = new long[slices];
            for (int j = 0; j < slices; j++) {
                starts[j] = PeerData.below(13, j, rows - 100);
            }
            w.read("col_slice100", "", slices, file, Vault::open, vault -> {
                var column = vault.columns().longs("v");
                long xor = 0;
                for (long start : starts) {
                    xor ^= column.slice(start, start + 100)[0];
                }
                return xor;
            });
            w.read("col_slice100", "snapshot", slices, file, Opened::new, opened -> {
                var column = opened.snapshot.columns().longs("v");
                long xor = 0;
                for (long start : starts) {
                    xor ^= column.slice(start, start + 100)[0];
                }
                return xor;
            });
            Workloads.remove(file);
        }
        if (w.wanted("col_take")) {
            int rows = scaled(10_000_000);
            Path file = column("take", PeerData.outs(10, rows));
            int taken = scaled(100_000);
            long[] indexes = new long[taken];
            for (int j = 0; j < taken; j++) {
                indexes[j] = PeerData.below(14, j, rows);
            }
            w.read(
                    "col_take",
                    "",
                    taken,
                    file,
                    Vault::open,
                    vault -> xor(vault.columns().longs("v").take(indexes)));
            w.read(
                    "col_take",
                    "snapshot",
                    taken,
                    file,
                    Opened::new,
                    opened -> xor(opened.snapshot.columns().longs("v").take(indexes)));
            Workloads.remove(file);
        }
    }

    private static long xor(long[] values) {
        long xor = 0;
        for (long value : values) {
            xor ^= value;
        }
        return xor;
    }

    private void edits() throws Exception {
        if (!w.wanted("col_insert_mid", "col_delete_mid")) {
            return;
        }
        int rows = scaled(1_000_000);
        long[] values = PeerData.outs(10, rows);
        w.write(
                "col_insert_mid",
                "",
                1,
                file -> {
                    column("col_insert_mid", values);
                    return Vault.open(file);
                },
                vault -> {
                    vault.columns().ensure("v", DType.I64).insert(rows / 2, -1);
                    return 0;
                });
        w.write(
                "col_delete_mid",
                "",
                1,
                file -> {
                    column("col_delete_mid", values);
                    return Vault.open(file);
                },
                vault -> {
                    vault.columns().ensure("v", DType.I64).remove(rows / 2);
                    return 0;
                });
    }

    private void texts() throws Exception {
        if (!w.wanted("var_append", "var_scan", "var_random_get")) {
            return;
        }
        int rows = scaled(1_000_000);
        List<String> texts = new ArrayList<>(rows);
        for (int i = 0; i < rows; i++) {
            texts.add(PeerData.text(i));
        }
        bulk("var_append", rows, vault -> vault.columns().ensure("s", DType.STR).appendAll(texts));
        floor(
                "var_append",
                rows,
                texts.stream().mapToLong(text -> text.length() + 8L).sum());
        Path file = w.path("texts");
        Workloads.remove(file);
        try (Vault vault = Vault.open(file)) {
            vault.columns().ensure("s", DType.STR).appendAll(texts);
        }
        w.read("var_scan", "list", rows, file, Opened::new, opened -> {
            long length = 0;
            for (List<String> batch : opened.snapshot.columns().strings("s").batches(4_096)) {
                for (String text : batch) {
                    length += text.length();
                }
            }
            return length;
        });
        int reads = scaled(20_000);
        w.read("var_random_get", "", reads, file, Vault::open, vault -> {
            var column = vault.columns().strings("s");
            return random(column::get, reads, rows);
        });
        w.read("var_random_get", "snapshot", reads, file, Opened::new, opened -> {
            var column = opened.snapshot.columns().strings("s");
            return random(column::get, reads, rows);
        });
        Workloads.remove(file);
    }

    private interface Get {
        String get(long index);
    }

    private static long random(Get column, int reads, int rows) {
        long length = 0;
        for (int j = 0; j < reads; j++) {
            length += column.get(PeerData.below(14, j, rows)).length();
        }
        return length;
    }
}
