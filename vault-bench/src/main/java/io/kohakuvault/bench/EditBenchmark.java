package io.kohakuvault.bench;

import io.kohakuvault.Vault;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType.TimeUnit;
import io.kohakuvault.table.Filter;
import io.kohakuvault.table.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A table of 340,000 rows and 12 columns corrected and looked through, beside the same in SQLite and in DuckDB, in one
 * process and in turn: milliseconds, the least of some rounds, and how often SQLite's (in WAL mode with NORMAL, with
 * its pages of 4 KiB and with 32 KiB as a vault has). Run by {@code mvn -Pbench -pl vault-bench exec:exec@edit};
 * docs/benchmarks.md has figures.
 */
public final class EditBenchmark {
    private static final int ROUNDS = 3;
    private static final int EDITS = 500;
    private static final String PAGES = "SQLite 32K";

    private final Path folder;
    private final Map<String, Double> sizes = new LinkedHashMap<>();
    private final Map<String, Map<String, Double>> least = new LinkedHashMap<>();

    private EditBenchmark(Path folder) {
        this.folder = folder;
    }

    /**
     * Runs it.
     *
     * @param args the folder to work in, which is made
     * @throws Exception what goes wrong
     */
    public static void main(String[] args) throws Exception {
        Path folder = Files.createDirectories(Path.of(args[0]));
        EditBenchmark benchmark = new EditBenchmark(folder);
        for (int round = 0; round < ROUNDS; round++) {
            benchmark.vault();
            benchmark.sql("SQLite", "jdbc:sqlite:", "sqlite.db");
            benchmark.sql(PAGES, "jdbc:sqlite:", "sqlite32.db");
            benchmark.sql("DuckDB", "jdbc:duckdb:", "duck.db");
        }
        benchmark.print();
    }

    private interface Work {
        void run() throws Exception;
    }

    private void time(String what, String who, int times, Work work) throws Exception {
        long start = System.nanoTime();
        work.run();
        double ms = (System.nanoTime() - start) / 1e6 / times;
        least.computeIfAbsent(what, key -> new LinkedHashMap<>()).merge(who, ms, Math::min);
    }

    private void size(String who, Path file) throws IOException {
        sizes.put(who, Files.size(file) / 1048576.0);
    }

    private void print() {
        sizes.forEach((who, mib) -> System.out.printf(Locale.ROOT, "%-12s %7.1f MiB%n", who, mib));
        System.out.printf(
                Locale.ROOT,
                "%-40s %12s %12s %12s %12s %14s%n",
                "ms",
                "KohakuVault",
                "SQLite",
                PAGES,
                "DuckDB",
                "of SQLite's");
        least.forEach((what, ms) -> {
            double vault = ms.getOrDefault("KohakuVault", Double.NaN);
            double sqlite = ms.getOrDefault("SQLite", Double.NaN);
            double large = ms.getOrDefault(PAGES, Double.NaN);
            double duck = ms.getOrDefault("DuckDB", Double.NaN);
            System.out.printf(
                    Locale.ROOT,
                    "%-40s %12.3f %12.3f %12.3f %12.3f %13.2fx%n",
                    what,
                    vault,
                    sqlite,
                    large,
                    duck,
                    vault / sqlite);
        });
    }

    private static int[] someRows() {
        return new Random(7).ints(EDITS, 0, EditData.ROWS / 4).toArray();
    }

    /** Other columns of the same rows: so many calls that the JVM has compiled what they run. */
    private static int[] warmUp() {
        return new Random(8).ints(2000, 0, EditData.ROWS / 4).toArray();
    }

