package io.kohakuvault.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.table.RowBatch;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names, values and places that are seldom thought of. */
class HardCasesTest {
    /** Rows of a value, which fill more than one block of each of the types here. */
    private static final int REPEATED = 9_000;

    @TempDir
    Path folder;

    private static List<String> texts(Dataset<Row> rows) {
        return rows.collectAsList().stream().map(Row::toString).sorted().toList();
    }

    private static void write(Dataset<Row> rows, SaveMode mode, Path to, String... partitionBy) {
        rows.write()
                .format("kohakuvault")
                .option("table", "t")
                .mode(mode)
                .partitionBy(partitionBy)
                .save(to.toString());
    }

    /** Rows of which each value fills some blocks, guarded, and the same rows where Spark has them itself. */
    private Dataset<Row> blocks(String type, String... values) {
        List<String> rows = new ArrayList<>();
        for (String value : values) {
            rows.add("(" + value + ")");
        }
        Dataset<Row> own = Local.spark()
                .sql("SELECT CAST(v AS " + type + ") AS v FROM VALUES " + String.join(", ", rows) + " AS t(v)");
        own.createOrReplaceTempView("own");
        Dataset<Row> many = own.repartition(1).selectExpr("v", "explode(sequence(1, " + REPEATED + ")) AS n");
        write(many, SaveMode.Overwrite, folder.resolve("blocks"));
        return own;
    }

