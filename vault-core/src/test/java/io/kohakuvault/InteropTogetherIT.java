package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.codec.DType;
import io.kohakuvault.kv.KVault;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.table.Table;
import io.kohakuvault.vector.Metric;
import io.kohakuvault.vector.VectorOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real KohakuVault and this library write one file, in turn and at once, and watch each other. Run with {@link
 * InteropIT}.
 */
@Tag("interop")
class InteropTogetherIT {
    private static final VectorOptions FOUR = VectorOptions.of(4, Metric.L2);

    @TempDir
    Path folder;

    private long javaRounds;
    private long pythonSeen;

    @Test
    void bothWriteInTurnAndAtOnce() throws Exception {
        Path python = RealKohakuVault.python();
        Path file = folder.resolve("together.db");
        try (Vault vault = Vault.open(file)) {
            round(vault);
            for (int turn = 0; turn < 3; turn++) {
                python(python, file, 10);
                for (int i = 0; i < 10; i++) {
                    round(vault);
                }
            }
            CompletableFuture<Void> beside = CompletableFuture.runAsync(() -> python(python, file, 150));
            while (!beside.isDone()) {
                round(vault);
                watch(vault);
            }
            beside.join();
            watch(vault);
            assertThat(pythonSeen).isEqualTo(180);
            compare(vault);
            System.out.printf("interop: %d rounds of Java and 180 of Python in turn and at once%n", javaRounds);
        }
        assertThat(RealKohakuVault.run(
                        python.toString(),
                        Path.of("src/test/python/check_cols.py").toString(),
                        file.toString(),
                        "--deep"))
                .contains(" 0 errors");
    }

    private static void python(Path python, Path file, int rounds) {
        try {
            assertThat(RealKohakuVault.run(
                            python.toString(),
                            Path.of("src/test/python/together.py").toString(),
                            file.toString(),
                            Integer.toString(rounds)))
                    .contains("python wrote " + rounds);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** One transaction over everything; the change in its middle is never seen. */
    private void round(Vault vault) {
        vault.transact(() -> {
            var column = vault.columns().ensure("java", DType.I64);
            column.append(javaRounds);
            column.insert(0, -7);
            column.remove(0);
            vault.columns().ensure("both", DType.I64).append(2 * javaRounds);
            Table table =
                    vault.tables().ensure("log", s -> s.column("n", DType.I64).nullable("note", DType.STR));
            table.append(row -> row.set("n", javaRounds));
            vault.text("docs").insert("document of java " + javaRounds, "java " + javaRounds);
            vault.vectors("vec", FOUR).insert(new float[] {-javaRounds, 1, 2, 3}, "java " + javaRounds);
            javaRounds++;
            vault.kv("kv").putValue("java", javaRounds);
        });
    }

    /** What Python has counted never goes back, by whatever way it is read; what is in a snapshot fits together. */
    private void watch(Vault vault) {
        KVault kv = vault.kv("kv");
        for (int i = 0; i < 40; i++) {
            long now = (Long) kv.findValue("python").orElse(0L);
            assertThat(now).isGreaterThanOrEqualTo(pythonSeen);
            pythonSeen = now;
        }
        try (Snapshot snapshot = vault.snapshot()) {
            long counted = (Long) snapshot.kv("kv").findValue("python").orElse(0L);
            assertThat(counted).isGreaterThanOrEqualTo(pythonSeen);
            // Python appends first and counts then.
            assertThat(snapshot.columns().strings("python").length()).isBetween(2 * counted, 2 * counted + 2);
            long[] both = snapshot.columns()
                    .longs("both")
                    .slice(0, snapshot.columns().longs("both").length());
            assertThat(LongStream.of(both).filter(n -> n % 2 != 0).count()).isBetween(counted, counted + 1);
            assertThat(snapshot.columns().longs("java").length()).isEqualTo(javaRounds);
        }
    }

    private void compare(Vault vault) {
        long[] both = vault.columns()
                .longs("both")
                .slice(0, vault.columns().longs("both").length());
        assertThat(LongStream.of(both).filter(n -> n % 2 == 0).map(n -> n / 2))
                .containsExactlyElementsOf(
                        LongStream.range(0, javaRounds).boxed().toList());
        assertThat(LongStream.of(both).filter(n -> n % 2 != 0).map(n -> n / 2))
                .containsExactlyElementsOf(LongStream.range(0, 180).boxed().toList());
        long[] numbers = vault.columns()
                .longs("numbers")
                .slice(0, vault.columns().longs("numbers").length());
        for (int i = 0; i < numbers.length; i++) {
            assertThat(numbers[i]).isEqualTo(i % 700);
        }
        List<String> texts = vault.columns().strings("python").slice(0, 360);
        for (int i = 1; i < 180; i++) {
            assertThat(texts.get(2 * i)).isEqualTo("aus Python " + i);
            assertThat(texts.get(2 * i + 1)).hasSize(i % 3000);
        }
        assertThat(texts.get(0)).isEqualTo("first 175");
        assertThat(Objects.requireNonNull(vault.tables().get("log")).length()).isEqualTo(javaRounds);
        assertThat(vault.text("docs").search("python", 1000)).hasSize(60);
        assertThat(vault.vectors("vec", FOUR).count()).isEqualTo(javaRounds + 60);
        assertThat(vault.maintenance().verify(Progress.none()).findings()).isEmpty();
    }
}
