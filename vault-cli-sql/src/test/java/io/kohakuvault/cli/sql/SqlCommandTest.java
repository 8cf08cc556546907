package io.kohakuvault.cli.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.Vault;
import io.kohakuvault.codec.DType;
import io.kohakuvault.sql.VaultSql;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jline.reader.Candidate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SqlCommandTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void make() {
        file = folder.resolve("v.db");
        try (Vault vault = Vault.open(file)) {
            vault.tables()
                    .ensure("t", s -> s.column("n", DType.I64).nullable("s", DType.STR))
                    .append(row -> row.set("n", 1).set("s", "a,\"b\""));
            vault.tables().get("t").append(row -> row.set("n", 2));
            vault.tables().get("t").append(row -> row.set("n", 3).set("s", ""));
        }
    }

    private record Run(int exit, String out, String err) {}

    private Run run(Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine root = new CommandLine(new Root());
        root.addSubcommand("sql", SqlCommand.class);
        root.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        root.setExecutionExceptionHandler((e, command, parsed) -> {
            root.getErr().println(e.getMessage());
            return 1;
        });
        root.setParameterExceptionHandler((e, args) -> {
            root.getErr().println(e.getMessage());
            return 2;
        });
        List<String> words = new ArrayList<>(List.of("sql", file.toString()));
        Arrays.stream(arguments).map(String::valueOf).forEach(words::add);
        int exit = root.execute(words.toArray(String[]::new));
        return new Run(exit, out.toString(), err.toString());
    }

    @CommandLine.Command(name = "vault")
    private static final class Root {}

    @Test
    void rowsAreCsvWhereNobodyLooks() {
        assertThat(run("SELECT n, s FROM t ORDER BY n").out()).isEqualTo("n,s\n1,\"a,\"\"b\"\"\"\n2,\n3,\"\"\n");
    }

    @Test
    void rowsAreATableOrJsonOnRequest() {
        assertThat(run("SELECT n, s FROM t WHERE n < 3 ORDER BY n", "--format", "table")
                        .out())
                .contains("n", "s", "null")
                .doesNotContain("\"\"");
        assertThat(run("SELECT n, s, [n] AS l FROM t WHERE n < 3 ORDER BY n", "--format", "jsonl")
                        .out())
                .isEqualTo("{\"n\":1,\"s\":\"a,\\\"b\\\"\",\"l\":[1]}\n{\"n\":2,\"s\":null,\"l\":[2]}\n");
    }

    @Test
    void valuesAreSaidAsDuckDbSaysThem() {
        String times =
                "SELECT TIMESTAMP '2024-03-10 02:30:00' AS t, 'infinity'::DATE AS d, TIME '24:00:00' AS e, n FROM t "
                        + "WHERE n = 1";
        assertThat(run(times).out()).isEqualTo("t,d,e,n\n2024-03-10 02:30:00,infinity,24:00:00,1\n");
        assertThat(run("SELECT repeat('a', 40)::BLOB AS b").out()).isEqualTo("b\n" + "a".repeat(40) + "\n");
        assertThat(run("SELECT 1 AS vault_row, 2 AS x", "--format", "jsonl").out())
                .isEqualTo("{\"vault_row\":1,\"x\":2}\n");
        assertThat(run("DESCRIBE SELECT n FROM t", "--format", "jsonl").out())
                .startsWith("{\"column_name\":\"n\",\"column_type\":\"BIGINT\"");
        assertThat(run("(SELECT n, s FROM t WHERE n = 2)", "--format", "jsonl").out())
                .isEqualTo("{\"n\":2,\"s\":null}\n");
        assertThat(run("SELECT 1 AS a, 2 AS a").out()).isEqualTo("a,a\n1,2\n");
        assertThat(VaultSql.endsStatement("SELECT ';\n")).isFalse();
        assertThat(VaultSql.endsStatement("SELECT 1; -- done\n")).isTrue();
    }

    /** It would be computed for hours, and is not for its first rows. */
    @Test
    void ofALargeResultTheFirstRowsAreShown() {
        Run run = run("SELECT a.range FROM range(1000000000) a, range(1000000) b", "--format", "table");
        assertThat(run.out()).hasLineCount(1_001);
        assertThat(run.err()).contains("the first 1000 rows, there are more");
        assertThat(run("FROM range(1000)", "--format", "table")).satisfies(all -> {
            assertThat(all.out()).hasLineCount(1_001);
            assertThat(all.err()).isEmpty();
        });
    }

    /** By streams of the columns that are named, and not value by value by the function behind the view. */
    @Test
    void rowsThatArePrintedAreReadByStreams() {
        for (String sql : List.of("SELECT n FROM t WHERE n < 3", "SELECT n, n FROM t", "SELECT s FROM t ORDER BY n")) {
            assertThat(run("EXPLAIN " + ResultPrinter.texts(sql.contains("n, n") ? 2 : 1, sql))
                            .out())
                    .contains("ARROW_SCAN")
                    .doesNotContain("VAULT_ROWS");
        }
    }

    @Test
    void statementsComeFromStandardInput() {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(
                "CREATE TEMP TABLE x AS SELECT max(n) AS m FROM t; -- ; no end\nSELECT m FROM x;"
                        .getBytes(StandardCharsets.UTF_8)));
        try {
            assertThat(run("--format", "jsonl").out()).isEqualTo("{\"m\":3}\n");
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void filesOfAllKindsThereAndBack() throws Exception {
        for (String ending : List.of("parquet", "arrow", "csv", "jsonl")) {
            Path written = folder.resolve("it's." + ending);
            Run out = run("SELECT * FROM t ORDER BY n", "--out", written);
            assertThat(out.exit()).as(out.err()).isZero();
            assertThat(out.err()).contains("3 rows");
            assertThat(written).isNotEmptyFile();
            Run in = run("--from", written, "--into", "of_" + ending);
            assertThat(in.exit()).as(in.err()).isZero();
            assertThat(run("SELECT sum(n), count(s) FROM of_" + ending).out()).contains("6,2");
        }
        assertThat(run("SELECT n * 2 AS n FROM t", "--into", "twice").exit()).isZero();
        assertThat(run("SELECT sum(n) AS x FROM twice").out()).isEqualTo("x\n12\n");
        try (var files = Files.list(folder)) {
            assertThat(files.filter(path -> path.toString().endsWith(".part"))).isEmpty();
        }
    }

    @Test
    void whatIsWrongIsSaid() throws Exception {
        assertThat(run("SELECT nothing FROM t")).satisfies(wrong -> {
            assertThat(wrong.exit()).isEqualTo(1);
            assertThat(wrong.err()).contains("nothing").doesNotContain("__vault");
        });
        assertThat(run("FROM pg_enums").err()).contains("pg_enums does not exist! there are t;");
        assertThat(run("FROM tt").err()).contains("Did you mean \"t\"?");
        assertThat(run("SELECT 1", "--out", folder.resolve("x.xls")).err())
                .contains(".parquet, .arrow, .csv or .jsonl");
        assertThat(run("SELECT 1", "--out", file).exit()).isEqualTo(2);
        assertThat(run("SELECT 1", "--into", "x", "--out", "y.csv").exit()).isEqualTo(2);
        assertThat(run("--from", folder.resolve("none.parquet"), "--into", "x").err())
                .contains("no such file");
        assertThat(run("--from", "x.csv").exit()).isEqualTo(2);
        assertThat(run("--out", "x.csv").exit()).isEqualTo(2);
        Path odd = Files.move(file, folder.resolve("v.arrow")); // closing it again would drop SQLite's locks
        file = odd;
        assertThat(run("--from", odd, "--into", "x")).satisfies(wrong -> {
            assertThat(wrong.exit()).isEqualTo(2);
            assertThat(wrong.err()).contains("the vault itself");
        });
        file = folder.resolve("missing.db");
        assertThat(run("SELECT 1").exit()).isEqualTo(1);
        assertThat(file).doesNotExist();
    }

    /** Rows go into the vault by an option alone: what SQL writes is in memory, and is said to be. */
    @Test
    void whatSqlWritesIsNotInTheVault() throws Exception {
        assertThat(run("CREATE TABLE x AS FROM t").err()).contains("3 rows, in memory", "--into TABLE");
        assertThat(run("COPY t TO '" + folder.resolve("t.csv") + "'").err()).isEqualTo("3 rows copied\n");
        assertThat(run("SET threads = 1").err()).isEmpty();
        assertThat(run("DROP VIEW t").err()).isEmpty();
        for (String sql :
                List.of("INSERT INTO t VALUES (4, '')", "UPDATE t SET n = 1", "DELETE FROM t", "DROP TABLE t")) {
            assertThat(run(sql)).satisfies(refused -> {
                assertThat(refused.exit()).isEqualTo(1);
                assertThat(refused.err())
                        .contains("only read by SQL", "--into TABLE")
                        .hasLineCount(1);
            });
        }
        assertThat(run("CREATE TABEL x (a INT)").err()).contains("syntax error").doesNotContain("--into");
        assertThat(run("FROM nothing").err()).contains("nothing does not exist").doesNotContain("DESCRIBE");
        assertThat(run("SELECT count(*) AS n FROM t").out()).isEqualTo("n\n3\n");
    }

    @Test
    void thePromptKnowsWhatThereIs() throws Exception {
        try (Vault vault = Vault.open(file);
                VaultSql engine = VaultSql.open(vault);
                Connection connection = engine.connection()) {
            PrintWriter nowhere = new PrintWriter(new StringWriter());
            SqlPrompt prompt = new SqlPrompt(
                    file, engine, connection, new ResultPrinter(connection, nowhere, nowhere, 80), ResultFormat.table);
            assertThat(prompt.command(".tables")).isEqualTo("t");
            assertThat(prompt.command(".schema T")).isEqualTo("t (n BIGINT, s VARCHAR)");
            assertThat(prompt.command(".schema x")).contains("no x");
            connection.createStatement().execute("CREATE TABLE \"\u00DF\" (a INT)"); // two letters to DuckDB
            connection.createStatement().execute("CREATE TABLE \"\u1E9E\" (b INT)");
            assertThat(prompt.command(".schema \u00DF")).isEqualTo("\u00DF (a INTEGER)");
            assertThat(prompt.command(".mode csv")).isEmpty();
            assertThat(prompt.command(".mode")).isEqualTo("csv");
            assertThat(prompt.command(".mode xml")).contains("table, csv or jsonl");
            assertThat(prompt.command(".nothing")).contains(".help");
            assertThat(completed(prompt, "s", false)).contains("s", "SELECT", "SUMMARIZE");
        }
    }

    private static List<String> completed(SqlPrompt prompt, String word, boolean quoted) {
        List<Candidate> found = new ArrayList<>();
        prompt.complete(word, quoted, found);
        return found.stream().map(Candidate::value).toList();
    }

    /** Names that a statement has in quotes only. */
    @Test
    void thePromptQuotesNames() throws Exception {
        try (Vault vault = Vault.open(file)) {
            vault.tables()
                    .ensure(
                            "my runs",
                            s -> s.column("at", DType.I64)
                                    .column("a \"b\" c", DType.I64)
                                    .column("ab", DType.I64));
            try (VaultSql engine = VaultSql.open(vault);
                    Connection connection = engine.connection()) {
                PrintWriter nowhere = new PrintWriter(new StringWriter());
                SqlPrompt prompt = new SqlPrompt(
                        file,
                        engine,
                        connection,
                        new ResultPrinter(connection, nowhere, nowhere, 80),
                        ResultFormat.table);
                assertThat(completed(prompt, "ab", false)).containsExactly("ab");
                assertThat(completed(prompt, "\"", false))
                        .containsExactly("\"a \"\"b\"\" c\"", "\"at\"", "\"my runs\"");
                assertThat(completed(prompt, "a", true)).containsExactly("a \"\"b\"\" c", "ab", "at");
                assertThat(completed(prompt, "my", true)).containsExactly("my runs");
            }
        }
    }
}
