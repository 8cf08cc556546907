package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.DType;
import io.kohakuvault.column.BytesColumn;
import io.kohakuvault.column.LongColumn;
import io.kohakuvault.column.StrColumn;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.table.Table;
import io.kohakuvault.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns of the newest state, read from the mapped file: never older than what was committed before the call. */
class LiveBlocksTest {
    @TempDir
    Path folder;

    @AfterEach
    void unhook() {
        Session.hook(null);
    }

    /**
     * Reads until that takes at most one statement a block, which one that stands in the log alone needs. A read by SQL
     * takes five: begin, column, directory, block, end.
     */
    private static void warm(int blocks, Runnable read) {
        AtomicLong statements = new AtomicLong();
        Thread reader = Thread.currentThread();
        Session.hook(sql -> statements.addAndGet(Thread.currentThread() == reader ? 1 : 0));
        Await.until(
                "columns are known without SQL",
                Duration.ofMinutes(1),
                () -> {
                    for (int i = 0; i < 50; i++) {
                        read.run();
                    }
                    statements.set(0);
                    read.run();
                    return statements.get() <= blocks;
                },
                () -> statements + " statements for " + blocks + " blocks");
        Session.hook(null);
    }

    /**
     * Changes of every kind, by this vault and by another, with the log copied back and not: the next read has them.
     */
    @ParameterizedTest
    @ValueSource(ints = {4096, 32768})
    void aCommitIsSeenByTheNextCallWhoeverMadeIt(int pageSize) {
        Path file = folder.resolve("a.db");
        VaultOptions options = VaultOptions.defaults().withPageSizeBytes(pageSize);
        try (Vault mine = Vault.open(file, options);
                Vault other = Vault.open(file, options)) {
            List<Long> numbers =
                    new ArrayList<>(LongStream.range(0, 30_000).boxed().toList());
            List<String> texts = new ArrayList<>(Collections.nCopies(3_000, "text"));
            mine.columns().ensure("n", DType.I64).asList().addAll(numbers);
            mine.columns().ensure("s", DType.STR).appendAll(texts);
            LongColumn read = mine.columns().ensure("n", DType.I64);
            StrColumn readTexts = mine.columns().ensure("s", DType.STR);
            Random random = new Random(pageSize);
            for (int i = 0; i < 60; i++) {
                if (random.nextBoolean()) {
                    mine.maintenance().checkpoint();
                }
                int at = random.nextInt(numbers.size());
                int textAt = random.nextInt(texts.size());
                warm(2, () -> {
                    read.get(at);
                    readTexts.get(textAt);
                });
                Vault writer = random.nextBoolean() ? mine : other;
                LongColumn column = writer.columns().ensure("n", DType.I64);
                StrColumn textColumn = writer.columns().ensure("s", DType.STR);
                long value = random.nextLong();
                String text = "text " + "x".repeat(random.nextInt(100));
                switch (random.nextInt(4)) {
                    case 0 -> {
                        column.set(at, value);
                        numbers.set(at, value);
                        textColumn.set(textAt, text);
                        texts.set(textAt, text);
                    }
                    case 1 -> {
                        column.insert(at, value);
                        numbers.add(at, value);
                        textColumn.insert(textAt, text);
                        texts.add(textAt, text);
                    }
                    case 2 -> {
                        column.remove(at);
                        numbers.remove(at);
                        textColumn.remove(textAt);
                        texts.remove(textAt);
                    }
                    default -> {
                        column.append(value);
                        numbers.add(value);
                        textColumn.append(text);
                        texts.add(text);
                    }
                }
                assertThat(read.length()).isEqualTo(numbers.size());
                assertThat(read.get(numbers.size() - 1)).isEqualTo(numbers.get(numbers.size() - 1));
                int from = Math.max(0, at - 5);
                int to = Math.min(numbers.size(), at + 5);
                assertThat(read.slice(from, to))
                        .containsExactly(numbers.subList(from, to).toArray(Long[]::new));
                int textFrom = Math.max(0, textAt - 5);
                int textTo = Math.min(texts.size(), textAt + 5);
                assertThat(readTexts.slice(textFrom, textTo)).isEqualTo(texts.subList(textFrom, textTo));
                if (i % 10 == 0) {
                    warm(1, () -> read.get(0));
                    assertThat(read.slice(0, numbers.size())).containsExactly(numbers.toArray(Long[]::new));
                    assertThat(readTexts.slice(0, texts.size())).isEqualTo(texts);
                }
            }
        }
    }

