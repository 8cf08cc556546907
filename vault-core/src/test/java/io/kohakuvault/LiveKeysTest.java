package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.kv.KVault;
import io.kohakuvault.kv.KvEntry;
import io.kohakuvault.kv.KvRange;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.testkit.Await;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys of the newest state, looked up in the mapped file: never older than what was committed before the call. */
class LiveKeysTest {
    @TempDir
    Path folder;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @AfterEach
    void unhook() {
        Session.hook(null);
    }

    /**
     * Looks a key up until that takes no statement at all: then it is read from the mapped file, whatever SQL would be
     * called.
     */
    private static void warm(KVault kv, String key) {
        AtomicLong statements = new AtomicLong();
        Thread reader = Thread.currentThread();
        Session.hook(sql -> statements.addAndGet(Thread.currentThread() == reader ? 1 : 0));
        Await.until(
                "keys are found without SQL",
                Duration.ofMinutes(1),
                () -> {
                    for (int i = 0; i < 50; i++) {
                        kv.get(key);
                    }
                    statements.set(0);
                    kv.get(key);
                    return statements.get() == 0;
                },
                () -> statements + " statements");
        Session.hook(null);
    }

    @Test
    void aCommitIsSeenByTheNextCallWhoeverMadeIt() {
        Path file = folder.resolve("a.db");
        try (Vault mine = Vault.open(file);
                Vault other = Vault.open(file)) {
            KVault kv = mine.kv("kv");
            for (int i = 0; i < 100; i++) {
                kv.put("fill " + i, new byte[100]);
            }
            for (int i = 0; i < 50; i++) {
                mine.maintenance().checkpoint();
                warm(kv, "k");
                KVault writer = (i % 2 == 0 ? other : mine).kv("kv");
                byte[] value = bytes("value " + i);
                writer.put("k", value);
                assertThat(kv.get("k")).isEqualTo(value);
                assertThat(kv.exists("k")).isTrue();
                mine.maintenance().checkpoint();
                warm(kv, "k");
                writer.delete("k");
                assertThat(kv.get("k")).isNull();
                assertThat(kv.exists("k")).isFalse();
                assertThat(kv.getAll(List.of(bytes("k"), bytes("fill 1"))))
                        .element(0)
                        .isNull();
            }
        }
    }

    /** What was known of the state before goes with it, also when the file need not be followed anew by the clock. */
    @Test
    void aStateThatIsFollowedAgainIsNotTakenForTheLastOne() {
        Path file = folder.resolve("a.db");
        try (Vault mine = Vault.open(file);
                Vault other = Vault.open(file)) {
            KVault kv = mine.kv("kv");
            for (int i = 0; i < 30; i++) {
                kv.put("fill " + i, new byte[100]);
            }
            for (int i = 0; i < 30; i++) {
                byte[] value = bytes("value " + i);
                other.kv("kv").put("k", value);
                for (int n = 0; n < 50; n++) {
                    assertThat(kv.get("k")).isEqualTo(value);
                }
                warm(kv, "k");
                mine.maintenance().checkpoint(); // gives up what is kept open, which is the newest state then
            }
        }
    }

