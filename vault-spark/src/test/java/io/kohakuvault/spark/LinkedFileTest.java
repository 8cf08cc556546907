package io.kohakuvault.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Vault;
import io.kohakuvault.codec.DType;
import io.kohakuvault.table.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Vaults behind links: SQLite has the log beside the file, and not beside the link. */
class LinkedFileTest {
    @TempDir
    Path folder;

    @AfterEach
    void close() {
        HeldTables.closeIdle();
    }

    private static void append(Table table, long id) {
        table.append(row -> row.set("id", id));
    }

    private static Table written(Vault vault) {
        Table table = vault.tables().ensure("t", s -> s.column("id", DType.I64));
        append(table, 0);
        vault.maintenance().checkpoint();
        return table;
    }

    private static void aged(Path file) throws Exception {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
    }

    @Test
    void whatTheLogHasIsSeenThroughALink() throws Exception {
        Path file = folder.resolve("a.db");
        Path link = Files.createDirectory(folder.resolve("links")).resolve("b.db");
        Files.createSymbolicLink(link, file);
        try (Vault vault = Vault.open(file)) {
            Table table = written(vault);
            aged(file);
            Dataset<Row> rows = Local.read("t", link);
            assertThat(rows.selectExpr("id").collectAsList()).hasSize(1);
            append(table, 1);
            assertThat(rows.selectExpr("id").collectAsList()).hasSize(2);
            assertThat(rows.count()).isEqualTo(2);
        }
    }

    @Test
    void aLinkedFileThatIsWrittenAfterwardsFailsAQueryThatHasNotOpenedIt() throws Exception {
        Path file = folder.resolve("a.db");
        Path link = Files.createDirectory(folder.resolve("links")).resolve("b.db");
        Files.createSymbolicLink(link, file);
        try (Vault vault = Vault.open(file)) {
            written(vault);
        }
        aged(file);
        Dataset<Row> query = Local.spark()
                .read()
                .format("kohakuvault")
                .option("mergeSchema", "false")
                .schema("id bigint")
                .load(link.toString());
        query.queryExecution().executedPlan().execute().getNumPartitions();
        try (Vault vault = Vault.open(file)) {
            append(vault.tables().get("t"), 1);
            assertThatThrownBy(query::collectAsList)
                    .satisfies(e -> assertThat(Local.messages(e)).contains("b.db: it was written"));
        }
    }
}
