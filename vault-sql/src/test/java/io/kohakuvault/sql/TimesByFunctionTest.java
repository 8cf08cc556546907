package io.kohakuvault.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Vault;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.codec.LogicalType.TimeUnit;
import io.kohakuvault.table.Table;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Times that cross value by value are those that streams hand out, with their nanoseconds and to the last of them. */
class TimesByFunctionTest {
    @TempDir
    Path folder;

    private static void assertSame(Vault vault, String query, String expected) throws Exception {
        try (Connection streams = VaultSql.connect(vault)) {
            Connection function = streams.unwrap(DuckDBConnection.class);
            assertThat(QueryModelTest.rows(streams, query))
                    .as("streams, " + query)
                    .isEqualTo(List.of(expected));
            assertThat(QueryModelTest.rows(function, query))
                    .as("function, " + query)
                    .isEqualTo(List.of(expected));
        }
    }

    @Test
    void nanosecondsStay() throws Exception {
        try (Vault vault = Vault.open(folder.resolve("v.db"))) {
            Table table = vault.tables()
                    .ensure(
                            "t",
                            s -> s.column("clock", new LogicalType.Time(TimeUnit.NS))
                                    .column("plain", new LogicalType.Timestamp(TimeUnit.NS, null))
                                    .column("zoned", new LogicalType.Timestamp(TimeUnit.NS, "Europe/Berlin")));
            table.append(row -> row.set("clock", LocalTime.of(23, 59, 59, 999_999_999))
                    .setObject("plain", Instant.ofEpochSecond(-1, 1))
                    .setObject("zoned", Instant.ofEpochSecond(0, 7)));
            assertSame(vault, "SELECT clock::VARCHAR FROM t", "VARCHAR 23:59:59.999999999|");
            assertSame(vault, "SELECT plain::VARCHAR FROM t", "VARCHAR 1969-12-31 23:59:59.000000001|");
            assertSame(vault, "SELECT epoch_ns(zoned) FROM t", "BIGINT 7|");
            assertSame(vault, "SELECT typeof(clock) FROM t", "VARCHAR TIME_NS|");
            assertSame(vault, "SELECT typeof(plain) FROM t", "VARCHAR TIMESTAMP_NS|");
            assertSame(vault, "SELECT typeof(zoned) FROM t", "VARCHAR TIMESTAMPTZ_NS|");
        }
    }

    @Test
    void firstAndLastTimesCross() throws Exception {
        List<Object> bounds = List.of(
                Long.MAX_VALUE,
                -Long.MAX_VALUE,
                Long.MAX_VALUE - 1,
                -Long.MAX_VALUE + 1,
                -Long.MAX_VALUE + 600_000_000);
        for (String zone : new String[] {null, "UTC"}) {
            for (TimeUnit unit : List.of(TimeUnit.US, TimeUnit.NS)) {
                for (Object bound : bounds) {
                    assertCrosses(new LogicalType.Timestamp(unit, zone), bound);
                }
            }
        }
        for (int day : new int[] {Integer.MAX_VALUE, -Integer.MAX_VALUE, Integer.MAX_VALUE - 1, 0}) {
            assertCrosses(new LogicalType.Date(), LocalDate.ofEpochDay(day));
        }
    }

    private void assertCrosses(LogicalType type, Object value) throws Exception {
        try (Vault vault = Vault.open(folder.resolve(type.token().replace(':', '-') + value + ".db"))) {
            vault.tables().ensure("t", s -> s.column("x", type)).append(row -> row.setObject("x", value));
            try (Connection streams = VaultSql.connect(vault)) {
                Connection function = streams.unwrap(DuckDBConnection.class);
                String query = "SELECT x = (SELECT x FROM copy) FROM t";
                try (Statement statement = streams.createStatement()) {
                    statement.execute("CREATE TABLE copy AS SELECT x FROM t");
                }
                assertThat(QueryModelTest.rows(function, query))
                        .as(type + " " + value)
                        .isEqualTo(QueryModelTest.rows(streams, query))
                        .allMatch(row -> row.endsWith("BOOLEAN true|"));
            }
        }
    }

    @Test
    void aTimeThatDuckDbHasNotIsNamed() throws Exception {
        try (Vault vault = Vault.open(folder.resolve("v.db"))) {
            vault.tables()
                    .ensure("t", s -> s.column("x", new LogicalType.Timestamp(TimeUnit.S, "UTC")))
                    .append(row -> row.setObject("x", Instant.MAX));
            try (Connection streams = VaultSql.connect(vault)) {
                Connection function = streams.unwrap(DuckDBConnection.class);
                assertThatThrownBy(() -> QueryModelTest.rows(function, "SELECT x FROM t"))
                        .hasMessageContaining("column 'x' has a time beyond DuckDB's microseconds");
            }
        }
    }
}
