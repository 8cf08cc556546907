package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.codec.DType;
import io.kohakuvault.column.ColumnCatalog;
import io.kohakuvault.column.ColumnVault;
import io.kohakuvault.column.DoubleReader;
import io.kohakuvault.column.LongColumn;
import io.kohakuvault.column.LongReader;
import io.kohakuvault.column.StrColumn;
import io.kohakuvault.column.StrReader;
import io.kohakuvault.kv.KVault;
import io.kohakuvault.kv.KvReader;
import io.kohakuvault.maintenance.ContentCatalog;
import io.kohakuvault.maintenance.Contents;
import io.kohakuvault.maintenance.Maintenance;
import io.kohakuvault.offset.OffsetLedger;
import io.kohakuvault.table.Table;
import io.kohakuvault.table.TableCatalog;
import io.kohakuvault.table.TableReader;
import io.kohakuvault.table.Tables;
import io.kohakuvault.text.TextReader;
import io.kohakuvault.text.TextVault;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import io.kohakuvault.vector.VectorReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two threads call everything that is public, in any order and from within each other's callbacks, while a third
 * watches: none waits for the other for ever, and nothing but exceptions comes of it.
 */
class DeadlockTest {
    private static final int CALLS = 1_000;

    /** What ends the vault or snapshot that is tried, and what answers whether somebody is called back at all. */
    private static final Set<String> SKIPPED = Set.of("close", "wait", "notify", "notifyAll");

    private static final long NO_PROGRESS_NANOS = 120_000_000_000L;
    private static final VaultOptions OPTIONS =
            VaultOptions.defaults().withBusyTimeout(Duration.ofMillis(500)).withSegmentThresholdBytes(10);

    @TempDir
    Path folder;

    private final long seed = System.nanoTime();
    private final Set<String> called = new TreeSet<>();
    private final Set<String> all = new TreeSet<>();

    private static List<Runnable> contents(Vault vault) {
        return List.of(
                () -> vault.kv("kv").put(new byte[] {1}, new byte[] {1}),
                () -> vault.columns().ensure("longs", DType.I64).append(1),
                () -> vault.columns().ensure("doubles", DType.F64).append(1),
                () -> vault.columns().ensure("strs", DType.STR).append("x"),
                () -> vault.tables()
                        .ensure("t", schema -> schema.nullable("a", DType.I64).nullable("b", DType.STR))
                        .append(row -> row.set("a", 1L)),
                () -> vault.text("docs").insert("made of text", "x"),
                () -> vault.vectors("vecs", VectorOptions.l2(2)).insert(new float[] {1, 2}, "x"));
    }

    private static void fill(Vault vault) {
        vault.transact(() -> contents(vault).forEach(Runnable::run));
    }

    /** Fills what may have been deleted, dropped or renamed by now. */
    private static void refill(Vault vault) {
        for (Runnable each : contents(vault)) {
            try {
                each.run();
            } catch (RuntimeException e) {
                // Something else has the name, or holds the lock for longer than the busy timeout.
            }
        }
    }

    private EveryCall live(long own, Vault vault) {
        EveryCall calls = new EveryCall(own, folder, SKIPPED);
        calls.on(Vault.class, () -> vault);
        calls.on(KVault.class, () -> vault.kv("kv"));
        calls.on(ConcurrentNavigableMap.class, () -> vault.kv("kv").asMap());
        calls.on(ColumnVault.class, vault::columns);
        calls.on(LongColumn.class, () -> vault.columns().ensure("longs", DType.I64));
        calls.on(StrColumn.class, () -> vault.columns().ensure("strs", DType.STR));
        calls.on(DoubleReader.class, () -> vault.columns().doubles("doubles"));
        calls.on(Tables.class, vault::tables);
        calls.on(Table.class, () -> vault.tables().get("t"));
        calls.on(TextVault.class, () -> vault.text("docs"));
        calls.on(VectorKVault.class, () -> vault.vectors("vecs"));
        calls.on(OffsetLedger.class, vault::offsets);
        calls.on(Maintenance.class, vault::maintenance);
        calls.on(Contents.class, vault::contents);
        return calls;
    }

    private EveryCall frozen(long own, Snapshot snapshot) {
        EveryCall calls = new EveryCall(own, folder, SKIPPED);
        calls.on(Snapshot.class, () -> snapshot);
        calls.on(KvReader.class, () -> snapshot.kv("kv"));
        calls.on(ColumnCatalog.class, snapshot::columns);
        calls.on(LongReader.class, () -> snapshot.columns().longs("longs"));
        calls.on(StrReader.class, () -> snapshot.columns().strings("strs"));
        calls.on(TableCatalog.class, snapshot::tables);
        calls.on(TableReader.class, () -> snapshot.tables().get("t"));
        calls.on(TextReader.class, () -> snapshot.text("docs"));
        calls.on(VectorReader.class, () -> snapshot.vectors("vecs"));
        calls.on(ContentCatalog.class, snapshot::contents);
        return calls;
    }

    /** What a thread does with a vault. */
    private interface Part {
        void run(EveryCall calls) throws Exception;
    }

    private static void each(Vault vault, EveryCall calls, Runnable heard) {
        Set<String> all = calls.all();
        // Longer where what is to be called on was deleted by other calls again and again.
        for (int i = 0; i < CALLS || (i < 5 * CALLS && !calls.called().containsAll(all)); i++) {
            if (i % 20 == 0) {
                refill(vault);
            }
            calls.one();
            heard.run();
        }
    }

