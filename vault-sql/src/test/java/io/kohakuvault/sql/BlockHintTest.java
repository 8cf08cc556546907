package io.kohakuvault.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.Vault;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.codec.LogicalType.TimeUnit;
import io.kohakuvault.sql.QueryPlan.Mention;
import io.kohakuvault.table.Filter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a query says of a table's rows, and that no row is left out which it wants. */
class BlockHintTest {
    @TempDir
    Path folder;

    private Vault vault;
    private VaultSql sql;

    @BeforeEach
    void open() throws SQLException {
        vault = Vault.open(folder.resolve("v.db"));
        vault.maintenance().guardColumns(true);
        vault.tables()
                .ensure(
                        "t",
                        s -> s.column("n", DType.I64)
                                .column("f", DType.F64)
                                .column("g", DType.F32)
                                .column("s", DType.STR)
                                .column("ts", new LogicalType.Timestamp(TimeUnit.MS, null))
                                .column("zoned", new LogicalType.Timestamp(TimeUnit.US, "UTC")))
                .appendColumns(c -> c.set("n", LongStream.range(0, 50_000).toArray())
                        .set("f", LongStream.range(0, 50_000).asDoubleStream().toArray())
                        .set("g", new float[50_000])
                        .set(
                                "s",
                                LongStream.range(0, 50_000)
                                        .mapToObj("%06d"::formatted)
                                        .toList())
                        .set(
                                "ts",
                                LongStream.range(0, 50_000).map(i -> i * 60_000).toArray())
                        .set(
                                "zoned",
                                LongStream.range(0, 50_000)
                                        .map(i -> i * 3_600_000_000L)
                                        .toArray()));
        vault.tables().ensure("u", s -> s.column("n", DType.I64)).append(row -> row.set("n", 7));
        sql = VaultSql.open(vault);
    }

    @AfterEach
    void close() throws SQLException {
        sql.close();
        vault.close();
    }

    private List<Filter> hints(String query, Map<Integer, Object> parameters) throws SQLException {
        QueryPlan plan = sql.known().plan(query);
        assertThat(plan).isNotNull();
        Mention first = plan.mentions().get(0);
        return first.hints().stream()
                .map(hint -> hint.filter(parameters, true))
                .filter(filter -> !filter.equals(Filter.all()))
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT 1 FROM t WHERE n > 5|n from 5",
                "SELECT 1 FROM t WHERE 5 > t.n|n to 5",
                "SELECT 1 FROM t x WHERE x.n BETWEEN -3 AND 4.5|n from -3 to 4.5",
                "SELECT 1 FROM t WHERE n = 5 AND (f < 3 OR n < 2)|n from 5 to 5",
                "SELECT 1 FROM t JOIN u USING (n) WHERE t.n >= 5|n from 5",
                "SELECT 1 FROM t, u WHERE t.n >= 5 AND u.n = t.n|n from 5",
                "SELECT 1 FROM t LEFT JOIN u ON t.n = u.n WHERE t.n <= 5|n to 5",
                "SELECT 1 FROM t WHERE f < 3|f to 3.000000000003",
                "SELECT 1 FROM t WHERE s >= 'b'|s from b",
                "SELECT 1 FROM t WHERE ts >= TIMESTAMP '1970-01-02 03:04:05'|ts from 1970-01-02T03:04:03Z",
                "SELECT 1 FROM t WHERE ts < '1970-01-02'|ts to 1970-01-02T00:00:02Z",
                "SELECT 1 FROM t WHERE zoned < '1970-01-02 00:00:00+05'|zoned to 1970-01-04T00:00:00Z",
                "SELECT (SELECT max(n) FROM t WHERE n < u.n) AS m FROM u WHERE n > 3|",
                // what is not certain
                "SELECT 1 FROM t WHERE n > 5 OR f < 1|",
                "SELECT 1 FROM t, u WHERE n >= 5|",
                "SELECT 1 FROM t RIGHT JOIN u ON t.n = u.n WHERE t.n <= 5|",
                "SELECT 1 FROM t FULL JOIN u ON t.n = u.n WHERE t.n <= 5|",
                "SELECT 1 FROM t POSITIONAL JOIN u WHERE t.n > 4|",
                "SELECT 1 FROM t TABLESAMPLE 10 ROWS WHERE n > 5|",
                "SELECT 1 FROM t AS x(m, n) WHERE n > 5|",
                "SELECT 1 FROM t WHERE f > 3|",
                "SELECT 1 FROM t WHERE g < 3|",
                "SELECT 1 FROM t WHERE n > 1e3|",
                "SELECT 1 FROM t WHERE n + 1 > 5|",
                "SELECT 1 FROM t WHERE NOT n > 5|",
                "SELECT n FROM t GROUP BY n HAVING n > 5|",
            })
    void whatAQueryWants(String query, String hint) throws SQLException {
        String found = String.join(
                " and ",
                hints(query, Map.of()).stream().map(BlockHintTest::said).toList());
        assertThat(found).isEqualTo(hint == null ? "" : hint);
    }

    private static String said(Filter filter) {
        Filter.Condition condition = filter.conditions().get(0);
        return condition.column()
                + condition.value().map(value -> " from " + value).orElse("")
                + condition.upper().map(value -> " to " + value).orElse("");
    }

    @Test
    void parametersCountByWhatIsSet() throws SQLException {
        assertThat(hints(
                        "SELECT 1 FROM t WHERE n >= ? AND ts < ?",
                        Map.of(1, 5L, 2, LocalDateTime.of(1970, 1, 5, 0, 0))))
                .hasSize(2)
                .first()
                .satisfies(filter -> assertThat(said(filter)).isEqualTo("n from 5"));
        assertThat(hints("SELECT 1 FROM t WHERE n >= $2 AND n < $1", Map.of(1, Instant.EPOCH)))
                .isEmpty();
        try (Connection connection = sql.connection();
                PreparedStatement prepared =
                        connection.prepareStatement("SELECT min(n), count(*) FROM t WHERE n >= ?")) {
            for (long from : List.of(49_990L, 5L, 49_000L)) {
                prepared.setLong(1, from);
                try (ResultSet found = prepared.executeQuery()) {
                    found.next();
                    assertThat(found.getLong(1)).isEqualTo(from);
                    assertThat(found.getLong(2)).isEqualTo(50_000 - from);
                }
            }
        }
    }

    @Test
    void textsThatAreComparedOtherwiseAreNoHint() throws SQLException {
        vault.tables().ensure("names", s -> s.column("s", DType.STR)).append(row -> row.set("s", "ABC"));
        sql.refresh();
        try (Connection connection = sql.connection();
                Statement statement = connection.createStatement()) {
            statement.execute("SET default_collation = 'NOCASE'");
            try (ResultSet found = statement.executeQuery("SELECT count(*) FROM names WHERE s = 'abc'")) {
                found.next();
                assertThat(found.getLong(1)).isEqualTo(1);
            }
        }
    }
}
