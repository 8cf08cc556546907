package io.kohakuvault.sql;

import static io.kohakuvault.sql.VaultSqlTest.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Vault;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.codec.LogicalType.TimeUnit;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What once gave wrong answers, or would have damaged the file. */
class SqlAttackTest {
    @TempDir
    Path folder;

    private Vault vault;
    private VaultSql sql;
    private Connection connection;
    private Connection raw;

    @BeforeEach
    void open() throws SQLException {
        vault = Vault.open(folder.resolve("v.db"));
        vault.maintenance().guardColumns(true);
        vault.tables()
                .ensure(
                        "u",
                        s -> s.column("n", DType.I64).column("k", DType.I64).column("s", DType.STR))
                .append(row -> row.set("n", 7).set("k", 3).set("s", "x"));
        sql = VaultSql.open(vault);
        connection = sql.connection();
        raw = sql.connection();
    }

    @AfterEach
    void close() throws SQLException {
        sql.close();
        vault.close();
    }

    private Connection function() throws SQLException {
        return raw.unwrap(DuckDBConnection.class);
    }

    private void run(String statement) throws SQLException {
        try (Statement made = connection.createStatement()) {
            made.execute(statement);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM '%s'",
                "SELECT * FROM \"%s\"",
                "ATTACH '%s' AS x",
                "ATTACH '%s' (TYPE sqlite)",
                "ATTACH 'sqlite:%s' AS x",
                "SELECT * FROM read_csv($$%s$$)",
                "SELECT * FROM read_text($a$%s$a$)",
                "SELECT * FROM read_csv('%s-shm')",
                "SELECT * FROM read_blob('%s-wal')",
                "SELECT * FROM read_blob('%s*')",
                "COPY (SELECT 1) TO '%s' (FORMAT csv)",
                "SELECT * FROM sqlite_scan('%s', 'u')",
            })
    void theVaultsFileIsNotOpenedByDuckDb(String statement) throws SQLException {
        String named = statement.formatted(vault.path());
        assertThatThrownBy(() -> run(named))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("must not be opened");
        assertThatThrownBy(() -> connection.prepareStatement(named)).hasMessageContaining("must not be opened");
    }

    @Test
    void theVaultIsNotWrittenOver() throws SQLException, IOException {
        assertThatThrownBy(() -> sql.copyToParquet("SELECT 1", vault.path())).hasMessageContaining("the vault itself");
        assertThatThrownBy(() -> sql.copyToArrow("SELECT 1", vault.path())).hasMessageContaining("the vault itself");
        for (String name : new String[] {"v.db-journal", "sub/../v.db-journal", "sub/../v.db", "link/v.db-journal"}) {
            Path target = folder.resolve(name); // a journal is not there, and would be taken for one
            Files.createDirectories(folder.resolve("sub"));
            if (!Files.exists(folder.resolve("link"))) {
                Files.createSymbolicLink(folder.resolve("link"), folder);
            }
            assertThatThrownBy(() -> sql.copyToParquet("SELECT 1", target)).hasMessageContaining("the vault itself");
            assertThatThrownBy(() -> run("COPY (SELECT 1) TO '" + target + "' (FORMAT csv)"))
                    .hasMessageContaining("must not");
        }
        try (PreparedStatement prepared = connection.prepareStatement("SELECT * FROM read_text(?)")) {
            assertThatThrownBy(() -> prepared.setString(1, vault.path().toString()))
                    .hasMessageContaining("must not");
        }
        assertThat(rows(connection, "SELECT '%s.txt'".formatted(vault.path()))).hasSize(1);
    }

    @Test
    void columnsThatMovedAreNotMistaken() throws SQLException {
        run("CREATE VIEW mine AS SELECT n, k FROM u");
        vault.tables().delete("u");
        vault.tables()
                .ensure(
                        "u",
                        s -> s.column("k", DType.I64).column("n", DType.I64).column("s", DType.STR))
                .append(row -> row.set("n", 1).set("k", 2).set("s", "y"));
        assertThatThrownBy(() -> rows(function(), "SELECT n, k FROM u")).hasMessageContaining("refresh()");
        assertThat(rows(connection, "SELECT n, k FROM mine")).containsExactly("1|2");
        assertThat(rows(connection, "SELECT * FROM u")).containsExactly("2|1|y");
        assertThat(rows(function(), "SELECT n, k FROM u")).containsExactly("1|2");
    }