    private void assertSame(Dataset<Row> own, String... conditions) {
        String[] counts = new String[conditions.length];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = "count_if(" + conditions[i] + ")";
        }
        Row expected = own.selectExpr(counts).first(); // of all rows, without any filter
        Dataset<Row> read = Local.read("t", folder.resolve("blocks"));
        for (int i = 0; i < counts.length; i++) {
            assertThat(read.where(conditions[i]).count()).as(conditions[i]).isEqualTo(expected.getLong(i) * REPEATED);
        }
    }

    @Test
    void zerosWithASignAndNaN() {
        Dataset<Row> own = blocks("DOUBLE", "0.0D", "-0.0D", "double('NaN')", "1.5D", "-1.5D", "double('inf')", "NULL");
        assertSame(
                own,
                "v = 0.0D",
                "v = -0.0D",
                "v <= -0.0D",
                "v < 0.0D",
                "v >= 0.0D",
                "v > -0.0D",
                "v <=> -0.0D",
                "v = double('NaN')",
                "v >= double('NaN')",
                "v < double('NaN')",
                "v > 1D",
                "v IN (0.0D, 1.5D)",
                "v IN (-0.0D)",
                "v <= double('inf')",
                "v >= double('inf')",
                "v IS NULL",
                "NOT (v <= 0D)",
                "v != 0D");
        own = blocks("FLOAT", "0.0F", "-0.0F", "float('NaN')", "0.1F", "NULL");
        assertSame(
                own,
                "v = 0",
                "v = -0.0F",
                "v <= -0.0F",
                "v = 0.1F",
                "v < 0.1D",
                "v <= 0.1D",
                "v = 0.1D",
                "v >= float('NaN')");
    }

    @Test
    void textsBeyondTheFirstPlane() {
        Dataset<Row> own = blocks(
                "STRING",
                "'\uFFFD'",
                "'\uD83D\uDE00'",
                "'\uD83D\uDE00b'",
                "'a'",
                "''",
                "'\uE000x'",
                "'é'",
                "NULL",
                "repeat('x', 80)",
                "repeat('x', 64)",
                "repeat('\uD83D\uDE00', 30)",
                "'a\\0b'");
        assertSame(
                own,
                "v = '\uD83D\uDE00'",
                "v > '\uFFFD'",
                "v >= '\uD83D\uDE00'",
                "v < '\uE000'",
                "v <= '\uFFFD'",
                "v LIKE '\uD83D\uDE00%'",
                "v LIKE '\uD83D%'",
                "v LIKE 'x%'",
                "v LIKE '%b'",
                "v LIKE '_'",
                "v LIKE '%'",
                "v LIKE ''",
                "v IN ('\uD83D\uDE00', 'a')",
                "v IN ('\uD83D\uDE00')",
                "v = repeat('x', 80)",
                "v > repeat('x', 79)",
                "v < repeat('x', 65)",
                "v >= repeat('x', 64)",
                "v = ''",
                "v > ''",
                "v < 'a\\0c'",
                "startswith(v, '\uFFFD')",
                "v LIKE 'xx%' AND v > 'xxx'",
                "v = repeat('\uD83D\uDE00', 30)");
    }

    @Test
    void wideNumbersAndTimes() {
        Dataset<Row> own = blocks(
                "DECIMAL(38,10)",
                "9999999999999999999999999999.9999999999BD",
                "-9999999999999999999999999999.9999999999BD",
                "0.0000000001BD",
                "NULL");
        assertSame(own, "v > 0", "v = 0.0000000001BD", "v < -1", "v >= 9999999999999999999999999999.9999999999BD");
        own = blocks("DECIMAL(38,38)", "0.99999999999999999999999999999999999999BD", "-0.5BD");
        assertSame(own, "v > 0", "v = -0.5BD", "v <= 1");
        own = blocks("DECIMAL(18,2)", "9999999999999999.99BD", "-9999999999999999.99BD", "1.01BD");
        assertSame(own, "v > 1.005BD", "v = 1.01BD", "v < 99999999999999999999BD", "v IN (1.01BD, 2)", "v >= 1.011BD");
        own = blocks(
                "TIMESTAMP",
                "timestamp'0001-01-01 00:00:00'",
                "timestamp'9999-12-31 23:59:59.999999'",
                "timestamp'1969-12-31 23:59:59.999999'");
        assertSame(
                own,
                "v > timestamp'2026-01-01'",
                "v < timestamp'0001-01-02'",
                "v = timestamp'1969-12-31 23:59:59.999999'",
                "v >= date'9999-12-31'");
        own = blocks("DATE", "date'0001-01-01'", "date'9999-12-31'", "date'1970-01-01'");
        assertSame(own, "v > date'2026-01-01'", "v = date'0001-01-01'", "v <= timestamp'1970-01-01 00:00:00'");
        own = blocks("TINYINT", "127", "-128", "0");
        assertSame(own, "v > 126", "v >= -128", "v = 300", "v < 1000", "v != 5", "v > 127.5");
    }

    @Test
    void boundsThatAColumnCannotHold() {
        Local.table(
                folder.resolve("a.db"),
                "t",
                s -> s.column("ns", new LogicalType.Timestamp(LogicalType.TimeUnit.NS, "UTC"))
                        .column("u", DType.U64)
                        .column("small", DType.I8),
                table -> table.append(row -> row.set("ns", Instant.parse("2026-01-01T00:00:00Z"))
                        .setObject("u", new BigInteger("18446744073709551615"))
                        .set("small", -5)));
        Dataset<Row> rows = Local.read("t", folder);
        for (String condition : new String[] {
            "ns < timestamp'9999-12-31'",
            "ns > timestamp'0001-01-01'",
            "ns <= timestamp'2262-04-11 23:47:16.854775'",
            "u > 9223372036854775807",
            "u <= 18446744073709551615",
            "u >= 0",
            "u > -1",
            "u < 99999999999999999999",
            "u = 18446744073709551615",
        }) {
            assertThat(rows.where(condition).count()).as(condition).isEqualTo(1);
        }
        Dataset<Row> wide = Local.spark()
                .read()
                .format("kohakuvault")
                .schema("small bigint")
                .load(folder.toString());
        assertThat(wide.where("small < 300").count()).isEqualTo(1);
        assertThat(wide.where("small > -9223372036854775808").count()).isEqualTo(1);
        assertThat(wide.where("small = 5000000000").count()).isEqualTo(0);
        assertThat(wide.where("small IN (5000000000, -5)").count()).isEqualTo(1);
        assertThat(wide.selectExpr("min(small)", "count(small)").first().toString())
                .isEqualTo("[-5,1]");
    }

    @Test
    void namesOfPartitions() {
        Dataset<Row> rows = Local.spark()
                .sql("SELECT * FROM VALUES (1, 'a/b'), (2, NULL), (3, ''), (4, 'ü 50%'), (5, '..'), (6, 'x=y'),"
                        + " (7, '__HIVE_DEFAULT_PARTITION__'), (8, 'a'), (9, 'A'), (10, '\uD83D\uDE00') AS t(id, s)");
        for (String name : new String[] {"s", "_hidden", "a.b"}) {
            Path to = folder.resolve("out-" + name.hashCode());
            Dataset<Row> named = rows.withColumnRenamed("s", name);
            write(named, SaveMode.Append, to, name);
            assertThat(texts(Local.read("t", to))).as(name).isEqualTo(texts(named));
            String quoted = "`" + name.replace("`", "``") + "`";
            assertThat(Local.read("t", to).where(quoted + " = 'a/b'").count())
                    .as(name)
                    .isEqualTo(1);
            assertThat(Local.read("t", to).where(quoted + " IS NULL").count())
                    .as(name)
                    .isEqualTo(1);
            assertThat(Local.read("t", to).where(quoted + " = ''").count())
                    .as(name)
                    .isEqualTo(1);
        }
        Path nested = folder.resolve("nested");
        Dataset<Row> two = rows.selectExpr(
                "id", "s", "id % 2 AS k", "CAST(id AS DOUBLE) / 4 AS d", "timestamp'2026-01-01 00:00:00' AS at");
        write(two, SaveMode.Append, nested, "s", "k", "d", "at");
        assertThat(texts(Local.read("t", nested))).isEqualTo(texts(two));
    }

    private void names(String file, String column, long value) {
        Local.table(
                folder.resolve(file),
                "t",
                s -> s.column(column, DType.I64),
                table -> table.append(row -> row.set(column, value)));
    }

    @Test
    void namesThatDifferInCase() {
        names("a.db", "id", 1);
        names("b.db", "ID", 2);
        Dataset<Row> rows = Local.read("t", folder);
        assertThat(rows.columns()).containsExactly("id");
        assertThat(texts(rows)).containsExactly("[1]", "[2]");
        assertThat(texts(rows.where("Id > 1"))).containsExactly("[2]");
        assertThat(rows.selectExpr("min(iD)", "max(ID)", "count(id)").first().toString())
                .isEqualTo("[1,2,2]");
        Dataset<Row> given =
                Local.spark().read().format("kohakuvault").schema("iD bigint").load(folder.toString());
        assertThat(given.columns()).containsExactly("iD");
        assertThat(texts(given)).containsExactly("[1]", "[2]");
        Local.spark().conf().set("spark.sql.caseSensitive", "true");
        try {
            Dataset<Row> apart = Local.read("t", folder);
            assertThat(apart.columns()).containsExactly("id", "ID");
            assertThat(texts(apart)).containsExactly("[1,null]", "[null,2]");
            assertThat(texts(apart.where("ID > 1"))).containsExactly("[null,2]");
            assertThat(apart.selectExpr("max(id)", "max(ID)").first().toString())
                    .isEqualTo("[1,2]");
        } finally {
            Local.spark().conf().unset("spark.sql.caseSensitive");
        }
    }

    @Test
    void tablesWithoutRows() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        Local.table(empty.resolve("a.db"), "t", s -> s.column("id", DType.I64).nullable("s", DType.STR), t -> {});
        Dataset<Row> rows = Local.read("t", empty);
        assertThat(rows.count()).isZero();
        assertThat(texts(rows)).isEmpty();
        assertThat(texts(rows.where("id > 1"))).isEmpty();
        assertThat(rows.selectExpr("count(s)", "max(id)", "sum(id)").first().toString())
                .isEqualTo("[0,null,null]");
        assertThat(texts(rows.groupBy("s").count())).isEmpty();
        assertThat(rows.limit(5).count()).isZero();
        write(rows, SaveMode.Append, folder.resolve("copy"));
        assertThat(Local.read("t", folder.resolve("copy")).schema().simpleString())
                .isEqualTo("struct<id:bigint,s:string>");
        assertThat(Local.read("t", folder.resolve("copy")).count()).isZero();
        assertThatThrownBy(() -> write(rows.select(), SaveMode.Append, folder.resolve("none")))
                .hasMessageContaining("at least one column");
    }

    @Test
    void rowsWithoutColumnsAreCounted() {
        Local.table(folder.resolve("a.db"), "t", s -> s.column("id", DType.I64), table -> {
            for (int i = 0; i < 7; i++) {
                int id = i;
                table.append(row -> row.set("id", id));
            }
        });
        assertThat(Local.read("t", folder).select().collectAsList()).hasSize(7);
        assertThat(Local.read("t", folder).selectExpr("1 AS one").collectAsList())
                .hasSize(7);
        assertThat(Local.read("t", folder)
                        .selectExpr("_row % 2 AS r")
                        .groupBy("r")
                        .count()
                        .collectAsList())
                .hasSize(2);
        assertThat(Local.read("t", folder)
                        .where("id >= 0")
                        .selectExpr("count(*)")
                        .first()
                        .getLong(0))
                .isEqualTo(7);
    }

    @Test
    void vectorsOfManyShapes() {
        Local.table(folder.resolve("a.db"), "t", s -> s.nullable("v", DType.vector(ElementType.F32, 3)), table -> {
            RowBatch batch = table.newBatch();
            batch.add(row -> row.setObject("v", new float[] {1, Float.NaN, -0f}));
            batch.add(row -> row.setObject("v", null));
            table.append(batch);
        });
        Dataset<Row> rows = Local.read("t", folder);
        assertThat(rows.where("v IS NULL").count()).isEqualTo(1);
        assertThat(rows.where("v IS NOT NULL")
                        .selectExpr("v[0]", "isnan(v[1])", "size(v)")
                        .first()
                        .toString())
                .isEqualTo("[1.0,true,3]");
        assertThat(rows.where("v = array(float(1), float('NaN'), float(0))").count())
                .isEqualTo(1);
        assertThat(rows.selectExpr("explode(v) AS e").where("e = 1").count()).isEqualTo(1);
        assertThat(rows.selectExpr("count(v)").first().getLong(0)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "America/New_York", "Asia/Kathmandu"})
    void timesInOtherZones(String zone) {
        Local.spark().conf().set("spark.sql.session.timeZone", zone);
        try {
            Dataset<Row> own = blocks(
                    "TIMESTAMP",
                    "timestamp'2026-03-08 02:30:00'",
                    "timestamp'2026-11-01 01:30:00'",
                    "timestamp'1883-11-18 12:03:58'",
                    "NULL");
            assertSame(
                    own,
                    "v = timestamp'2026-11-01 01:30:00'",
                    "v >= timestamp'2026-03-08 03:30:00'",
                    "date(v) = date'2026-11-01'",
                    "hour(v) = 1",
                    "v < date'1900-01-01'",
                    "v > '2026-03-01'");
            Dataset<Row> ntz = blocks(
                    "TIMESTAMP_NTZ",
                    "timestamp_ntz'2026-03-08 02:30:00'",
                    "timestamp_ntz'2026-11-01 01:30:00'",
                    "NULL");
            assertSame(
                    ntz,
                    "v = timestamp_ntz'2026-03-08 02:30:00'",
                    "v > timestamp_ntz'2026-03-08 02:30:00'",
                    "v > date'2026-05-01'",
                    "hour(v) = 2");
            assertThat(Local.read("t", folder.resolve("blocks"))
                            .selectExpr("min(v)", "max(v)")
                            .first())
                    .isEqualTo(ntz.selectExpr("min(v)", "max(v)").first());
        } finally {
            Local.spark().conf().set("spark.sql.session.timeZone", "UTC");
        }
    }
}
