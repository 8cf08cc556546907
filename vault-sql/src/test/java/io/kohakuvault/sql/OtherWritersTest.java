package io.kohakuvault.sql;

import static io.kohakuvault.sql.VaultSqlTest.rows;
import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.Vault;
import io.kohakuvault.VaultBusyException;
import io.kohakuvault.VaultOptions;
import io.kohakuvault.codec.DType;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.table.Table;
import io.kohakuvault.testkit.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queries while other processes append, correct, remove, VACUUM and compact: each sees one state, never a torn one. */
class OtherWritersTest {
    private static final int GROUP = 100;
    private static final int ROUNDS = Integer.getInteger("vault.sql.rounds", 6);

    @TempDir
    Path folder;

    /** Writes until it is killed: whole groups of rows, of which {@code a + b} is 0 and {@code s} says {@code a}. */
    public static final class Writer {
        private Writer() {}

        public static void main(String[] args) throws Exception {
            Random random = new Random(Long.parseLong(args[1]));
            while (true) {
                try (Vault vault =
                        Vault.open(Path.of(args[0]), VaultOptions.defaults().withBusyTimeout(Duration.ofSeconds(20)))) {
                    for (int i = 0; i < 30; i++) {
                        write(vault, random);
                    }
                    if (random.nextInt(4) == 0) {
                        vault.maintenance().compact(0, Progress.none());
                        System.out.println("compacted");
                    }
                } catch (VaultBusyException e) {
                    // the other writer, or a query, was longer
                }
                if (random.nextBoolean()) {
                    vacuum(args[0], random);
                }
            }
        }

        private static void vacuum(String file, Random random) {
            try (Connection sqlite = DriverManager.getConnection("jdbc:sqlite:" + file + "?busy_timeout=5000");
                    Statement statement = sqlite.createStatement()) {
                statement.execute(random.nextBoolean() ? "VACUUM" : "PRAGMA wal_checkpoint(TRUNCATE)");
                System.out.println("vacuumed");
            } catch (SQLException e) {
                // readers hold it back
            }
        }
    }

    static void write(Vault vault, Random random) {
        vault.transact(() -> {
            Table table = vault.tables().get("t");
            long length = table.length();
            switch (random.nextInt(10)) {
                case 0 -> table.removeBefore(Math.min(length, GROUP * (long) random.nextInt(10)));
                case 1 -> {
                    long first = GROUP * (long) random.nextInt((int) (length / GROUP) + 1);
                    if (first < length) {
                        table.remove(first, first + GROUP);
                    }
                }
                case 2 -> {
                    for (int i = 0; i < 5 && length > 0; i++) {
                        long at = (long) (random.nextDouble() * length);
                        long a = random.nextInt(1_000);
                        table.set(at, row -> row.set("a", a).set("b", -a).set("s", text(a)));
                    }
                }
                default -> append(table, random.nextInt(1_000), 1 + random.nextInt(length > 300_000 ? 1 : 40));
            }
            vault.kv("kv").put("k" + random.nextInt(50), new byte[random.nextInt(20_000)]);
        });
    }

    private static void append(Table table, long from, int groups) {
        long[] a = LongStream.range(from, from + (long) groups * GROUP).toArray();
        long[] b = LongStream.of(a).map(n -> -n).toArray();
        table.appendColumns(columns -> columns.set("a", a)
                .set("b", b)
                .set("s", LongStream.of(a).mapToObj(OtherWritersTest::text).toList()));
    }

    private static String text(long a) {
        return "s" + a + "x".repeat((int) (a % 40));
    }

    @Test
    void queriesSeeOneState() throws Exception {
        Path file = folder.resolve("v.db");
        try (Vault vault = Vault.open(file)) {
            append(
                    vault.tables()
                            .ensure(
                                    "t",
                                    s -> s.column("a", DType.I64)
                                            .column("b", DType.I64)
                                            .column("s", DType.STR)),
                    0,
                    1_000);
        }
        ExecutorService threads = Executors.newFixedThreadPool(3);
        List<ChildJvm> writers = new ArrayList<>();
        try (Vault vault = Vault.open(file);
                Vault results = Vault.open(folder.resolve("results.db"));
                VaultSql sql = VaultSql.open(vault)) {
            for (int seed = 1; seed <= 2; seed++) {
                writers.add(ChildJvm.start(
                        "writer-" + seed,
                        System.getProperty("java.class.path"),
                        ChildJvm.jvmFlags(),
                        folder,
                        Writer.class.getName(),
                        file.toString(),
                        String.valueOf(seed)));
            }
            List<Future<Integer>> readers = IntStream.range(0, 3)
                    .mapToObj(i -> threads.submit(() -> read(sql, results, "r" + i)))
                    .toList();
            for (Future<Integer> reader : readers) {
                assertThat(reader.get(10, TimeUnit.MINUTES)).isEqualTo(ROUNDS);
            }
            for (ChildJvm writer : writers) {
                assertThat(writer.isAlive()).as(writer.tail()).isTrue();
            }
        } finally {
            threads.shutdownNow();
            writers.forEach(ChildJvm::close);
        }
        try (Vault vault = Vault.open(file)) {
            assertThat(vault.maintenance().verify(Progress.none()).isSound()).isTrue();
        }
    }

    private int read(VaultSql sql, Vault results, String name) throws SQLException, IOException {
        int done = 0;
        String kept = "count(*) %% %d, sum(%s.a + %<s.b), count(*) FILTER (%<s.s NOT LIKE 's' || %<s.a || '%%')";
        String state = String.format(kept, GROUP, "t");
        try (Connection connection = sql.connection();
                PreparedStatement prepared = connection.prepareStatement(
                        "SELECT count(*) FILTER (a + b <> 0 OR a < 500), min(a) >= 500 FROM t WHERE a >= ?");
                Statement own = connection.createStatement()) {
            own.execute("CREATE TEMP VIEW mine_" + name + " AS SELECT * FROM t");
            for (; done < ROUNDS; done++) {
                assertThat(rows(connection, "SELECT " + state + " FROM t")).containsExactly("0|0|0");
                assertThat(rows(
                                connection,
                                "SELECT (SELECT count(*) FROM t) = (SELECT count(*) FROM mine_" + name + ")"))
                        .containsExactly("true");
                assertThat(rows(
                                connection,
                                "SELECT (SELECT sum(a) FROM t) + sum(x.b), (SELECT count(*) FROM t WHERE s > 's5')"
                                        + " - count(*) FILTER (x.s > 's5') FROM t x"))
                        .containsExactly("0|0");
                prepared.setLong(1, 500);
                assertThat(rows(prepared.executeQuery())).containsExactly("0|true");
                long length = results.tables().find(name).map(Table::length).orElse(0L);
                long inserted = sql.insertInto("SELECT * FROM t", results, name);
                assertThat(inserted % GROUP).isZero();
                assertThat(results.tables().get(name).length()).isEqualTo(length + inserted);
                results.tables().delete(name);
                Path parquet = folder.resolve(name + ".parquet");
                assertThat(sql.copyToParquet("SELECT * FROM t", parquet) % GROUP)
                        .isZero();
                assertThat(rows(
                                connection,
                                "SELECT " + state + " FROM " + SqlText.literal(parquet.toString()) + " AS t"))
                        .containsExactly("0|0|0");
                Files.delete(parquet);
            }
        }
        return done;
    }
}
