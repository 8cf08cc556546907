package io.kohakuvault.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.NumericArray;
import io.kohakuvault.codec.ValueEncoding;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.text.TextOptions;
import io.kohakuvault.vector.Metric;
import io.kohakuvault.vector.VectorOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VaultSqlTest {
    @TempDir
    Path folder;

    private Vault vault;

    @BeforeEach
    void open() {
        vault = Vault.open(folder.resolve("v.db"));
        numbers("t", 0, 1000);
    }

    @AfterEach
    void closesCleanly() {
        vault.close(); // refuses while a snapshot or a buffer is out
    }

    private void numbers(String table, long from, long end) {
        vault.tables()
                .ensure(table, s -> s.column("n", DType.I64).column("half", DType.F64))
                .appendColumns(c -> c.set("n", LongStream.range(from, end).toArray())
                        .set(
                                "half",
                                LongStream.range(from, end)
                                        .mapToDouble(i -> i / 2.0)
                                        .toArray()));
    }

    static List<String> rows(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(query)) {
            return rows(found);
        }
    }

    static List<String> rows(ResultSet found) throws SQLException {
        List<String> rows = new ArrayList<>();
        int columns = found.getMetaData().getColumnCount();
        while (found.next()) {
            StringBuilder row = new StringBuilder();
            for (int i = 1; i <= columns; i++) {
                row.append(i > 1 ? "|" : "").append(found.getString(i));
            }
            rows.add(row.toString());
        }
        return rows;
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void eachStatementSeesTheNewestState() throws SQLException {
        try (Connection sql = VaultSql.connect(vault);
                PreparedStatement prepared = sql.prepareStatement("SELECT count(*), max(n) FROM t WHERE n >= ?")) {
            assertThat(rows(sql, "SELECT count(*) FROM t")).containsExactly("1000");
            prepared.setLong(1, 990);
            assertThat(rows(prepared.executeQuery())).containsExactly("10|999");
            numbers("t", 1000, 1100);
            assertThat(rows(sql, "SELECT count(*) FROM t")).containsExactly("1100");
            assertThat(rows(prepared.executeQuery())).containsExactly("110|1099");
            prepared.setLong(1, 1098);
            assertThat(rows(prepared.executeQuery())).containsExactly("2|1099");
        }
    }

    @Test
    void aSnapshotStaysAsItIs() throws SQLException {
        try (Snapshot snapshot = vault.snapshot();
                Connection sql = VaultSql.connect(snapshot)) {
            numbers("t", 1000, 1100);
            assertThat(rows(sql, "SELECT count(*) FROM t")).containsExactly("1000");
            assertThat(rows(sql.unwrap(DuckDBConnection.class), "SELECT count(*) FROM t"))
                    .containsExactly("1000");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\u0001',
            value = {
                "SELECT sum(n) FROM t;499500",
                "SELECT sum(T.N) FROM T;499500",
                "SELECT sum(t.n) FROM main.t;499500",
                "SELECT sum(main.t.n) FROM main.t;499500",
                "SELECT sum(memory.main.t.n) FROM memory.main.t;499500",
                "SELECT sum(\"n\") FROM \"t\";499500",
                "FROM t SELECT sum(n);499500",
                "(SELECT sum(n) FROM t);499500",
                "SELECT sum(x) FROM t AS y(x, z);499500",
                "SELECT max(t) FROM t;{'n': 999, 'half': 499.5}",
                "SELECT count(*) FROM t a NATURAL JOIN t b;1000",
                "SELECT count(*) FROM t JOIN t u USING (n) JOIN t w USING (n);1000",
                "WITH t AS (SELECT 5 AS n) SELECT sum(n) FROM t;5",
                "WITH x AS (SELECT n FROM t), t AS (SELECT 1 AS n) SELECT (SELECT sum(n) FROM t), count(*) FROM x;1|1000",
                "WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r, t WHERE n = i AND i < 10) SELECT max(i) FROM r;10",
                "SELECT count(*) FROM t, LATERAL (SELECT half WHERE half < 10);20",
                "SELECT sum(n) /* of t */ FROM t -- t;499500",
                "SELECT 'FROM t' || min(n) FROM t;FROM t0",
                "SELECT 'ü€𝄞' || max(n) FROM t;ü€𝄞999",
                "SELECT COLUMNS('n|half') FROM t WHERE n = 3;3|1.5",
                "SELECT * EXCLUDE (n) FROM t WHERE n = 3;1.5",
                "SELECT count(*) FROM t TABLESAMPLE 100%;1000",
                "SELECT 7 FROM t LIMIT 1;7",
                "SELECT count(*) FROM (SELECT 1 FROM t UNION ALL SELECT 2 FROM t);2000",
                "SELECT n FROM t ORDER BY half DESC LIMIT 1 OFFSET 2;997",
                "SELECT list(n)[1:3] FROM t;[0, 1, 2]",
                "PIVOT (SELECT n % 2 AS odd, n FROM t) ON odd USING sum(n);249500|250000",
                "SELECT count(*) FROM (SUMMARIZE t);2",
                "SELECT string_agg(column_name, ',') FROM (DESCRIBE t);n,half",
                "SELECT a.n FROM t a POSITIONAL JOIN t b WHERE b.n = 500;500",
                "SELECT count(*) FROM t WHERE EXISTS (SELECT 1 FROM t i WHERE i.n = t.n + 1);999",
                "EXECUTE_IS_A_NAME;",
            })
    void namesMeanViews(String query, String answer) throws SQLException {
        try (VaultSql sql = VaultSql.open(vault);
                Connection connection = sql.connection()) {
            if (answer == null) {
                assertThatThrownBy(() -> rows(connection, query)).isInstanceOf(SQLException.class);
                return;
            }
            assertThat(rows(connection, query)).containsExactly(answer);
            assertThat(rows(connection.unwrap(DuckDBConnection.class), query)).containsExactly(answer);
        }
    }

    @Test
    void rowsComeInTheirOrder() throws SQLException {
        numbers("big", 0, 600_000);
        List<String> expected =
                LongStream.range(0, 600_000).mapToObj(String::valueOf).toList();
        try (Connection sql = VaultSql.connect(vault)) {
            assertThat(rows(sql, "SELECT n FROM big")).isEqualTo(expected);
            assertThat(rows(sql.unwrap(DuckDBConnection.class), "SELECT n FROM big"))
                    .isEqualTo(expected);
            assertThat(rows(sql.unwrap(DuckDBConnection.class), "SELECT n FROM big LIMIT 3 OFFSET 400000"))
                    .containsExactly("400000", "400001", "400002");
        }
    }

    @Test
    void onlyTheColumnsThatAQueryNamesAreRead() throws SQLException {
        try (VaultSql sql = VaultSql.open(vault)) {
            assertThat(columns(sql, "SELECT max(half) FROM t")).containsExactly("half");
            assertThat(columns(sql, "SELECT count(*) FROM t")).containsExactly("n");
            assertThat(columns(sql, "SELECT 1 FROM t WHERE HALF > 3")).containsExactly("half");
            assertThat(columns(sql, "SELECT * FROM t")).containsExactly("n", "half");
            assertThat(columns(sql, "CREATE TABLE x AS SELECT n + 1 AS m FROM t"))
                    .containsExactly("n");
            assertThat(columns(sql, "COPY (SELECT n FROM t) TO 'x.csv'")).containsExactly("n");
            assertThat(columns(sql, "EXPLAIN ANALYZE SELECT n FROM t")).containsExactly("n");
            assertThat(columns(sql, "INSERT INTO x (m) SELECT n FROM t;")).containsExactly("n");
        }
    }

    @Test
    void aStatementIsPlannedOnceUntilTheViewsAreOthers() throws SQLException {
        try (VaultSql sql = VaultSql.open(vault)) {
            String query = "SELECT * FROM t";
            QueryPlan plan = sql.known().plan(query);
            assertThat(sql.known().plan(query)).isNotNull().isSameAs(plan);
            assertThat(sql.known().plan("SELECT 1")).isNull();
            vault.tables().get("t").addColumn(SchemaColumn.of("more", DType.I64, true));
            sql.refresh();
            assertThat(columns(sql, query)).containsExactly("n", "half", "more");
            for (int i = 0; i < 1_000; i++) {
                assertThat(columns(sql, "SELECT n + " + i + " FROM t")).containsExactly("n");
            }
            assertThat(columns(sql, query)).containsExactly("n", "half", "more");
        }
    }

    private static List<String> columns(VaultSql sql, String query) throws SQLException {
        QueryPlan plan = sql.known().plan(query);
        assertThat(plan).isNotNull();
        return plan.mentions().get(0).columns();
    }

    @Test
    void statementsOfAllKinds() throws SQLException {
        try (Connection sql = VaultSql.connect(vault);
                Statement statement = sql.createStatement()) {
            run(sql, "CREATE TABLE own AS SELECT n AS m FROM t WHERE n < 10");
            assertThat(statement.executeUpdate("INSERT INTO own SELECT n FROM t WHERE n >= 990"))
                    .isEqualTo(10);
            assertThat(rows(sql, "SELECT count(*) FROM own JOIN t ON m = n")).containsExactly("20");
            assertThat(statement.executeUpdate("UPDATE own SET m = m + 1000 FROM t WHERE m = n AND n < 5"))
                    .isEqualTo(5);
            assertThat(statement.executeUpdate("DELETE FROM own USING t WHERE m = n"))
                    .isEqualTo(15);
            run(sql, "CREATE VIEW even AS SELECT n FROM t WHERE n % 2 = 0");
            assertThat(rows(sql, "SELECT count(*) FROM even JOIN t USING (n)")).containsExactly("500");
            run(sql, "CREATE MACRO twice() AS TABLE SELECT n * 2 AS d FROM t");
            assertThat(rows(sql, "SELECT max(d) FROM twice()")).containsExactly("1998");
            assertThat(statement.execute("SELECT 1; SELECT max(n) FROM t")).isTrue();
            assertThat(String.join("", rows(sql, "EXPLAIN SELECT n FROM t"))).isNotEmpty();
            assertThatThrownBy(() -> run(sql, "INSERT INTO t VALUES (1, 2)")).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> rows(sql, "SELECT nothing FROM t"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("nothing")
                    .hasMessageNotContaining("__vault");
        }
    }

    @Test
    void whatAUserCallsByAViewsNameIsTheUsers() throws SQLException {
        try (Connection sql = VaultSql.connect(vault)) {
            run(sql, "CREATE TEMP TABLE t AS SELECT 5 AS n");
            assertThat(rows(sql, "SELECT sum(n) FROM t")).containsExactly("5");
            assertThat(rows(sql, "SELECT sum(n) FROM memory.t")).containsExactly("499500");
            run(sql, "DROP TABLE temp.t");
            assertThat(rows(sql, "SELECT sum(n) FROM t")).containsExactly("499500");
            run(sql, "ATTACH ':memory:' AS other; CREATE TABLE other.t AS SELECT 6 AS n");
            run(sql, "USE other");
            assertThat(rows(sql, "SELECT sum(n) FROM t")).containsExactly("6");
            assertThat(rows(sql, "SELECT sum(n) FROM memory.t")).containsExactly("499500");
            run(sql, "USE memory; DROP VIEW t; CREATE TABLE t AS SELECT 7 AS n");
            assertThat(rows(sql, "SELECT sum(n) FROM t")).containsExactly("7");
        }
    }

    @Test
    void aTransactionMayHoldQueries() throws SQLException {
        try (Connection sql = VaultSql.connect(vault)) {
            sql.setAutoCommit(false);
            run(sql, "CREATE TABLE own AS SELECT n FROM t");
            assertThat(rows(sql, "SELECT count(*) FROM own, t WHERE own.n = t.n"))
                    .containsExactly("1000");
            sql.rollback();
            assertThatThrownBy(() -> rows(sql, "SELECT * FROM own")).isInstanceOf(SQLException.class);
            sql.rollback();
            assertThat(rows(sql, "SELECT count(*) FROM t")).containsExactly("1000");
            sql.commit();
        }
    }

    @Test
    void whatIsMadeLaterIsFound() throws SQLException {
        try (VaultSql sql = VaultSql.open(vault);
                Connection connection = sql.connection()) {
            assertThat(sql.views()).containsExactly("t");
            numbers("later", 0, 5);
            assertThat(rows(connection, "SELECT count(*) FROM later")).containsExactly("5");
            assertThat(sql.views()).containsExactly("later", "t");
            vault.tables().delete("later");
            assertThatThrownBy(() -> rows(connection, "SELECT count(*) FROM later"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("later");
            vault.tables().delete("t");
            vault.tables().ensure("t", s -> s.column("other", DType.STR)).append(row -> row.set("other", "x"));
            assertThat(rows(connection, "SELECT other FROM t")).containsExactly("x");
            try (PreparedStatement prepared = connection.prepareStatement("SELECT * FROM t")) {
                assertThat(rows(prepared.executeQuery())).containsExactly("x");
                vault.tables().delete("t");
                numbers("t", 5, 6);
                assertThat(rows(prepared.executeQuery())).containsExactly("5|2.5");
            }
            assertThat(sql.refresh()).isFalse();
        }
    }

    @Test
    void threadsQueryAtOnce() throws Exception {
        numbers("big", 0, 300_000);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (VaultSql sql = VaultSql.open(vault)) {
            List<Future<List<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                answers.add(threads.submit(() -> {
                    List<String> found = new ArrayList<>();
                    try (Connection connection = sql.connection()) {
                        for (int j = 0; j < 10; j++) {
                            found.addAll(
                                    rows(connection, "SELECT sum(a.n), count(b.n) FROM big a JOIN big b USING (n)"));
                        }
                    }
                    return found;
                }));
            }
            for (Future<List<String>> answer : answers) {
                assertThat(answer.get()).hasSize(10).containsOnly("44999850000|300000");
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void keyValuesDocumentsVectorsAndLooseColumns() throws SQLException {
        vault.columns().ensure("latency", DType.I64).appendAll(new long[] {3, 4});
        vault.kv("settings").put("a", new byte[] {1, 2});
        vault.kv("settings").putValue("b", ValueEncoding.JSON.of(Map.of("x", 5)));
        vault.kv("settings").put(new byte[] {(byte) 0xFF}, new byte[0]);
        vault.text("notes", TextOptions.defaults().withColumns("title", "body"))
                .insert(List.of("Grüße", "long text"), "doc-1");
        vault.vectors("embeddings", VectorOptions.of(3, Metric.L2))
                .insert(new float[] {1, 0.5f, 0.25f}, Map.of("of", 7));
        try (Connection sql = VaultSql.connect(vault)) {
            for (Connection each : List.of(sql, sql.unwrap(DuckDBConnection.class))) {
                assertThat(rows(each, "SELECT sum(latency) FROM latency")).containsExactly("7");
                assertThat(rows(each, "SELECT key, hex(bytes), value FROM settings WHERE key = 'a'"))
                        .containsExactly("a|0102|null");
                assertThat(rows(each, "SELECT key, value->>'x' FROM settings WHERE value IS NOT NULL"))
                        .containsExactly("b|5");
                assertThat(
                                rows(
                                        each,
                                        "SELECT key, hex(key_bytes), octet_length(bytes) FROM settings ORDER BY key_bytes DESC LIMIT 1"))
                        .containsExactly("null|FF|0");
                assertThat(rows(each, "SELECT id, title, body, value FROM notes"))
                        .containsExactly("1|Grüße|long text|\"doc-1\"");
                assertThat(rows(each, "SELECT id, vector, value->>'of' FROM embeddings"))
                        .containsExactly("1|[1.0, 0.5, 0.25]|7");
                assertThat(rows(each, "SELECT array_distance(a.vector, b.vector) FROM embeddings a, embeddings b"))
                        .containsExactly("0.0");
            }
        }
    }

    @Test
    void valuesOfAllKindsAreJson() throws SQLException {
        vault.kv("kinds").putValue("a", NumericArray.of(1.5f, -2f));
        vault.kv("kinds").putValue("m", new NumericArray(ElementType.U8, List.of(2, 1), new byte[] {1, (byte) 255}));
        vault.kv("kinds").putValue("t", "text");
        vault.kv("kinds").putValue("l", List.of(1, "b", List.of(true)));
        try (Connection sql = VaultSql.connect(vault)) {
            assertThat(rows(sql, "SELECT key || ' ' || value FROM kinds ORDER BY key"))
                    .containsExactly("a [1.5,-2.0]", "l [1,\"b\",[true]]", "m [[1],[255]]", "t \"text\"");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"select", "a \"b\" c", "x'); DROP VIEW t; --", "Größe €", "temp", "1st", "a.b", "vault_rows"})
    void namesOfAllKinds(String name) throws SQLException {
        vault.tables().ensure(name, s -> s.column(name, DType.I64)).append(row -> row.set(name, 4));
        try (Connection sql = VaultSql.connect(vault)) {
            String quoted = SqlText.quoted(name);
            String query = "SELECT sum(" + quoted + ") FROM " + quoted;
            assertThat(rows(sql, query)).containsExactly("4");
            assertThat(rows(sql.unwrap(DuckDBConnection.class), query)).containsExactly("4");
            assertThat(rows(sql, "SELECT count(*) FROM t")).containsExactly("1000");
        }
    }

    @Test
    void namesOfSeveralKinds() throws SQLException {
        vault.kv("T").put("a", new byte[1]);
        vault.columns().ensure("T", DType.I64).appendAll(new long[] {9});
        try (VaultSql sql = VaultSql.open(vault);
                Connection connection = sql.connection()) {
            assertThat(sql.views()).containsExactly("T_column", "T_kv", "t");
            assertThat(rows(connection, "SELECT (SELECT sum(n) FROM T), (SELECT max(T) FROM t_column), key FROM t_kv"))
                    .containsExactly("499500|9|a");
        }
    }

    @Test
    void columnsThatDifferByCaseAlone() throws SQLException {
        vault.tables()
                .ensure(
                        "cases",
                        s -> s.column("a", DType.STR).column("A", DType.I64).column("a_1", DType.I64))
                .append(row -> row.set("a", "x").set("A", 1).set("a_1", 2));
        try (Connection sql = VaultSql.connect(vault)) {
            assertThat(rows(sql, "SELECT a, a_1, a_1_1 FROM cases")).containsExactly("x|1|2");
            assertThat(rows(sql, "SELECT * FROM cases")).containsExactly("x|1|2");
        }
    }

    @Test
    void whatIsDamagedDoesNotHideTheRest() throws SQLException {
        vault.columns().ensure("bad", DType.I64).append(1);
        vault.close();
        try (Connection sqlite = java.sql.DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("v.db"))) {
            run(sqlite, "UPDATE kvault_col_columns SET dtype = 'nonsense' WHERE name = 'bad'");
        }
        vault = Vault.open(folder.resolve("v.db"));
        try (Connection sql = VaultSql.connect(vault)) {
            assertThat(rows(sql, "SELECT count(*) FROM t")).containsExactly("1000");
            assertThatThrownBy(() -> rows(sql, "SELECT * FROM bad"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("'bad' cannot be read by SQL")
                    .hasMessageContaining("nonsense");
        }
    }

    @Test
    void resultsGoBackAndToParquet() throws Exception {
        Path parquet = folder.resolve("it's.parquet");
        try (VaultSql sql = VaultSql.open(vault);
                Connection connection = sql.connection()) {
            assertThat(sql.insertInto(
                            "SELECT n % 10 AS digit, count(*) AS c FROM t GROUP BY 1 ORDER BY 1", vault, "digits"))
                    .isEqualTo(10);
            assertThat(vault.tables().get("digits").length()).isEqualTo(10);
            assertThat(rows(connection, "SELECT sum(c) FROM digits")).containsExactly("1000");
            assertThat(sql.copyToParquet("SELECT * FROM t -- all;", parquet)).isEqualTo(1000);
            assertThat(rows(connection, "SELECT sum(n) FROM " + SqlText.literal(parquet.toString())))
                    .containsExactly("499500");
            assertThatThrownBy(() -> sql.copyToParquet("SELECT error('no') FROM t", parquet))
                    .isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> sql.copyToParquet("SELECT 1; SELECT 2", parquet))
                    .hasMessageContaining("several statements");
            try (var files = Files.list(folder)) {
                assertThat(files.filter(file -> file.toString().contains("parquet")))
                        .containsExactly(parquet);
            }
            assertThatThrownBy(() -> sql.insertInto("SELECT n AS digit, INTERVAL 1 DAY AS c FROM t", vault, "spans"))
                    .hasMessageContaining("'c'");
            assertThat(vault.tables().contains("spans")).isFalse();
        }
    }

    @Test
    void whatIsClosedSaysSo() throws SQLException {
        VaultSql sql = VaultSql.open(vault);
        Connection connection = sql.connection();
        sql.close();
        sql.close();
        assertThatThrownBy(() -> rows(connection, "SELECT 1")).isInstanceOf(SQLException.class);
        assertThatThrownBy(sql::connection).hasMessageContaining("closed");
        Snapshot snapshot = vault.snapshot();
        try (Connection over = VaultSql.connect(snapshot)) {
            snapshot.close();
            assertThatThrownBy(() -> rows(over, "SELECT sum(n) FROM t"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("closed");
        }
    }

    @Test
    void resultsOfOneStatementAreClosedWithTheNext() throws SQLException {
        try (Connection sql = VaultSql.connect(vault);
                PreparedStatement prepared = sql.prepareStatement("SELECT n FROM t WHERE n < ?")) {
            prepared.setInt(1, 3);
            assertThat(prepared.execute()).isTrue();
            assertThat(rows(prepared.getResultSet())).containsExactly("0", "1", "2");
            prepared.clearParameters();
            assertThatThrownBy(prepared::executeQuery).isInstanceOf(SQLException.class);
        }
    }
}
