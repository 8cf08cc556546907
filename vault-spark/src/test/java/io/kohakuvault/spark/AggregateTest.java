package io.kohakuvault.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.Vault;
import io.kohakuvault.VaultOptions;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.table.Schema;
import io.kohakuvault.table.Table;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Least and greatest values out of bounds are those of the rows, or the rows are read. */
class AggregateTest {
    private static final int ROWS = 50_000;

    @TempDir
    Path folder;

    private final Random random = new Random(Long.getLong("vault.spark.seed", 20261130));

    private void write(String name, boolean guarded, Consumer<Schema.Builder> schema, Consumer<Table> filler) {
        VaultOptions options = VaultOptions.defaults().withGuardNewFiles(guarded);
        try (Vault vault = Vault.open(folder.resolve(name), options)) {
            filler.accept(vault.tables().ensure("t", schema));
        }
    }

    private Dataset<Row> ask(String... aggregates) {
        return Local.read("t", folder).selectExpr(aggregates);
    }

    private static boolean isKnown(Dataset<Row> query) {
        return query.queryExecution().executedPlan().toString().contains("LocalTableScan");
    }

    /** The same of rows that a condition which nothing rules out leaves: those are read. */
    private Row read(String... aggregates) {
        Dataset<Row> query = Local.read("t", folder).where("_row >= 0").selectExpr(aggregates);
        assertThat(isKnown(query)).isFalse();
        return query.first();
    }

    private void assertKnown(String... aggregates) {
        Dataset<Row> query = ask(aggregates);
        assertThat(isKnown(query)).as(String.join(", ", aggregates)).isTrue();
        assertThat(query.first()).isEqualTo(read(aggregates));
    }

    private void assertRead(String... aggregates) {
        Dataset<Row> query = ask(aggregates);
        assertThat(isKnown(query)).as(String.join(", ", aggregates)).isFalse();
        assertThat(query.first()).isEqualTo(read(aggregates));
    }

    private static void types(Schema.Builder schema) {
        schema.column("id", DType.I64)
                .column("back", DType.I32)
                .column("any", DType.I64)
                .column("small", DType.I8)
                .column("u8", DType.U8)
                .column("u32", DType.U32)
                .column("u64", DType.U64)
                .column("d", DType.F64)
                .column("s", DType.STR)
                .nullable("n", DType.I32)
                .nullable("nothing", DType.I32)
                .column("ns", new LogicalType.Timestamp(LogicalType.TimeUnit.NS, "UTC"))
                .column("ms", new LogicalType.Timestamp(LogicalType.TimeUnit.MS, null))
                .column("day", new LogicalType.Date())
                .column("price", new LogicalType.Decimal(12, 2))
                .column("big", new LogicalType.Decimal(30, 2));
    }

    private void fill(Table table, int first) {
        table.appendColumns(columns -> {
            long[] ids = new long[ROWS];
            int[] back = new int[ROWS];
            long[] any = new long[ROWS];
            int[] small = new int[ROWS];
            int[] u8 = new int[ROWS];
            double[] doubles = new double[ROWS];
            List<String> texts = new ArrayList<>();
            List<Integer> nulls = new ArrayList<>();
            List<Instant> ns = new ArrayList<>();
            List<Instant> ms = new ArrayList<>();
            List<LocalDate> days = new ArrayList<>();
            List<BigDecimal> prices = new ArrayList<>();
            List<Integer> nothing = new ArrayList<>();
            for (int i = 0; i < ROWS; i++) {
                int id = first + i;
                ids[i] = id;
                back[i] = -id;
                any[i] = random.nextLong();
                small[i] = (byte) random.nextInt();
                u8[i] = id % 100 + 50;
                doubles[i] = id % 1000 == 7 ? Double.NaN : id;
                texts.add("k" + id);
                nulls.add(id % 3 == 0 ? null : (Integer) id);
                nothing.add(null);
                ns.add(Instant.EPOCH.plusNanos(id * 1501L - 7));
                ms.add(Instant.EPOCH.minusMillis(id));
                days.add(LocalDate.of(1969, 1, 1).plusDays(random.nextInt(3000)));
                prices.add(BigDecimal.valueOf(random.nextInt(100_000) - 50_000, 2));
            }
            columns.set("id", ids)
                    .set("back", back)
                    .set("any", any)
                    .set("small", small)
                    .set("u8", u8);
            columns.set("u32", ids)
                    .set("u64", ids)
                    .set("d", doubles)
                    .set("s", texts)
                    .set("n", nulls);
            columns.set("nothing", nothing).set("ns", ns).set("ms", ms).set("day", days);
            columns.set("price", prices).set("big", prices);
        });
    }

