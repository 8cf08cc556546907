package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType.TimeUnit;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.table.Filter;
import io.kohakuvault.table.Table;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guard, and what it makes trustworthy. */
@SuppressWarnings("removal") // what goes with 1.0 is tested until then
class GuardTest {
    private static final VaultOptions GUARDED = VaultOptions.defaults().withGuardNewFiles(true);

    @TempDir
    Path folder;

    @AfterEach
    void stopCounting() {
        Session.hook(null);
    }

    @Test
    void onlyThisLibraryWritesTheColumnsOfAGuardedFile() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file, GUARDED)) {
            assertThat(vault.maintenance().stats().guarded()).isTrue();
            var column = vault.columns().ensure("c", DType.I64);
            column.appendAll(new long[10_000]);
            column.insert(5, 1, 2, 3);
            vault.columns().ensure("gone", DType.STR).append("x");
            vault.columns().delete("gone");
            column.remove(0, 100);
            for (String sql : new String[] {
                "INSERT INTO kvault_col_columns (name, dtype, elem_size, block_bytes) VALUES ('x', 'i64', 8, 4096)",
                "DELETE FROM kvault_col_blocks",
                "DELETE FROM kvault_col_columns"
            }) {
                assertThatThrownBy(() -> TestSql.run(file, sql))
                        .hasMessageContaining("columns are written by KohakuVault for Java only (vault_guard)");
            }
            vault.kv("kv").put("k", new byte[1]);
            TestSql.run(file, "INSERT INTO kv VALUES (x'61', x'62')");
            assertThat(TestSql.count(file, "vault_block_ext WHERE crc32c IS NOT NULL"))
                    .isPositive();
            vault.maintenance().guardColumns(false);
            assertThat(vault.maintenance().stats().guarded()).isFalse();
            assertThat(TestSql.count(file, "vault_block_ext WHERE crc32c IS NOT NULL"))
                    .isZero();
            TestSql.run(file, "DELETE FROM kvault_col_blocks");
        }
        Path plain = folder.resolve("b.db");
        try (Vault vault = Vault.open(plain)) {
            vault.columns().ensure("c", DType.I64).append(1);
        }
        try (Vault vault = Vault.open(plain, GUARDED)) {
            assertThat(vault.maintenance().stats().guarded())
                    .as("a file that exists stays as it is")
                    .isFalse();
            vault.maintenance().guardColumns(true);
            assertThat(vault.maintenance().stats().guarded()).isTrue();
        }
    }

    @Test
    void rangeScansSkipBlocksInAGuardedFileAndFindTheSameInAnyOther() {
        Random random = new Random(1);
        long[] ascending = LongStream.range(0, 100_000).map(i -> i / 3).toArray();
        double[] noise = random.doubles(100_000, -1, 1).toArray();
        noise[50_000] = Double.NaN;
        noise[70_000] = 5;
        int[] loads = new int[2];
        for (int guarded = 0; guarded < 2; guarded++) {
            try (Vault vault = Vault.open(folder.resolve("f" + guarded), GUARDED.withGuardNewFiles(guarded == 1))) {
                var longs = vault.columns().ensure("l", DType.I64);
                var doubles = vault.columns().ensure("d", DType.F64);
                for (int i = 0; i < 100; i++) {
                    longs.appendAll(Arrays.copyOfRange(ascending, 1000 * i, 1000 * (i + 1)));
                    doubles.appendAll(Arrays.copyOfRange(noise, 1000 * i, 1000 * (i + 1)));
                }
                AtomicInteger blocks = new AtomicInteger();
                Session.hook(sql -> blocks.addAndGet(sql.startsWith("SELECT payload") ? 1 : 0));
                assertThat(longs.indexesWithin(20_000, 20_009))
                        .isEqualTo(LongStream.range(60_000, 60_030).toArray());
                assertThat(longs.indexesWithin(5, 4)).isEmpty();
                assertThat(doubles.indexesWithin(2, 9)).containsExactly(70_000);
                loads[guarded] = blocks.get();
                Session.hook(null);
                assertThat(doubles.indexesWithin(-1, 0))
                        .isEqualTo(IntStream.range(0, noise.length)
                                .filter(i -> noise[i] <= 0 && noise[i] >= -1)
                                .asLongStream()
                                .toArray());
                // A value set in the middle of a full block is found: its statistics went with it.
                longs.set(1_000, 1_000_000);
                assertThat(longs.indexesWithin(1_000_000, Long.MAX_VALUE)).containsExactly(1_000);
            }
        }
        assertThat(loads[1]).isLessThan(loads[0] / 10);
    }

    @Test
    void rowsOfATableAreFoundByTimeAndNullsAreNot() {
        try (Vault vault = Vault.open(folder.resolve("a.db"), GUARDED)) {
            var table = vault.tables()
                    .ensure("t", s -> s.nullableTimestamp("at", TimeUnit.MS).column("n", DType.U64));
            for (int i = 0; i < 5; i++) {
                int base = 10_000 * i;
                var batch = table.newBatch();
                for (int k = 0; k < 10_000; k++) {
                    int n = base + k;
                    batch.add(r -> {
                        r.set("n", n % 2 == 0 ? -1L - n : n);
                        if (n % 10 != 0) {
                            r.set("at", Instant.ofEpochMilli(n - 20_000));
                        }
                    });
                }
                table.append(batch);
            }
            assertThat(table.indexesWithin("at", Instant.ofEpochMilli(-5), Instant.ofEpochMilli(5)))
                    .containsExactly(19_995, 19_996, 19_997, 19_998, 19_999, 20_001, 20_002, 20_003, 20_004, 20_005);
            assertThat(table.indexesWithin("n", -3L, -1L)).containsExactly(0, 2);
            try (Snapshot snapshot = vault.snapshot()) {
                assertThat(snapshot.tables()
                                .get("t")
                                .indexesWithin("at", Instant.ofEpochMilli(0), Instant.ofEpochMilli(1)))
                        .containsExactly(20_001);
            }
            assertThatThrownBy(() -> table.indexesWithin("at", "x", "y")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aFilterReadsNoBlocksThatAreRuledOut() {
        int[] loads = new int[2];
        for (int guarded = 0; guarded < 2; guarded++) {
            try (Vault vault = Vault.open(folder.resolve("q" + guarded), GUARDED.withGuardNewFiles(guarded == 1))) {
                Table table = vault.tables()
                        .create(
                                "t",
                                s -> s.column("n", DType.I64)
                                        .column("s", DType.STR)
                                        .column("m", DType.I64));
                List<Integer> all = IntStream.range(0, 100_000).boxed().toList();
                table.appendAll(
                        all,
                        (i, row) -> row.set("n", i).set("s", "text " + i % 7).set("m", i % 1000));
                AtomicInteger blocks = new AtomicInteger();
                Session.hook(sql -> blocks.addAndGet(sql.startsWith("SELECT payload") ? 1 : 0));
                assertThat(table.count(Filter.where("n", 50_000, 50_100).and(Filter.equal("s", "text 3"))))
                        .isEqualTo(IntStream.range(50_000, 50_100)
                                .filter(i -> i % 7 == 3)
                                .count());
                int narrow = blocks.getAndSet(0);
                assertThat(table.count(Filter.where("n", -5, 0).and(Filter.equal("m", 3))))
                        .isZero();
                int none = blocks.getAndSet(0);
                Session.hook(null);
                loads[guarded] = narrow + none;
                if (guarded == 1) {
                    assertThat(narrow)
                            .as("of the second column what the first has left")
                            .isLessThanOrEqualTo(3);
                    assertThat(none).as("no block of the second").isLessThanOrEqualTo(1);
                }
                // A value that is corrected within a full block is found.
                table.set(7, row -> row.set("n", 5_000_000));
                assertThat(table.count(Filter.where("n", 1_000_000, null))).isEqualTo(1);
            }
        }
        assertThat(loads[1]).isLessThan(loads[0] / 10);
    }
}
