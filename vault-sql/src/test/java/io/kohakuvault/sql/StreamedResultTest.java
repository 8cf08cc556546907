package io.kohakuvault.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.table.Row;
import io.kohakuvault.testkit.Await;
import io.kohakuvault.testkit.ChildJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Results that are larger than memory. */
class StreamedResultTest {
    /** 640 MB. */
    private static final String LARGE = "SELECT t.n, r.i FROM t, range(40000) r(i)";

    private static final long LARGE_ROWS = 40_000_000;

    @TempDir
    Path folder;

    private Vault vault;

    @BeforeEach
    void open() {
        vault = Vault.open(folder.resolve("v.db"));
        vault.tables()
                .ensure("t", s -> s.column("n", DType.I64))
                .appendColumns(c -> c.set("n", LongStream.range(0, 1000).toArray()));
    }

    @AfterEach
    void closesCleanly() {
        vault.close(); // refuses while a snapshot or a buffer is out
    }

    private static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Says how much memory its process had at most before and after a large result. */
    public static final class Child {
        private Child() {}

        public static void main(String[] args) throws Exception {
            try (Vault vault = Vault.open(Path.of(args[0]));
                    VaultSql sql = VaultSql.open(vault)) {
                try (Connection connection = sql.connection()) {
                    run(connection, "CREATE VIEW mine AS SELECT * FROM t", "SET threads = 2");
                }
                sql.copyToArrow("SELECT n FROM t", Path.of(args[0] + ".small"));
                sql.insertInto("SELECT n FROM mine", vault, "small");
                long before = mostMemory();
                for (String view : List.of("t", "mine")) {
                    String query = LARGE.replace("FROM t", "FROM " + view + " AS t");
                    Path target = Path.of(args[0] + "." + view);
                    if (sql.copyToArrow(query, target) != LARGE_ROWS) {
                        throw new AssertionError(view);
                    }
                    Files.delete(target);
                    System.out.println(view + " " + (mostMemory() - before));
                }
                System.out.println("taken=" + (mostMemory() - before));
            }
        }
    }

