package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.Codec;
import io.kohakuvault.codec.DType;
import io.kohakuvault.internal.sqlite.HelperThread;
import io.kohakuvault.kv.KVault;
import io.kohakuvault.kv.KvEntry;
import io.kohakuvault.kv.KvRange;
import io.kohakuvault.kv.KvReader;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.table.RowBatch;
import io.kohakuvault.table.RowWriter;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.Table;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What callers' code may do while the library runs it: it runs once, under no lock but the writer's. */
@Timeout(300)
class CallbackTest {
    @TempDir
    Path folder;

    private Vault vault;

    @BeforeEach
    void open() {
        vault = Vault.open(folder.resolve("a.db"));
    }

    @AfterEach
    void close() {
        vault.close();
    }

    @Test
    void aFillerRunsOnceWhateverHappensToTheTable() {
        Table table = vault.tables().ensure("t", s -> s.column("n", DType.I64));
        Iterator<Long> source = List.of(1L, 2L, 3L, 4L).iterator();
        table.append(r -> r.set("n", source.next()));
        vault.tables().get("t").addColumn(SchemaColumn.of("extra", DType.STR, true));
        table.append(r -> r.set("n", source.next()));
        vault.tables().get("t").renameColumn("extra", "more");
        table.append(r -> r.set("n", source.next()).set("more", "m"));
        vault.tables().get("t").deleteColumn("more");
        table.append(r -> r.set("n", source.next()));
        assertThat(vault.columns().longs("t.n").slice(0, 4)).containsExactly(1, 2, 3, 4);
    }

