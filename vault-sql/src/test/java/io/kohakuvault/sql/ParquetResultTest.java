package io.kohakuvault.sql;

import static io.kohakuvault.sql.VaultSqlTest.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Vault;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.codec.LogicalType.TimeUnit;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Results as Parquet: what their metadata say of columns, and what DuckDB would round. */
class ParquetResultTest {
    @TempDir
    Path folder;

    private Vault vault;
    private VaultSql sql;
    private Path file;

    @BeforeEach
    void open() throws SQLException {
        file = folder.resolve("r.parquet");
        vault = Vault.open(folder.resolve("v.db"));
        vault.tables()
                .ensure(
                        "t",
                        s -> s.column("n", DType.I64)
                                .nullable("h", DType.F16)
                                .nullable("tags", new LogicalType.ListOf())
                                .column("at", new LogicalType.Timestamp(TimeUnit.MS, null)))
                .append(row -> row.set("n", 1)
                        .set("h", 1.5)
                        .set("tags", List.of("a", 1))
                        .set("at", Instant.EPOCH));
        vault.tables()
                .ensure(
                        "u",
                        s -> s.column("n", DType.parse("u16"))
                                .column("b\"c=d", DType.parse("str:4"))
                                .column("k", DType.I8))
                .append(row -> row.set("n", 1).set("b\"c=d", "x").set("k", 3));
        vault.columns().ensure("loose", DType.F16).append(0.5);
        sql = VaultSql.open(vault);
    }

    @AfterEach
    void closesCleanly() throws SQLException {
        sql.close();
        vault.close();
    }

    private String kept() throws SQLException {
        try (Connection connection = sql.connection()) {
            return String.join(
                    "",
                    rows(
                            connection,
                            "SELECT replace(decode(value), chr(10), ';') FROM parquet_kv_metadata("
                                    + SqlText.literal(file.toString()) + ") WHERE key = 'kohakuvault:types'"));
        }
    }

    /** Each column that is one of a table's, whatever it is called; of others nothing is claimed. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SELECT * FROM t | \"n\"=i64 not null;\"h\"=f16;\"tags\"=list;\"at\"=timestamp:ms not null;",
                "FROM t | \"n\"=i64 not null;\"h\"=f16;\"tags\"=list;\"at\"=timestamp:ms not null;",
                "SELECT H AS g, n + 1 AS m, tags FROM main.t WHERE n > 0 ORDER BY n LIMIT 5 | \"g\"=f16;\"tags\"=list;",
                "SELECT x.h, u.* FROM t x JOIN u USING (n) | \"h\"=f16;\"n\"=u16 not null;\"b\"\"c=d\"=str:4 not null;\"k\"=i8 not null;",
                "SELECT * FROM t JOIN u USING (n) | ``",
                "SELECT n, h, k FROM t JOIN u USING (n) | \"h\"=f16;\"k\"=i8 not null;",
                "SELECT h, k FROM t LEFT JOIN u ON t.n = u.n | \"h\"=f16;\"k\"=i8;",
                "SELECT h, k FROM t FULL JOIN u ON t.n = u.n | \"h\"=f16;\"k\"=i8;",
                "SELECT h, k FROM t POSITIONAL JOIN u | \"h\"=f16;\"k\"=i8;",
                "SELECT k, k AS l FROM u, t | \"k\"=i8 not null;\"l\"=i8 not null;",
                "SELECT n FROM t GROUP BY n | \"n\"=i64 not null;",
                "SELECT n, h FROM t GROUP BY ROLLUP (n, h) | \"n\"=i64;\"h\"=f16;",
                "SELECT loose FROM loose | \"loose\"=f16 not null;",
                "SELECT DISTINCT h FROM t | \"h\"=f16;",
                "SELECT h, k FROM t, (SELECT 1 AS h2, 2 AS k) AS s | ``",
                "SELECT t.h, k FROM t, (SELECT 1 AS h2, 2 AS k) AS s | \"h\"=f16;",
                "SELECT * EXCLUDE (n) FROM t | ``",
                "SELECT COLUMNS('h') FROM t | ``",
                "SELECT a FROM t AS s(a) | ``",
                "WITH t AS (SELECT 1::DOUBLE AS h) SELECT h FROM t | ``",
                "SELECT h FROM t UNION ALL SELECT h FROM t | ``",
                "SELECT h, h::DOUBLE AS i, -h AS j FROM t | \"h\"=f16;",
                "SELECT t.n, u.n FROM t, u | ``",
                "SELECT sum(n) AS n FROM t | ``",
                "VALUES (1) | ``",
            })
    void columnsOfTablesKeepTheirTypes(String query, String types) throws SQLException {
        sql.copyToParquet(query, file);
        assertThat(kept()).isEqualTo(types);
    }

    @Test
    void aTableOfTheUsersOwnHasItsOwnTypes() throws SQLException {
        try (Connection connection = sql.connection();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP VIEW t; CREATE TABLE t AS SELECT 1::DOUBLE AS h");
        }
        sql.copyToParquet("SELECT h FROM t", file);
        assertThat(kept()).isEmpty();
    }

    /** A sum has 128 bits, which Parquet does not; DuckDB writes a DOUBLE. */
    @Test
    void sumsAreNotRounded() throws SQLException {
        String query = "SELECT sum(x)::UHUGEINT AS a, sum(x) AS a, 'y' AS \"b c\", sum(x) AS B"
                + " FROM (VALUES (9007199254740993::BIGINT)) v(x)";
        assertThat(sql.copyToParquet(query, file)).isEqualTo(1);
        try (Connection connection = sql.connection()) {
            String source = SqlText.literal(file.toString());
            assertThat(rows(connection, "SELECT * FROM " + source))
                    .containsExactly("9007199254740993|9007199254740993|y|9007199254740993");
            assertThat(rows(connection, "SELECT column_name, column_type FROM (DESCRIBE FROM " + source + ")"))
                    .containsExactly("a|DECIMAL(38,0)", "a_1|DECIMAL(38,0)", "b c|VARCHAR", "B|DECIMAL(38,0)");
        }
        assertThatThrownBy(() -> sql.copyToParquet("SELECT 170141183460469231731687303715884105727::HUGEINT", file))
                .isInstanceOf(SQLException.class);
    }

