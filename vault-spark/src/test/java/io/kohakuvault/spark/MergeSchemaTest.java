package io.kohakuvault.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Vault;
import io.kohakuvault.VaultOptions;
import io.kohakuvault.codec.DType;
import io.kohakuvault.table.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.execution.datasources.v2.BatchScanExec;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readings with mergeSchema=false: files that nobody writes to are opened by their tasks alone. */
class MergeSchemaTest {
    @TempDir
    Path folder;

    @AfterEach
    void close() {
        HeldTables.closeIdle();
    }

    private Path numbers(String name, int from, int to) throws IOException {
        Path file = folder.resolve(name);
        Local.table(file, "t", s -> s.column("id", DType.I64).column("x", DType.I64), table -> append(table, from, to));
        return aged(file);
    }

    private static void append(Table table, int from, int to) {
        table.appendColumns(columns -> columns.set(
                        "id", LongStream.range(from, to).toArray())
                .set("x", LongStream.range(from, to).map(id -> 2 * id).toArray()));
    }

    /** As if it had been written a while ago. */
    private static Path aged(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
        return file;
    }

    private Dataset<Row> read(String... options) {
        var reader =
                Local.spark().read().format("kohakuvault").option("table", "t").option("mergeSchema", "false");
        for (int i = 0; i < options.length; i += 2) {
            reader = reader.option(options[i], options[i + 1]);
        }
        return reader.load(folder.toString());
    }

    private static void plan(Dataset<Row> query) {
        query.queryExecution().executedPlan().execute().getNumPartitions();
    }

    private static boolean wasOpened(Path file) {
        return Files.exists(Path.of(file + "-shm"));
    }

    @Test
    void onlyTheFirstFileIsOpenedToPlanAQuery() throws Exception {
        Path first = numbers("a.db", 0, 10);
        Path second = numbers("b.db", 10, 30);
        Path other = folder.resolve("c.db");
        Local.table(
                other,
                "t",
                s -> s.column("id", DType.I64).column("y", DType.STR),
                table -> table.append(row -> row.set("id", 30).set("y", "only here")));
        aged(other);
        Dataset<Row> rows = read();
        assertThat(rows.columns()).containsExactly("id", "x");
        Dataset<Row> query = rows.where("id >= 5").selectExpr("id", "x");
        plan(query);
        assertThat(wasOpened(first)).isTrue();
        assertThat(wasOpened(second)).isFalse();
        assertThat(wasOpened(other)).isFalse();
        assertThat(query.count()).isEqualTo(26);
        assertThat(rows.selectExpr("count(id)", "sum(id)", "sum(x)", "count(x)").collectAsList())
                .hasToString("[[31,465,870,30]]");
        assertThat(rows.count()).isEqualTo(31);
        assertThat(rows.groupBy("_file").count().count()).isEqualTo(3);
        assertThat(rows.orderBy("id").limit(12).count()).isEqualTo(12);
        assertThat(Local.read("t", folder).columns()).containsExactly("id", "x", "y");
    }

    @Test
    void withASchemaNoFileIsOpened() throws Exception {
        Path first = numbers("a.db", 0, 10);
        Dataset<Row> rows = Local.spark()
                .read()
                .format("kohakuvault")
                .option("mergeSchema", "false")
                .schema("x bigint, z string")
                .load(folder.toString());
        plan(rows);
        assertThat(wasOpened(first)).isFalse();
        assertThat(rows.selectExpr("sum(x)", "count(z)").collectAsList()).hasToString("[[90,0]]");
    }

    @Test
    void aFileThatIsWrittenAfterwardsFailsTheQueryByName() throws Exception {
        numbers("a.db", 0, 10);
        Path second = numbers("b.db", 10, 20);
        Dataset<Row> query = read().selectExpr("id");
        plan(query);
        Local.table(second, "t", s -> s.column("id", DType.I64).column("x", DType.I64), t -> append(t, 20, 25));
        assertThatThrownBy(query::collectAsList)
                .satisfies(e -> assertThat(Local.messages(e)).contains("b.db: it was written", "run the query again"));
        assertThat(read().selectExpr("id").count()).isEqualTo(25);
    }

