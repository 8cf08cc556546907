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
