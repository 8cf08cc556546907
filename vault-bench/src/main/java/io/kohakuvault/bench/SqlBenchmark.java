package io.kohakuvault.bench;

import io.kohakuvault.BulkLoad;
import io.kohakuvault.Vault;
import io.kohakuvault.VaultOptions;
import io.kohakuvault.codec.DType;
import io.kohakuvault.sql.VaultSql;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.duckdb.DuckDBConnection;

/**
 * Queries over a table of 20 million rows in a guarded vault, by streams and by the function behind the views, beside
 * the same rows in a file of DuckDB's own and in Parquet.
 */
public final class SqlBenchmark {
    private static final int ROWS = 20_000_000;
    private static final int PART = 500_000;
    private static final int ROUNDS = 5;

    private static final List<String[]> QUERIES = List.of(
            new String[] {
                "count and sum", "SELECT count(*) FILTER (WHERE v > 500000) + sum(v::HUGEINT) % 1000000 FROM {t}"
            },
            new String[] {
                "groups with a filter",
                "SELECT max(x) FROM (SELECT v % 100, sum(d) AS x FROM {t} WHERE v < 500000 GROUP BY 1)"
            },
            new String[] {"1 % by a guarded column", "SELECT sum(v) FROM {t} WHERE k BETWEEN 10000000 AND 10199999"},
            new String[] {"texts", "SELECT sum(length(s)) FROM {t}"},
            new String[] {
                "joined with itself", "SELECT count(*) FROM {t} a JOIN {t} b ON a.k = b.k + 1 WHERE a.v < 20000"
            });

    private SqlBenchmark() {}

    /**
     * Runs it.
     *
     * @param args a folder
     */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        Files.createDirectories(folder);
        Path file = folder.resolve("sql.db");
        Workloads.remove(file);
        make(file);
        Path own = folder.resolve("own-" + System.nanoTime() + ".duckdb");
        Path parquet = folder.resolve("t.parquet");
        try (Vault vault = Vault.open(file);
                VaultSql sql = VaultSql.open(vault);
                Connection connection = sql.connection();
                Connection other = sql.connection()) {
            Connection raw = other.unwrap(DuckDBConnection.class);
            try (Statement statement = raw.createStatement()) {
                statement.execute("ATTACH '" + own + "' AS own");
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE own.t AS SELECT * FROM t");
            }
            sql.copyToParquet("SELECT * FROM t", parquet);
            for (String[] query : QUERIES) {
                System.out.printf("%n%s, %,d rows%n", query[0], ROWS);
                Timing[] timings = Timing.inTurn(
                        ROUNDS,
                        new String[] {"the vault", "the function behind it", "Parquet", "a file of DuckDB's own"},
                        () -> answer(connection, query[1].replace("{t}", "t")),
                        () -> answer(raw, query[1].replace("{t}", "t")),
                        () -> answer(raw, query[1].replace("{t}", "'" + parquet + "'")),
                        () -> answer(raw, query[1].replace("{t}", "own.t")));
                for (Timing timing : timings) {
                    System.out.println(timing.against(timings[timings.length - 1]));
                }
            }
        } finally {
            Files.deleteIfExists(own);
            Files.deleteIfExists(parquet);
        }
    }

    private static void make(Path file) throws Exception {
        Random random = new Random(3);
        BulkLoad.create(file, VaultOptions.defaults().withGuardNewFiles(true), vault -> {
            var table = vault.tables()
                    .ensure(
                            "t",
                            s -> s.column("k", DType.I64)
                                    .column("v", DType.I64)
                                    .nullable("d", DType.F64)
                                    .column("s", DType.STR));
            for (int from = 0; from < ROWS; from += PART) {
                long[] keys = new long[PART];
                long[] values = new long[PART];
                List<Double> doubles = new ArrayList<>(PART);
                List<String> texts = new ArrayList<>(PART);
                for (int i = 0; i < PART; i++) {
                    keys[i] = (long) from + i;
                    values[i] = random.nextInt(1_000_000);
                    doubles.add(i % 10 == 0 ? null : values[i] / 4.0);
                    texts.add("s" + values[i] % 1000);
                }
                table.appendColumns(
                        c -> c.set("k", keys).set("v", values).set("d", doubles).set("s", texts));
            }
        });
    }

    private static long answer(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
