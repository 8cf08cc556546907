package io.kohakuvault.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Vault;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.table.SchemaColumn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Writing files, and what is there when it goes wrong. */
class WriteTest {
    @TempDir
    Path folder;

    private static Dataset<Row> numbers(long from, long to) {
        return Local.spark().range(from, to, 1, 3).selectExpr("id", "id % 3 AS part", "concat('n', id) AS name");
    }

    private void write(Dataset<Row> rows, SaveMode mode, Path to) {
        rows.write().format("kohakuvault").option("table", "events").mode(mode).save(to.toString());
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.filter(path -> path.toString().endsWith(".db")) // readers leave -wal and -shm
                    .map(path -> directory.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void oneFileATaskByAllModes() throws IOException {
        Path out = folder.resolve("out");
        write(numbers(0, 3000), SaveMode.ErrorIfExists, out);
        assertThat(names(out)).hasSize(3).allMatch(name -> name.matches("part-0000\\d-[0-9a-f]{8}\\.db"));
        try (Vault vault = Vault.openReadOnly(out.resolve(names(out).get(0)))) {
            assertThat(vault.tables().get("events").schema().columns())
                    .extracting(SchemaColumn::toString)
                    .containsExactly("id i64", "part i64 null", "name str");
            assertThat(vault.maintenance().verify(Progress.none()).isSound()).isTrue();
        }
        assertThat(Local.read("events", out)
                        .selectExpr("count(*)", "sum(id)", "max(name)")
                        .first()
                        .toString())
                .isEqualTo("[3000,4498500,n999]");

        assertThatThrownBy(() -> write(numbers(0, 1), SaveMode.ErrorIfExists, out))
                .hasMessageContaining(out + " exists already");
        write(numbers(0, 1), SaveMode.Ignore, out);
        assertThat(names(out)).hasSize(3);
        write(numbers(3000, 3003), SaveMode.Append, out);
        assertThat(names(out)).hasSize(6);
        assertThat(Local.read("events", out).count()).isEqualTo(3003);
        write(Local.read("events", out).where("id < 10"), SaveMode.Overwrite, out); // of what it reads itself
        assertThat(Local.read("events", out)
                        .selectExpr("count(*)", "sum(id)")
                        .first()
                        .toString())
                .isEqualTo("[10,45]");
        write(numbers(0, 0), SaveMode.Overwrite, out);
        assertThat(names(out)).hasSize(1);
        assertThat(Local.read("events", out).schema().simpleString())
                .isEqualTo("struct<id:bigint,part:bigint,name:string>");
        assertThat(Local.read("events", out).count()).isEqualTo(0);
    }

    @Test
    void oneFileOnRequest() throws IOException {
        Path file = folder.resolve("one.db");
        write(numbers(0, 1000), SaveMode.ErrorIfExists, file);
        assertThat(names(folder)).containsExactly("one.db");
        assertThat(Local.read("events", file).count()).isEqualTo(1000);
        assertThatThrownBy(() -> write(numbers(0, 5), SaveMode.Append, file))
                .hasMessageContaining("one.db exists already, and one file is not appended to");
        write(numbers(0, 5), SaveMode.Overwrite, file);
        assertThat(names(folder)).containsExactly("one.db");
        assertThat(Local.read("events", file).count()).isEqualTo(5);
    }

    @Test
    void directoriesByTheValuesOfColumns() throws IOException {
        Path out = folder.resolve("out");
        numbers(0, 300)
                .selectExpr(
                        "id",
                        "CASE WHEN part = 0 THEN 'a/b' WHEN part = 1 THEN null ELSE 'c' END AS p",
                        "date_add(date'2026-11-28', int(part)) AS day")
                .write()
                .format("kohakuvault")
                .option("table", "events")
                .partitionBy("p", "day")
                .save(out.toString());
        Set<String> directories = new TreeSet<>();
        for (String name : names(out)) {
            directories.add(name.substring(0, name.lastIndexOf('/')));
        }
        assertThat(directories)
                .containsExactly(
                        "p=__HIVE_DEFAULT_PARTITION__/day=2026-11-29", "p=a%2Fb/day=2026-11-28", "p=c/day=2026-11-30");
        assertThat(names(out)).hasSize(9);
        assertThat(Local.read("events", out).where("p is null").count()).isEqualTo(100);
        assertThat(Local.read("events", out.resolve("p=a*"))
                        .selectExpr("count(*)", "max(p)")
                        .first()
                        .toString())
                .isEqualTo("[100,a/b]");
        assertThatThrownBy(() -> numbers(0, 3)
                        .write()
                        .format("kohakuvault")
                        .option("table", "events")
                        .partitionBy("part")
                        .save(folder.resolve("x.db").toString()))
                .hasMessageContaining("x.db is one file: partitionBy makes directories");
    }

    @Test
    void everyTypeComesBack() {
        Dataset<Row> rows = Local.spark()
                .sql("SELECT true AS a, 1Y AS b, 2S AS c, 3 AS d, 4L AS e, 1.5F AS f, 2.5D AS g, "
                        + "CAST(12.34 AS DECIMAL(10,2)) AS h, CAST('-12345678901234567890.5' AS DECIMAL(38,4)) AS i, "
                        + "'κ' AS j, X'00FF' AS k, date'1969-07-20' AS l, timestamp'2026-11-28 01:02:03.123456' AS m, "
                        + "timestamp_ntz'1969-12-31 23:59:59.999999' AS n, array(1, null) AS o, map('k', array('v')) AS p, "
                        + "named_struct('x', 1, 'y', named_struct('z', 2.5D)) AS q, CAST(null AS INT) AS r, "
                        + "array(1.0F, 2.0F) AS s, CAST(18446744073709551615 AS DECIMAL(20,0)) AS t, 65535 AS u, "
                        + "'6ba7b810-9dad-11d1-80b4-00c04fd430c8' AS v, '[1,{\"a\":2}]' AS w, 1000 AS x");
        Path out = folder.resolve("out");
        rows.write()
                .format("kohakuvault")
                .option("table", "t")
                .option("columnTypes", "s vec:f32:2, t u64, u u16, v uuid, w list, x time:ms")
                .save(out.toString());
        Map<String, String> types = new LinkedHashMap<>();
        try (Vault vault = Vault.openReadOnly(out.resolve(names(out).get(0)))) {
            vault.tables().get("t").schema().columns().forEach(c -> types.put(c.name(), c.typeToken()));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        assertThat(types.values())
                .containsExactly(
                        "bool",
                        "i8",
                        "i16",
                        "i32",
                        "i64",
                        "f32",
                        "f64",
                        "decimal:10:2",
                        "decimal:38:4",
                        "str",
                        "bytes",
                        "date",
                        "timestamp:us:UTC",
                        "timestamp:us",
                        "list",
                        "map",
                        "map",
                        "i32",
                        "vec:f32:2",
                        "u64",
                        "u16",
                        "uuid",
                        "list",
                        "time:ms");
        Dataset<Row> read = Local.read("t", out);
        assertThat(read.drop("k", "o", "p", "q", "s").first().toString())
                .isEqualTo(rows.drop("k", "o", "p", "q", "s").first().toString());
        assertThat(read.selectExpr("hex(k)", "o", "p", "q", "s[1]").first().toString())
                .isEqualTo("[00FF,[1,null],{\"k\":[\"v\"]},{\"x\":1,\"y\":{\"z\":2.5}},2.0]");
        Path again = folder.resolve("again");
        read.write().format("kohakuvault").option("table", "t").save(again.toString()); // types are remembered
        try (Vault vault = Vault.openReadOnly(again.resolve(names(again).get(0)))) {
            vault.tables()
                    .get("t")
                    .schema()
                    .columns()
                    .forEach(c -> assertThat(c.typeToken()).as(c.name()).isEqualTo(types.get(c.name())));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        assertThat(Local.read("t", again).selectExpr("to_json(struct(*))").first())
                .isEqualTo(read.selectExpr("to_json(struct(*))").first());
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeARowIsWritten() throws IOException {
        Path out = folder.resolve("out");
        Dataset<Row> rows = numbers(0, 10);
        assertThatThrownBy(() -> write(rows.selectExpr("map(1, 2) AS m"), SaveMode.Append, out))
                .hasMessageContaining("column 'm' is map<int,int>, which vaults do not hold");
        assertThatThrownBy(() -> write(rows.selectExpr("interval 1 day AS i"), SaveMode.Append, out))
                .satisfies(e -> assertThat(Local.messages(e))
                        .containsAnyOf( // 4.x, 3.5
                                "The kohakuvault datasource doesn't support the column `i`",
                                "Cannot save interval data type into external storage"));
        assertThatThrownBy(
                        () -> rows.write().format("kohakuvault").mode("append").save(out.toString()))
                .hasMessageContaining("option table is missing");
        assertThatThrownBy(() -> rows.write()
                        .format("kohakuvault")
                        .option("table", "t")
                        .option("columnTypes", "id str")
                        .save(out.toString()))
                .hasMessageContaining("column 'id' is bigint, which is not written as str");
        assertThatThrownBy(() -> rows.write()
                        .format("kohakuvault")
                        .option("table", "t")
                        .option("columnTypes", "other u8")
                        .save(out.toString()))
                .hasMessageContaining("option columnTypes names columns that are not written: [other]");
        assertThat(Files.exists(out)).isFalse();
        write(rows, SaveMode.Append, out);
        assertThatThrownBy(() -> write(rows.selectExpr("string(id) AS id"), SaveMode.Append, out))
                .hasMessageContaining(
                        "column 'id' is string, which is not written as i64, as the files that are there");
        assertThat(Local.read("events", out).count()).isEqualTo(10);
        write(rows.selectExpr("id", "1.5D AS more"), SaveMode.Append, out);
        assertThat(Local.read("events", out).where("more is null").count()).isEqualTo(10);
    }

    /** Java reads both, as other UUIDs. */
    @ParameterizedTest
    @ValueSource(strings = {"1-1-1-1-1", "1123e4567-e89b-12d3-a456-42661417400"})
    void aTextThatOnlyLooksLikeAUuidIsNotWrittenAsAnother(String text) {
        Path out = folder.resolve("out");
        assertThatThrownBy(() -> numbers(0, 1)
                        .selectExpr("'" + text + "' AS u")
                        .write()
                        .format("kohakuvault")
                        .option("table", "t")
                        .option("columnTypes", "u uuid")
                        .mode(SaveMode.Append)
                        .save(out.toString()))
                .satisfies(e -> assertThat(Local.messages(e)).contains("column 'u': '" + text + "': it is no UUID"));
        assertThat(out.toFile().listFiles((dir, name) -> name.endsWith(".db"))).isNullOrEmpty();
    }

    @Test
    void aTaskThatFailsLeavesNothing() throws IOException {
        Path out = folder.resolve("out");
        write(numbers(0, 10), SaveMode.Append, out);
        List<String> before = names(out);
        UDF1<Long, Long> fails = id -> {
            if (id == 2_500) {
                throw new IllegalStateException("no");
            }
            return id;
        };
        Local.spark().udf().register("fails", fails, DataTypes.LongType);
        for (SaveMode mode : List.of(SaveMode.Append, SaveMode.Overwrite)) {
            assertThatThrownBy(() -> write(numbers(0, 3000).selectExpr("fails(id) AS id"), mode, out))
                    .satisfies(e -> assertThat(Local.messages(e)).contains("no"));
            assertThat(names(out)).isEqualTo(before);
        }
        assertThatThrownBy(() -> numbers(0, 70_000)
                        .selectExpr("int(id) AS id")
                        .write()
                        .format("kohakuvault")
                        .option("table", "t")
                        .option("columnTypes", "id u16")
                        .save(folder.resolve("ports").toString()))
                .satisfies(e -> assertThat(Local.messages(e)).contains("'id'").contains("65536"));
        assertThat(names(folder.resolve("ports"))).isEmpty();
    }

    @Test
    void aCommitThatWasInterruptedIsCarriedOutByWhoeverComesNext() throws IOException {
        Path out = folder.resolve("out");
        write(numbers(0, 30), SaveMode.Append, out);
        Path later = folder.resolve("later");
        write(numbers(100, 130), SaveMode.Append, later);
        // As a driver leaves it that ends behind the commit: one file is in its place, the others are not, nothing is
        // removed.
        Path staging = Files.createDirectories(out.resolve(".kohakuvault/job/00000-1"));
        StringBuilder add = new StringBuilder();
        List<String> parts = names(later);
        for (int i = 0; i < parts.size(); i++) {
            Files.move(later.resolve(parts.get(i)), i == 0 ? out.resolve(parts.get(i)) : staging.resolve(parts.get(i)));
            add.append(i == 0 ? "" : ",")
                    .append("{\"from\":\".kohakuvault/job/00000-1/" + parts.get(i) + "\",\"to\":\"" + parts.get(i)
                            + "\"}");
        }
        String remove = String.join(
                "\",\"",
                names(out).stream()
                        .filter(n -> n.startsWith("part") && !parts.contains(n))
                        .toList());
        Files.writeString(
                out.resolve(".kohakuvault/commit-job.json"),
                "{\"add\":[" + add + "],\"remove\":[\"" + remove + "\"],\"job\":\"job\",\"stream\":\"\",\"batch\":0}");
        assertThat(Local.read("events", out)
                        .selectExpr("count(*)", "min(id)")
                        .first()
                        .toString())
                .isEqualTo("[30,100]");
        write(numbers(200, 201), SaveMode.Append, out);
        assertThat(Local.read("events", out)
                        .selectExpr("count(*)", "min(id)")
                        .first()
                        .toString())
                .isEqualTo("[31,100]");
        assertThat(Files.exists(out.resolve(".kohakuvault"))).isFalse();
    }
}
