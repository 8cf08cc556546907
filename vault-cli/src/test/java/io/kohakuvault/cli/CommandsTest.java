package io.kohakuvault.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.Vault;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.offset.Claim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What commands show, and what they change. */
class CommandsTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void setUp() {
        file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            vault.tables()
                    .ensure(
                            "runs",
                            s -> s.column("id", DType.I64)
                                    .nullable("tags", new LogicalType.ListOf())
                                    .nullable("a,b", DType.STR))
                    .append(row -> row.set("id", 7).set("tags", List.of("x", 1L, Map.of("k", 0.5))));
            vault.columns().ensure("loose", DType.F32).append(0.1);
            vault.kv("kv").putValue("k", Map.of("a", List.of(1, 2.5)));
            vault.kv("kv").putValue("esc\u001b[31m", "red\r\n\u009b");
        }
    }

    private String out(Object... args) {
        CommandLineRun run = CommandLineRun.of(args);
        assertThat(run.exit()).as(run.err()).isZero();
        return run.out().replace(System.lineSeparator(), "\n");
    }

    @Test
    void lsShowsATableWithItsColumnsAndNotThemAgain() {
        assertThat(out("ls", file).lines())
                .containsExactly(
                        "KIND        NAME   TYPE                                             COUNT",
                        "key-values  kv                                                          2",
                        "tables      runs   3 columns: id i64, tags list null, a,b str null      1",
                        "columns     loose  f32                                                  1");
        assertThat(out("ls", file, "-a")).contains("runs.id", "i64", "runs.tags", "list null", "runs.a,b", "str null");
    }

    @Test
    void schemaPrintsWhatTypesTakes() {
        assertThat(out("schema", file, "runs")).isEqualTo("id=i64 not null\ntags=list\n\"a,b\"=str\n");
        assertThat(out("schema", file)).isEqualTo("# runs, 1 rows\nid=i64 not null\ntags=list\n\"a,b\"=str\n");
        assertThat(out("schema", file, "loose")).isEqualTo("value=f32 not null\n");
        assertThat(CommandLineRun.of("schema", file, "kv").err()).contains("'kv' is no table and no column");
        assertThat(CommandLineRun.of("schema", file, "x").err()).contains("nothing called 'x'");
    }

    @Test
    void headShowsListsAndMapsAsJsonAndControlCharactersAsEscapes() {
        assertThat(out("head", file, "runs")).contains("[\"x\",1,{\"k\":0.5}]");
        assertThat(out("head", file, "kv"))
                .contains("esc\\u001b[31m", "red\\r\\n\\u009b", "{\"a\":[1,2.5]}")
                .doesNotContain("\u001b");
        assertThat(out("head", file, "loose")).isEqualTo("loose\n  0.1\n");
        assertThat(out("ls", file)).doesNotContain("\u001b");
    }

    @Test
    void offsetsAreShown() {
        assertThat(CommandLineRun.of("offsets", file).err()).contains("no source has delivered");
        try (Vault vault = Vault.open(file)) {
            Claim claim = vault.offsets().claim("sink", "topic-a", 0);
            vault.offsets().claim("sink", "topic-a", 1);
            vault.transact(() -> vault.offsets().advance(claim, 42));
        }
        assertThat(out("offsets", file).lines())
                .containsExactly(
                        "SOURCE  TOPIC    PARTITION  NEXT  EPOCH",
                        "sink    topic-a          0    42      1",
                        "sink    topic-a          1     -      1");
        assertThat(out("offsets", file, "sink")).contains("topic-a");
        assertThat(CommandLineRun.of("offsets", file, "other").exit()).isEqualTo(1);
    }

    @Test
    void offsetsAreSetAfterABackup() throws IOException {
        try (Vault vault = Vault.open(file)) {
            Claim claim = vault.offsets().claim("sink", "topic-a", 0);
            vault.transact(() -> vault.offsets().advance(claim, 42, "a note"));
        }
        assertThat(out("offsets", file, "sink", "--set", "topic-a:0=7", "--set", "b.c:12=none")
                        .lines())
                .containsExactly(
                        "SOURCE  TOPIC    PARTITION  NEXT  EPOCH",
                        "sink    b.c             12     -      1",
                        "sink    topic-a          0     7      2");
        try (Vault vault = Vault.open(file)) {
            assertThat(vault.offsets().claims("sink").get(1).note()).isEmpty();
        }
        try (var files = Files.list(folder)) {
            Path backup = files.filter(f -> f.getFileName().toString().contains(".before-offsets-"))
                    .findFirst()
                    .orElseThrow();
            assertThat(out("offsets", backup, "sink")).contains("42");
        }
        assertThat(out("offsets", file, "sink", "--set", "topic-a:0=8", "--no-backup"))
                .contains("8");
        for (String wrong : List.of("topic-a=7", "topic-a:x=7", "topic-a:0=-1", "topic-a:0=", "7")) {
            CommandLineRun run = CommandLineRun.of("offsets", file, "sink", "--set", wrong);
            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.err()).contains("events:0=1200");
        }
        assertThat(CommandLineRun.of("offsets", file, "--set", "topic-a:0=7").err())
                .contains("SOURCE");
        assertThat(CommandLineRun.of("offsets", file, "sink", "--no-backup").exit())
                .isEqualTo(2);
        assertThat(CommandLineRun.of("offsets", file, "other", "--set", "t:0=7").exit())
                .isEqualTo(1);
    }

    @Test
    void keysAreRemovedAllOrNone() {
        for (String key : List.of("a", "b", "p:1", "p:2")) {
            out("put", file, key, "v");
        }
        CommandLineRun missing = CommandLineRun.of("rm", file, "a", "nothing", "b");
        assertThat(missing.exit()).isEqualTo(1);
        assertThat(missing.err()).contains("has no key nothing", "nothing was removed");
        assertThat(out("get", file, "a")).isEqualTo("v\n");
        assertThat(out("rm", file, "a", "b", "a")).isEqualTo("2 keys removed\n");
        assertThat(CommandLineRun.of("get", file, "a").exit()).isEqualTo(1);
        assertThat(out("rm", file, "--prefix", "p:")).isEqualTo("2 keys removed\n");
        assertThat(out("rm", file, "6b", "--hex")).isEqualTo("1 key removed\n");
        assertThat(CommandLineRun.of("rm", file).exit()).isEqualTo(2);
        assertThat(CommandLineRun.of("rm", file, "a", "--prefix", "b").exit()).isEqualTo(2);
        assertThat(CommandLineRun.of("rm", folder.resolve("none.db"), "a").exit())
                .isEqualTo(1);
        assertThat(folder.resolve("none.db")).doesNotExist();
    }

    @Test
    void tablesAndColumnsAreRenamedAndDropped() {
        out("rename", file, "runs", "tests");
        out("rename", file, "tests.id", "number");
        out("rename", file, "tests.number", "tests.n");
        out("rename", file, "loose", "free");
        assertThat(out("ls", file)).contains("tests", "n i64", "free").doesNotContain("runs", "loose");
        assertThat(CommandLineRun.of("rename", file, "nothing", "x").err()).contains("nothing called 'nothing'");
        assertThat(CommandLineRun.of("rename", file, "kv", "x").err()).contains("only tables and columns are renamed");
        assertThat(CommandLineRun.of("rename", file, "tests", "").exit()).isEqualTo(2);
        assertThat(CommandLineRun.of("rename", file, "kv", "other").err()).contains("'kv' is key-values");
        out("drop", file, "kv");
        assertThat(CommandLineRun.of("drop", file, "kv").exit()).isEqualTo(1);
        out("drop", file, "tests.tags");
        assertThat(out("schema", file, "tests")).isEqualTo("n=i64 not null\n\"a,b\"=str\n");
        out("drop", file, "tests");
        out("drop", file, "free");
        assertThat(out("ls", file)).doesNotContain("tests", "free");
        assertThat(CommandLineRun.of("drop", file, "tests").exit()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "1e400 | beyond what 64 bits hold",
                "-1e400 | beyond what 64 bits hold",
                "1e-400 | beyond what 64 bits hold",
                "[1, 1e999] | beyond what 64 bits hold",
                "NaN | NaN is no number of JSON",
                "[Infinity] | Infinity is no number of JSON",
                "1 2 | more than one JSON value",
                "{} x | no JSON",
                "{\"a\":1 | ends in the middle",
                "~~ | nothing in it",
                "{\"a\":1,\"a\":2} | the key 'a' stands twice",
                "abc | 'abc' is no value",
                "{'a':1} | unexpected '",
                "01 | begins with a zero",
                "[1,] | unexpected ']'",
                "\"\\ud800\" | half a surrogate pair"
            })
    void jsonThatCannotBeHeldIsRefusedAndNothingIsStored(String json, String message) {
        Path none = folder.resolve("none.db");
        CommandLineRun run = CommandLineRun.of("put", none, "k", "--json", json);
        assertThat(run.exit()).as(run.err()).isEqualTo(1);
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .contains(message)
                .doesNotContainIgnoringCase("jackson")
                .doesNotContain("Feature", "`", "Source", "java.");
        if (!json.contains("ud800")) {
            assertThat(none).doesNotExist();
        } else {
            assertThat(CommandLineRun.of("get", none, "k").exit()).isEqualTo(1);
        }
    }

    @Test
    void jsonIsStoredAsItIs() {
        for (String json : List.of(
                "1",
                "-0.0",
                "0.1",
                "1.0E30",
                "9223372036854775808",
                "123456789012345678901234567890",
                "true",
                "null",
                "\"x\"",
                "[1,2.5,null,{\"a\":[]}]")) {
            out("put", file, "j", "--json", json);
            assertThat(out("get", file, "j")).isEqualTo(json.replace("\"x\"", "x") + "\n");
        }
        out("put", file, "@handle", "v"); // no file is meant
        assertThat(out("get", file, "@handle")).isEqualTo("v\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "heda | there is no command 'heda'; did you mean 'head'?",
                "improt | did you mean 'import'?",
                "zzzzzz | there is no command 'zzzzzz' (see",
                "head x t --wher a=1 | there is no option '--wher'; did you mean '--where'?",
                "head x | say NAME",
                "info | say FILE",
                "dump x | say --json",
                "export x t --format yaml | --format 'yaml': it is one of csv, tsv, jsonl, arrow, parquet",
                "head x t -n ten | 'ten': it is no whole number",
                "info x y | 'y' is one argument too many",
                "export x t --out | --out PATH",
                "import x t a.csv --delimiter ab | one character"
            })
    void whatIsCalledWronglyIsExplainedWithoutInternals(String line, String message) {
        CommandLineRun run = CommandLineRun.of((Object[]) line.split(" "));
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .contains(message)
                .doesNotContain("picocli", "java.", "positional", "index");
    }

    @Test
    void filesThatAreNoVaultAreToldApart() throws Exception {
        Path empty = Files.createFile(folder.resolve("zero.db"));
        Path text = Files.writeString(
                folder.resolve("text.db"), "this is a text and no database at all, of some length".repeat(20));
        Path other = folder.resolve("other.db");
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + other);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE bookmarks (id INTEGER PRIMARY KEY, url TEXT)");
        }
        Path nested = Files.createDirectory(folder.resolve("folder.db"));
        for (String command : List.of("info", "ls", "verify", "repair", "migrate", "compact")) {
            assertThat(CommandLineRun.of(command, empty).err()).as(command).contains("is empty, 0 bytes");
            assertThat(CommandLineRun.of(command, empty).exit()).isEqualTo(1);
            assertThat(CommandLineRun.of(command, text).err()).as(command).contains("text.db", "not a SQLite database");
            assertThat(CommandLineRun.of(command, nested).err()).as(command).contains("is a folder");
            assertThat(CommandLineRun.of(command, folder.resolve("none.db")).err())
                    .contains("no such file");
        }
        CommandLineRun ls = CommandLineRun.of("ls", other);
        assertThat(ls.err()).contains("another program's SQLite file");
        assertThat(CommandLineRun.of("verify", other).err()).contains("another program's SQLite file");
        assertThat(out("info", other)).contains("another program's SQLite file");
        assertThat(CommandLineRun.of("head", other, "bookmarks").err()).contains("another program's SQLite file");
        assertThat(out("put", empty, "k", "v")).isEmpty();
        assertThat(out("get", empty, "k")).isEqualTo("v\n");
    }

    @Test
    void noMessageNamesAClassOrADriver() throws IOException {
        assertThat(
                        Messages.oneLine(
                                "a.db: x: [SQLITE_FULL] Insertion failed because database is full (database or disk is full); y"))
                .isEqualTo("a.db: x: database or disk is full; y");
        assertThat(Messages.oneLine("f: java.nio.file.AccessDeniedException: /x"))
                .isEqualTo("f: /x");
        assertThat(Messages.of(new NullPointerException("x")))
                .contains("a fault of this program", "VAULT_DEBUG")
                .doesNotContain("\n");
        assertThat(Messages.of(new OutOfMemoryError("Java heap space"))).contains("out of memory", "-Xmx");
        assertThat(Messages.of(new IllegalArgumentException("evil \u001b[31m name")))
                .isEqualTo("evil \\u001b[31m name");
    }
}
