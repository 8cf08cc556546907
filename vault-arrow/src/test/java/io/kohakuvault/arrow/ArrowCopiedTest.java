package io.kohakuvault.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.codec.DType;
import io.kohakuvault.table.Filter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.util.TransferPair;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArrowCopiedTest {
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
    void copiesAreTheSameRowsInBatchesOfTheSizeThatWasAskedFor() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            EveryType.make(vault, 10_000, 1);
        }
        try (Vault vault = Vault.open(file)) {
            EveryType.make(vault, 3_000, 2); // in the log
            try (Snapshot snapshot = vault.snapshot()) {
                ArrowScan scan = VaultArrow.scan(snapshot, "t").profile(ArrowProfile.duckDb());
                List<List<Object>> rows = EveryType.read(scan, allocator);
                List<List<Object>> copied = new ArrayList<>();
                List<Integer> sizes = new ArrayList<>();
                try (VaultArrowReader reader = scan.copied(5_000).open(allocator)) {
                    while (reader.loadNextBatch()) {
                        sizes.add(reader.getVectorSchemaRoot().getRowCount());
                        EveryType.add(reader.getVectorSchemaRoot(), copied);
                    }
                    for (ColumnScanStats column : reader.stats().columns()) {
                        assertThat(column.rowsByAddress()).as(column.name()).isZero();
                        assertThat(column.rowsCopied().values())
                                .as(column.name())
                                .containsExactly(13_000L);
                    }
                }
                assertThat(sizes).containsExactly(5_000, 5_000, 3_000);
                assertThat(copied).isEqualTo(rows);
                Filter filter = Filter.where("random", 0, 100);
                assertThat(EveryType.read(scan.where(filter).copied(), allocator))
                        .isEqualTo(EveryType.read(scan.where(filter), allocator));
                assertThat(EveryType.read(scan.copied(), allocator)).isEqualTo(rows);
                assertThatThrownBy(() -> scan.copied(0)).hasMessageContaining("0 was given");
            }
        }
    }

    @Test
    void whoChangesACopyChangesNothingElse() throws Exception {
        Path file = folder.resolve("a.db");
        long[] values = new long[20_000];
        try (Vault vault = Vault.open(file)) {
            vault.tables()
                    .ensure(
                            "t",
                            s -> s.column("a", DType.I64).column("b", DType.I64).nullable("c", DType.I64))
                    .appendColumns(c -> c.set("a", values).set("b", values).set("c", values));
        }
        try (Vault vault = Vault.open(file);
                Snapshot snapshot = vault.snapshot();
                VaultArrowReader reader =
                        VaultArrow.scan(snapshot, "t").copied(8_000).open(allocator)) {
            VectorSchemaRoot root = reader.getVectorSchemaRoot();
            while (reader.loadNextBatch()) {
                BigIntVector a = (BigIntVector) root.getVector("a");
                BigIntVector b = (BigIntVector) root.getVector("b");
                BigIntVector c = (BigIntVector) root.getVector("c");
                for (BigIntVector vector : List.of(a, b, c)) {
                    assertThat(vector.getNullCount()).isZero();
                    assertThat(vector.get(1)).isZero();
                }
                c.setNull(1);
                a.set(2, 7);
                assertThat(a.isNull(1) || b.isNull(1)).isFalse();
                assertThat(b.get(2)).isZero();
            }
            assertThat(snapshot.columns().longs("t.a").get(2)).isZero();
        }
    }

    @Test
    void copiesDoNotKeepTheSnapshotOpen() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            vault.columns().ensure("v", DType.I64).appendAll(new long[] {1, 2, 3});
        }
        try (Vault vault = Vault.open(file);
                Snapshot snapshot = vault.snapshot()) {
            TransferPair kept;
            try (VaultArrowReader reader =
                    VaultArrow.scanColumns(snapshot, "v").copied().open(allocator)) {
                assertThat(reader.loadNextBatch()).isTrue();
                kept = reader.getVectorSchemaRoot().getVector(0).getTransferPair(allocator);
                kept.transfer();
            }
            assertThat(snapshot.liveBuffers()).isZero();
            try (BigIntVector vector = (BigIntVector) kept.getTo()) {
                assertThat(vector.get(2)).isEqualTo(3);
            }
        }
    }

    @Test
    void wideRowsEndABatchBeforeItIsLarge() throws Exception {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            byte[] wide = new byte[100_000];
            vault.transact(() -> {
                var column = vault.columns().ensure("v", DType.BYTES);
                for (int i = 0; i < 1_000; i++) {
                    column.append(wide);
                }
            });
            try (BufferAllocator limited = allocator.newChildAllocator("limited", 0, 160 << 20);
                    Snapshot snapshot = vault.snapshot();
                    VaultArrowReader reader =
                            VaultArrow.scanColumns(snapshot, "v").copied().open(limited)) {
                long rows = 0;
                while (reader.loadNextBatch()) {
                    rows += reader.getVectorSchemaRoot().getRowCount();
                }
                assertThat(rows).isEqualTo(1_000);
                assertThat(reader.stats().batches()).isBetween(3L, 5L);
            }
        }
    }

    /** Rows of somebody else's blocks, of which one may be far larger than their average. */
    @Test
    void offsetsThatDoNotFitAreRefusedByName() {
        assertThat(GatheredBytes.shortOffset("text", Integer.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
        assertThatThrownBy(() -> GatheredBytes.shortOffset("text", 1L << 31))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("column 'text'")
                .hasMessageContaining("batchRows");
    }
}