    @Test
    void aFileThatIsReplacedOrDeletedAfterwardsFailsTheQueryByName() throws Exception {
        numbers("a.db", 0, 10);
        Path second = numbers("b.db", 10, 20);
        FileTime time = Files.getLastModifiedTime(second);
        Dataset<Row> query = read().selectExpr("id");
        plan(query);
        Path next = folder.resolve("next");
        Local.table(next, "t", s -> s.column("id", DType.I64).column("x", DType.I64), t -> append(t, 50, 60));
        Files.setLastModifiedTime(next, time);
        Files.delete(second);
        Files.move(next, second); // of the same size and time
        assertThatThrownBy(query::collectAsList)
                .satisfies(e -> assertThat(Local.messages(e)).contains("b.db: another file"));
        Dataset<Row> again = read().selectExpr("id");
        plan(again);
        HeldTables.closeIdle();
        Files.delete(second);
        assertThatThrownBy(again::collectAsList)
                .satisfies(e -> assertThat(Local.messages(e)).contains("b.db"));
    }

    @Test
    void aFileThatIsBeingWrittenIsOpenedToPlan() throws Exception {
        numbers("a.db", 0, 10);
        try (Vault vault = Vault.open(folder.resolve("b.db"))) {
            Table table =
                    vault.tables().ensure("t", s -> s.column("id", DType.I64).column("x", DType.I64));
            append(table, 10, 20);
            Dataset<Row> query = read().selectExpr("id");
            plan(query);
            append(table, 20, 30);
            assertThat(query.collectAsList()).hasSize(20); // those that were there when it was planned
        }
        assertThat(read().selectExpr("id").collectAsList()).hasSize(30);
    }

    @Test
    void anotherTypeIsAnErrorOfTheTaskThatNamesTheFile() throws Exception {
        numbers("a.db", 0, 10);
        Path other = folder.resolve("b.db");
        Local.table(
                other,
                "t",
                s -> s.column("id", DType.I64).column("x", DType.STR),
                table -> table.append(row -> row.set("id", 1).set("x", "a")));
        aged(other);
        assertThat(read().selectExpr("sum(id)").collectAsList()).hasToString("[[46]]");
        assertThatThrownBy(() -> read().selectExpr("sum(x)").collectAsList())
                .satisfies(e -> assertThat(Local.messages(e)).contains("b.db: column 'x'", "cannot be read as bigint"));
    }

    @Test
    void filesThatHoldNothingYetAndDamagedOnesAreLeftOutByTheirTasks() throws Exception {
        numbers("b.db", 0, 10);
        Path empty = folder.resolve("a.db");
        Files.createFile(empty);
        aged(empty);
        Path begun = folder.resolve("c.db");
        Vault.open(begun).close();
        aged(begun);
        assertThat(read().selectExpr("sum(id)").collectAsList()).hasToString("[[45]]");
        Path damaged = folder.resolve("d.db");
        Files.write(
                damaged,
                "this is no database, but a text of some length".repeat(100).getBytes("UTF-8"));
        aged(damaged);
        assertThatThrownBy(() -> read().selectExpr("sum(id)").collectAsList())
                .satisfies(e -> assertThat(Local.messages(e)).contains("d.db"));
        assertThat(read("ignoreCorruptFiles", "true").selectExpr("sum(id)").collectAsList())
                .hasToString("[[45]]");
        Path without = folder.resolve("e.db");
        Local.table(without, "other", s -> s.column("id", DType.I64), table -> {});
        aged(without);
        assertThatThrownBy(() ->
                        read("ignoreCorruptFiles", "true").selectExpr("sum(id)").collectAsList())
                .satisfies(e -> assertThat(Local.messages(e)).contains("e.db: there is no table 't'"));
    }