    @Test
    void transactionsAndBatchesSeeWhatTheyHaveWritten() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            KVault kv = vault.kv("kv");
            kv.put("k", bytes("old"));
            vault.maintenance().checkpoint();
            warm(kv, "k");
            vault.transact(() -> {
                kv.put("k", bytes("new"));
                assertThat(kv.get("k")).isEqualTo(bytes("new"));
                kv.delete("k");
                assertThat(kv.get("k")).isNull();
                assertThat(kv.prefix("k")).isEmpty();
                kv.put("k", bytes("newer"));
            });
            assertThat(kv.get("k")).isEqualTo(bytes("newer"));
            vault.maintenance().checkpoint();
            warm(kv, "k");
            try (VaultBatch batch = vault.batch(BatchOptions.defaults())) {
                kv.put("k", bytes("batched"));
                assertThat(kv.get("k")).isEqualTo(bytes("batched"));
                assertThat(kv.prefix("k"))
                        .singleElement()
                        .satisfies(e -> assertThat(e.value()).isEqualTo(bytes("batched")));
                batch.commit();
            }
            assertThat(kv.get("k")).isEqualTo(bytes("batched"));
            assertThatThrownBy(() -> vault.transact(() -> {
                        kv.put("k", bytes("undone"));
                        throw new IllegalStateException("no");
                    }))
                    .hasMessage("no");
            assertThat(kv.get("k")).isEqualTo(bytes("batched"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4096, 32768})
    void scansAreThoseOfAModelEitherWayFromAnyBound(int pageSize) {
        VaultOptions options = VaultOptions.defaults().withPageSizeBytes(pageSize);
        try (Vault vault = Vault.open(folder.resolve("a.db"), options)) {
            KVault kv = vault.kv("kv");
            TreeMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
            Random random = new Random(9);
            vault.transact(() -> {
                for (int i = 0; i < 20_000; i++) {
                    byte[] key = new byte[random.nextInt(8)];
                    random.nextBytes(key);
                    byte[] value = new byte[i % 1000 == 0 ? 100_000 : random.nextInt(60)];
                    model.put(key, value);
                    kv.put(key, value);
                }
                byte[] large = new byte[pageSize]; // goes on on other pages: SQL finds it
                kv.put(large, new byte[1]);
                model.put(large, new byte[1]);
            });
            vault.maintenance().checkpoint();
            warm(kv, "");
            for (int i = 0; i < 60; i++) {
                byte[] low = new byte[random.nextInt(4)];
                byte[] high = new byte[random.nextInt(4)];
                random.nextBytes(low);
                random.nextBytes(high);
                if (Arrays.compareUnsigned(low, high) > 0) {
                    byte[] swapped = low;
                    low = high;
                    high = swapped;
                }
                boolean lowInclusive = random.nextBoolean();
                boolean highInclusive = random.nextBoolean() && !Arrays.equals(low, high);
                KvRange range =
                        lowInclusive ? KvRange.all().from(low) : KvRange.all().above(low);
                range = highInclusive ? range.through(high) : range.below(high);
                NavigableMap<byte[], byte[]> expected = Arrays.equals(low, high)
                        ? new TreeMap<>(Arrays::compareUnsigned)
                        : model.subMap(low, lowInclusive, high, highInclusive);
                if (random.nextBoolean()) {
                    range = range.reversed();
                    expected = expected.descendingMap();
                }
                long limit = random.nextInt(3) == 0 ? random.nextInt(3000) : Long.MAX_VALUE;
                range = range.limit(limit);
                assertSame(kv.scan(range), expected, limit);
            }
            assertSame(kv.scan(KvRange.all()), model, Long.MAX_VALUE);
            assertSame(kv.scan(KvRange.all().reversed()), model.descendingMap(), Long.MAX_VALUE);
            List<byte[]> keys = new ArrayList<>();
            kv.keys(KvRange.all()).forEach(keys::add);
            assertThat(keys).usingElementComparator(Arrays::compare).containsExactlyElementsOf(model.keySet());
        }
    }

    private static void assertSame(Iterable<KvEntry> found, NavigableMap<byte[], byte[]> expected, long limit) {
        var rest = expected.entrySet().iterator();
        long n = 0;
        for (KvEntry entry : found) {
            var wanted = rest.next();
            assertThat(entry.key()).isEqualTo(wanted.getKey());
            assertThat(entry.value()).isEqualTo(wanted.getValue());
            n++;
        }
        assertThat(n).isEqualTo(Math.min(limit, expected.size()));
    }