    /** Copied back, nothing is read by SQL: neither what a column has nor what stands in its blocks. */
    @Test
    void nothingIsReadThroughSqliteOnceTheLogIsCopiedBack() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            LongColumn column = vault.columns().ensure("n", DType.I64);
            column.appendAll(LongStream.range(0, 500_000).toArray());
            warm(1, () -> column.get(7)); // of the same state, from the log
            vault.maintenance().checkpoint();
            AtomicLong statements = new AtomicLong();
            Thread reader = Thread.currentThread();
            Session.hook(sql -> statements.addAndGet(Thread.currentThread() == reader ? 1 : 0));
            Random random = new Random(1);
            Await.until(
                    "blocks are found without SQL",
                    Duration.ofMinutes(1),
                    () -> {
                        statements.set(0);
                        for (int i = 0; i < 100; i++) {
                            int at = random.nextInt(500_000);
                            assertThat(column.get(at)).isEqualTo(at);
                        }
                        return statements.get() == 0;
                    },
                    () -> statements + " statements");
        }
    }

    @Test
    void transactionsAndBatchesSeeWhatTheyHaveWritten() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            LongColumn column = vault.columns().ensure("n", DType.I64);
            column.appendAll(new long[10_000]);
            vault.maintenance().checkpoint();
            warm(1, () -> column.get(9));
            vault.transact(() -> {
                column.set(9, 1);
                column.append(2);
                assertThat(column.get(9)).isEqualTo(1);
                assertThat(column.get(10_000)).isEqualTo(2);
            });
            assertThat(column.get(9)).isEqualTo(1);
            warm(1, () -> column.get(9));
            try (VaultBatch batch = vault.batch(BatchOptions.defaults())) {
                column.set(9, 3);
                assertThat(column.get(9)).isEqualTo(3);
                batch.commit();
            }
            assertThat(column.get(9)).isEqualTo(3);
            warm(1, () -> column.get(9));
            assertThatThrownBy(() -> vault.transact(() -> {
                        column.set(9, 4);
                        throw new IllegalStateException("no");
                    }))
                    .hasMessage("no");
            assertThat(column.get(9)).isEqualTo(3);
        }
    }

    @Test
    void whatIsDeletedOrMadeAnewIsNotTakenForTheOldOne() {
        Path file = folder.resolve("a.db");
        BytesColumn kept;
        try (Vault vault = Vault.open(file);
                Vault other = Vault.open(file)) {
            LongColumn column = vault.columns().ensure("n", DType.I64);
            column.appendAll(new long[] {1, 2, 3});
            warm(1, () -> column.get(0));
            other.columns().delete("n");
            assertThatThrownBy(() -> column.get(0)).isInstanceOf(NoSuchElementException.class);
            other.columns().ensure("n", DType.STR).append("text");
            assertThatThrownBy(() -> column.get(0)).isInstanceOf(NoSuchElementException.class);
            StrColumn anew = vault.columns().ensure("n", DType.STR);
            warm(1, () -> anew.get(0));
            other.columns().rename("n", "m");
            assertThat(vault.columns().strings("m").get(0)).isEqualTo("text");
            assertThat(vault.columns().contains("n")).isFalse();
            kept = vault.columns().ensure("b", DType.BYTES);
            kept.append(new byte[100_000]); // goes on on other pages
            vault.maintenance().checkpoint();
            warm(1, () -> kept.get(0));
            assertThat(kept.get(0)).hasSize(100_000);
        }
        assertThatThrownBy(() -> kept.get(0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    /** Columns of a table grow together, and no reader goes back in time. */
    @Test
    void readersBesideWritersSeeWholeCommitsInOrder() throws Exception {
        Path file = folder.resolve("a.db");
        VaultOptions options = VaultOptions.defaults().withPageSizeBytes(4096);
        try (Vault vault = Vault.open(file, options);
                Vault other = Vault.open(file, options)) {
            vault.tables().ensure("t", t -> t.column("a", DType.I64).column("b", DType.STR));
            AtomicBoolean stop = new AtomicBoolean();
            AtomicLong committed = new AtomicLong();
            AtomicLong checked = new AtomicLong();
            AtomicReference<Throwable> failure = new AtomicReference<>();
            List<Thread> readers = new ArrayList<>();
            for (int t = 0; t < 3; t++) {
                Table table = (t == 0 ? other : vault).tables().get("t");
                readers.add(new Thread(() -> {
                    try {
                        while (!stop.get()) {
                            long atLeast = committed.get();
                            long length = table.length();
                            assertThat(length).isGreaterThanOrEqualTo(atLeast);
                            if (length > 0) {
                                var row = table.rows(length - 1, length).get(0);
                                assertThat(row.get("a")).isEqualTo(length - 1);
                                assertThat(row.get("b")).isEqualTo("row " + (length - 1));
                            }
                            checked.incrementAndGet();
                        }
                    } catch (Throwable e) {
                        failure.compareAndSet(null, e);
                    }
                }));
            }
            readers.forEach(Thread::start);
            for (long n = 0; n < 1_000 && failure.get() == null; n++) {
                long number = n;
                Vault writer = n % 3 == 0 ? other : vault;
                writer.tables().get("t").append(row -> row.set("a", number).set("b", "row " + number));
                committed.set(n + 1);
                if (n % 50 == 0) {
                    vault.maintenance().checkpoint();
                }
                if (n % 10 == 0) {
                    long before = checked.get();
                    Await.until(
                            "readers go on",
                            () -> failure.get() != null || checked.get() > before + 100,
                            () -> checked + " reads");
                }
            }
            stop.set(true);
            for (Thread reader : readers) {
                reader.join();
            }
            assertThat(failure.get()).isNull();
        }
    }
}