    private void vault() throws Exception {
        String who = "KohakuVault";
        Path file = folder.resolve("vault.db");
        for (String end : List.of("", "-wal", "-shm")) {
            Files.deleteIfExists(Path.of(file + end));
        }
        try (Vault vault = Vault.open(file)) {
            vault.maintenance().guardColumns(true);
            Table table = vault.tables()
                    .create(
                            "flights",
                            s -> s.column("id", DType.I64)
                                    .timestamp("departed", TimeUnit.MS)
                                    .column("carrier", DType.STR)
                                    .column("flight", DType.I32)
                                    .column("origin", DType.STR)
                                    .column("dest", DType.STR)
                                    .nullable("dep_delay", DType.I32)
                                    .nullable("arr_delay", DType.I32)
                                    .nullable("air_time", DType.I32)
                                    .column("distance", DType.I32)
                                    .nullable("temp", DType.F64)
                                    .nullable("note", DType.STR));
            List<Integer> all = new ArrayList<>();
            for (int i = 0; i < EditData.ROWS; i++) {
                all.add(i);
            }
            table.appendAll(all, (i, writer) -> {
                @Nullable Object[] values = EditData.row(i);
                for (int c = 0; c < EditData.NAMES.size(); c++) {
                    writer.setObject(EditData.NAMES.get(c), values[c]);
                }
            });
            vault.maintenance().checkpoint();
            size(who, file);
            Filter window = Filter.where(
                    "departed",
                    Instant.ofEpochMilli(EditData.START + 90_000L * 100_000),
                    Instant.ofEpochMilli(EditData.START + 90_000L * 103_400));
            for (int i = 0; i < 3; i++) {
                time("count a window of 1 %", who, 1, () -> check(table.count(window), 3400));
                time("count a text (an eighth)", who, 1, () -> table.count(Filter.equal("carrier", "B6")));
                time(
                        "read a window of 1 % as rows",
                        who, 1, () -> {
                            long sum = 0;
                            for (var row : table.scan(window)) {
                                sum += row.getLong("distance");
                            }
                            check(sum > 0 ? 1 : 0, 1);
                        });
            }
            for (int i : warmUp()) {
                table.set(i, row -> row.set("flight", 1).set("origin", "LGA"));
            }
            time("correct a row, a transaction each", who, EDITS, () -> {
                for (int i : someRows()) {
                    table.set(i, row -> row.set("distance", i));
                }
            });
            time(
                    "correct a row, all in one transaction",
                    who,
                    EDITS,
                    () -> vault.transact(() -> {
                        for (int i : someRows()) {
                            table.set(i, row -> row.set("distance", i + 1));
                        }
                    }));
            time("correct a text, a transaction each", who, EDITS, () -> {
                for (int i : someRows()) {
                    table.set(i, row -> row.set("dest", "X" + i));
                }
            });
            time("remove 1000 rows in the middle", who, 1, () -> table.remove(150_000, 151_000));
            time("remove the older half", who, 1, () -> table.removeBefore(EditData.ROWS / 2));
            time("remove 32,704 rows, whole blocks", who, 1, () -> table.removeBefore(32_704));
            check(table.length(), EditData.ROWS / 2 - 1000 - 32_704);
        }
    }

    private static void check(long found, long expected) {
        if (found != expected) {
            throw new IllegalStateException(found + " and not " + expected);
        }
    }

