package io.kohakuvault.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.Vault;
import io.kohakuvault.table.Row;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Arrow and Parquet of other programs, by {@code vault import} and by {@code vault sql --from}. */
class ForeignFilesTest {
    @TempDir
    Path folder;

    private Path file;

    private record Run(int exit, String out, String err) {}

    @BeforeEach
    void make() {
        file = folder.resolve("v.db");
        Vault.open(file).close();
    }

    private Run run(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command =
                VaultCommand.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int exit = command.execute(words);
        return new Run(exit, out.toString(), err.toString());
    }

    private Run taken(String way, Path input) {
        return way.equals("import")
                ? run("import", file.toString(), "u", input.toString())
                : run("sql", file.toString(), "--from", input.toString(), "--into", "u");
    }

    private Path resource(String name) throws IOException {
        Path path = folder.resolve(name);
        try (InputStream made = ForeignFilesTest.class.getResourceAsStream("/" + name)) {
            Files.write(path, Objects.requireNonNull(made).readAllBytes());
        }
        return path;
    }

    /** Runs, views of lists, also within lists, and decimals of 256 bits, in two batches; written by pyarrow 17. */
    @Test
    void layoutsThatPyarrowWrites() throws Exception {
        Run run = taken("import", resource("layouts.arrow"));
        assertThat(run.exit()).as(run.err()).isZero();
        try (Vault vault = Vault.open(file)) {
            assertThat(vault.tables().get("u").rows(0, 6).stream()
                            .map(row -> row.toMap().toString()))
                    .containsExactly(
                            "{ree=a, lv=[1, 2], llv=[1.5], d=1.25, n=[[x]]}",
                            "{ree=a, lv=null, llv=null, d=null, n=null}",
                            "{ree=null, lv=[], llv=[], d=-12345678901234567890123456789012345.67, n=[]}",
                            "{ree=c, lv=[3], llv=[2.5], d=-12345678901234567890123456789012345.67, n=[[]]}",
                            "{ree=c, lv=[4, 5, 6], llv=[3.5], d=-12345678901234567890123456789012345.67, n=[[y, z]]}",
                            "{ree=c, lv=[7], llv=[4.5], d=-12345678901234567890123456789012345.67, n=[[w]]}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"import", "sql"})
    void infiniteTimesOfParquetAreRefusedByRow(String way) throws Exception {
        Path parquet = folder.resolve("x.parquet");
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement()) {
            statement.execute("COPY (SELECT if(i = 3, '-infinity', '2026-01-01')::TIMESTAMP AS c FROM range(5) r(i))"
                    + " TO '" + parquet + "'");
        }
        Run run = taken(way, parquet);
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err())
                .contains("column 'c', row 3: the time is -infinity")
                .hasLineCount(1);
        try (Vault vault = Vault.open(file)) {
            assertThat(vault.tables().contains("u")).isFalse();
        }
    }

    /** Texts as views, a dictionary of such, and the schema in the file's index alone. */
    @ParameterizedTest
    @ValueSource(strings = {"import", "sql"})
    void whatPolarsWrites(String way) throws Exception {
        Run run = taken(way, resource("polars.arrow"));
        assertThat(run.exit()).as(run.err()).isZero();
        List<List<Object>> rows = new ArrayList<>();
        try (Vault vault = Vault.open(file)) {
            for (Row row : vault.tables().get("u").scan()) {
                List<Object> values = new ArrayList<>();
                for (String column : List.of("s", "c", "l")) {
                    values.add(row.isNull(column) ? null : row.get(column));
                }
                rows.add(values);
            }
        }
        assertThat(rows)
                .containsExactly(
                        List.of("a", "x", List.of("q")),
                        List.of("b".repeat(20), "y", List.of()),
                        Arrays.asList(null, null, null));
    }

    /** In one line, which names the file; nothing is made. */
    @ParameterizedTest
    @CsvSource({
        "import, wide.parquet, 'column ''wide'' has decimals of 40 digits'",
        "sql, wide.parquet, 'column ''wide'' has decimals of 40 digits'",
        "import, no-bytes.arrow, is no Arrow",
        "sql, no-bytes.arrow, is no Arrow",
        "import, empty.arrow, is empty",
        "sql, empty.arrow, is empty",
        "sql, junk.arrow, is no Arrow",
        "sql, cut.arrow, cut.arrow: "
    })
    void whatCannotBeTakenIsSaid(String way, String name, String said) throws Exception {
        Path input = folder.resolve(name);
        switch (name) {
            case "empty.arrow" -> Files.createFile(input);
            case "junk.arrow" -> Files.writeString(input, "a,b\n1,2\n3,4\n5,6\n");
            case "cut.arrow" -> {
                byte[] bytes = Files.readAllBytes(resource("polars.arrow"));
                Files.write(input, Arrays.copyOf(bytes, bytes.length / 2));
            }
            default -> resource(name);
        }
        Run run = taken(way, input);
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err())
                .contains(name + ": ", said)
                .doesNotContain("fault of this program")
                .hasLineCount(1);
        try (Vault vault = Vault.open(file)) {
            assertThat(vault.tables().find("u")).isEmpty();
        }
    }

    /** What a query takes from a table is those columns again. */
    @Test
    void typesOfAQuerysColumnsStay() {
        run("sql", file.toString(), "SELECT 1 AS n", "--into", "none");
        Path types = folder.resolve("t.csv");
        try {
            Files.writeString(types, "n,h,tags,code\n1,0.5,\"[1]\",ab\n");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        Run made = run(
                "import",
                file.toString(),
                "t",
                types.toString(),
                "--types",
                "n=u16 not null,h=f16,tags=list,code=str:4");
        assertThat(made.exit()).as(made.err()).isZero();
        Path parquet = folder.resolve("q.parquet");
        Run out = run(
                "sql",
                file.toString(),
                "SELECT tags, h AS half, n, n + 1 AS m, code FROM t",
                "--out",
                parquet.toString());
        assertThat(out.exit()).as(out.err()).isZero();
        assertThat(taken("import", parquet).err()).isEmpty();
        assertThat(run("schema", file.toString(), "u").out())
                .isEqualTo("tags=list\nhalf=f16\nn=u16 not null\nm=u16\ncode=str:4\n");
    }
}
