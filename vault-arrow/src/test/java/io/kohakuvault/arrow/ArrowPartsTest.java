package io.kohakuvault.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.codec.DType;
import io.kohakuvault.table.Filter;
import io.kohakuvault.table.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArrowPartsTest {
    @TempDir
    Path folder;

    private BufferAllocator allocator;

    @BeforeEach
    void open() {
        allocator = VaultArrow.allocator();
    }

    @AfterEach
    void nothingLeaks() {
        allocator.close(); // throws when a buffer is still out
    }

    @Test
    void rowsAreTakenInAnyOrderOfEveryType() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            EveryType.make(vault, 9_000, 1);
        }
        try (Vault vault = Vault.open(file)) {
            EveryType.make(vault, 500, 2); // in the log
            try (Snapshot snapshot = vault.snapshot()) {
                ArrowScan scan = VaultArrow.scan(snapshot, "t").profile(ArrowProfile.duckDb());
                List<List<Object>> all = EveryType.read(scan, allocator);
                Random random = new Random(1);
                for (int i = 0; i < 8; i++) {
                    int from = i % 2 == 0 ? 0 : 1_000;
                    long[] rows = random.longs(random.nextInt(3_000), 0, all.size() - from)
                            .toArray();
                    if (i == 3) {
                        Arrays.sort(rows);
                    }
                    List<List<Object>> wanted = Arrays.stream(rows)
                            .mapToObj(row -> all.get((int) (from + row)))
                            .toList();
                    ArrowScan taken = scan.rows(from, all.size()).take(rows);
                    assertThat(taken.rowCount()).isEqualTo(rows.length);
                    assertThat(EveryType.read(i < 4 ? taken : taken.batchRows(1, 700), allocator))
                            .isEqualTo(wanted);
                    assertThat(EveryType.read(taken.copied(), allocator)).isEqualTo(wanted);
                    int middle = rows.length / 2;
                    assertThat(EveryType.read(taken.rows(middle, rows.length), allocator))
                            .isEqualTo(wanted.subList(middle, rows.length));
                    List<List<Object>> parts = new ArrayList<>();
                    for (ArrowScan part : taken.split(3)) {
                        parts.addAll(EveryType.read(part, allocator));
                    }
                    assertThat(parts).isEqualTo(wanted);
                }
                assertThat(EveryType.read(scan.take(), allocator)).isEmpty();
                assertThat(EveryType.read(scan.columns("n").take(5, 5, 2).take(2, 0), allocator))
                        .containsExactly(List.of("2"), List.of("5"));
                assertThat(EveryType.read(scan.columns().take(3, 1), allocator)).hasSize(2);
            }
        }
    }

    @Test
    void whatCannotBeTakenIsRefused() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            vault.tables().ensure("t", s -> s.column("a", DType.I64)).append(r -> r.set("a", 1));
            try (Snapshot snapshot = vault.snapshot()) {
                ArrowScan scan = VaultArrow.scan(snapshot, "t");
                for (long wrong : new long[] {-1, 1, Long.MAX_VALUE}) {
                    assertThatThrownBy(() -> scan.take(0, wrong))
                            .isInstanceOf(IndexOutOfBoundsException.class)
                            .hasMessageContaining("row " + wrong);
                }
                assertThatThrownBy(() -> scan.where(Filter.isNull("a")).take(0))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("a is null");
                assertThatThrownBy(() -> scan.take(0).where(Filter.isNull("a")))
                        .isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(() -> scan.split(0)).isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @Test
    void partsEndWhereBlocksEndAndAreTheWhole() throws Exception {
        Path file = folder.resolve("a.db");
        long[] values = new long[100_000];
        Arrays.setAll(values, i -> i);
        long[] bytes = new long[100_000];
        try (Vault vault = Vault.open(file)) {
            vault.tables()
                    .ensure("t", s -> s.column("a", DType.I64).column("b", DType.I8))
                    .appendColumns(c -> c.set("a", values).set("b", bytes));
            vault.tables().ensure("empty", s -> s.column("a", DType.I64));
        }
        try (Vault vault = Vault.open(file);
                Snapshot snapshot = vault.snapshot()) {
            ArrowScan scan = VaultArrow.scan(snapshot, "t");
            List<ArrowScan> parts = scan.split(3);
            assertThat(parts).extracting(ArrowScan::rowCount).containsExactly(32_704L, 32_704L, 100_000 - 2 * 32_704L);
            assertThat(scan.split(100)).hasSize(4);
            assertThat(scan.columns("a").split(100)).hasSize(25);
            List<List<Object>> rows = new ArrayList<>();
            for (ArrowScan part : scan.rows(10, 90_000).split(4)) {
                rows.addAll(EveryType.read(part, allocator));
            }
            assertThat(rows).isEqualTo(EveryType.read(scan.rows(10, 90_000), allocator));
            assertThat(VaultArrow.scan(snapshot, "empty").split(4)).hasSize(1);
        }
    }

    @Test
    void threadsReadPartsOfOneSnapshotWhileRowsAreAppended() throws Exception {
        Path file = folder.resolve("a.db");
        long[] values = new long[300_000];
        Arrays.setAll(values, i -> i);
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(5);
        try (Vault vault = Vault.open(file)) {
            Table table =
                    vault.tables().ensure("t", s -> s.column("a", DType.I64).nullable("b", DType.STR));
            table.appendColumns(c -> c.set("a", values).set("b", Arrays.asList(new String[values.length])));
            Future<?> writer = threads.submit(() -> {
                while (!done.get()) {
                    table.append(r -> r.set("a", 1).set("b", "more"));
                }
            });
            for (int round = 0; round < 10; round++) {
                try (Snapshot snapshot = vault.snapshot()) {
                    ArrowScan scan = VaultArrow.scan(snapshot, "t");
                    long rows = scan.rowCount();
                    List<Future<Long>> sums = new ArrayList<>();
                    for (ArrowScan part :
                            scan.where(Filter.where("a", 0, 200_000)).split(4)) {
                        sums.add(threads.submit(() -> sum(part)));
                    }
                    long sum = 0;
                    for (Future<Long> part : sums) {
                        sum += part.get();
                    }
                    assertThat(sum).isEqualTo(199_999L * 200_000 / 2 + rows - values.length);
                }
            }
            done.set(true);
            writer.get();
        } finally {
            done.set(true);
            threads.shutdownNow();
        }
    }

    private long sum(ArrowScan scan) throws Exception {
        long sum = 0;
        try (VaultArrowReader reader = scan.open(allocator)) {
            while (reader.loadNextBatch()) {
                BigIntVector a = (BigIntVector) reader.getVectorSchemaRoot().getVector("a");
                for (int i = 0; i < a.getValueCount(); i++) {
                    sum += a.get(i);
                }
            }
        }
        return sum;
    }
}
