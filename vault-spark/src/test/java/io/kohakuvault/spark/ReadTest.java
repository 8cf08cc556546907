package io.kohakuvault.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Vault;
import io.kohakuvault.VaultFormatException;
import io.kohakuvault.VaultOptions;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.table.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading directories of files. */
class ReadTest {
    @TempDir
    Path folder;

    private static void numbers(Path file, long from, long count) {
        Local.table(
                file,
                "events",
                s -> s.column("id", DType.I64).nullable("name", DType.STR),
                table -> append(table, from, count));
    }

    private static void append(Table table, long from, long count) {
        table.appendColumns(columns -> {
            long[] ids = new long[(int) count];
            String[] names = new String[(int) count];
            for (int i = 0; i < count; i++) {
                ids[i] = from + i;
                names[i] = (from + i) % 3 == 0 ? null : "n" + (from + i);
            }
            columns.set("id", ids).set("name", java.util.Arrays.asList(names));
        });
    }

    @Test
    void readsFilesDirectoriesAndPatterns() throws IOException {
        Path deep = Files.createDirectories(folder.resolve("day=1/hour=2"));
        Path aside = Files.createDirectories(folder.resolve("_staging"));
        numbers(folder.resolve("a.db"), 0, 10);
        numbers(folder.resolve("b.db"), 10, 10);
        numbers(deep.resolve("c.db"), 20, 10);
        numbers(aside.resolve("d.db"), 1000, 10);
        Files.writeString(folder.resolve("notes.txt"), "no vault");

        assertThat(Local.read("events", folder).count()).isEqualTo(30);
        assertThat(Local.read("events", folder.resolve("*.db")).count()).isEqualTo(20);
        assertThat(Local.read("events", folder.resolve("[ab].db"))
                        .agg(functions.sum("id"))
                        .first()
                        .getLong(0))
                .isEqualTo(190);
        assertThat(Local.read("events", folder.resolve("day=*/*/c.db")).count()).isEqualTo(10);
        assertThat(Local.read("events", folder.resolve("a.db").toUri()).count()).isEqualTo(10);
        assertThat(Local.spark()
                        .read()
                        .format("kohakuvault")
                        .load(
                                folder.resolve("a.db").toString(),
                                folder.resolve("b.db").toString())
                        .count())
                .isEqualTo(20);
        Local.spark()
                .sql("CREATE OR REPLACE TEMPORARY VIEW v USING kohakuvault OPTIONS (path '" + folder
                        + "', table 'events')");
        assertThat(Local.spark()
                        .sql("SELECT sum(id), count(name) FROM v")
                        .first()
                        .toString())
                .isEqualTo("[435,20]");
    }

    @Test
    void tellsFileAndRow() {
        numbers(folder.resolve("a.db"), 0, 5);
        numbers(folder.resolve("b.db"), 5, 5);
        List<Row> rows = Local.read("events", folder)
                .selectExpr("id", "_row", "substring_index(_file, '/', -1)")
                .orderBy("id")
                .collectAsList();
        assertThat(rows.get(3).toString()).isEqualTo("[3,3,a.db]");
        assertThat(rows.get(7).toString()).isEqualTo("[7,2,b.db]");
        assertThat(Local.read("events", folder).columns()).containsExactly("id", "name");
    }

    @Test
    void mergesColumnsAndNamesWhatContradicts() {
        numbers(folder.resolve("a.db"), 0, 2);
        Local.table(
                folder.resolve("b.db"),
                "events",
                s -> s.column("id", DType.I64).column("later", new LogicalType.Date()),
                table -> table.append(row -> row.set("id", 7).setObject("later", java.time.LocalDate.of(2026, 1, 2))));
        Dataset<Row> merged = Local.read("events", folder);
        assertThat(merged.schema().simpleString()).isEqualTo("struct<id:bigint,name:string,later:date>");
        assertThat(merged.schema().apply("id").nullable()).isTrue();
        assertThat(merged.schema().apply("later").nullable()).isTrue();
        assertThat(merged.orderBy("id").collectAsList())
                .extracting(Row::toString)
                .containsExactly("[0,null,null]", "[1,n1,null]", "[7,null,2026-01-02]");
        assertThat(merged.where("later is null").count()).isEqualTo(2);
        assertThat(merged.where("later > date'2020-01-01'").count()).isEqualTo(1);

        Local.table(
                folder.resolve("c.db"),
                "events",
                s -> s.column("id", DType.I32),
                table -> table.append(row -> row.set("id", 9)));
        assertThatThrownBy(() -> Local.read("events", folder))
                .hasMessageContaining("column 'id' is bigint (id i64) in")
                .hasMessageContaining("a.db and int (id i32) in")
                .hasMessageContaining("c.db");
        assertThat(Local.spark()
                        .read()
                        .format("kohakuvault")
                        .schema("id bigint")
                        .load(folder.toString())
                        .agg(functions.sum("id"))
                        .first()
                        .getLong(0))
                .isEqualTo(17);
    }