    @Test
    void boundsOfGuardedFilesAnswer() {
        for (int file = 0; file < 2; file++) {
            int first = file * ROWS;
            write("f" + file + ".db", true, AggregateTest::types, table -> fill(table, first));
        }
        assertKnown("min(id)", "max(id)", "count(*)", "max(id) - min(id)");
        for (String column : List.of("back", "any", "small", "u8", "u32", "n", "ns", "ms", "day", "price")) {
            assertKnown("min(" + column + ")", "max(" + column + ")");
        }
        for (String column : List.of("d", "s", "u64", "big", "nothing")) {
            assertRead("min(" + column + ")", "max(" + column + ")");
        }
        assertRead("min(id)", "max(d)");
        assertRead("min(id)", "sum(id)");
        assertRead("min(id + 1)");
        assertThat(isKnown(Local.read("t", folder).groupBy("u8").max("id"))).isFalse();
        Dataset<Row> some = Local.read("t", folder).where("id > 10 AND id < 90000");
        assertThat(some.selectExpr("min(id)", "max(id)").first().toString()).isEqualTo("[11,89999]");
        assertThat(Local.read("t", folder)
                        .where("id > 99999")
                        .selectExpr("max(id)")
                        .first()
                        .isNullAt(0))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void correctedRowsCount(boolean guarded) {
        write("f.db", guarded, AggregateTest::types, table -> fill(table, 0));
        for (int round = 0; round < 4; round++) {
            write("f.db", guarded, AggregateTest::types, table -> {
                long length = table.length();
                for (int i = 0; i < 3; i++) {
                    long row = (long) (random.nextDouble() * length);
                    int value = random.nextInt(400_000) - 200_000;
                    table.set(row, values -> values.set("id", value).set("day", LocalDate.ofEpochDay(value)));
                }
                // The greatest and the least one of all go.
                table.set(length - 1, values -> values.set("id", 5));
                table.set(0, values -> values.set("id", 6));
                table.remove(length / 2, length / 2 + 10);
                table.removeBefore(100);
            });
            String[] aggregates = {"count(*)", "min(id)", "max(id)", "min(day)", "max(day)", "min(back)", "max(back)"};
            assertThat(ask(aggregates).first()).isEqualTo(read(aggregates));
        }
    }

    @Test
    void filesThatLackTheColumnAndEmptyOnesHaveNoValue() {
        write("a.db", true, s -> s.column("id", DType.I64).column("x", DType.I16), t -> {});
        assertThat(ask("min(x)", "max(id)", "count(*)").first().toString()).isEqualTo("[null,null,0]");
        write("b.db", true, s -> s.column("id", DType.I64), t -> {
            for (long value : new long[] {Long.MAX_VALUE, Long.MIN_VALUE, 0}) {
                t.append(row -> row.set("id", value));
            }
        });
        assertKnown("min(x)", "max(x)", "min(id)", "max(id)", "count(*)");
        assertThat(ask("min(x)", "max(id)", "min(id)").first().toString())
                .isEqualTo("[null," + Long.MAX_VALUE + "," + Long.MIN_VALUE + "]");
        write(
                "c.db",
                true,
                s -> s.column("id", DType.I64).column("x", DType.I16),
                t -> t.append(row -> row.set("id", 1).set("x", Short.MAX_VALUE)));
        assertKnown("min(x)", "max(x)", "count(*)");
        assertThat(Local.spark()
                        .read()
                        .format("kohakuvault")
                        .option("table", "t")
                        .schema("x int")
                        .load(folder.toString())
                        .selectExpr("max(x)", "min(x)")
                        .first()
                        .toString())
                .isEqualTo("[32767,32767]");
    }

    @Test
    void valuesThatAreThereAreCounted() {
        write("a.db", true, AggregateTest::types, table -> fill(table, 0));
        write("b.db", false, AggregateTest::types, table -> fill(table, ROWS));
        write("c.db", true, s -> s.column("id", DType.I64), t -> t.append(row -> row.set("id", 1)));
        assertKnown("count(n)", "count(id)", "count(nothing)", "count(s)", "count(u64)", "count(*)");
        assertRead("count(n)", "min(s)");
        assertThat(isKnown(ask("count(DISTINCT u8)"))).isFalse();
        assertThat(isKnown(ask("count(n, id)"))).isFalse();
        assertThat(ask("count(n, id)").first().getLong(0))
                .isEqualTo(read("count(n)").getLong(0));
        write("a.db", true, AggregateTest::types, table -> {
            table.set(1, values -> values.setObject("n", null));
            table.set(3, values -> values.set("n", 5));
            table.removeBefore(1000);
        });
        assertKnown("count(n)", "count(nothing)");
    }

    @Test
    void filesWithoutBoundsAreRead() {
        write(
                "f.db",
                false,
                s -> s.column("id", DType.I64),
                table -> table.appendColumns(columns -> {
                    long[] ids = new long[10 * ROWS];
                    for (int i = 0; i < ids.length; i++) {
                        ids[i] = i % 1000 - (i == 300_000 ? 5000 : 0);
                    }
                    columns.set("id", ids);
                }));
        assertRead("min(id)", "max(id)");
        assertThat(ask("min(id)").first().getLong(0)).isEqualTo(-5000);
    }
}
