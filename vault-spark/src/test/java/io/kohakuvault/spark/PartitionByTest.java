package io.kohakuvault.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories by the values of columns, beside those that Spark makes of the same rows for Parquet. */
class PartitionByTest {
    @TempDir
    Path folder;

    private static Set<String> directories(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(Files::isDirectory)
                    .map(path -> root.relativize(path).toString())
                    .filter(name -> !name.isEmpty())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static List<String> texts(Dataset<Row> rows) {
        return rows.selectExpr("to_json(struct(*))").collectAsList().stream()
                .map(row -> row.getString(0))
                .sorted()
                .toList();
    }

    private void compare(Dataset<Row> rows, String... columns) throws IOException {
        String name = String.join("-", columns);
        Path vaults = folder.resolve(name);
        Path parquet = folder.resolve(name + "-parquet");
        rows.write()
                .format("kohakuvault")
                .option("table", "t")
                .partitionBy(columns)
                .save(vaults.toString());
        rows.write().partitionBy(columns).parquet(parquet.toString());
        assertThat(directories(vaults)).isEqualTo(directories(parquet));
        assertThat(texts(Local.read("t", vaults))).isEqualTo(texts(rows));
    }

    @Test
    void valuesThatShareADirectoryNeedNotStandTogether() throws IOException {
        compare(
                Local.spark()
                        .sql("SELECT * FROM VALUES (NULL, 1, 1), (NULL, 2, 2), ('', 1, 3), ('', 2, 4), ('x', 1, 5)"
                                + " AS t(s, k, id)")
                        .coalesce(1),
                "s",
                "k");
    }

    @Test
    void zerosWithASignShareADirectory() throws IOException {
        Dataset<Row> rows = Local.spark()
                .range(0, 1000, 1, 1)
                .selectExpr(
                        "IF(id % 2 = 0, -0.0D, 0.0D) AS d", "CAST(IF(id % 2 = 0, -0.0D, 0.0D) AS FLOAT) AS f", "id");
        for (String column : new String[] {"d", "f"}) {
            Path to = folder.resolve(column);
            rows.write()
                    .format("kohakuvault")
                    .option("table", "t")
                    .partitionBy(column)
                    .save(to.toString());
            assertThat(directories(to)).containsExactly(column + "=0.0");
            try (Stream<Path> files = Files.list(to.resolve(column + "=0.0"))) {
                assertThat(files.filter(path -> path.toString().endsWith(".db")))
                        .hasSize(1);
            }
            assertThat(texts(Local.read("t", to))).isEqualTo(texts(rows));
        }
    }

    @Test
    void valuesOfEveryTypeNameDirectoriesAsSparkCastsThem() throws IOException {
        Dataset<Row> rows = Local.spark()
                .sql("SELECT id, CAST(concat('e=', id % 2) AS BINARY) AS bin,"
                        + " timestamp'2026-03-29 01:59:59.5' + make_interval(0, 0, 0, 0, 0, id % 2) AS ts,"
                        + " timestamp_ntz'2026-03-29 02:30:00.000001' AS ntz, date'0999-01-02' AS day,"
                        + " CAST(id % 2 AS DECIMAL(5,2)) AS dec, id % 2 = 0 AS b, CAST(id % 2 AS TINYINT) AS i,"
                        + " CAST(id % 2 AS DOUBLE) / 3 AS d FROM range(6)");
        String zone = Local.spark().conf().get("spark.sql.session.timeZone");
        Local.spark().conf().set("spark.sql.session.timeZone", "Europe/Berlin");
        try {
            compare(rows, "bin", "ts", "ntz");
            compare(rows, "day", "dec", "b", "i", "d");
        } finally {
            Local.spark().conf().set("spark.sql.session.timeZone", zone);
        }
    }

    @Test
    void columnsAreFoundAsSparkFindsThemAndListsNameNoDirectory() throws IOException {
        compare(Local.spark().range(4).selectExpr("id", "id % 2 AS k").selectExpr("id", "k AS Kind"), "Kind");
        Dataset<Row> rows = Local.spark().range(4).selectExpr("id AS Id", "array(id) AS list");
        rows.write()
                .format("kohakuvault")
                .option("table", "t")
                .partitionBy("ID")
                .save(folder.resolve("case").toString());
        assertThat(directories(folder.resolve("case"))).containsExactly("Id=0", "Id=1", "Id=2", "Id=3");
        Path none = folder.resolve("none");
        assertThatThrownBy(() -> rows.write()
                        .format("kohakuvault")
                        .option("table", "t")
                        .partitionBy("list")
                        .save(none.toString()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'list'")
                .hasMessageContaining("array<bigint>");
        assertThat(none).doesNotExist();
    }
}