    @Test
    void orderStaysWhereSumsBecomeDecimals() throws SQLException {
        sql.copyToParquet("SELECT i % 1000 AS g, sum(i) AS s FROM range(100000) r(i) GROUP BY g ORDER BY g DESC", file);
        try (Connection connection = sql.connection()) {
            assertThat(rows(connection, "SELECT g FROM " + SqlText.literal(file.toString()) + " LIMIT 3"))
                    .containsExactly("999", "998", "997");
        }
    }

    @Test
    void aNewTableHasTheTypesToo() throws SQLException {
        sql.insertInto("SELECT *, n + 1 AS more FROM t", vault, "copy");
        assertThat(vault.tables().get("copy").schema().columns())
                .extracting(Object::toString)
                .containsExactly(
                        "n i64 null",
                        "h f16 null",
                        "tags msgpack list null",
                        "at i64 timestamp:ms null",
                        "more i64 null");
        assertThat(vault.tables().get("copy").rows(0, 1).get(0).getList("tags")).isEqualTo(List.of("a", 1L));
        sql.insertInto("SELECT t.h, u.* FROM t FULL JOIN u ON t.n = u.k", vault, "joined");
        assertThat(vault.tables().get("joined").schema().columns())
                .extracting(Object::toString)
                .containsExactly("h f16 null", "n u16 null", "b\"c=d str:4 null", "k i8 null");
        assertThat(vault.tables().get("joined").length()).isEqualTo(2);
        sql.insertInto("SELECT max(h) AS h FROM t", vault, "largest");
        assertThat(vault.tables().get("largest").schema().columns().get(0).dtype())
                .isEqualTo(DType.F32);
    }

    @Test
    void sumsWithinListsAndStructsAreNotRounded() throws SQLException {
        sql.copyToParquet(
                "SELECT [sum(x)] AS a, {'hugeint': sum(x), 'e': 'HUGEINT'::ENUM('HUGEINT')} AS b, MAP {sum(x): 1} AS c"
                        + " FROM (VALUES (9007199254740993::BIGINT)) v(x)",
                file);
        try (Connection connection = sql.connection()) {
            assertThat(rows(connection, "SELECT * FROM " + SqlText.literal(file.toString())))
                    .containsExactly(
                            "[9007199254740993]|{'hugeint': 9007199254740993, 'e': HUGEINT}" + "|{9007199254740993=1}");
        }
    }

    /** Made and changed while connections are open, which know them by then. */
    @Test
    void typesAreThoseOfTheTableThatThereIsByNow() throws SQLException {
        vault.tables().ensure("late", s -> s.nullable("h", DType.F16)).append(row -> row.set("h", 0.5));
        sql.insertInto("SELECT h FROM late", vault, "one");
        assertThat(vault.tables().get("one").schema().columns().get(0).dtype()).isEqualTo(DType.F16);
        vault.tables().delete("t");
        vault.tables()
                .ensure("t", s -> s.nullable("h", DType.F64).nullable("n", new LogicalType.Decimal(4, 1)))
                .append(row -> row.set("h", 0.1).set("n", new BigDecimal("2.5")));
        sql.insertInto("SELECT h, n FROM t", vault, "two");
        assertThat(vault.tables().get("two").schema().columns())
                .extracting(Object::toString)
                .containsExactly("h f64 null", "n i64 decimal:4:1 null");
        vault.tables().delete("t");
        vault.tables().ensure("t", s -> s.nullable("h", DType.F16)).append(row -> row.set("h", 0.25));
        sql.copyToParquet("SELECT h FROM t", file);
        assertThat(kept()).isEqualTo("\"h\"=f16;");
        sql.insertInto("SELECT h FROM t", vault, "three");
        assertThat(vault.tables().get("three").schema().columns().get(0).dtype())
                .isEqualTo(DType.F16);
    }
}