    /** KiB. */
    private static long mostMemory() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .sum();
    }

    /** By streams of batches, and by the function behind the views. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void resultsAreNotInMemoryAsAWhole() throws Exception {
        Path file = folder.resolve("v.db");
        vault.close();
        List<String> flags = new ArrayList<>(ChildJvm.jvmFlags());
        flags.add("-Xmx96m");
        flags.add("-XX:MaxDirectMemorySize=64m");
        try (ChildJvm child = ChildJvm.start(
                "child",
                System.getProperty("java.class.path"),
                flags,
                folder,
                Child.class.getName(),
                file.toString())) {
            assertThat(child.await()).as(child.tail()).isZero();
            long taken = Long.parseLong(child.tail().replaceAll("(?s).*taken=(\\d+).*", "$1"));
            assertThat(taken).as(child.tail()).isLessThan(16 * LARGE_ROWS / 1024 * 9 / 10);
        }
        vault = Vault.open(file);
    }

    @Test
    void resultsGoIntoTablesByBatches() throws Exception {
        try (VaultSql sql = VaultSql.open(vault)) {
            assertThat(sql.insertInto("SELECT t.n, r.i FROM t, range(300) r(i)", vault, "large"))
                    .isEqualTo(300_000);
        }
        long sum = 0;
        for (Row row : vault.tables().get("large").scan("n")) {
            sum += row.getLong("n");
        }
        assertThat(sum).isEqualTo(300L * 999 * 1000 / 2);
    }

    @Test
    void aResultThatFailsLateLeavesNothing() throws Exception {
        String query = "SELECT t.n, CASE WHEN r.i = 3000 AND t.n = 500 THEN error('too late') ELSE 'x' END AS c"
                + " FROM t, range(4000) r(i)";
        try (VaultSql sql = VaultSql.open(vault)) {
            Path arrow = folder.resolve("r.arrow");
            assertThatThrownBy(() -> sql.insertInto(query, vault, "large"))
                    .isInstanceOf(SQLException.class)
                    .hasStackTraceContaining("too late");
            assertThatThrownBy(() -> sql.copyToArrow(query, arrow))
                    .isInstanceOf(SQLException.class)
                    .hasStackTraceContaining("too late");
            assertThat(vault.tables().find("large")).isEmpty();
            assertThat(arrow).doesNotExist();
            assertThat(sql.insertInto("SELECT 1 AS one", vault, "small")).isEqualTo(1);
        }
    }

    /** A table that the query reads grows meanwhile: each statement has one state. */
    @Test
    void rowsGoIntoTheTableThatTheyComeFrom() throws Exception {
        try (VaultSql sql = VaultSql.open(vault)) {
            assertThat(sql.insertInto("SELECT n + 1000 AS n FROM t", vault, "t"))
                    .isEqualTo(1000);
            assertThat(sql.insertInto("SELECT n FROM t UNION ALL SELECT n FROM t", vault, "t"))
                    .isEqualTo(4000);
        }
        assertThat(vault.tables().get("t").length()).isEqualTo(6000);
    }

    @Test
    void typesThatArrowHasAsTextStay() throws Exception {
        vault.tables()
                .ensure(
                        "u",
                        s -> s.column("id", new LogicalType.Uuid())
                                .column("doc", new LogicalType.Json())
                                .column("at", new LogicalType.Timestamp(LogicalType.TimeUnit.MS, "UTC")))
                .append(row ->
                        row.setObject("id", new UUID(1, 2)).set("doc", "[1]").set("at", java.time.Instant.EPOCH));
        try (VaultSql sql = VaultSql.open(vault)) {
            sql.insertInto("SELECT id, doc FROM u", vault, "made");
            sql.insertInto("SELECT * FROM u", vault, "u"); // milliseconds of DuckDB's own
        }
        assertThat(vault.tables().get("made").schema().columns())
                .extracting(column -> column.logicalType().orElseThrow())
                .containsExactly(new LogicalType.Uuid(), new LogicalType.Json());
        var rows = vault.tables().get("u").rows(0, 2);
        assertThat(rows.get(1)).hasToString(rows.get(0).toString().replace("row 0", "row 1"));
    }

    /** DuckDB's setting, on a connection of the user's: the state stays as long as the result may be read. */
    @Test
    void aUsersResultMayBeAStream() throws Exception {
        try (VaultSql sql = VaultSql.open(vault);
                Connection connection = sql.connection();
                Connection other = sql.connection()) {
            run(connection, "SET SESSION jdbc_stream_results = true");
            try (Statement statement = connection.createStatement()) {
                for (int i = 0; i < 3; i++) { // the one before is left in the middle
                    ResultSet rows = statement.executeQuery(LARGE);
                    assertThat(rows.next()).isTrue();
                }
                ResultSet rows = statement.executeQuery("SELECT n FROM t, range(100) ORDER BY 1 DESC");
                long count = 0;
                while (rows.next()) {
                    assertThat(rows.getLong(1)).isEqualTo(999 - count++ / 100);
                }
                assertThat(count).isEqualTo(100_000);
            }
            try (PreparedStatement statement = connection.prepareStatement(LARGE + " WHERE n >= ?")) {
                for (int least : new int[] {999, 998, 999}) {
                    statement.setInt(1, least);
                    try (ResultSet rows = statement.executeQuery()) {
                        long count = 0;
                        while (rows.next()) {
                            count++;
                        }
                        assertThat(count).isEqualTo(40_000L * (1000 - least));
                    }
                }
                statement.setInt(1, 0);
                assertThat(statement.executeQuery().next()).isTrue();
            }
            Statement left = connection.createStatement();
            assertThat(left.executeQuery(LARGE).next()).isTrue(); // closed with the connection
            try (Statement statement = other.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT count(*) FROM t")) {
                assertThat(rows.next()).isTrue();
                vault.tables().get("t").append(row -> row.set("n", 1));
                assertThat(rows.getLong(1)).isEqualTo(1000);
            }
        }
        try (Snapshot snapshot = vault.snapshot()) {
            assertThat(snapshot.isNewest()).isTrue();
        }
    }

    /** What ends a result from another thread. */
    @FunctionalInterface
    private interface End {
        void of(VaultSql sql) throws SQLException;
    }

    private void whileItIsRead(End end) throws Exception {
        try (VaultSql sql = VaultSql.open(vault)) {
            CompletableFuture<Long> copying = CompletableFuture.supplyAsync(() -> {
                try {
                    return sql.copyToArrow(LARGE, folder.resolve("r.arrow"));
                } catch (SQLException e) {
                    throw new CompletionException(e);
                }
            });
            Await.until("rows are written", () -> writtenBytes() > 10_000_000 || copying.isDone(), () -> "");
            end.of(sql);
            assertThatThrownBy(() -> copying.get(2, TimeUnit.MINUTES)).cause().isInstanceOf(SQLException.class);
            assertThat(writtenBytes()).isZero();
        }
    }

    /** Also while it is read, which is when most of it is computed. */
    @Test
    void aResultThatIsReadCanBeCancelled() throws Exception {
        whileItIsRead(VaultSql::cancel);
    }

    @Test
    void aResultThatIsReadFailsWhenItsSourceIsClosed() throws Exception {
        for (int i = 0; i < 3; i++) {
            whileItIsRead(VaultSql::close);
        }
    }

    private long writtenBytes() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(path -> path.toString().contains("r.arrow"))
                    .mapToLong(path -> path.toFile().length())
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Blocks are left out by texts only as long as nobody can have changed what their order is. */
    @Test
    void queriesAreReadAsBeforeBehindAResultThatWasAStream() throws Exception {
        try (VaultSql sql = VaultSql.open(vault)) {
            sql.insertInto("SELECT n FROM t", vault, "made");
            assertThat(sql.isStrange()).isFalse();
        }
    }

    /** The driver says of a stream that its result set is invalid, and no more. */
    @Test
    void whyAResultFailsIsSaid() throws Exception {
        try (VaultSql sql = VaultSql.open(vault)) {
            for (String query : List.of(
                    "SELECT CASE WHEN n = 3 THEN error('no three') ELSE n END AS n FROM t",
                    "SELECT ('no three' || n)::BIGINT AS n FROM t")) {
                assertThatThrownBy(() -> sql.insertInto(query, vault, "made"))
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("no three");
                assertThatThrownBy(() -> sql.copyToArrow(query, folder.resolve("r.arrow")))
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("no three");
            }
            assertThat(vault.tables().find("made")).isEmpty();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void onlyFilesAreReplaced() throws Exception {
        Path file = Files.writeString(folder.resolve("file.parquet"), "before");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        Path link = Files.createSymbolicLink(folder.resolve("link.parquet"), file);
        Path leadsOn = Files.createSymbolicLink(folder.resolve("leads-on.parquet"), Path.of("made.parquet"));
        Path further = Files.createSymbolicLink(folder.resolve("further.parquet"), Path.of("between.parquet"));
        Path between = Files.createSymbolicLink(folder.resolve("between.parquet"), Path.of("last.parquet"));
        Path circle = Files.createSymbolicLink(folder.resolve("circle.parquet"), Path.of("circle.parquet"));
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        try (VaultSql sql = VaultSql.open(vault)) {
            for (Path each : List.of(link, leadsOn, further)) {
                assertThat(sql.copyToParquet("SELECT n FROM t", each)).isEqualTo(1000);
                assertThat(each).isSymbolicLink();
            }
            assertThat(between).isSymbolicLink();
            assertThat(folder.resolve("made.parquet")).isRegularFile();
            assertThat(folder.resolve("last.parquet")).isRegularFile();
            assertThat(Files.size(file)).isGreaterThan(100);
            assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-rw-rw-"));
            for (Path each : List.of(pipe, folder, circle)) {
                assertThatThrownBy(() -> sql.copyToParquet("SELECT n FROM t", each))
                        .hasMessageContaining("cannot write " + each);
                assertThatThrownBy(() -> sql.copyToArrow("SELECT n FROM t", each))
                        .hasMessageContaining("cannot write " + each);
            }
            assertThat(Files.exists(pipe) && !Files.isRegularFile(pipe)).isTrue();
        }
    }

    /** While DuckDB computes a batch that does not come. */
    @Test
    void aBatchThatIsComputedIsCancelled() throws Exception {
        try (VaultSql sql = VaultSql.open(vault)) {
            CompletableFuture<Long> copying = CompletableFuture.supplyAsync(() -> {
                try {
                    return sql.copyToArrow(
                            "SELECT t.n FROM t, range(100000000000) r(i) WHERE i < 5000 OR hash(t.n + i) = 1",
                            folder.resolve("r.arrow"));
                } catch (SQLException e) {
                    throw new CompletionException(e);
                }
            });
            Await.until("the file is begun", () -> isBegun() || copying.isDone(), () -> "");
            sql.cancel();
            assertThatThrownBy(() -> copying.get(2, TimeUnit.MINUTES)).cause().isInstanceOf(SQLException.class);
            assertThat(isBegun()).isFalse();
        }
    }

    private boolean isBegun() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(path -> path.toString().contains("r.arrow"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As a list, a struct or a map within another, or by the name of a type that is it. */
    @Test
    void whatBatchesDoNotTellIsRefusedAlsoWithinOthers() throws Exception {
        try (VaultSql sql = VaultSql.open(vault)) {
            try (Connection connection = sql.connection()) {
                run(connection, "CREATE TYPE bits AS BIT");
            }
            for (String[] each : new String[][] {
                {"['101'::BIT]", "holds values of BIT"},
                {"'101'::bits", "is BIT"},
                {"MAP {'k': [{'a': 1, 'b': '101'::BIT}]}", "holds values of BIT"},
                {"[TIMETZ '12:00:00+05']", "holds values of TIME WITH TIME ZONE"},
                {"{'time': TIME '12:00', 't': TIMETZ '12:00:00+05'}", "holds values of TIME WITH TIME ZONE"},
                {"{'a b': 9007199254740993::BIGNUM}", "holds values of BIGNUM"},
                {"[1::UHUGEINT]::UHUGEINT[1]", "holds values of UHUGEINT"},
            }) {
                String query = "SELECT " + each[0] + " AS v";
                assertThatThrownBy(() -> sql.insertInto(query, vault, "made"))
                        .as(query)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("column 'v' " + each[1]);
                assertThatThrownBy(() -> sql.copyToArrow(query, folder.resolve("r.arrow")))
                        .hasMessageContaining("column 'v' " + each[1]);
            }
            sql.insertInto(
                    "SELECT {'bit': 1, 'bignum': 'x', 'e': 'BIT'::ENUM('BIT'), 'at': TIMESTAMPTZ '2020-01-01 00:00:00Z'}"
                            + " AS v",
                    vault,
                    "made");
        }
        assertThat((Object)
                        vault.tables().get("made").rows(0, 1).get(0).getMap("v").get("bit"))
                .isEqualTo(1L);
    }
}