    @Test
    void aLargeFileIsCutIntoPartitionsAlongItsBlocks() {
        numbers(folder.resolve("a.db"), 0, 300_000);
        Dataset<Row> rows = Local.spark()
                .read()
                .format("kohakuvault")
                .option("maxPartitionBytes", "1000000")
                .load(folder.toString());
        assertThat(rows.rdd().getNumPartitions()).isGreaterThan(3);
        assertThat(rows.agg(functions.sum("id"), functions.count("name"), functions.countDistinct("_row"))
                        .first()
                        .toString())
                .isEqualTo("[44999850000,200000,300000]");
        List<Row> ranges = rows.groupBy(functions.spark_partition_id())
                .agg(functions.min("_row"), functions.max("_row"))
                .orderBy("min(_row)")
                .collectAsList();
        for (Row range : ranges) { // blocks of 8 bytes have a multiple of 4088 rows
            assertThat(range.getLong(1) % 4088).isEqualTo(0);
        }
        assertThat(rows.limit(7).count()).isEqualTo(7);
        assertThat(rows.limit(7).rdd().getNumPartitions()).isEqualTo(1);
    }

    @Test
    void smallFilesShareATask() {
        for (int i = 0; i < 30; i++) {
            numbers(folder.resolve("f" + i + ".db"), i * 10, 10);
        }
        Dataset<Row> rows = Local.read("events", folder);
        assertThat(rows.rdd().getNumPartitions()).isLessThan(12);
        assertThat(rows.agg(functions.sum("id")).first().getLong(0)).isEqualTo(299 * 300 / 2);
    }

    @Test
    void seesWhatIsCommittedAndNotMore() {
        Path file = folder.resolve("live.db");
        numbers(file, 0, 10);
        Dataset<Row> rows = Local.read("events", file);
        try (Vault vault = Vault.open(file)) {
            Table table = vault.tables().get("events");
            assertThat(rows.count()).isEqualTo(10);
            append(table, 10, 5);
            assertThat(rows.count()).isEqualTo(15);
            vault.transact(() -> {
                append(table, 15, 5);
                assertThat(rows.agg(functions.sum("id")).first().getLong(0)).isEqualTo(105);
            });
            assertThat(rows.agg(functions.sum("id")).first().getLong(0)).isEqualTo(190);
        }
    }

    @Test
    void aFileThatWasReplacedOrCutSincePlanningIsAnError() throws IOException {
        Path file = folder.resolve("a.db");
        numbers(file, 0, 10);
        Path other = folder.resolve("other");
        numbers(other, 100, 20);
        Dataset<Row> planned = Local.read("events", file);
        org.apache.spark.rdd.RDD<Row> rdd = planned.rdd();
        assertThat(rdd.getNumPartitions()).isEqualTo(1); // planned now
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(rdd::collect)
                .satisfies(e -> assertThat(Local.messages(e))
                        .contains("a.db")
                        .contains("another file was put in its place between planning and reading"));
        assertThat(planned.count()).isEqualTo(20); // the next query sees it

        org.apache.spark.rdd.RDD<Row> again = Local.read("events", file).rdd();
        assertThat(again.getNumPartitions()).isEqualTo(1);
        try (Vault vault = Vault.open(file)) {
            vault.tables().get("events").truncate(5);
        }
        assertThatThrownBy(again::collect)
                .satisfies(e -> assertThat(Local.messages(e))
                        .contains("a.db")
                        .contains("had 20 rows when the query was planned and has 5 now"));
    }

    @Test
    void badInputIsToldWithTheFile() throws IOException {
        assertThatThrownBy(() -> Local.read("events", folder.resolve("*.db")))
                .hasMessageContaining("no file matches " + folder.resolve("*.db"));
        assertThatThrownBy(() -> Local.read("events", folder.resolve("none")))
                .hasMessageContaining("there is no file or directory " + folder.resolve("none"));
        assertThatThrownBy(() -> Local.read("events", "s3://bucket/x.db"))
                .hasMessageContaining(
                        "'s3://bucket/x.db': vaults are read from file systems that machines have mounted");
        assertThatThrownBy(() -> Local.spark().read().format("kohakuvault").load())
                .hasMessageContaining("kohakuvault needs a path");
        assertThatThrownBy(() -> Local.spark()
                        .read()
                        .format("kohakuvault")
                        .option("kind", "vectors")
                        .load(folder.toString()))
                .hasMessageContaining("option kind is one of [table, kv, text], but was 'vectors'");

        numbers(folder.resolve("a.db"), 0, 10);
        Local.table(folder.resolve("b.db"), "other", s -> s.column("x", DType.I8), table -> {});
        assertThatThrownBy(() -> Local.read("events", folder))
                .hasMessageContaining("b.db: there is no table 'events', there are [other]");
        Local.table(folder.resolve("b.db"), "events", s -> s.column("id", DType.I64), table -> {});
        assertThatThrownBy(() -> Local.spark().read().format("kohakuvault").load(folder.toString()))
                .hasMessageContaining("b.db has the tables [other, events]: say which");
        assertThat(Local.read("events", folder).count()).isEqualTo(10);
    }

