package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.DType;
import io.kohakuvault.column.ColumnInfo;
import io.kohakuvault.column.StrColumn;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.RowBatch;
import io.kohakuvault.table.Table;
import io.kohakuvault.table.TableReader;
import io.kohakuvault.testkit.Golden;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read and written in batches takes the memory of a batch, however long a value is. */
class BatchSizeTest {
    @TempDir
    Path folder;

    private static String text(Random random) {
        int length = switch (random.nextInt(20)) {
            case 0 -> 100_000;
            case 1, 2 -> 3_000;
            default -> random.nextInt(30);
        };
        return "x".repeat(length);
    }

    private static long bytes(Row row) {
        return String.valueOf(row.get("s")).length() + 8;
    }

    @Test
    void batchesOfRowsEndByBytesAndMissNoRow() {
        long seed = 5;
        Random random = new Random(seed);
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            Table table =
                    vault.tables().ensure("t", s -> s.column("i", DType.I64).nullable("s", DType.STR));
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < 3_000; i++) {
                texts.add(random.nextInt(10) == 0 ? null : text(random));
            }
            RowBatch batch = table.newBatch();
            for (int i = 0; i < texts.size(); i++) {
                int n = i;
                batch.add(row -> row.set("i", n).set("s", texts.get(n)));
                if (batch.rowCount() == 100) {
                    table.append(batch);
                    batch.clear();
                }
            }
            assertThat(table.length()).isEqualTo(3_000);
            try (Snapshot snapshot = vault.snapshot()) {
                for (TableReader reader : List.of(table, snapshot.tables().get("t"))) {
                    for (long limit : new long[] {1, 2_000, 150_000, 1 << 20, Long.MAX_VALUE >> 1}) {
                        int from = random.nextInt(100);
                        int at = from;
                        for (List<Row> rows : reader.batches(from, 2_990, 500, limit)) {
                            assertThat(rows).isNotEmpty().hasSizeLessThanOrEqualTo(500);
                            long bytes = rows.stream()
                                    .mapToLong(BatchSizeTest::bytes)
                                    .sum();
                            assertThat(rows.size() == 1 || bytes <= limit + 2 * 100_000L)
                                    .as("%d bytes in %d rows, of %d, seed %d", bytes, rows.size(), limit, seed)
                                    .isTrue();
                            for (Row row : rows) {
                                assertThat(row.index()).isEqualTo(at);
                                assertThat(row.get("i")).isEqualTo((long) at);
                                assertThat(row.get("s")).isEqualTo(texts.get(at));
                                at++;
                            }
                        }
                        assertThat(at).isEqualTo(2_990);
                    }
                    assertThat(reader.batches(7, 7, 10, 10)).isEmpty();
                    assertThat(reader.batches(0, 3, 10, 1, "i")
                                    .iterator()
                                    .next()
                                    .get(0)
                                    .toMap())
                            .containsOnlyKeys("i");
                    assertThatThrownBy(() ->
                                    reader.batches(0, 3_001, 10, 10).iterator().next())
                            .isInstanceOf(IndexOutOfBoundsException.class);
                    assertThatThrownBy(() -> reader.batches(3_001, 3_001, 10, 10)
                                    .iterator()
                                    .hasNext())
                            .isInstanceOf(IndexOutOfBoundsException.class);
                    assertThatThrownBy(() -> reader.batches(0, 1, 0, 10)).isInstanceOf(IllegalArgumentException.class);
                    assertThatThrownBy(() -> reader.batches(0, 1, 1, 0)).isInstanceOf(IllegalArgumentException.class);
                }
            }
        }
    }

    @Test
    void batchesOfElementsEndByBytes() {
        Random random = new Random(6);
        List<String> texts = Stream.generate(() -> text(random)).limit(2_000).toList();
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            StrColumn column = vault.columns().ensure("c", DType.STR);
            column.appendAll(texts);
            for (long limit : new long[] {1, 5_000, 1 << 20}) {
                List<String> read = new ArrayList<>();
                for (List<String> batch : column.batches(300, limit)) {
                    assertThat(batch).isNotEmpty().hasSizeLessThanOrEqualTo(300);
                    read.addAll(batch);
                    assertThat(batch.size() == 1
                                    || batch.stream().mapToLong(String::length).sum() <= limit + 2 * 100_000L)
                            .isTrue();
                }
                assertThat(read).isEqualTo(texts);
            }
            assertThatThrownBy(() -> column.batches(1, 0)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void columnsOfTheOlderLayoutAreReadInSuchBatchesToo() throws IOException {
        Path file = Golden.database("columns-0x", folder);
        int compared = 0;
        try (Vault vault = Vault.openReadOnly(file)) {
            for (ColumnInfo info : vault.columns().list()) {
                if (info.legacy() && info.dtype().equals("str")) {
                    List<String> read = new ArrayList<>();
                    vault.columns().strings(info.name()).batches(1_000, 64).forEach(read::addAll);
                    assertThat(read)
                            .isEqualTo(vault.columns().strings(info.name()).slice(0, info.length()));
                    compared++;
                }
            }
        }
        assertThat(compared).isPositive();
    }

    @Test
    void aBatchKnowsItsBytes() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            Table table =
                    vault.tables().ensure("t", s -> s.nullable("i", DType.I32).nullable("s", DType.STR));
            RowBatch batch = table.newBatch();
            assertThat(batch.sizeBytes()).isZero();
            batch.add(row -> row.set("i", 1).set("s", "zoë"));
            batch.add(row -> row.set("i", 1));
            assertThat(batch.sizeBytes()).isEqualTo(4 + 4 + 4);
            batch.clear();
            assertThat(batch.sizeBytes()).isZero();
        }
    }

    @Test
    void manyObjectsAreAppendedAllOrNone() {
        String megabyte = "m".repeat(1 << 20);
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            Table table = vault.tables().ensure("t", s -> s.column("s", DType.STR));
            // More than the memory of tests: an iterable that makes its objects as they are asked for.
            Iterable<String> many = () -> Collections.nCopies(40, megabyte).iterator();
            table.appendAll(many, (text, row) -> row.set("s", text));
            assertThat(table.length()).isEqualTo(40);
            Iterable<Integer> numbers = () -> IntStream.range(0, 40).iterator();
            assertThatThrownBy(() -> table.appendAll(numbers, (n, row) -> {
                        if (n < 39) {
                            row.set("s", megabyte);
                        }
                    }))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(table.length()).isEqualTo(40);
            assertThatThrownBy(() -> vault.transact(() -> {
                        try {
                            table.appendAll(numbers, (n, row) -> {
                                if (n < 39) {
                                    row.set("s", megabyte);
                                }
                            });
                        } catch (IllegalArgumentException e) {
                            table.append(row -> row.set("s", "goes on all the same"));
                        }
                    }))
                    .isInstanceOf(RuntimeException.class);
            assertThat(table.length()).isEqualTo(40);
            Iterator<String> none = Collections.emptyIterator();
            table.appendAll(() -> none, (text, row) -> row.set("s", text));
            assertThat(table.length()).isEqualTo(40);
        }
    }
}
