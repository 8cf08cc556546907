package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.codec.DType;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.table.Filter;
import io.kohakuvault.table.Table;
import io.kohakuvault.table.TableReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Filters beside a plain evaluation of the rows, in files whose blocks have bounds and in others, before and after edits. */
class FilterBoundsTest {
    private static final List<String> COLUMNS = List.of("sorted", "low", "bits", "real", "small", "word", "maybe");

    @TempDir
    Path folder;

    @AfterEach
    void stopCounting() {
        Session.hook(null);
    }

    /** Rows as they were given; numbers of u64 as the long of their bits. */
    private final List<Object[]> rows = new ArrayList<>();

    private static Object[] row(Random random, long sorted) {
        return new Object[] {
            sorted,
            random.nextInt(256),
            random.nextBoolean() ? random.nextLong() : (long) random.nextInt(100),
            random.nextInt(40) == 0 ? Double.NaN : Math.rint(random.nextGaussian() * 4) / 2,
            (float) random.nextInt(20),
            "w" + (char) ('a' + random.nextInt(5)) + random.nextInt(3),
            random.nextInt(3) == 0 ? null : (long) random.nextInt(50)
        };
    }

    private void append(Table table, Random random, int count) {
        long last = rows.isEmpty() ? -1000 : (Long) rows.get(rows.size() - 1)[0];
        List<Object[]> more = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            last += random.nextInt(8) == 0 ? random.nextInt(50) : 0;
            more.add(row(random, last));
        }
        rows.addAll(more);
        table.appendAll(more, (values, row) -> {
            for (int c = 0; c < COLUMNS.size(); c++) {
                row.setObject(COLUMNS.get(c), values[c]);
            }
        });
    }

    private static int compare(int column, Object a, Object b) {
        return switch (column) {
            case 1 -> Integer.compare((Integer) a, (Integer) b);
            case 2 -> Long.compareUnsigned((Long) a, (Long) b);
            case 3 -> Double.compare((Double) a + 0.0, (Double) b + 0.0);
            case 4 -> Float.compare((Float) a, (Float) b);
            case 5 -> ((String) a).compareTo((String) b);
            default -> Long.compare((Long) a, (Long) b);
        };
    }

    private static boolean isNumber(@Nullable Object value) {
        return value != null && !(value instanceof Double d && Double.isNaN(d));
    }

    /** A filter of one column and what it means. */
    private record Asked(Filter filter, Predicate<Object[]> holds) {}

    private Asked asked(Random random) {
        int c = random.nextInt(COLUMNS.size());
        String name = COLUMNS.get(c);
        if (c == 6 && random.nextInt(4) == 0) {
            return random.nextBoolean()
                    ? new Asked(Filter.isNull(name), row -> row[c] == null)
                    : new Asked(Filter.isNotNull(name), row -> row[c] != null);
        }
        Object[] bounds = new Object[2];
        for (int i = 0; i < 2; i++) {
            Object value = rows.get(random.nextInt(rows.size()))[c];
            bounds[i] = isNumber(value) ? value : rows.get(0)[c];
        }
        if (!isNumber(bounds[0]) || !isNumber(bounds[1])) {
            return new Asked(Filter.all(), row -> true);
        }
        if (compare(c, bounds[0], bounds[1]) > 0) {
            Collections.reverse(Arrays.asList(bounds));
        }
        Object low = bounds[0];
        Object high = bounds[1];
        return switch (random.nextInt(5)) {
            case 0 -> new Asked(Filter.equal(name, low), row -> isNumber(row[c]) && compare(c, row[c], low) == 0);
            case 1 -> new Asked(Filter.where(name, low, null), row -> isNumber(row[c]) && compare(c, row[c], low) >= 0);
            case 2 ->
                new Asked(Filter.where(name, null, high), row -> isNumber(row[c]) && compare(c, row[c], high) < 0);
            case 3 ->
                new Asked(
                        Filter.whereThrough(name, low, high),
                        row -> isNumber(row[c]) && compare(c, row[c], low) >= 0 && compare(c, row[c], high) <= 0);
            default ->
                new Asked(
                        Filter.where(name, low, high),
                        row -> isNumber(row[c]) && compare(c, row[c], low) >= 0 && compare(c, row[c], high) < 0);
        };
    }

    private void check(TableReader table, Asked asked, long seed) {
        long[] expected = IntStream.range(0, rows.size())
                .filter(i -> asked.holds.test(rows.get(i)))
                .asLongStream()
                .toArray();
        String what = asked.filter + " of seed " + seed;
        assertThat(table.count(asked.filter)).as(what).isEqualTo(expected.length);
        List<long[]> found = new ArrayList<>();
        table.indexes(asked.filter).forEach(found::add);
        assertThat(found.stream().flatMapToLong(Arrays::stream).toArray())
                .as(what)
                .isEqualTo(expected);
    }

    @ParameterizedTest(name = "seed {0}, guarded {1}")
    @CsvSource({"1,true", "2,true", "3,true", "4,true", "5,false", "6,false"})
    void filtersFindWhatAPlainLookFinds(long seed, boolean guarded) {
        Random random = new Random(seed);
        VaultOptions options = VaultOptions.defaults().withPageSizeBytes(4096).withGuardNewFiles(guarded);
        try (Vault vault = Vault.open(folder.resolve("filters.db"), options)) {
            Table table = vault.tables()
                    .create(
                            "t",
                            s -> s.column("sorted", DType.I64)
                                    .column("low", DType.U8)
                                    .column("bits", DType.U64)
                                    .column("real", DType.F64)
                                    .column("small", DType.F32)
                                    .column("word", DType.STR)
                                    .nullable("maybe", DType.I64));
            for (int round = 0; round < 6; round++) {
                append(table, random, 500 + random.nextInt(5_000));
                try (Snapshot snapshot = vault.snapshot()) {
                    for (int i = 0; i < 25; i++) {
                        Asked first = asked(random);
                        Asked second = asked(random);
                        Asked both = new Asked(first.filter.and(second.filter), first.holds.and(second.holds));
                        for (TableReader reader :
                                List.of(table, snapshot.tables().get("t"))) {
                            check(reader, first, seed);
                            check(reader, both, seed);
                        }
                    }
                }
                for (int i = 0; i < 3; i++) { // bounds of blocks that were changed are those of their new rows
                    int at = random.nextInt(rows.size());
                    Object[] changed = row(random, (Long) rows.get(at)[0] + random.nextInt(3) - 1);
                    rows.set(at, changed);
                    table.set(at, row -> {
                        for (int c = 0; c < COLUMNS.size(); c++) {
                            row.setObject(COLUMNS.get(c), changed[c]);
                        }
                    });
                }
                int from = random.nextInt(rows.size());
                int to = Math.min(rows.size(), from + random.nextInt(700));
                rows.subList(from, to).clear();
                table.remove(from, to);
            }
        }
    }

    @ParameterizedTest(name = "guarded {0}")
    @ValueSource(booleans = {true, false})
    void whatOneCountHasReadOfTheDirectoryTheNextOnesKnow(boolean guarded) {
        VaultOptions options = VaultOptions.defaults().withPageSizeBytes(4096).withGuardNewFiles(guarded);
        try (Vault vault = Vault.open(folder.resolve("many.db"), options)) {
            Table table = vault.tables().create("t", s -> s.column("at", DType.I64));
            long[] at = new long[400_000];
            Arrays.setAll(at, i -> i);
            table.appendColumns(columns -> columns.set("at", at));
            try (Snapshot snapshot = vault.snapshot()) {
                TableReader reader = snapshot.tables().get("t");
                Filter window = Filter.where("at", 1_000, 390_000);
                AtomicInteger queries = new AtomicInteger();
                List<Integer> asked = new ArrayList<>();
                Session.hook(sql -> {
                    if (sql.contains("kvault_col_blocks")) {
                        queries.incrementAndGet();
                    }
                });
                for (int i = 0; i < 4; i++) {
                    queries.set(0);
                    assertThat(reader.count(window)).isEqualTo(389_000);
                    asked.add(queries.get());
                }
                assertThat(asked.get(0)).isPositive();
                assertThat(asked.subList(2, 4)).as(asked.toString()).containsOnly(0);
            }
        }
    }
}
