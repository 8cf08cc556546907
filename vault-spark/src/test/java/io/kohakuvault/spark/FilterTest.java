package io.kohakuvault.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.Vault;
import io.kohakuvault.VaultOptions;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.table.Table;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.execution.datasources.v2.BatchScanExec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Filters leave out blocks and files that they rule out, and never a row that is wanted. */
class FilterTest {
    private static final int ROWS = 32_704; // full blocks, which have bounds, in each column of one size

    @TempDir
    static Path folder;

    @BeforeAll
    static void write() {
        for (int file = 0; file < 3; file++) {
            int first = file * ROWS;
            VaultOptions guarded = VaultOptions.defaults().withGuardNewFiles(true);
            try (Vault vault = Vault.open(folder.resolve("f" + file + ".db"), guarded)) {
                Table table = vault.tables()
                        .ensure(
                                "t",
                                s -> s.column("id", DType.I64)
                                        .column("d", DType.F64)
                                        .column("s", DType.STR)
                                        .column("ns", new LogicalType.Timestamp(LogicalType.TimeUnit.NS, "UTC"))
                                        .column("day", new LogicalType.Date())
                                        .column("price", new LogicalType.Decimal(12, 2))
                                        .column("u", DType.U64)
                                        .nullable("n", DType.I32));
                table.appendColumns(columns -> {
                    long[] ids = new long[ROWS];
                    double[] doubles = new double[ROWS];
                    List<String> texts = new ArrayList<>();
                    List<Instant> times = new ArrayList<>();
                    List<LocalDate> days = new ArrayList<>();
                    List<BigDecimal> prices = new ArrayList<>();
                    List<Integer> nulls = new ArrayList<>();
                    for (int i = 0; i < ROWS; i++) {
                        int id = first + i;
                        ids[i] = id;
                        doubles[i] = id % 1000 == 7 ? Double.NaN : id;
                        texts.add(String.format("k%07d", id));
                        times.add(Instant.EPOCH.plusNanos(id * 500L));
                        days.add(LocalDate.ofEpochDay(id / 100));
                        prices.add(BigDecimal.valueOf(id, 2));
                        nulls.add(id < ROWS ? null : (Integer) id);
                    }
                    columns.set("id", ids)
                            .set("d", doubles)
                            .set("s", texts)
                            .set("ns", times)
                            .set("day", days)
                            .set("price", prices)
                            .set("u", ids)
                            .set("n", nulls);
                });
            }
        }
    }

    /** The rows that a condition leaves, and how many are read at most for that. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "id = 50000 | 1 | 4088",
                "id BETWEEN 32694 AND 32713 | 20 | 8176",
                "id > 98102 | 9 | 4088",
                "id < 0 | 0 | 0",
                "id IN (5, 9) | 2 | 4088",
                "d < 10 | 9 | 4088",
                "d > 98102 | 108 | 98112", // NaN is greater than all numbers
                "d = 50000 | 1 | 4088",
                "s = 'k0050000' | 1 | 9000",
                "s LIKE 'k00500%' | 100 | 70000",
                "ns = timestamp'1970-01-01 00:00:00.001' | 2 | 4088",
                "ns <= timestamp'1970-01-01 00:00:00' | 2 | 4088",
                "ns > timestamp'1970-01-01 00:00:00.049053' | 4 | 4088",
                "day = date'1970-01-02' | 100 | 8176",
                "price >= 981.02 | 10 | 4088",
                "u > 98110 | 1 | 4088",
                "n IS NULL | 32704 | 32704",
                "n IS NOT NULL AND n < 32709 | 5 | 40880",
                "n <=> 41000 | 1 | 40880", // blocks of nulls alone have no bounds
                "id < 10 AND s > 'k0000005' | 4 | 4088",
                "id = 5 OR id = 90000 | 2 | 98112",
            })
    void leavesOutBlocksAndNoRow(String condition, long rows, long mostRead) {
        Dataset<Row> found = Local.read("t", folder).where(condition);
        assertThat(found.count()).isEqualTo(rows);
        assertThat(planned(found)).as("rows that are read").isLessThanOrEqualTo(mostRead);
    }

    /** The rows of the partitions of a query. */
    private static long planned(Dataset<Row> scan) {
        long rows = 0;
        for (Object leaf : Local.list(scan.queryExecution().executedPlan().collectLeaves())) {
            if (leaf instanceof BatchScanExec batch) {
                for (Object input : Local.list(batch.inputPartitions())) {
                    rows += ((VaultPartition) input)
                            .ranges().stream().mapToLong(FileRange::rows).sum();
                }
            }
        }
        return rows;
    }

    @Test
    void whatIsPushedIsSeenInThePlan() {
        String plan = Local.read("t", folder)
                .where("id > 5 AND length(s) = 3")
                .queryExecution()
                .executedPlan()
                .toString();
        assertThat(plan).contains("kohakuvault").contains("BatchScan").contains("id > 5");
    }

    @Test
    void rowsAreCountedWhenPlanning() {
        Dataset<Row> counted = Local.read("t", folder).selectExpr("count(*)", "count(1) + 1");
        assertThat(counted.first().toString()).isEqualTo("[98112,98113]");
        assertThat(counted.queryExecution().executedPlan().toString())
                .contains("LocalTableScan")
                .doesNotContain("BatchScan");
        assertThat(Local.read("t", folder)
                        .selectExpr("count(n)", "count(*)")
                        .first()
                        .toString())
                .isEqualTo("[65408,98112]");
        assertThat(Local.read("t", folder).where("id < 5").count()).isEqualTo(5);
        assertThat(Local.read("t", folder).groupBy().count().first().getLong(0)).isEqualTo(98_112);
    }

    @Test
    void filesAreLeftOutWhoseLastRowsWithoutBoundsAreNotWanted() throws IOException {
        Path tails = Files.createTempDirectory(folder, "tails");
        for (int file = 0; file < 4; file++) {
            int first = file * 100;
            Local.table(tails.resolve("f" + file + ".db"), "t", s -> s.column("id", DType.I64), table -> {
                for (int i = 0; i < 100; i++) {
                    int id = first + i;
                    table.append(row -> row.set("id", id));
                }
            });
        }
        Dataset<Row> one = Local.read("t", tails).where("id = 250");
        assertThat(one.count()).isEqualTo(1);
        assertThat(one.rdd().getNumPartitions()).isEqualTo(1);
        assertThat(planned(one)).isEqualTo(100);
        assertThat(planned(Local.read("t", tails).where("id = 1000"))).isEqualTo(0);
    }

    /** Opened once where they are read; what is known of them without that leaves them out still. */
    @Test
    void manySmallFilesAreLeftToTheirTasks() throws IOException {
        Path many = Files.createTempDirectory(folder.getParent(), "many");
        try {
            for (int file = 0; file < HeldTables.MOST_IDLE + 2; file++) {
                int id = file;
                Local.table(
                        many.resolve("f" + file + ".db"),
                        "t",
                        s -> s.column(id == 0 ? "other" : "id", DType.I64),
                        table -> table.append(row -> row.set(id == 0 ? "other" : "id", id)));
            }
            Dataset<Row> one = Local.read("t", many).where("id = 50");
            assertThat(one.collectAsList()).hasSize(1);
            assertThat(planned(one)).isEqualTo(HeldTables.MOST_IDLE + 1); // one file has no such column
            assertThat(HeldTables.idle()).isLessThanOrEqualTo(HeldTables.MOST_IDLE);
        } finally {
            HeldTables.closeIdle();
            CommitLog.deleteTree(many);
        }
    }
}