    @Test
    void aTypeThatChangedIsNotComparedAsBefore() throws SQLException {
        vault.tables().ensure("st", s -> s.column("a", DType.I64)).append(row -> row.set("a", 1));
        try (PreparedStatement prepared = connection.prepareStatement("SELECT count(*) FROM st WHERE a >= 5")) {
            assertThat(count(prepared)).isZero();
            vault.tables().delete("st");
            double[] values = new double[20_000];
            for (int i = 0; i < values.length; i++) {
                values[i] = i % 10 == 0 ? Double.NaN : 0.5; // NaN is the greatest to DuckDB
            }
            vault.tables().ensure("st", s -> s.column("a", DType.F64)).appendColumns(c -> c.set("a", values));
            assertThat(count(prepared)).isEqualTo(2_000);
            assertThat(rows(connection, "SELECT count(*) FROM st WHERE a >= 5")).containsExactly("2000");
        }
    }

    private static long count(PreparedStatement prepared) throws SQLException {
        try (ResultSet found = prepared.executeQuery()) {
            found.next();
            return found.getLong(1);
        }
    }

    @Test
    void daysOfOldCalendarsAreFound() throws SQLException {
        LocalDate day = LocalDate.of(1500, 1, 1);
        vault.tables()
                .ensure(
                        "old",
                        s -> s.column("day", new LogicalType.Date())
                                .column("moment", new LogicalType.Timestamp(TimeUnit.S, null)))
                .appendColumns(c -> c.set("day", Collections.nCopies(20_000, day))
                        .set(
                                "moment",
                                LongStream.generate(() -> day.toEpochDay() * 86_400)
                                        .limit(20_000)
                                        .toArray()));
        sql.refresh();
        for (String column : List.of("day", "moment")) {
            try (PreparedStatement prepared =
                    connection.prepareStatement("SELECT count(*) FROM old WHERE " + column + " >= ?")) {
                prepared.setDate(1, Date.valueOf(day));
                assertThat(count(prepared)).isEqualTo(20_000);
                prepared.setTimestamp(1, Timestamp.valueOf(day.atStartOfDay()));
                assertThat(count(prepared)).isEqualTo(20_000);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1; CREATE TEMP TABLE u AS SELECT 42 AS n",
                "EXPLAIN ANALYZE CREATE TEMP TABLE u AS SELECT 42 AS n",
                "BATCH CREATE TEMP TABLE u AS SELECT 42 AS n",
            })
    void namesThatWereTakenAreNotTheViews(String statement) throws SQLException {
        if (statement.startsWith("BATCH ")) {
            try (Statement batch = connection.createStatement()) {
                batch.addBatch(statement.substring(6));
                batch.executeBatch();
            }
        } else {
            run(statement);
        }
        assertThat(rows(connection, "SELECT n FROM u")).containsExactly("42");
    }

    @Test
    void settingsOfAnotherConnectionCount() throws SQLException {
        vault.tables()
                .ensure("names", s -> s.column("s", DType.STR))
                .appendColumns(c -> c.set("s", Collections.nCopies(20_000, "ABC")));
        sql.refresh();
        try (Connection other = sql.connection();
                Statement statement = other.createStatement()) {
            statement.execute("SELECT 1; SET GLOBAL default_collation = 'NOCASE'");
            statement.execute("CREATE SCHEMA oo; CREATE TABLE oo.u AS SELECT 42 AS n");
        }
        assertThat(rows(connection, "SELECT count(*) FROM names WHERE s = 'abc'"))
                .isEqualTo(rows(function(), "SELECT count(*) FROM names WHERE s = 'abc'"));
        connection.setSchema("oo");
        assertThat(rows(connection, "SELECT n FROM u")).containsExactly("42");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT x.to_json() FROM u x",
                "SELECT u.row_to_json() FROM u",
                "SELECT to_json(u) FROM u",
                "SELECT n, #2 FROM u",
                "SELECT max(#2), count(s) FROM u",
                "SELECT n FROM u ORDER BY #1",
                "SELECT (SELECT max(k) FROM u)",
                "SELECT EXISTS (SELECT 1 FROM u WHERE n > 3)",
                "SELECT struct_pack(*COLUMNS(*)) FROM u",
                "SELECT max(COLUMNS(*)) FROM u",
                "SELECT n + 1, u.k * 2, count(*) OVER () FROM u",
                "VALUES ((SELECT max(n) FROM u))",
            })
    void answersAndTheirNamesAreThoseOfTheFunction(String query) throws SQLException {
        assertThat(described(connection, query)).isEqualTo(described(function(), query));
    }