    /** Runs both parts beside each other, and watches. */
    private void watch(List<EveryCall> calls, List<Part> parts, AtomicLong progress) throws InterruptedException {
        System.out.println("DeadlockTest seed " + seed);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            EveryCall own = calls.get(i);
            Part part = parts.get(i);
            Thread thread = new Thread(
                    () -> {
                        try {
                            part.run(own);
                        } catch (Throwable t) {
                            failure.compareAndSet(null, t);
                        }
                    },
                    "calls " + i);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        ThreadMXBean bean = ManagementFactory.getThreadMXBean();
        long seen = -1;
        long since = System.nanoTime();
        while (threads.stream().anyMatch(Thread::isAlive)) {
            long[] locked = bean.findDeadlockedThreads();
            assertThat(locked)
                    .as(() -> "deadlock, seed " + seed + "\n" + stacks(threads, bean))
                    .isNull();
            if (progress.get() != seen) {
                seen = progress.get();
                since = System.nanoTime();
            }
            assertThat(System.nanoTime() - since)
                    .as(() -> "no call ends, seed " + seed + "\n" + stacks(threads, bean))
                    .isLessThan(NO_PROGRESS_NANOS);
            for (Thread thread : threads) {
                thread.join(20); // at once where it has ended
            }
        }
        assertThat(failure.get()).as("seed " + seed).isNull();
        calls.forEach(own -> {
            called.addAll(own.called());
            all.addAll(own.all());
        });
        assertThat(called).as("that is everything").containsAll(all);
    }

    private static String stacks(List<Thread> threads, ThreadMXBean bean) {
        StringBuilder out = new StringBuilder();
        for (ThreadInfo info :
                bean.getThreadInfo(threads.stream().mapToLong(Thread::getId).toArray(), true, true)) {
            out.append(info);
        }
        for (Thread thread : threads) {
            out.append(thread.getName()).append('\n');
            for (StackTraceElement frame : thread.getStackTrace()) {
                out.append("    ").append(frame).append('\n');
            }
        }
        return out.toString();
    }

    /** What two threads do with a vault, each with calls of its own; the last is told of each call. */
    private interface Parts {
        List<Part> of(Vault vault, Runnable heard);
    }

    private void twoThreads(Vault vault, Parts parts) throws InterruptedException {
        fill(vault);
        AtomicLong progress = new AtomicLong();
        watch(List.of(live(seed, vault), live(~seed, vault)), parts.of(vault, progress::incrementAndGet), progress);
    }

    private void twoThreads(Parts parts) throws InterruptedException {
        try (Vault vault = Vault.open(folder.resolve("a.db"), OPTIONS)) {
            twoThreads(vault, parts);
        }
    }

    private static Part each(Vault vault, Runnable heard) {
        return calls -> each(vault, calls, heard);
    }

    @Test
    void callsOutsideOfTransactions() throws Exception {
        twoThreads((vault, heard) -> List.of(each(vault, heard), each(vault, heard)));
    }

    @Test
    void callsInsideAndBesideTransactions() throws Exception {
        Random random = new Random(seed);
        twoThreads((vault, heard) -> List.of(
                calls -> {
                    for (int i = 0; i < CALLS; i += 10) {
                        refill(vault);
                        try {
                            vault.transact(() -> {
                                for (int n = 0; n < 10; n++) {
                                    calls.one();
                                    heard.run();
                                }
                                if (random.nextBoolean()) {
                                    throw new IllegalStateException("undo");
                                }
                            });
                        } catch (RuntimeException e) {
                            // Rolled back, for this reason or another.
                        }
                    }
                },
                each(vault, heard)));
    }

    @Test
    void callsOfABatch() throws Exception {
        twoThreads((vault, heard) -> List.of(
                calls -> {
                    for (int i = 0; i < CALLS; i += 50) {
                        try (VaultBatch batch = vault.batch(BatchOptions.defaults())) {
                            for (int n = 0; n < 50; n++) {
                                calls.one();
                                heard.run();
                            }
                            batch.commit();
                        } catch (RuntimeException e) {
                            // Lost, or a batch of a call's own is open.
                        }
                    }
                },
                each(vault, heard)));
    }

    @Test
    void callsOfALoad() throws Exception {
        BulkLoad.<InterruptedException>create(
                folder.resolve("a.db"),
                OPTIONS,
                loading -> twoThreads(loading, (vault, heard) -> List.of(each(vault, heard), each(vault, heard))));
    }

    @Test
    void callsOfASnapshotBesideAWriter() throws Exception {
        AtomicLong progress = new AtomicLong();
        try (Vault vault = Vault.open(folder.resolve("a.db"), OPTIONS)) {
            fill(vault);
            try (Snapshot snapshot = vault.snapshot()) {
                Part reading = calls -> {
                    for (int i = 0; i < CALLS; i++) {
                        calls.one();
                        progress.incrementAndGet();
                    }
                };
                Part writing = calls -> each(vault, calls, progress::incrementAndGet);
                watch(
                        List.of(frozen(seed, snapshot), frozen(~seed, snapshot), live(seed, vault)),
                        List.of(reading, reading, writing),
                        progress);
            }
        }
    }
}
