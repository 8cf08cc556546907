package io.kohakuvault.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.VaultOptions;
import io.kohakuvault.codec.DType;
import io.kohakuvault.table.Filter;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.Table;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.BigIntVector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArrowFilterTest {
    private static final String[] SPARK = {"n", "u8", "u16", "u32", "u64", "f16", "text", "vec", "mask", "money", "ts"};

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

    /** A filter and what it means, said otherwise. */
    private record Meaning(Filter filter, Predicate<Row> plain) {
        Meaning and(Meaning other) {
            return new Meaning(filter.and(other.filter), plain.and(other.plain));
        }
    }

    private static Predicate<Row> has(String name, Predicate<Object> test) {
        return row -> {
            Object value = row.toMap().get(name);
            return value != null && test.test(value);
        };
    }

    private static BigDecimal number(Object value) {
        return new BigDecimal(String.valueOf(value));
    }

    private static int compare(String a, String b) {
        return Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    private static Meaning condition(Random random, int rows) {
        int n = random.nextInt(rows + 10);
        int width = 1 + random.nextInt(random.nextBoolean() ? 50 : rows + 1);
        return switch (random.nextInt(15)) {
            case 0 ->
                new Meaning(Filter.where("n", n, n + width), has("n", v -> (Long) v >= n && (Long) v < n + width));
            case 1 -> {
                Instant from = Instant.ofEpochMilli(1_700_000_000_000L + n);
                yield new Meaning(
                        Filter.whereThrough("ts", from, from.plusMillis(width)),
                        has(
                                "ts",
                                v -> !((Instant) v).isBefore(from) && !((Instant) v).isAfter(from.plusMillis(width))));
            }
            case 2 ->
                new Meaning(
                        Filter.where("random", null, 500),
                        has("random", v -> number(v).intValue() < 500));
            case 3 -> {
                BigInteger least = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.valueOf(n));
                yield new Meaning(
                        Filter.where("u64", least, null),
                        has("u64", v -> Long.compareUnsigned((Long) v, least.longValue()) >= 0 && n > 0));
            }
            case 4 -> new Meaning(Filter.where("f64", n / 4.0, null), has("f64", v -> (Double) v >= n / 4.0));
            case 5 ->
                new Meaning(
                        Filter.where("f32", null, n / 2.0),
                        has("f32", v -> number(v).doubleValue() < n / 2.0));
            case 6 -> {
                String from = "t" + n % 1_000;
                yield new Meaning(
                        Filter.where("text", from, "t9"),
                        has("text", v -> compare((String) v, from) >= 0 && compare((String) v, "t9") < 0));
            }
            case 7 -> new Meaning(Filter.equal("code", "c" + n % 20), has("code", ("c" + n % 20)::equals));
            case 8 -> new Meaning(Filter.equal("flag", true), has("flag", Boolean.TRUE::equals));
            case 9 -> {
                UUID id = new UUID(n % 100, 7);
                yield new Meaning(
                        Filter.equal("id", id),
                        has("n", v -> (Long) v % 100 == n % 100).and(has("id", v -> true)));
            }
            case 10 -> {
                BigDecimal least = new BigDecimal(BigInteger.valueOf(n - 2_500), 2);
                yield new Meaning(
                        Filter.where("money", least, null), has("money", v -> ((BigDecimal) v).compareTo(least) >= 0));
            }
            case 11 -> {
                LocalDate day = LocalDate.ofEpochDay(n - 100);
                yield new Meaning(Filter.where("day", null, day), has("day", v -> ((LocalDate) v).isBefore(day)));
            }
            case 12 -> new Meaning(Filter.isNull("vec"), row -> row.isNull("vec"));
            case 13 -> new Meaning(Filter.isNotNull("text"), row -> !row.isNull("text"));
            default -> new Meaning(Filter.equal("name", "n" + n % 10), has("name", ("n" + n % 10)::equals));
        };
    }

    @ParameterizedTest
    @CsvSource({"true,32768,1", "true,4096,2", "false,32768,3"})
    void filtersHoldWhatAPlainEvaluationSays(boolean guarded, int pageSize, long seed) throws Exception {
        Path file = folder.resolve("a.db");
        VaultOptions options =
                VaultOptions.defaults().withPageSizeBytes(pageSize).withGuardNewFiles(guarded);
        try (Vault vault = Vault.open(file, options)) {
            EveryType.make(vault, 9_000, seed);
        }
        try (Vault vault = Vault.open(file)) {
            Table table = EveryType.make(vault, 2_000, seed + 10); // in the log
            vault.transact(() -> {
                for (int row = 100; row < 11_000; row += 997) {
                    table.set(row, r -> r.set("n", 3).setNull("text").set("flag", true));
                }
            });
            table.remove(50, 55);
            check(vault, seed);
        }
    }

    private void check(Vault vault, long seed) throws Exception {
        try (Snapshot snapshot = vault.snapshot()) {
            ArrowScan scan = VaultArrow.scan(snapshot, "t");
            int length = (int) scan.rowCount();
            List<Row> rows = snapshot.tables().get("t").rows(0, length);
            List<List<Object>> all = EveryType.read(scan, allocator);
            List<List<Object>> spark = EveryType.read(scan.columns(SPARK).profile(ArrowProfile.spark()), allocator);
            List<List<Object>> texts = EveryType.read(scan.columns("ts", "text"), allocator);
            Random random = new Random(seed);
            for (int i = 0; i < 12; i++) {
                Meaning meaning = condition(random, length);
                while (random.nextInt(3) == 0) {
                    meaning = meaning.and(condition(random, length));
                }
                int from = random.nextBoolean() ? 0 : random.nextInt(length);
                int to = from + random.nextInt(length - from + 1);
                Predicate<Row> plain = meaning.plain();
                int[] wanted = IntStream.range(from, to)
                        .filter(row -> plain.test(rows.get(row)))
                        .toArray();
                ArrowScan filtered = scan.rows(from, to).where(meaning.filter());
                int least = 1 + random.nextInt(2_000);
                List<ArrowScan> ways = List.of(
                        filtered, filtered.batchRows(1, 1 + random.nextInt(300)), filtered.batchRows(least, 5_000));
                assertThat(EveryType.read(ways.get(i % 3), allocator))
                        .as("seed %d, %d: %s of [%d, %d)", seed, i, meaning.filter(), from, to)
                        .isEqualTo(select(all, wanted));
                assertThat(EveryType.read(filtered.columns(SPARK).profile(ArrowProfile.spark()), allocator))
                        .as("seed %d, %d: %s, converted", seed, i, meaning.filter())
                        .isEqualTo(select(spark, wanted));
                // A hint leaves out nothing that is wanted, and keeps the order.
                ArrowScan hinted = scan.rows(from, to).skipping(meaning.filter());
                List<List<Object>> possible = EveryType.read(hinted.columns("ts", "text"), allocator);
                assertThat(possible).hasSizeLessThanOrEqualTo(to - from);
                assertThat(isAmong(
                                possible,
                                select(texts, IntStream.range(from, to).toArray())))
                        .isTrue();
                assertThat(isAmong(select(texts, wanted), possible))
                        .as("seed %d, %d: hint of %s of [%d, %d)", seed, i, meaning.filter(), from, to)
                        .isTrue();
                assertThat(EveryType.read(hinted.where(meaning.filter()), allocator))
                        .isEqualTo(select(all, wanted));
            }
        }
    }

    /** Whether rows are among others, in the same order. */
    private static boolean isAmong(List<List<Object>> some, List<List<Object>> rows) {
        int found = 0;
        for (List<Object> row : rows) {
            if (found < some.size() && some.get(found).equals(row)) {
                found++;
            }
        }
        return found == some.size();
    }

    private static List<List<Object>> select(List<List<Object>> rows, int[] wanted) {
        return Arrays.stream(wanted).mapToObj(rows::get).toList();
    }

    @Test
    void ofAGuardedFileOnlyBlocksThatMayHoldARowAreRead() throws Exception {
        Path file = folder.resolve("a.db");
        long[] ascending = new long[1_000_000];
        Arrays.setAll(ascending, i -> i);
        try (Vault vault = Vault.open(file, VaultOptions.defaults().withGuardNewFiles(true))) {
            vault.tables()
                    .ensure("t", s -> s.column("a", DType.I64).column("b", DType.I64))
                    .appendColumns(c -> c.set("a", ascending).set("b", ascending));
        }
        try (Vault vault = Vault.open(file);
                Snapshot snapshot = vault.snapshot()) {
            ArrowScan scan = VaultArrow.scan(snapshot, "t").columns("b");
            Filter tenth = Filter.where("a", 500_000, 510_000);
            for (ArrowScan narrowed : List.of(scan.where(tenth), scan.skipping(tenth))) {
                try (VaultArrowReader reader = narrowed.open(allocator)) {
                    long sum = 0;
                    while (reader.loadNextBatch()) {
                        BigIntVector b =
                                (BigIntVector) reader.getVectorSchemaRoot().getVector(0);
                        for (int i = 0; i < b.getValueCount(); i++) {
                            sum += b.get(i) >= 500_000 && b.get(i) < 510_000 ? b.get(i) : 0;
                        }
                    }
                    assertThat(sum).isEqualTo((500_000L + 509_999) * 10_000 / 2);
                    assertThat(reader.stats().rows()).isBetween(10_000L, 4 * 4_088L);
                    assertThat(reader.stats().mappedBlocks()).isLessThanOrEqualTo(4);
                    assertThat(reader.stats().columns().get(0).rowsByAddress()).isGreaterThan(8_000);
                }
            }
            try (VaultArrowReader none =
                    scan.where(Filter.where("a", 2_000_000, null)).open(allocator)) {
                assertThat(none.loadNextBatch()).isFalse();
                assertThat(none.stats().mappedBlocks()).isZero();
            }
        }
    }

    @Test
    void rowsWithoutColumnsAreCountedAndEmptyTablesHaveNone() throws Exception {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            EveryType.make(vault, 1_000, 1);
            vault.tables().ensure("empty", s -> s.nullable("a", DType.I64));
            try (Snapshot snapshot = vault.snapshot()) {
                ArrowScan counted = VaultArrow.scan(snapshot, "t").columns().where(Filter.where("n", 10, 20));
                assertThat(EveryType.read(counted, allocator)).hasSize(10).allMatch(List::isEmpty);
                ArrowScan empty = VaultArrow.scan(snapshot, "empty").where(Filter.isNull("a"));
                assertThat(EveryType.read(empty, allocator)).isEmpty();
                assertThat(EveryType.read(
                                VaultArrow.scan(snapshot, "t")
                                        .where(Filter.all())
                                        .skipping(Filter.all()),
                                allocator))
                        .hasSize(1_000);
            }
        }
    }

    @Test
    void looseColumnsAreFilteredByTheirNames() throws Exception {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            vault.columns().ensure("a", DType.I64).appendAll(new long[] {1, 2, 3, 4});
            vault.columns().ensure("b.c", DType.I64).appendAll(new long[] {5, 6, 7, 8});
            try (Snapshot snapshot = vault.snapshot()) {
                ArrowScan scan = VaultArrow.scanColumns(snapshot, "a", "b.c").columns("a");
                assertThat(EveryType.read(scan.where(Filter.where("b.c", 6, 8)), allocator))
                        .containsExactly(List.of("2"), List.of("3"));
            }
        }
    }

    @Test
    void whatCannotBeAskedIsSaidBeforeAnythingIsRead() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            EveryType.make(vault, 10, 1);
            try (Snapshot snapshot = vault.snapshot()) {
                ArrowScan scan = VaultArrow.scan(snapshot, "t").columns("n");
                for (Filter wrong : List.of(
                        Filter.equal("missing", 1),
                        Filter.where("n", "text", null),
                        Filter.where("vec", 1, null),
                        Filter.equal("n", 1).and(Filter.isNull("missing")))) {
                    assertThatThrownBy(() -> scan.where(wrong)).isInstanceOf(IllegalArgumentException.class);
                    assertThatThrownBy(() -> scan.skipping(wrong)).isInstanceOf(IllegalArgumentException.class);
                }
                assertThatThrownBy(() -> scan.where(Filter.equal("missing", 1)))
                        .hasMessageContaining("'missing'")
                        .hasMessageContaining("u64");
            }
        }
    }

    @Test
    void aBatchOfChosenRowsThatFailedIsLoadedAgainAndTheSnapshotMayBeClosed() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            EveryType.make(vault, 6_000, 1);
        }
        try (Vault vault = Vault.open(file);
                BufferAllocator small = allocator.newChildAllocator("small", 0, (1 << 20) + 3_000)) {
            List<List<Object>> expected = new ArrayList<>();
            Snapshot snapshot = vault.snapshot();
            Filter filter = Filter.where("random", 100, 300);
            ArrowScan scan =
                    VaultArrow.scan(snapshot, "t").columns("n", "text", "vec").where(filter);
            expected.addAll(EveryType.read(scan, allocator));
            assertThat(expected).isNotEmpty();
            List<List<Object>> found = new ArrayList<>();
            try (VaultArrowReader reader = scan.open(small)) {
                snapshot.close();
                try (var taken = small.buffer(1 << 20)) {
                    assertThat(taken.capacity()).isPositive();
                    assertThatThrownBy(reader::loadNextBatch).isInstanceOf(OutOfMemoryException.class);
                }
                while (reader.loadNextBatch()) {
                    EveryType.add(reader.getVectorSchemaRoot(), found);
                }
            }
            assertThat(found).isEqualTo(expected);
        }
    }
}