    private static long ask(PreparedStatement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private void sql(String who, String url, String name) throws Exception {
        Path file = folder.resolve(name);
        for (String end : List.of("", "-wal", "-shm", ".wal")) {
            Files.deleteIfExists(Path.of(file + end));
        }
        boolean duck = who.equals("DuckDB");
        try (Connection connection = DriverManager.getConnection(url + file);
                Statement statement = connection.createStatement()) {
            if (!duck) {
                statement.execute("PRAGMA page_size = " + (who.equals(PAGES) ? 32_768 : 4_096));
                statement.execute("PRAGMA journal_mode = WAL");
                statement.execute("PRAGMA synchronous = NORMAL");
                statement.execute("PRAGMA cache_size = -100000");
            }
            statement.execute("CREATE TABLE flights (id BIGINT, departed " + (duck ? "TIMESTAMP" : "INTEGER")
                    + ", carrier TEXT, flight INTEGER, origin TEXT, dest TEXT, dep_delay INTEGER, arr_delay INTEGER, "
                    + "air_time INTEGER, distance INTEGER, temp DOUBLE, note TEXT)");
            EditData.fill(connection, duck);
            try (Statement checkpoint = connection.createStatement()) {
                checkpoint.execute(duck ? "CHECKPOINT" : "PRAGMA wal_checkpoint(TRUNCATE)");
            }
            size(who, file);
            if (duck) {
                Path parquet = folder.resolve("flights.parquet");
                Path csv = folder.resolve("flights.csv");
                statement.execute("COPY flights TO '" + parquet + "' (FORMAT parquet)");
                statement.execute("COPY flights TO '" + csv + "' (FORMAT csv, HEADER)");
                size("Parquet", parquet);
                size("CSV", csv);
            }
            PreparedStatement count =
                    connection.prepareStatement("SELECT count(*) FROM flights WHERE departed >= ? AND departed < ?");
            PreparedStatement text = connection.prepareStatement("SELECT count(*) FROM flights WHERE carrier = ?");
            PreparedStatement rows = connection.prepareStatement(
                    "SELECT " + EditData.COLUMNS + " FROM flights WHERE departed >= ? AND departed < ?");
            for (PreparedStatement s : List.of(count, rows)) {
                EditData.set(s, 1, Instant.ofEpochMilli(EditData.START + 90_000L * 100_000), duck);
                EditData.set(s, 2, Instant.ofEpochMilli(EditData.START + 90_000L * 103_400), duck);
            }
            text.setString(1, "B6");
            for (int i = 0; i < 3; i++) {
                time("count a window of 1 %", who, 1, () -> check(ask(count), 3400));
                time("count a text (an eighth)", who, 1, () -> ask(text));
                time(
                        "read a window of 1 % as rows",
                        who, 1, () -> {
                            try (ResultSet found = rows.executeQuery()) {
                                long sum = 0;
                                while (found.next()) {
                                    for (int c = 1; c <= 12; c++) {
                                        found.getObject(c);
                                    }
                                    sum++;
                                }
                                check(sum, 3400);
                            }
                        });
            }
            PreparedStatement number = connection.prepareStatement("UPDATE flights SET distance = ? WHERE rowid = ?");
            PreparedStatement dest = connection.prepareStatement("UPDATE flights SET dest = ? WHERE rowid = ?");
            int base = duck ? 0 : 1;
            PreparedStatement other =
                    connection.prepareStatement("UPDATE flights SET flight = 1, origin = 'LGA' WHERE rowid = ?");
            for (int i : warmUp()) {
                other.setLong(1, i + base);
                other.executeUpdate();
            }
            time("correct a row, a transaction each", who, EDITS, () -> {
                for (int i : someRows()) {
                    number.setInt(1, i);
                    number.setLong(2, i + base);
                    check(number.executeUpdate(), 1);
                }
            });
            time("correct a row, all in one transaction", who, EDITS, () -> {
                connection.setAutoCommit(false);
                for (int i : someRows()) {
                    number.setInt(1, i + 1);
                    number.setLong(2, i + base);
                    check(number.executeUpdate(), 1);
                }
                connection.commit();
                connection.setAutoCommit(true);
            });
            time("correct a text, a transaction each", who, EDITS, () -> {
                for (int i : someRows()) {
                    dest.setString(1, "X" + i);
                    dest.setLong(2, i + base);
                    check(dest.executeUpdate(), 1);
                }
            });
            time(
                    "remove 1000 rows in the middle",
                    who,
                    1,
                    () -> check(
                            statement.executeUpdate("DELETE FROM flights WHERE id >= 150000 AND id < 151000"), 1000));
            time(
                    "remove the older half",
                    who,
                    1,
                    () -> statement.executeUpdate("DELETE FROM flights WHERE " + (duck ? "id < " : "rowid <= ")
                            + (EditData.ROWS / 2 + 1000)));
            time(
                    "remove 32,704 rows, whole blocks",
                    who,
                    1,
                    () -> check(
                            statement.executeUpdate(
                                    "DELETE FROM flights WHERE id < " + (EditData.ROWS / 2 + 1000 + 32_704)),
                            32_704));
        }
    }
}
