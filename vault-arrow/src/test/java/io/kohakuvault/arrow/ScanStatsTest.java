package io.kohakuvault.arrow;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.codec.DType;
import io.kohakuvault.table.Filter;
import io.kohakuvault.table.Table;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScanStatsTest {
    private static final int ROWS = 10_000;

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

    private ColumnScanStats read(ArrowScan scan, String column) throws Exception {
        try (VaultArrowReader reader = scan.columns(column).open(allocator)) {
            while (reader.loadNextBatch()) {
                assertThat(reader.getVectorSchemaRoot().getRowCount()).isPositive();
            }
            ScanStats stats = reader.stats();
            ColumnScanStats its = stats.columns().get(0);
            assertThat(stats.columns()).hasSize(1);
            assertThat(its.name()).isEqualTo(column);
            assertThat(stats.mappedBlocks()).isEqualTo(its.mappedBlocks());
            assertThat(stats.gatheredBlocks()).isEqualTo(its.gatheredBlocks());
            assertThat(stats.copiedBlocks()).isEqualTo(its.copiedBlocks());
            long copied = its.rowsCopied().values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            assertThat(its.rowsByAddress() + copied).isEqualTo(stats.rows());
            return its;
        }
    }

    @Test
    void eachColumnSaysWhatWasCopiedAndWhy() throws Exception {
        Path file = folder.resolve("a.db");
        long[] numbers = new long[ROWS];
        Arrays.setAll(numbers, i -> i);
        try (Vault vault = Vault.open(file)) {
            Table table = vault.tables()
                    .ensure(
                            "t",
                            s -> s.column("n", DType.I64)
                                    .column("yes", DType.BOOL)
                                    .column("text", DType.STR)
                                    .column("long", DType.BYTES));
            vault.transact(() -> {
                for (int i = 0; i < ROWS; i++) {
                    int n = i;
                    table.append(row -> row.set("n", n)
                            .set("yes", true)
                            .set("text", "x".repeat(100))
                            .set("long", new byte[n % 1_000 == 0 ? 100_000 : 0]));
                }
            });
        }
        try (Vault vault = Vault.open(file)) {
            try (Snapshot snapshot = vault.snapshot()) {
                ArrowScan scan = VaultArrow.scan(snapshot, "t");
                assertThat(read(scan, "n").rowsByAddress()).isEqualTo(ROWS);
                assertThat(read(scan, "n").rowsCopied()).isEmpty();
                assertThat(read(scan, "n").mappedBlocks()).isEqualTo(3);
                assertThat(read(scan, "yes").rowsCopied()).isEqualTo(Map.of(CopyReason.CONVERTED, (long) ROWS));
                // some 300 rows a block: enough for a batch of one column, and too few for one of four
                assertThat(read(scan, "text").rowsByAddress()).isEqualTo(ROWS);
                assertThat(read(scan.batchRows(1_024, ROWS), "text").rowsCopied())
                        .containsKey(CopyReason.JOINED);
                try (VaultArrowReader all = scan.open(allocator)) {
                    while (all.loadNextBatch()) {
                        assertThat(all.getVectorSchemaRoot().getRowCount()).isPositive();
                    }
                    assertThat(all.stats().columns().get(2).rowsCopied()).containsKey(CopyReason.JOINED);
                }
                assertThat(read(scan.copied(), "n").rowsCopied()).isEqualTo(Map.of(CopyReason.REQUESTED, (long) ROWS));
                assertThat(read(scan.take(1, 9_000), "n").rowsCopied()).isEqualTo(Map.of(CopyReason.SELECTED, 2L));
                ColumnScanStats large = read(scan.batchRows(1, ROWS), "long");
                assertThat(large.gatheredBlocks()).isPositive();
                assertThat(large.copiedBlocks()).isZero();
                assertThat(large.rowsCopied()).containsOnlyKeys(CopyReason.GATHERED);
                ColumnScanStats run = read(scan.where(Filter.where("n", 0, 5_000)), "n");
                assertThat(run.rowsByAddress()).isEqualTo(5_000);
                ColumnScanStats some =
                        read(scan.where(Filter.where("n", 0, 5_000).and(Filter.equal("n", 7))), "n");
                assertThat(some.rowsByAddress()).isEqualTo(1); // one row stands together with itself
            }
            vault.tables().get("t").set(0, row -> row.set("n", 5));
            try (Snapshot snapshot = vault.snapshot()) {
                ColumnScanStats inLog = read(VaultArrow.scan(snapshot, "t"), "n");
                assertThat(inLog.copiedBlocks()).isEqualTo(1);
                assertThat(inLog.mappedBlocks()).isEqualTo(2);
                assertThat(inLog.rowsCopied()).isEqualTo(Map.of(CopyReason.THROUGH_SQLITE, 4_088L));
                assertThat(List.copyOf(inLog.rowsCopied().keySet())).doesNotContain(CopyReason.GATHERED);
            }
        }
    }
}