    @Test
    void damagedFilesFailOrAreLeftOut() throws IOException {
        for (int i = 0; i < 5; i++) {
            numbers(folder.resolve("f" + i + ".db"), 0, 10);
        }
        Files.writeString(folder.resolve("g.db"), "this is no database, but a text that is long enough to look at");
        assertThatThrownBy(() -> Local.read("events", folder)).hasMessageContaining("g.db");
        Path header = folder.resolve("h.db");
        numbers(header, 0, 10);
        byte[] bytes = Files.readAllBytes(header);
        java.util.Arrays.fill(bytes, 100, 30_000, (byte) 0x55); // the schema's page
        Files.write(header, bytes);
        assertThatThrownBy(() -> Local.read("events", header)).hasMessageContaining("h.db");
        Dataset<Row> others = Local.spark()
                .read()
                .format("kohakuvault")
                .option("table", "events")
                .option("ignoreCorruptFiles", "true")
                .load(folder.toString());
        assertThat(others.count()).isEqualTo(50);
    }

    @Test
    void filesOfNewerAndOlderFormatsAreToldApart() throws Exception {
        Path newer = folder.resolve("newer.db");
        numbers(newer, 0, 10);
        try (Connection sqlite = DriverManager.getConnection("jdbc:sqlite:" + newer);
                Statement statement = sqlite.createStatement()) {
            statement.execute("UPDATE vault_format SET version = 99");
        }
        assertThatThrownBy(() -> Local.read("events", newer))
                .isInstanceOf(VaultFormatException.class)
                .hasMessageContaining("newer.db")
                .hasMessageContaining("99");
        Path older = folder.resolve("older.db"); // the columns of KohakuVault 0.x
        try (Connection sqlite = DriverManager.getConnection("jdbc:sqlite:" + older);
                Statement statement = sqlite.createStatement()) {
            statement.execute("CREATE TABLE col_meta (col_id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
                    + " dtype TEXT NOT NULL, elem_size INTEGER NOT NULL, length INTEGER NOT NULL,"
                    + " max_chunk_bytes INTEGER NOT NULL)");
            statement.execute("CREATE TABLE col_chunks (col_id INTEGER NOT NULL, chunk_idx INTEGER NOT NULL,"
                    + " data BLOB NOT NULL, PRIMARY KEY (col_id, chunk_idx))");
            statement.execute("INSERT INTO col_meta VALUES (1, 'x', 'i64', 8, 0, 1048576)");
        }
        assertThatThrownBy(() -> Local.read("events", older))
                .hasMessageContaining("older.db: there is no table 'events'")
                .hasMessageContaining("KohakuVault 0.x");
    }

    /** Run by one who may not read all: lists a directory, opens the files and says what goes wrong. */
    static final class Unprivileged {
        private Unprivileged() {}

        public static void main(String[] arguments) {
            try {
                SourceFiles.list(List.of(arguments[0]))
                        .forEach(path -> OpenTable.open(path).close());
                System.out.println("nothing went wrong");
            } catch (RuntimeException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    private String asNobody(Path directory) throws Exception {
        Process process = new ProcessBuilder(
                        "setpriv",
                        "--reuid=65534",
                        "--regid=65534",
                        "--clear-groups",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Unprivileged.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }

    @Test
    void directoriesAndFilesWithoutPermissionAreNamed() throws Exception {
        Path open = Files.createDirectory(folder.resolve("open"));
        numbers(open.resolve("a.db"), 0, 1);
        Path closed = Files.createDirectory(folder.resolve("closed"));
        numbers(closed.resolve("a.db"), 0, 1);
        Path closedFile = Files.createDirectory(folder.resolve("file")).resolve("b.db");
        numbers(closedFile, 0, 1);
        for (Path path : List.of(closed, closedFile)) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("---------"));
        }
        try {
            if (!Files.isReadable(closed)) {
                assertThatThrownBy(() -> Local.read("events", closed))
                        .hasMessageContaining(closed + ": no permission to list this directory");
                assertThatThrownBy(() -> Local.read("events", closedFile)).hasMessageContaining(closedFile.toString());
                return;
            }
            // Root may read everything: somebody else is asked.
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            String said;
            try {
                said = asNobody(open);
            } catch (IOException e) {
                said = e.getMessage();
            }
            org.junit.jupiter.api.Assumptions.assumeTrue(
                    said.contains("nothing went wrong"),
                    "root may read everything, and nobody else can be asked: " + said);
            assertThat(asNobody(closed)).contains(closed + ": no permission to list this directory");
            assertThat(asNobody(closedFile.getParent())).contains(closedFile.toString());
        } finally {
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @Test
    void readsAGuardedFileWithAnotherPageSize() {
        Path file = folder.resolve("a.db");
        try (Vault vault =
                Vault.open(file, VaultOptions.defaults().withPageSizeBytes(4096).withGuardNewFiles(true))) {
            append(
                    vault.tables()
                            .ensure("events", s -> s.column("id", DType.I64).nullable("name", DType.STR)),
                    0,
                    20_000);
        }
        assertThat(Local.read("events", file)
                        .agg(functions.sum("id"), functions.max("name"))
                        .first()
                        .toString())
                .isEqualTo("[199990000,n9998]");
    }
}
