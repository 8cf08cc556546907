package io.kohakuvault.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.arrow.ArrowProfile;
import io.kohakuvault.arrow.VaultArrow;
import io.kohakuvault.arrow.duckdb.DuckDbArrow;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queries from a seed answer what DuckDB answers over a copy of its own, by streams, by the table function, prepared. */
class QueryModelTest {
    private static final int QUERIES = Integer.getInteger("vault.sql.queries", 200);
    private static final long SEED = Long.getLong("vault.sql.seed", 20_261_128L);

    @TempDir
    static Path folder;

    private static Vault vault;
    private static VaultSql sql;
    private static Connection connection;
    private static Connection raw;

    @BeforeAll
    static void copy() throws Exception {
        vault = Vault.open(folder.resolve("v.db"));
        vault.maintenance().guardColumns(true); // so that blocks are left out
        EveryType.make(vault, "t", 6_000);
        EveryType.make(vault, "u", 300);
        vault.maintenance().checkpoint(); // what follows stands in the log
        EveryType.make(vault, "t", 500);
        sql = VaultSql.open(vault);
        connection = sql.connection();
        raw = connection.unwrap(DuckDBConnection.class);
        try (BufferAllocator allocator = VaultArrow.allocator();
                Snapshot snapshot = vault.snapshot();
                Statement statement = raw.createStatement()) {
            for (String table : List.of("t", "u")) {
                var reader = VaultArrow.scan(snapshot, table)
                        .profile(ArrowProfile.duckDb())
                        .open(allocator);
                DuckDbArrow.register((DuckDBConnection) raw, "once", reader, allocator);
                statement.execute("CREATE TABLE own_" + table + " AS SELECT * FROM once");
                statement.execute("DROP VIEW temp.once");
            }
        }
        connection.close();
        connection = sql.connection();
        raw = sql.connection().unwrap(DuckDBConnection.class);
    }

    @AfterAll
    static void close() throws Exception {
        sql.close(); // throws when a buffer is still out
        vault.close();
    }

    @Test
    void typesAreTheSame() throws SQLException {
        for (String view : List.of("t", "u")) {
            String columns = "SELECT string_agg(column_name || ' ' || data_type, ', ' ORDER BY column_index) FROM "
                    + "duckdb_columns() WHERE table_name = '%s' AND schema_name = 'main'";
            assertThat(rows(raw, columns.formatted(view))).isEqualTo(rows(raw, columns.formatted("own_" + view)));
        }
    }

    @Test
    void everyColumnIsTheSame() throws SQLException {
        List<String> own = rows(raw, "SELECT * FROM own_t ORDER BY n, k");
        assertThat(own).hasSize(6_500);
        assertThat(rows(connection, "SELECT * FROM t ORDER BY n, k")).isEqualTo(own);
        assertThat(rows(raw, "SELECT * FROM t ORDER BY n, k")).isEqualTo(own);
    }

    @Test
    void generatedQueriesAnswerTheSame() throws SQLException {
        Random random = new Random(SEED);
        for (int i = 0; i < QUERIES; i++) {
            String query = new Generator(random).query();
            String own = query.replace("{t}", "own_t").replace("{u}", "own_u");
            String views = query.replace("{t}", random.nextBoolean() ? "t" : "main.\"T\"")
                    .replace("{u}", "u");
            String about = "seed " + SEED + ", query " + i + ": " + views;
            List<String> expected = rows(raw, own);
            assertThat(sql.known().plan(views)).as(about).isNotNull();
            assertThat(rows(connection, views)).as(about).isEqualTo(expected);
            assertThat(rows(raw, views)).as("by the function, " + about).isEqualTo(expected);
            if (i % 4 > 0) {
                continue;
            }
            try (PreparedStatement prepared = connection.prepareStatement(views)) {
                assertThat(rows(prepared.executeQuery()))
                        .as("prepared, " + about)
                        .isEqualTo(expected);
                assertThat(rows(prepared.executeQuery())).as("again, " + about).isEqualTo(expected);
            }
        }
    }

