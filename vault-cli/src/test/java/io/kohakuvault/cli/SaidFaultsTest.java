package io.kohakuvault.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.Vault;
import io.kohakuvault.vector.VectorOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the command says of what it cannot do: of what was asked for, and no advice meant for something else. */
class SaidFaultsTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void setUp() {
        file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            vault.vectors("vecs", VectorOptions.l2(2)).insert(new float[] {1, 2}, "v");
            vault.text("docs").insert("hello there", "d");
            vault.kv("kv").put("k", new byte[] {1});
        }
    }

    private void sql(String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement run = connection.createStatement()) {
            run.execute(statement);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "[NaN,1]              | NaN is no number of JSON, and a vector has finite numbers alone",
                "[1,-Infinity]        | -Infinity is no number of JSON, and a vector has finite numbers alone",
                "[\"NaN\",1]          | must hold finite numbers, but the one at index 0 is NaN",
                "[1,\"Infinity\"]     | must hold finite numbers, but the one at index 1 is Infinity",
                "[]                   | has 2 numbers, but this one has 0",
                "[1,2,3]              | has 2 numbers, but this one has 3",
                "[[1,2]]              | element 0 is no number",
                "[1,\"x\"]            | element 1 is no number",
                "[1e400,1]            | element 0 is beyond",
                "hello                | 'hello' is no value",
                "{\"a\":1}            | no list of numbers, as [0.5, -1] is",
                "@                    | the path of a file stands behind it"
            })
    void aVectorToSearchWithIsNoColumn(String vector, String said) {
        for (String command : new String[] {"search", "add"}) {
            CommandLineRun run = CommandLineRun.of(command, file, "vecs", "--vector", vector);
            assertThat(run.exit()).isIn(1, 2);
            assertThat(run.out()).isEmpty();
            assertThat(run.err()).contains(said).doesNotContain("column of", "Exception");
        }
    }

    @Test
    void whatJsonHasNoDigitsForIsSaidForWhereItStands() throws IOException {
        Path lines = Files.writeString(folder.resolve("l.jsonl"), "{\"vector\":[NaN,1]}\n");
        assertThat(CommandLineRun.of("import", file, "vecs", lines, "--as", "vectors")
                        .err())
                .contains("a vector has finite numbers alone")
                .doesNotContain("column of f64");
        assertThat(CommandLineRun.of("put", file, "k", "NaN", "--json").err())
                .contains("\"NaN\" in quotes for a text")
                .doesNotContain("column of f64");
        Files.writeString(lines, "{\"x\":NaN}\n");
        assertThat(CommandLineRun.of("import", file, "rows", lines).err())
                .contains("\"NaN\" in quotes for a column of f64");
    }

    @Test
    void aPrefixThatEveryKeyHasIsNotRemoved() {
        CommandLineRun run = CommandLineRun.of("rm", file, "--prefix", "");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("every key begins so", "vault drop");
        assertThat(CommandLineRun.of("get", file, "k").exit()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"verify", "repair"})
    void aLinkThatLeadsNowhereIsOneForEachCommand(String command) throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link.db"), folder.resolve("nowhere.db"));
        CommandLineRun run = CommandLineRun.of(command, link);
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("this link leads to no file");
    }

    @Test
    void aRepairThatLeavesDamageSaysSoByItsExitCodeToo() throws SQLException {
        sql("DROP TABLE docs_content");
        CommandLineRun verify = CommandLineRun.of("verify", file);
        assertThat(verify.exit()).isEqualTo(1);
        assertThat(verify.out()).contains("docs_content is missing", "1 errors");
        CommandLineRun repair = CommandLineRun.of("repair", file);
        assertThat(repair.exit()).isEqualTo(1);
        assertThat(repair.out()).contains("could not mend the documents docs", "docs_content is missing", "backup");
        for (String command : new String[] {"info", "ls"}) {
            CommandLineRun run = CommandLineRun.of(command, file);
            assertThat(run.exit()).as(run.err()).isZero();
        }
        assertThat(CommandLineRun.of("search", file, "docs", "hello").err())
                .contains("docs_content is missing")
                .doesNotContain("SELECT");
        assertThat(CommandLineRun.of("search", file, "vecs", "--vector", "[1,2]")
                        .exit())
                .isZero();
        assertThat(CommandLineRun.of("drop", file, "docs").exit()).isZero();
        assertThat(CommandLineRun.of("verify", file).exit()).isZero();
    }

    @Test
    void aRepairThatMendsAllEndsWell() throws SQLException {
        sql("DROP TABLE docs_idx");
        CommandLineRun repair = CommandLineRun.of("repair", file);
        assertThat(repair.exit()).isZero();
        assertThat(repair.out()).contains("made the index of words of the documents docs anew");
        assertThat(CommandLineRun.of("search", file, "docs", "hello").out()).contains("hello there");
    }

    /** SQLite's driver looks for copies of its library that earlier runs have left; another command may do so too. */
    @Test
    void anOldCopyOfALibraryThatCannotBeRemovedIsNobodysBusiness() throws Exception {
        CommandProcess.Setup setup = new CommandProcess.Setup(folder).withOptions("-Djava.io.tmpdir=" + folder);
        String version;
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:")) {
            version = connection.getMetaData().getDriverVersion();
        }
        Files.createDirectories(folder.resolve("sqlite-" + version + "-0-libsqlitejdbc.so/in"));
        CommandProcess.Result result = setup.run("get", file, "k");
        assertThat(result.err()).isEmpty();
        assertThat(result.exit()).isZero();
    }
}
