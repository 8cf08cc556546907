package io.kohakuvault.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.table.RowBatch;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Places that are seldom thought of, and files that are damaged further on. */
class HardPlacesTest {
    @TempDir
    Path folder;

    private static void write(Dataset<Row> rows, SaveMode mode, Path to) {
        rows.write().format("kohakuvault").option("table", "t").mode(mode).save(to.toString());
    }

    @Test
    void aLimitCountsNoRowsOfDamagedFiles() throws Exception {
        for (String name : new String[] {"a.db", "b.db"}) {
            Local.table(folder.resolve(name), "t", s -> s.column("s", DType.STR), table -> {
                RowBatch batch = table.newBatch();
                for (int i = 0; i < 20_000; i++) {
                    int id = i;
                    batch.add(row -> row.set("s", "text of row " + id));
                }
                table.append(batch);
            });
        }
        try (Connection sqlite = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("a.db"));
                Statement statement = sqlite.createStatement()) {
            assertThat(statement.executeUpdate("UPDATE kvault_col_data SET offsets = zeroblob(length(offsets))"
                            + " WHERE rowid > (SELECT (min(rowid) + max(rowid)) / 2 FROM kvault_col_data)"))
                    .isPositive();
        }
        Dataset<Row> rows = Local.spark()
                .read()
                .format("kohakuvault")
                .option("ignoreCorruptFiles", "true")
                .load(folder.toString());
        assertThat(rows.where("length(s) > 0").count()).isBetween(20_001L, 39_999L);
        assertThat(rows.select("s").limit(20_000).collectAsList()).hasSize(20_000);
        assertThatThrownBy(() -> Local.read("t", folder).selectExpr("max(s)").first())
                .satisfies(e -> assertThat(Local.messages(e)).contains("a.db"));
    }

    @Test
    void columnsThatAreNotAskedForAreNotReadAndPlansKnowTheRows() throws Exception {
        Path file = folder.resolve("a.db");
        write(Local.spark().range(100_000).selectExpr("id", "concat('text of row ', id) AS s"), SaveMode.Append, file);
        try (Connection sqlite = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = sqlite.createStatement()) {
            assertThat(statement.executeUpdate("UPDATE kvault_col_data SET offsets = zeroblob(length(offsets))"))
                    .isPositive();
        }
        Dataset<Row> rows = Local.read("t", file);
        assertThat(rows.selectExpr("sum(id)").first().getLong(0)).isEqualTo(4_999_950_000L);
        assertThatThrownBy(() -> rows.selectExpr("max(s)").first())
                .satisfies(e -> assertThat(Local.messages(e)).contains("a.db").contains("'t.s'"));
        var all = rows.queryExecution().optimizedPlan().stats();
        var few = rows.select("id").queryExecution().optimizedPlan().stats();
        assertThat(all.rowCount().get().toLong()).isEqualTo(100_000);
        assertThat(few.rowCount().get().toLong()).isEqualTo(100_000);
        assertThat(few.sizeInBytes().toLong()).isBetween(1L, all.sizeInBytes().toLong() - 1);
    }

    @Test
    void aDirectoryIsWrittenOverWithItsOwnRows() {
        Path dir = folder.resolve("own");
        write(Local.spark().range(1000).toDF(), SaveMode.Append, dir);
        write(Local.read("t", dir).selectExpr("id + 1 AS id"), SaveMode.Overwrite, dir);
        write(Local.read("t", dir).union(Local.read("t", dir)), SaveMode.Append, dir);
        assertThat(Local.read("t", dir)
                        .selectExpr("count(*)", "min(id)", "max(id)")
                        .first()
                        .toString())
                .isEqualTo("[3000,1,1000]");
    }

    @Test
    void pathsWithCharactersOfPatternsAndUris() throws IOException {
        for (String name : new String[] {"a b", "50%", "x[1]", "{y}", "ü", "q?", "st*r", "pl+us", "c#d", "%20"}) {
            Path dir = Files.createDirectory(folder.resolve(name));
            write(Local.spark().range(3).toDF(), SaveMode.Append, dir);
            assertThat(Local.read("t", dir).count()).as(name).isEqualTo(3);
            assertThat(Local.read("t", dir.toUri()).count())
                    .as(name + " as a URI")
                    .isEqualTo(3);
            assertThat(Local.read("t", "file:" + dir).count())
                    .as(name + " behind file:")
                    .isEqualTo(3);
            assertThat(Local.read("t", dir + "/*.db").count())
                    .as(name + " in a pattern")
                    .isEqualTo(3);
        }
        try (Stream<Path> dirs = Files.list(folder)) {
            assertThat(dirs.count()).isEqualTo(10);
        }
    }

    @Test
    void patternsMatchNoFileThatSqliteKeepsBesideAVault() throws IOException {
        write(Local.spark().range(6).repartition(2).toDF(), SaveMode.Append, folder);
        for (int i = 0; i < 2; i++) { // reading leaves logs
            assertThat(Local.read("t", folder + "/*").count()).isEqualTo(6);
            assertThat(Local.read("t", folder + "/*.db*")
                            .selectExpr("sum(id)")
                            .first()
                            .getLong(0))
                    .isEqualTo(15);
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(Path::toString)).anyMatch(name -> name.endsWith("-wal"));
        }
    }

    @Test
    void patternsAreUnderstoodAsHadoopDoes() throws IOException {
        for (String day : new String[] {"2026/11", "2026/12", "2027/01"}) {
            write(Local.spark().range(3).toDF(), SaveMode.Append, folder.resolve(day));
        }
        assertThat(Local.read("t", folder + "/{2026/11,2027/01}").count()).isEqualTo(6);
        assertThat(Local.read("t", folder + "/{2026/{11,12},2027/01}/*.db").count())
                .isEqualTo(9);
        assertThat(Local.read("t", folder + "/2026/{11,12}").count()).isEqualTo(6);
        assertThat(Local.read("t", folder + "/2026/1[^2]").count()).isEqualTo(3);
        assertThatThrownBy(() -> Local.read("t", folder + "/{2026"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there is no file " + folder)
                .hasMessageContaining("'{2026' is no pattern");
    }

    @Test
    void aLinkToADirectoryAboveIsNotFollowed() throws IOException {
        Path other = Files.createDirectory(folder.resolve("other"));
        Path dir = Files.createDirectory(folder.resolve("dir"));
        write(Local.spark().range(3).toDF(), SaveMode.Append, dir);
        write(Local.spark().range(2).toDF(), SaveMode.Append, other);
        Files.createSymbolicLink(dir.resolve("again"), dir);
        Files.createSymbolicLink(dir.resolve("other"), other);
        Files.createSymbolicLink(other.resolve("back"), dir);
        assertThat(Local.read("t", dir).count()).isEqualTo(5);
        assertThat(Local.read("t", dir).select("id").collectAsList()).hasSize(5);
    }

    /** Each carries out what the other has committed. */
    @Test
    void writersOfOneDirectoryMayCommitAtTheSameTime() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "contents");
        AtomicBoolean isOver = new AtomicBoolean();
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
            while (!isOver.get()) {
                new CommitLog(folder).recover();
            }
        });
        try {
            for (int i = 0; i < 300; i++) {
                CommitLog log = new CommitLog(folder);
                Path staged = log.staging("job" + i).resolve("a.db");
                CommitLog.makeDirectories(log.staging("job" + i));
                Files.copy(file, staged);
                Path place = folder.resolve("a.db");
                log.commit("job" + i, Map.of(staged, place), Set.of(place), "", 0);
                assertThat(place).as("commit " + i).hasContent("contents");
            }
        } finally {
            isOver.set(true);
            other.get(1, TimeUnit.MINUTES);
        }
    }

    @Test
    void decimalsOfEverySizeHaveBounds() {
        Local.table(
                folder.resolve("a.db"),
                "t",
                s -> s.column("p", new LogicalType.Decimal(38, 10)),
                table -> table.append(
                        row -> row.setObject("p", new BigDecimal("9999999999999999999999999999.9999999999"))));
        assertThat(Local.read("t", folder)
                        .selectExpr("max(p)", "sum(p)")
                        .first()
                        .getDecimal(0))
                .isEqualByComparingTo("9999999999999999999999999999.9999999999");
    }
}