    static List<String> rows(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(query)) {
            return rows(found);
        }
    }

    private static List<String> rows(ResultSet found) throws SQLException {
        List<String> rows = new ArrayList<>();
        ResultSetMetaData meta = found.getMetaData();
        while (found.next()) {
            StringBuilder row = new StringBuilder();
            for (int i = 1; i <= meta.getColumnCount(); i++) {
                row.append(meta.getColumnTypeName(i))
                        .append(' ')
                        .append(found.getString(i))
                        .append('|');
            }
            rows.add(row.toString());
        }
        return rows;
    }

    /** Queries whose answer is one, whatever order rows come in. */
    private static final class Generator {
        private static final List<String> KEYS = List.of(
                "k",
                "money",
                "day",
                "text",
                "short_text",
                "latin",
                "yes",
                "i8",
                "f16",
                "raw",
                "doc",
                "u8",
                "u64",
                "id",
                "clock",
                "clock_ms",
                "at_s",
                "at_ms",
                "at_us",
                "at_ns",
                "zoned",
                "tags::VARCHAR",
                "raw4",
                "floats",
                "mask",
                "grid",
                "packed",
                "props::VARCHAR",
                "big",
                "u16",
                "u32",
                "i16",
                "f32");
        private static final List<String> CONDITIONS = List.of(
                "n < 1000",
                "n BETWEEN 100 AND 300",
                "k = 7",
                "k IN (1, 2, 3)",
                "money > 1.25",
                "text LIKE '%2%'",
                "day >= DATE '1970-06-01'",
                "at_s < TIMESTAMP '1970-01-01 00:30:00'",
                "yes",
                "NOT yes",
                "k IS NULL",
                "raw IS NOT NULL",
                "u64 > 18446744073709551000",
                "f64 > 100",
                "i8 + k > 3",
                "raw = 'b7'::BLOB",
                "short_text <> 'n3'",
                "doc->>'i' = '4'",
                "floats[1] > 50",
                "u32 <= 4294967000",
                "clock < TIME '00:20:00'",
                "n % 3 = 1",
                "abs(n) >= 0",
                "1 = 1",
                "n > 10000",
                "id IS NULL OR k > 5");
        private static final List<String> TOTALS = List.of(
                "count(*)",
                "count(k)",
                "sum(n)",
                "min(money)",
                "max(text)",
                "sum(money)",
                "count(DISTINCT short_text)",
                "max(at_us)",
                "min(raw)",
                "sum(k * n)",
                "bool_or(yes)",
                "max(u64)",
                "min(zoned)",
                "max(big)",
                "count(DISTINCT id)",
                "sum(len(floats))",
                "min(day)",
                "max(clock)");

        private static final List<String> JOINS = List.of("LEFT", "RIGHT", "FULL", "INNER", "ANTI", "SEMI");

        private final Random random;

        Generator(Random random) {
            this.random = random;
        }

        String query() {
            return switch (random.nextInt(12)) {
                case 0, 1 -> "SELECT " + totals() + " FROM {t} WHERE " + condition();
                case 2, 3 -> {
                    String key = pick(KEYS);
                    yield "SELECT " + key + " AS g, " + totals() + " FROM {t} WHERE " + condition()
                            + " GROUP BY ALL ORDER BY 1 NULLS FIRST, 2";
                }
                case 4 ->
                    "SELECT a.n, b.n, " + other("a") + ", " + other("b") + " FROM {t} AS a JOIN {t} b ON a.n = b.n + "
                            + random.nextInt(5) + " WHERE a.n < 400 AND a.n > 20 ORDER BY ALL NULLS LAST";
                case 5 ->
                    random.nextBoolean()
                            ? "SELECT count(*), sum(x.n) FROM {t} x " + pick(JOINS) + " JOIN {u} y ON x.n = y.n WHERE "
                                    + "x.n > 280 AND x.n < 320"
                            : "SELECT count(*), sum(x.n), count(y.k) FROM {t} x LEFT JOIN {u} y ON x.k = y.k AND y.n < 40 "
                                    + "WHERE x.n < 900";
                case 6 ->
                    "WITH c AS (SELECT k, " + pick(TOTALS) + " AS v FROM {t} WHERE " + condition() + " GROUP BY k), "
                            + "d AS (SELECT count(*) AS all_rows FROM {u}) SELECT * FROM c, d ORDER BY ALL NULLS FIRST";
                case 7 ->
                    "SELECT n, row_number() OVER (PARTITION BY k ORDER BY n, text) AS r, sum(n) OVER (PARTITION BY k "
                            + "ORDER BY n ROWS 2 PRECEDING) AS s FROM {u} ORDER BY ALL NULLS FIRST";
                case 8 -> "SELECT * FROM {u} WHERE n IN (SELECT n FROM {t} WHERE " + condition() + ") ORDER BY n, k";
                case 9 ->
                    "SELECT (SELECT max(n) FROM {t} i WHERE i.k = o.k) AS m, o.k FROM {u} o ORDER BY ALL NULLS FIRST";
                case 10 ->
                    "SELECT " + pick(KEYS) + " FROM {t} WHERE " + condition() + " UNION ALL SELECT " + "NULL FROM {u} "
                            + "WHERE " + condition() + " ORDER BY 1 NULLS FIRST";
                default -> "FROM {u} SELECT DISTINCT " + pick(KEYS) + " ORDER BY 1 NULLS FIRST LIMIT 40";
            };
        }

        private String totals() {
            return pick(TOTALS) + ", " + pick(TOTALS);
        }

        private String other(String table) {
            return table + "." + pick(KEYS);
        }

        private String condition() {
            return switch (random.nextInt(3)) {
                case 0 -> pick(CONDITIONS);
                case 1 -> pick(CONDITIONS) + " AND " + pick(CONDITIONS);
                default -> "(" + pick(CONDITIONS) + " OR " + pick(CONDITIONS) + ") AND " + pick(CONDITIONS);
            };
        }

        private String pick(List<String> choices) {
            return choices.get(random.nextInt(choices.size()));
        }
    }
}