    @Test
    void aFillerCannotAppendOrClearTheBatchThatItFills() {
        Table table = vault.tables().ensure("t", s -> s.column("a", DType.I64).column("b", DType.I64));
        RowBatch batch = table.newBatch();
        batch.add(r -> r.set("a", 1).set("b", 1));
        for (Runnable inside : List.<Runnable>of(() -> table.append(batch), batch::clear)) {
            assertThatThrownBy(() -> batch.add(r -> {
                        r.set("a", 2);
                        inside.run();
                        r.set("b", 2);
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("a filler cannot");
        }
        table.append(batch);
        assertThat(vault.columns().longs("t.a").slice(0, 1)).containsExactly(1);
        assertThat(table.length()).isEqualTo(1);
    }

    @Test
    void aFillerThatFailsLeavesNothingAndDoomsNothing() {
        Table table = vault.tables().ensure("t", s -> s.column("n", DType.I64).nullable("s", DType.STR));
        vault.transact(() -> {
            table.append(r -> r.set("n", 1));
            assertThatThrownBy(() -> table.append(r -> r.set("n", "no number")))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> table.append(r -> r.set("s", "n is missing")))
                    .isInstanceOf(IllegalArgumentException.class);
            table.append(r -> r.set("n", 2));
        });
        assertThat(vault.columns().longs("t.n").slice(0, 2)).containsExactly(1, 2);
    }

    @Test
    void aWriterThatIsKeptIsRefused() {
        Table table = vault.tables().ensure("t", s -> s.column("n", DType.I64).column("m", DType.I64));
        RowBatch batch = table.newBatch();
        RowWriter[] kept = new RowWriter[1];
        batch.add(r -> {
            kept[0] = r;
            r.set("n", 1).set("m", 1);
        });
        assertThatThrownBy(() -> kept[0].set("n", 2)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> kept[0].setNull("n")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> kept[0].setObject("n", 3L)).isInstanceOf(IllegalStateException.class);
        batch.add(r -> {
            assertThatThrownBy(() -> kept[0].set("n", 2)).isInstanceOf(IllegalStateException.class);
            r.set("n", 2).set("m", 2);
        });
        assertThat(batch).isNotInstanceOf(RowWriter.class);
        assertThatThrownBy(() -> batch.add(r -> batch.add(q -> q.set("n", 1).set("m", 1))))
                .isInstanceOf(IllegalStateException.class);
        io.kohakuvault.table.ColumnWriter[] columns = new io.kohakuvault.table.ColumnWriter[1];
        batch.addColumns(c -> {
            columns[0] = c;
            c.set("n", new long[] {3, 4}).set("m", new long[] {3, 4});
        });
        assertThatThrownBy(() -> columns[0].set("n", new long[] {5})).isInstanceOf(IllegalStateException.class);
        table.append(batch);
        assertThat(table.length()).isEqualTo(4);
        assertThat(vault.columns().longs("t.n").slice(0, 4)).containsExactly(1, 2, 3, 4);
        assertThat(vault.columns().longs("t.m").slice(0, 4)).containsExactly(1, 2, 3, 4);
    }

    @Test
    void aFunctionThatChangesTheKeyItComputesIsRefused() {
        KVault kv = vault.kv("kv");
        kv.put("there", new byte[1]);
        List<Runnable> recursions = List.of(
                () -> kv.put("k", new byte[2]),
                () -> kv.delete("k"),
                () -> kv.computeIfAbsent("k", k -> new byte[2]),
                () -> kv.putAll(Map.of("k", new byte[2])),
                () -> kv.deleteAll(KvRange.all()),
                () -> kv.asMap().merge("k", new byte[2], (a, b) -> b));
        for (Runnable recursion : recursions) {
            assertThatThrownBy(() -> kv.computeIfAbsent("k", k -> {
                        recursion.run();
                        return new byte[3];
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("gives its value");
            assertThat(kv.exists("k")).isFalse();
            assertThat(kv.exists("there")).isTrue();
        }
        kv.computeIfAbsent("k", k -> {
            kv.put("other", new byte[4]);
            return new byte[5];
        });
        assertThat(kv.get("k")).hasSize(5);
        assertThat(kv.get("other")).hasSize(4);
    }

    @Test
    void everyFunctionOfAMapRunsOnce() {
        var map = vault.kv("kv").asMap(Codec.of((Long v) -> v, v -> (Long) v));
        int[] calls = {0};
        Function<Long, Long> counted = v -> {
            calls[0]++;
            return v;
        };
        map.compute("a", (k, old) -> counted.apply(1L));
        map.computeIfPresent("a", (k, old) -> counted.apply(old + 1));
        map.computeIfAbsent("b", k -> counted.apply(5L));
        map.merge("a", 10L, (x, y) -> counted.apply(x + y));
        assertThat(calls[0]).isEqualTo(4);
        assertThat(map).containsEntry("a", 12L).containsEntry("b", 5L);
        calls[0] = 0;
        map.replaceAll((k, v) -> counted.apply(v + 1));
        assertThat(calls[0]).isEqualTo(2);
    }

    @Test
    void aCodecOfASnapshotMayReadWhileOthersRead() throws Exception {
        vault.kv("a").putValue("k", "ref");
        vault.kv("b").putValue("ref", "value");
        ExecutorService threads = Executors.newCachedThreadPool();
        try (Snapshot snapshot = vault.snapshot()) {
            KvReader b = snapshot.kv("b");
            for (int i = 0; i < 50; i++) {
                b.get("ref"); // the next one looks at the mapped file
            }
            CountDownLatch inCodec = new CountDownLatch(1);
            CountDownLatch others = new CountDownLatch(1);
            Codec<String> follow = Codec.of(x -> x, x -> {
                inCodec.countDown();
                await(others);
                return String.valueOf(b.findValue((String) x).orElseThrow());
            });
            Future<?> codec = threads.submit(() -> {
                assertThat(snapshot.kv("a").asMap(follow)).containsEntry("k", "value");
                assertThat(snapshot.kv("a").find("k", follow)).contains("value");
            });
            await(inCodec);
            // While the codec runs, everything else of the snapshot is read, on another thread.
            threads.submit(() -> {
                        assertThat(b.get("ref")).isNotNull();
                        assertThat(snapshot.kv("a").count()).isEqualTo(1);
                        assertThat(snapshot.columns().list()).isEmpty();
                        for (KvEntry entry : snapshot.kv("b").scan(KvRange.all())) {
                            assertThat(entry.keyText()).isEqualTo("ref");
                        }
                    })
                    .get();
            others.countDown();
            codec.get();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aProgressMayUseTheVaultAndItsExceptionIsTheCallers() {
        vault.kv("kv").put("a", new byte[100_000]);
        int[] calls = {0};
        Progress reading = (done, total) -> {
            calls[0]++;
            vault.kv("kv").put("calls", new byte[] {(byte) calls[0]});
            return vault.kv("kv").exists("a");
        };
        assertThat(vault.maintenance().verify(reading).findings()).isEmpty();
        assertThat(calls[0]).isPositive();
        vault.maintenance().backup(folder.resolve("b.db"), reading);
        Progress failing = (done, total) -> {
            throw new IllegalArgumentException("mine");
        };
        assertThatThrownBy(() -> vault.maintenance().verify(failing)).hasMessage("mine");
        assertThatThrownBy(() -> vault.maintenance().backup(folder.resolve("c.db"), failing))
                .hasMessage("mine");
        assertThatThrownBy(() -> vault.maintenance().compact(0, failing)).hasMessage("mine");
        assertThat(folder.resolve("c.db")).doesNotExist();
    }

    /** A progress is called by a helper too, for which the operation's thread waits: also where that has the write lock. */
    @Test
    void whatAHelperWritesWithinTheTransactionOfItsOperationFails() {
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        CountDownLatch called = new CountDownLatch(1);
        vault.transact(() -> {
            HelperThread[] helper = new HelperThread[1];
            helper[0] = new HelperThread(
                    "helper",
                    () -> helper[0].call(() -> {
                        called.countDown();
                        failure.complete(written());
                    }));
            helper[0].start();
            await(called);
            helper[0].call(() -> assertThat(failure).isDone());
        });
        assertThat(failure.join())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("a Progress cannot write");
        assertThat(vault.kv("kv").exists("helped")).isFalse();
    }

    /** It waits as any other does where nobody waits for it: for a short transaction of its operation, too. */
    @Test
    void aHelperWaitsForTransactionsThatEnd() {
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        CountDownLatch called = new CountDownLatch(1);
        HelperThread helper = new HelperThread("helper", () -> {
            called.countDown();
            failure.complete(written());
        });
        vault.transact(() -> {
            helper.start();
            await(called);
        });
        assertThat(failure.join()).isNull();
        assertThat(vault.kv("kv").exists("helped")).isTrue();
    }

    private @Nullable Throwable written() {
        try {
            assertThat(vault.kv("kv").exists("none")).isFalse(); // reading goes on beside a transaction
            vault.kv("kv").put("helped", new byte[1]);
            return null;
        } catch (RuntimeException | Error e) {
            return e;
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(250, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
