package io.kohakuvault.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Vault;
import io.kohakuvault.VaultOptions;
import io.kohakuvault.codec.DType;
import io.kohakuvault.table.Filter;
import io.kohakuvault.table.Table;
import io.kohakuvault.testkit.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files that somebody writes to between the planning of a query and its end. */
class ChangesTest {
    private static final int ROWS = 200_000;

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void write() {
        file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file, VaultOptions.defaults().withGuardNewFiles(true))) {
            append(vault.tables().ensure("t", s -> s.column("id", DType.I64).nullable("x", DType.I64)), 0, ROWS);
        }
    }

    @AfterEach
    void closeSoon() {
        HeldTables.keepIdle(-1);
        HeldTables.closeIdle();
    }

    private static void append(Table table, long from, int count) {
        table.appendColumns(columns -> {
            long[] ids = new long[count];
            List<Long> values = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                ids[i] = from + i;
                values.add(from + i);
            }
            columns.set("id", ids).set("x", values);
        });
    }

    private Dataset<Row> parts() {
        return Local.spark()
                .read()
                .format("kohakuvault")
                .option("maxPartitionBytes", "500000")
                .load(file.toString());
    }

    /** What somebody does to a table. */
    enum Change {
        APPEND {
            @Override
            void make(Table table) {
                append(table, ROWS, 1000);
            }
        },
        CORRECT {
            @Override
            void make(Table table) {
                for (long row = 0; row < ROWS; row += 1000) {
                    table.set(row, values -> values.set("x", -1L));
                }
            }
        },
        REMOVE_HEAD_AND_APPEND {
            @Override
            void make(Table table) {
                table.removeBefore(50_000);
                append(table, ROWS, 100_000);
            }
        },
        REMOVE_COLUMN {
            @Override
            void make(Table table) {
                table.deleteColumn("x");
            }
        },
        REMOVE_ROWS {
            @Override
            void make(Table table) {
                table.removeIf(Filter.where("id", 10L, 20L));
            }
        };

        abstract void make(Table table);
    }

    /** The tasks of a query that has begun go on in the state that the first of them has seen. */
    @ParameterizedTest
    @EnumSource(Change.class)
    void allTasksOfAQuerySeeOneState(Change change) {
        HeldTables.keepIdle(TimeUnit.MINUTES.toNanos(1)); // however slow this machine is
        Dataset<Row> rows = parts();
        assertThat(rows.rdd().getNumPartitions()).isGreaterThan(3);
        Object[] first = {null};
        List<Long> found = new ArrayList<>();
        java.util.Iterator<Row> iterator = rows.select("x").toLocalIterator(); // a task after the other
        while (iterator.hasNext()) {
            found.add(iterator.next().getLong(0));
            if (first[0] == null) {
                first[0] = true;
                try (Vault vault = Vault.open(file)) {
                    change.make(vault.tables().get("t"));
                }
            }
        }
        Collections.sort(found);
        assertThat(found).hasSize(ROWS);
        for (int i = 0; i < ROWS; i++) {
            assertThat(found.get(i)).isEqualTo(i);
        }
    }

    /** A query that reads long after it was planned has the planned rows, or says what has happened. */
    @ParameterizedTest
    @EnumSource(Change.class)
    void whatChangesBetweenPlanningAndReadingIsTold(Change change) {
        RDD<Row> planned = parts().select("x").rdd();
        assertThat(planned.getNumPartitions()).isGreaterThan(1);
        HeldTables.closeIdle(); // as time does
        try (Vault vault = Vault.open(file)) {
            change.make(vault.tables().get("t"));
        }
        if (change == Change.APPEND) {
            assertThat(planned.count()).isEqualTo(ROWS);
            return;
        }
        assertThatThrownBy(planned::count)
                .satisfies(e -> assertThat(Local.messages(e))
                        .contains("a.db: ")
                        .containsAnyOf(
                                "rows were removed, inserted or corrected, or columns, between planning and reading",
                                "rows when the query was planned")
                        .contains("run the query again"));
    }

    /** Pages move, rows do not. */
    @Test
    void aQueryGoesOnWhileTheFileIsCompacted() throws Exception {
        try (Vault vault = Vault.open(file)) {
            append(vault.tables().get("t"), ROWS, ROWS);
            vault.tables().get("t").truncate(ROWS); // leaves pages to give back
        }
        java.util.Iterator<Row> iterator = parts().select("x").toLocalIterator(); // a task after the other
        List<Long> found = new ArrayList<>();
        while (iterator.hasNext()) {
            found.add(iterator.next().getLong(0));
            if (found.size() == 1) {
                try (Connection sqlite = DriverManager.getConnection("jdbc:sqlite:" + file);
                        Statement statement = sqlite.createStatement()) {
                    statement.execute("VACUUM");
                }
            } else if (found.size() == ROWS / 2) {
                HeldTables.closeIdle(); // as time does: the rest is read out of the compacted file
            }
        }
        Collections.sort(found);
        assertThat(found).hasSize(ROWS).startsWith(0L, 1L).endsWith(ROWS - 1L);
        HeldTables.closeIdle();
        RDD<Row> planned = parts().select("x").rdd();
        assertThat(planned.getNumPartitions()).isGreaterThan(1);
        HeldTables.closeIdle();
        try (Vault vault = Vault.open(file)) {
            vault.maintenance().compact(32_768, (done, total) -> true);
        }
        assertThat(planned.count()).isEqualTo(ROWS);
    }

    /** What was looked at for the schema and the rows is not opened once more to be planned. */
    @Test
    void aFileIsOpenedOnceToBePlanned() throws Exception {
        HeldTables.closeIdle();
        HeldTables.keepIdle(TimeUnit.MINUTES.toNanos(1));
        Files.setLastModifiedTime(file, FileTime.fromMillis(0)); // what was written just now is looked at again
        Dataset<Row> rows = parts();
        assertThat(HeldTables.idle()).isEqualTo(1);
        Dataset<Row> five = rows.where("id = 5");
        assertThat(five.rdd().getNumPartitions()).isEqualTo(1);
        assertThat(HeldTables.idle()).isEqualTo(1); // the same one
        assertThat(five.count()).isEqualTo(1);
        try (Vault vault = Vault.open(file)) {
            append(vault.tables().get("t"), ROWS, 10);
        }
        assertThat(rows.where("id >= 5").count()).isEqualTo(ROWS + 5); // a new look, and a new state
    }

    /** Nobody who copies a log back waits for a query that has ended. */
    @Test
    void aFileIsClosedSoonAfterTheQuery() throws Exception {
        assertThat(parts().agg(functions.sum("x")).first().getLong(0)).isEqualTo((long) ROWS * (ROWS - 1) / 2);
        Await.until("idle tables are closed", () -> HeldTables.idle() == 0, () -> "");
    }
}