    private static List<String> described(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(query)) {
            StringBuilder names = new StringBuilder();
            for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
                names.append(found.getMetaData().getColumnLabel(i)).append('|');
            }
            found.next();
            return List.of(names.toString(), String.valueOf(found.getObject(1)));
        }
    }

    @Test
    void parametersThatAreReadOnce() throws SQLException {
        try (PreparedStatement prepared = connection.prepareStatement("SELECT count(*) FROM u WHERE s = ?")) {
            prepared.setCharacterStream(1, new StringReader("x"));
            assertThat(count(prepared)).isEqualTo(1);
            prepared.setString(1, "y");
            assertThat(count(prepared)).isZero();
        }
    }

    @Test
    void aTableOfDuckDbsHidesItsNamesakeAlone() throws SQLException {
        run("CREATE TABLE foo AS SELECT 42 AS n");
        vault.tables().ensure("foo", s -> s.column("n", DType.I64)).append(row -> row.set("n", 1));
        vault.tables().ensure("goo", s -> s.column("n", DType.I64)).append(row -> row.set("n", 2));
        assertThat(rows(connection, "SELECT n FROM goo")).containsExactly("2");
        assertThat(rows(connection, "SELECT n FROM foo")).containsExactly("42");
        assertThat(sql.views()).containsExactly("goo", "u");
        assertThat(sql.refresh()).isFalse();
    }

    @Test
    void aStatementIsExecutedOnce() throws SQLException {
        run("CREATE SEQUENCE q");
        assertThatThrownBy(() -> rows(connection, "SELECT nextval('q'), error('a Catalog Error') FROM u"));
        assertThat(rows(connection, "SELECT nextval('q')")).containsExactly("2");
    }

    @Test
    void whatIsRunningIsCancelled() throws Exception {
        Thread canceller = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                sql.cancel();
                Thread.onSpinWait();
            }
        });
        canceller.start();
        try {
            Path target = folder.resolve("x.csv");
            assertThatThrownBy(() -> sql.copyTo(
                            "SELECT a.range + b.range FROM range(100000000) a, range(100000) b", target, "FORMAT csv"))
                    .isInstanceOf(SQLException.class);
            try (var files = Files.list(folder)) {
                assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.contains("csv"));
            }
        } finally {
            canceller.interrupt();
            canceller.join();
        }
    }

    /** DuckDB folds the letters A to Z and no others; one table answered for another, or could not be named. */
    @Test
    void lettersBeyondAsciiDoNotFold() throws SQLException {
        for (String name : List.of("\u00c9", "\u00e9", "\u1e9e", "\u00df", "e")) {
            vault.tables()
                    .ensure(
                            name,
                            s -> s.column(name, DType.STR)
                                    .column("\u00d6", DType.I64)
                                    .column("\u00f6", DType.I64))
                    .append(row -> row.set(name, name).set("\u00d6", 1).set("\u00f6", 2));
        }
        sql.refresh();
        for (String name : List.of("\u00c9", "\u00e9", "\u1e9e", "\u00df", "E")) {
            for (Connection each : List.of(connection, function())) {
                assertThat(rows(each, "SELECT %1$s, \u00f6, \u00d6 FROM %1$s WHERE \u00f6 = 2".formatted(name)))
                        .containsExactly(name.replace('E', 'e') + "|2|1");
            }
        }
        vault.tables().delete("\u00df");
        sql.refresh();
        assertThatThrownBy(() -> rows(connection, "SELECT * FROM \u00df")).hasMessageContaining("\u00df");
    }

    /** The third had no view, and nothing said why. */
    @Test
    void namesThatAreLongNamesOfOthersHideNothing() throws SQLException {
        for (String name : List.of("A", "A_table", "a", "U")) {
            vault.tables().ensure(name, s -> s.column("x", DType.STR)).append(row -> row.set("x", name));
        }
        vault.kv("a").put("k", new byte[1]);
        sql.refresh();
        assertThat(sql.views()).containsExactly("A", "A_table", "U_table", "a_kv", "a_table_2", "u");
        assertThat(rows(connection, "SELECT x FROM a_table_2")).containsExactly("a");
        assertThat(rows(connection, "SELECT x FROM a_table")).containsExactly("A_table");
        assertThat(rows(connection, "SELECT x FROM u_table")).containsExactly("U");
    }

    @Test
    void oneStatementIsWanted() {
        for (String statements : List.of("", "-- nothing", "SELECT 1 AS a; SELECT 2 AS a")) {
            assertThatThrownBy(() -> sql.insertInto(statements, vault, "made"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("statement");
            assertThatThrownBy(() -> sql.copyToArrow(statements, folder.resolve("x.arrow")))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(vault.tables().contains("made")).isFalse();
    }

    /** DuckDB's batches have their bytes, or lack their offset. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "'101'::BIT",
                "12::BIGNUM",
                "340282366920938463463374607431768211455::UHUGEINT",
                "TIMETZ '01:02:03+02'"
            })
    void whatDoesNotCrossIsRefusedByName(String value) {
        assertThatThrownBy(() -> sql.insertInto("SELECT 1 AS a, " + value + " AS b", vault, "made"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'b'");
        assertThat(vault.tables().contains("made")).isFalse();
    }

    @Test
    void statementsOfAClosedConnectionAreClosed() throws SQLException {
        Connection other = sql.connection();
        Statement statement = other.createStatement();
        PreparedStatement prepared = other.prepareStatement("SELECT n FROM u");
        assertThat(statement.isClosed() || prepared.isClosed()).isFalse();
        other.close();
        assertThat(statement.isClosed() && prepared.isClosed()).isTrue();
    }

    /** An EXPLAIN with ANALYZE among its options executes what it explains. */
    @ParameterizedTest
    @ValueSource(strings = {"EXPLAIN ANALYZE ", "EXPLAIN (ANALYZE) ", "EXPLAIN (ANALYZE, FORMAT json) "})
    void whatIsMadeByAnExplanationIsSeen(String explain) throws SQLException {
        run(explain + "CREATE OR REPLACE VIEW u AS SELECT 9 AS n");
        assertThat(rows(connection, "SELECT n FROM u")).containsExactly("9");
    }

    /** Whatever is made, changed or removed in the vault: what statements have made in DuckDB is not the vault's. */
    @Test
    void whatStatementsHaveMadeStays() throws SQLException {
        run("DROP VIEW u");
        run("CREATE TABLE u AS SELECT 9 AS n");
        run("CREATE VIEW w AS SELECT 8 AS n");
        vault.tables().ensure("v", s -> s.column("n", DType.I64)).append(row -> row.set("n", 1));
        vault.tables().ensure("w", s -> s.column("n", DType.I64)).append(row -> row.set("n", 1));
        assertThat(rows(connection, "SELECT n FROM v")).containsExactly("1");
        assertThat(rows(connection, "SELECT n FROM w")).containsExactly("8");
        run("CREATE OR REPLACE VIEW v AS SELECT 7 AS n");
        vault.tables().delete("u");
        vault.tables().delete("v");
        vault.tables().delete("w");
        vault.tables().ensure("v", s -> s.column("m", DType.I64)).append(row -> row.set("m", 1));
        vault.tables().ensure("x", s -> s.column("n", DType.I64)).append(row -> row.set("n", 1));
        assertThat(rows(connection, "SELECT n FROM x")).containsExactly("1");
        vault.tables().delete("v");
        vault.tables().delete("x");
        sql.refresh();
        for (String[] each : new String[][] {{"u", "9"}, {"v", "7"}, {"w", "8"}}) {
            assertThat(rows(connection, "SELECT n FROM " + each[0])).containsExactly(each[1]);
        }
        assertThatThrownBy(() -> rows(connection, "SELECT n FROM x")).hasMessageContaining("does not exist");
    }

    /** To Java a letter without its dot is an i, to DuckDB it is none. */
    @Test
    void schemasThatAreAlmostMainAreOthers() throws SQLException {
        String almost = "\"ma\u0131n\"";
        run("CREATE SCHEMA " + almost);
        run("CREATE TABLE " + almost + ".u AS SELECT 9 AS n");
        assertThat(rows(connection, "SELECT n FROM " + almost + ".u")).containsExactly("9");
    }
}