    @Test
    void largeFilesAreOpenedToBeCutAndForTheirBounds() throws Exception {
        Path large = folder.resolve("a.db");
        try (Vault vault = Vault.open(large, VaultOptions.defaults().withGuardNewFiles(true))) {
            append(vault.tables().ensure("t", s -> s.column("id", DType.I64).column("x", DType.I64)), 0, 300_000);
        }
        aged(large);
        Dataset<Row> few = read().where("id between 5 and 7").selectExpr("x");
        assertThat(rowsPlanned(few)).isLessThan(100_000);
        assertThat(few.collectAsList()).hasToString("[[10], [12], [14]]");
        Dataset<Row> cut = read("maxPartitionBytes", "1000000").selectExpr("id");
        assertThat(cut.rdd().getNumPartitions()).isGreaterThan(1);
        assertThat(cut.selectExpr("count(id)", "sum(id)").collectAsList()).hasToString("[[300000,44999850000]]");
    }

    private static long rowsPlanned(Dataset<Row> query) {
        long rows = 0;
        for (Object leaf : Local.list(query.queryExecution().executedPlan().collectLeaves())) {
            for (Object input : Local.list(((BatchScanExec) leaf).inputPartitions())) {
                rows += ((VaultPartition) input)
                        .ranges().stream().mapToLong(FileRange::rows).sum();
            }
        }
        return rows;
    }

    @Test
    void besideAWriterEachFileIsReadInOneStateOrNotAtAll() throws Exception {
        int files = 6;
        for (int i = 0; i < files; i++) {
            numbers("f" + i + ".db", 0, 50);
        }
        AtomicBoolean isOver = new AtomicBoolean();
        long seed = new Random().nextLong();
        System.out.println("MergeSchemaTest seed " + seed);
        Thread writer = new Thread(() -> {
            Random random = new Random(seed);
            while (!isOver.get()) {
                Path file = folder.resolve("f" + random.nextInt(files) + ".db");
                try (Vault vault = Vault.open(file)) {
                    Table table = vault.tables().get("t");
                    int rows = (int) table.length();
                    append(table, rows, rows + 1 + random.nextInt(5));
                }
            }
        });
        writer.setDaemon(true); // where a comparison fails it is not waited for
        int answers = 0;
        for (int round = 0; round < 60 && answers < 5; round++) {
            Dataset<Row> query = read().groupBy("_file")
                    .agg(functions.expr("count(id)"), functions.expr("sum(id)"), functions.expr("sum(x)"));
            plan(query);
            if (round == 0) {
                writer.start(); // so that it meets files that were not opened
            }
            try {
                List<Row> found = query.collectAsList();
                assertThat(found).hasSize(files);
                for (Row row : found) {
                    long count = row.getLong(1);
                    assertThat(count).isGreaterThanOrEqualTo(50);
                    assertThat(row.getLong(2)).isEqualTo(count * (count - 1) / 2);
                    assertThat(row.getLong(3)).isEqualTo(count * (count - 1));
                }
                answers++;
            } catch (Exception e) {
                assertThat(Local.messages(e)).contains("between planning and reading");
            }
        }
        isOver.set(true);
        writer.join();
        assertThat(answers).isPositive();
    }

    @Test
    void aDatabaseOfAnotherProgramIsNamedOnce() throws Exception {
        numbers("a.db", 0, 10);
        Path foreign = folder.resolve("zoo.db");
        try (Connection sqlite = DriverManager.getConnection("jdbc:sqlite:" + foreign);
                Statement statement = sqlite.createStatement()) {
            statement.execute("CREATE TABLE animals (name TEXT)");
        }
        Vault.open(folder.resolve("begun.db")).close();
        try (Warnings warnings = new Warnings(TableFiles.class)) {
            Dataset<Row> rows = Local.read("t", folder);
            assertThat(rows.selectExpr("sum(id)").collectAsList()).hasToString("[[45]]");
            assertThat(rows.where("x > 4").count()).isEqualTo(7);
            assertThat(warnings.messages())
                    .singleElement()
                    .asString()
                    .contains("zoo.db", "the database of another program");
        }
        try (Warnings warnings = new Warnings(TableFiles.class)) {
            aged(foreign);
            assertThat(read().selectExpr("sum(id)").collectAsList()).hasToString("[[45]]");
            assertThat(warnings.messages()).singleElement().asString().contains("zoo.db");
        }
        assertThatThrownBy(() -> Local.read("t", foreign))
                .hasMessageContaining("zoo.db: there is no table 't'; it is no vault");
    }
}
