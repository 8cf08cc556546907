package io.kohakuvault.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files in whose place others are put while a query's snapshots are kept for its next task. */
class ReplacedFileTest {
    @TempDir
    Path folder;

    private static void write(Path file, long x) {
        Local.table(file, "t", s -> s.column("x", DType.I64), table -> table.append(row -> row.set("x", x)));
    }

    private void replace(Path file, long x) throws IOException {
        Path next = folder.resolve("next");
        write(next, x);
        Files.deleteIfExists(Path.of(file + "-wal"));
        Files.deleteIfExists(Path.of(file + "-shm"));
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
    }

    @AfterEach
    void closeSoon() {
        HeldTables.keepIdle(-1);
        HeldTables.closeIdle();
    }

    @Test
    void aFileThatWasReplacedBehindAQueryIsReadAnew() throws Exception {
        HeldTables.keepIdle(TimeUnit.MINUTES.toNanos(1)); // however slow this machine is
        Path file = folder.resolve("a.db");
        write(file, 1);
        Dataset<Row> rows = Local.read("t", file);
        for (long x = 1; x < 5; x++) {
            List<Row> found = rows.filter("x > 0").collectAsList();
            assertThat(found).hasToString("[[" + x + "]]");
            assertThat(HeldTables.idle()).isPositive();
            replace(file, x + 1);
        }
    }

    /** What was executed keeps its plan; what is made of the same reading is planned anew. */
    @Test
    void aQueryIsRunAgainAsANewOne() throws Exception {
        Path file = folder.resolve("a.db");
        write(file, 1);
        Dataset<Row> rows = Local.read("t", file);
        Dataset<Row> query = rows.filter("x > 0");
        assertThat(query.collectAsList()).hasToString("[[1]]");
        replace(file, 2);
        HeldTables.closeIdle(); // as time does
        assertThatThrownBy(query::collectAsList)
                .satisfies(e -> assertThat(Local.messages(e)).contains("a.db: another file", "run the query again"));
        assertThat(rows.filter("x > 0").collectAsList()).hasToString("[[2]]");
    }
}