    /** Pairs of keys that are always written together are never seen apart, and no reader goes back in time. */
    @Test
    void readersBesideWritersSeeWholeCommitsInOrder() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file);
                Vault other = Vault.open(file)) {
            for (int i = 0; i < 3000; i++) {
                vault.kv("kv").put("fill " + i, new byte[50]);
            }
            byte[] zero = ByteBuffer.allocate(8).array();
            vault.kv("kv").putAll(List.of(new KvEntry(bytes("a"), zero), new KvEntry(bytes("z"), zero)));
            AtomicBoolean stop = new AtomicBoolean();
            AtomicLong committed = new AtomicLong();
            AtomicReference<Throwable> failure = new AtomicReference<>();
            AtomicLong checked = new AtomicLong();
            CountDownLatch begun = new CountDownLatch(3);
            List<Thread> readers = new ArrayList<>();
            for (int t = 0; t < 3; t++) {
                Vault reader = t == 0 ? other : vault;
                readers.add(new Thread(() -> {
                    try {
                        begun.countDown();
                        while (!stop.get()) {
                            long atLeast = committed.get();
                            List<byte[]> both = reader.kv("kv").getAll(List.of(bytes("a"), bytes("z")));
                            long a = ByteBuffer.wrap(both.get(0)).getLong();
                            long z = ByteBuffer.wrap(both.get(1)).getLong();
                            assertThat(z).isEqualTo(a);
                            assertThat(a).isGreaterThanOrEqualTo(atLeast);
                            long one = ByteBuffer.wrap(Objects.requireNonNull(
                                            reader.kv("kv").get("a")))
                                    .getLong();
                            assertThat(one).isGreaterThanOrEqualTo(a);
                            checked.incrementAndGet();
                        }
                    } catch (Throwable e) {
                        failure.compareAndSet(null, e);
                    }
                }));
            }
            readers.forEach(Thread::start);
            begun.await();
            for (long n = 1; n <= 400 && failure.get() == null; n++) {
                byte[] value = ByteBuffer.allocate(8).putLong(n).array();
                Vault writer = n % 3 == 0 ? other : vault;
                writer.kv("kv").putAll(List.of(new KvEntry(bytes("z"), value), new KvEntry(bytes("a"), value)));
                committed.set(n);
                if (n % 10 == 0) {
                    vault.maintenance().checkpoint();
                }
                long before = checked.get();
                Await.until(
                        "readers go on",
                        () -> failure.get() != null || checked.get() > before + 50,
                        () -> checked + " reads");
            }
            stop.set(true);
            for (Thread reader : readers) {
                reader.join();
            }
            assertThat(failure.get()).isNull();
        }
    }

    @Test
    void whatIsKeptOpenHoldsNobodyBack() throws Exception {
        Path file = folder.resolve("a.db");
        VaultOptions options = VaultOptions.defaults().withBusyTimeout(Duration.ofMillis(5_000));
        try (Vault vault = Vault.open(file, options)) {
            KVault kv = vault.kv("kv");
            kv.put("k", bytes("v"));
            vault.maintenance().checkpoint();
            warm(kv, "k");
            assertThat(vault.maintenance().checkpoint()).isTrue();
            warm(kv, "k");
            vault.maintenance().compact(0, Progress.none());
            assertThat(kv.get("k")).isEqualTo(bytes("v"));
            warm(kv, "k");
            vault.maintenance().compact(4096, Progress.none());
            assertThat(kv.get("k")).isEqualTo(bytes("v"));
            warm(kv, "k");
            assertThat(kv.get("k")).isEqualTo(bytes("v"));
            try (Vault other = Vault.open(file, options)) {
                other.kv("kv").put("k", bytes("w"));
                warm(kv, "k");
                // Another process would see the same: what is kept ends soon by itself.
                assertThat(other.maintenance().checkpoint()).isTrue();
            }
            warm(kv, "k");
        }
        try (Vault vault = Vault.open(file)) {
            assertThat(vault.kv("kv").get("k")).isEqualTo(bytes("w"));
        }
    }

    @Test
    void aClosedVaultSaysSo() {
        KVault kv;
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            kv = vault.kv("kv");
            kv.put("k", bytes("v"));
            vault.maintenance().checkpoint();
            warm(kv, "k");
        }
        assertThatThrownBy(() -> kv.get("k"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void aTableThatIsDroppedOrMadeAnewIsNotTakenForTheOldOne() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            KVault kv = vault.kv("kv");
            kv.put("k", bytes("v"));
            vault.maintenance().checkpoint();
            warm(kv, "k");
            TestSql.run(file, "DROP TABLE kv");
            assertThat(kv.get("k")).isNull();
            TestSql.run(
                    file,
                    "CREATE TABLE other (x)",
                    "CREATE TABLE kv (note TEXT, value BLOB NOT NULL, key BLOB PRIMARY KEY NOT NULL)",
                    "INSERT INTO kv VALUES ('n', x'0102', CAST('k' AS BLOB))");
            assertThat(kv.get("k")).containsExactly(1, 2);
            warm(kv, "k");
            assertThat(kv.get("k")).containsExactly(1, 2);
        }
    }
}
