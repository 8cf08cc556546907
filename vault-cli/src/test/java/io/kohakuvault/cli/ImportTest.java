package io.kohakuvault.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.Vault;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What is imported is what was written in the input, or nothing is; what is exported can be imported. */
class ImportTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(Object... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine command = VaultCommand.commandLine();
        command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return command.execute(Arrays.stream(args).map(String::valueOf).toArray(String[]::new));
    }

    private Path input(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 2 3                                | i64 null",
                "1 18446744073709551615               | u64 null",
                "1 18446744073709551617               | str null",
                "-1 18446744073709551615              | str null",
                "9007199254740993 0.5                 | str null",
                "1 0.5 1e3                            | f64 null",
                "1e400                                | str null",
                "1 NaN -Infinity                      | f64 null",
                "007 1                                | str null",
                "true FALSE                           | bool null",
                "2024-01-02T03:04:05.000006Z          | i64 timestamp:us:UTC null",
                "2024-01-02T03:04:05.000000007Z       | i64 timestamp:ns:UTC null",
                "2024-01-02 2025-12-31                | i32 date null"
            })
    void everyValueOfTheSampleIsTakenAsItIs(String values, String type) throws IOException {
        Path file = folder.resolve("a.db");
        String[] texts = values.split(" +", -1);
        Path csv = input("a.csv", "v\n" + String.join("\n", texts) + "\n");
        assertThat(run("import", file, "t", csv)).as(err.toString()).isZero();
        try (Vault vault = Vault.openReadOnly(file)) {
            assertThat(vault.tables().get("t").schema().columns()).hasToString("[v " + type + "]");
            assertThat(vault.tables().get("t").length()).isEqualTo(texts.length);
        }
        if (!type.startsWith("f64") && !type.startsWith("bool")) {
            assertThat(run("export", file, "t")).isZero();
            assertThat(out.toString().replace("\"", "").lines().skip(1)).containsExactly(texts);
        }
    }

    @Test
    void jsonKeepsDigitsAndStructure() throws IOException {
        Path file = folder.resolve("a.db");
        Path jsonl = input(
                "a.jsonl",
                "{\"price\": 0.10000000000000000001, \"big\": 123456789012345678901234567890, \"doc\": {\"a\": [1, null]}, \"v\": [1, 2.5]}\n"
                        + "{\"price\": 3, \"big\": 1, \"doc\": [], \"v\": null}\n");
        assertThat(run("import", file, "t", jsonl, "--types", "price=decimal:30:20,doc=json,v=vec:f32:2"))
                .as(err.toString())
                .isZero();
        try (Vault vault = Vault.openReadOnly(file)) {
            var rows = vault.tables().get("t").rows(0, 2);
            assertThat(rows.get(0).get("price")).isEqualTo(new BigDecimal("0.10000000000000000001"));
            assertThat(rows.get(0).get("big")).isEqualTo("123456789012345678901234567890");
            assertThat(rows.get(0).get("doc")).isEqualTo("{\"a\":[1,null]}");
            assertThat(rows.get(0).get("v")).isEqualTo(new float[] {1, 2.5f});
        }
    }

    @Test
    void whatWasExportedIsImported() throws IOException {
        Path file = folder.resolve("a.db");
        Path jsonl = input("a.jsonl", "{\"l\": [1, \"x\"], \"m\": {\"k\": 2}, \"v\": [1.0, 2.5], \"s\": \"\"}\n");
        assertThat(run("import", file, "t", jsonl, "--types", "v=vec:f32:2")).isZero();
        for (String format : List.of("csv", "jsonl")) {
            Path copy = folder.resolve("copy." + format);
            assertThat(run("export", file, "t", "--format", format, "--out", copy))
                    .isZero();
            assertThat(run("import", file, format, copy, "--types", "l=list,m=map,v=vec:f32:2"))
                    .as(err.toString())
                    .isZero();
            try (Vault vault = Vault.openReadOnly(file)) {
                var row = vault.tables().get(format).rows(0, 1).get(0);
                assertThat(row.get("l")).isEqualTo(List.of(1L, "x"));
                assertThat(row.get("m")).isEqualTo(Map.of("k", 2L));
                assertThat(row.get("v")).isEqualTo(new float[] {1, 2.5f});
                assertThat(row.get("s")).isEqualTo("");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.csv   | a,a;1,2           |                | 1 | two columns have the heading 'a'",
                "a.csv   | a;-1              | a=u64          | 1 | row 1: column 'a' (a u64 null) does not take '-1': u64 is from 0",
                "a.csv   | a;x               | a=uuid         | 1 | column 'a' (a bytes:16 uuid null) does not take 'x'",
                "a.csv   | a;1               | b=i64          | 2 | has no such column, it has [a]",
                "a.csv   | a;1,2             |                | 1 | row 1 cannot be read",
                "a.jsonl | {\"a\":[1,null]}  | a=vec:f32:2    | 1 | element 1 is no number",
                "a.jsonl | {\"a\":1};{\"a\": |                | 1 | row 2 cannot be read",
                "a.jsonl | [1]               |                | 1 | row 1 cannot be read",
                "a.txt   | a;1               |                | 1 | say which with --format",
                "a.csv   | ''                |                | 1 | row 1 cannot be read: Empty header line"
            })
    void whatCannotBeTakenIsSaidAndLeavesNothing(String name, String text, String types, int exit, String message)
            throws IOException {
        Path file = folder.resolve("new.db");
        Path input = input(name, text.replace(";", "\n") + "\n");
        int got = types == null ? run("import", file, "t", input) : run("import", file, "t", input, "--types", types);
        assertThat(err.toString().lines()).singleElement().asString().contains(message);
        assertThat(got).isEqualTo(exit);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(input);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "7, 007",
        "7, +7",
        "0.5, 9007199254740993",
        "18446744073709551615, 01",
        "true, 1",
        "2024-01-02T03:04:05Z, 2024-01-02T03:04:05.000000007Z"
    })
    void aRowAfterTheSampleThatTheTypeWouldChangeIsRefused(String usual, String late) throws IOException {
        Path file = folder.resolve("a.db");
        String rows = "a\n" + (usual + "\n").repeat(1500);
        assertThat(run("import", file, "t", input("a.csv", rows + late + "\n"))).isEqualTo(1);
        assertThat(err.toString()).contains("row 1501", "would not keep '" + late + "'", "--types");
        assertThat(file).doesNotExist();
        assertThat(run("import", file, "t", input("a.csv", rows + late + "\n"), "--types", "a=str"))
                .isZero();
        assertThat(run("import", file, "u", input("a.csv", rows + usual + "\n")))
                .isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"2024-01-02T03:04:05Z\" | 1700000000",
                "\"2024-01-02\" | 5",
                "[1] | 5",
                "{\"k\":1} | [2]",
                "{\"k\":1} | {\"k\":1e400}",
                "0.5 | 1.5e-400",
                "0.5 | 1e400"
            })
    void soIsAJsonValueOfAnotherKind(String usual, String late) throws IOException {
        Path file = folder.resolve("a.db");
        String rows = ("{\"a\":" + usual + "}\n").repeat(1001);
        assertThat(run("import", file, "t", input("a.jsonl", rows + "{\"a\":" + late + "}\n")))
                .isEqualTo(1);
        assertThat(err.toString()).contains("row 1002", "column 'a'");
        assertThat(file).doesNotExist();
        assertThat(run("import", file, "t", input("a.jsonl", rows + rows))).isZero();
    }

    @Test
    void whatStoodAtTheTargetStaysWhenWritingFails() throws IOException {
        Path file = folder.resolve("a.db");
        assertThat(run("put", file, "a", "x")).isZero();
        assertThat(run("put", file, "ff00", "x", "--hex")).isZero();
        Path target = input("out.csv", "what was there");
        assertThat(run("export", file, "kv", "--out", target)).isEqualTo(1);
        assertThat(target).hasContent("what was there");
        assertThat(run("export", file, "kv", "--hex", "--out", target)).isZero();
        assertThat(target).hasContent("key,value\n61,x\nff00,x\n");
        Path link = Files.createSymbolicLink(folder.resolve("link"), target);
        assertThat(run("put", file, "raw", "--file", input("raw.txt", "bytes"))).isZero();
        assertThat(run("get", file, "raw", "--out", link)).isZero();
        assertThat(target).hasContent("bytes");
        assertThat(link).isSymbolicLink();
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-------"));
        assertThat(run("get", file, "raw", "--out", target)).isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
                .isEqualTo("rw-------");
        Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("made"));
        assertThat(run("get", file, "raw", "--out", dangling)).isZero();
        assertThat(folder.resolve("made")).hasContent("bytes");
        assertThat(dangling).isSymbolicLink();
        Path vault = Files.createSymbolicLink(folder.resolve("vault"), folder.resolve("made.db"));
        assertThat(run("import", vault, "t", input("rows.csv", "a\n1\n"))).isZero();
        assertThat(folder.resolve("made.db")).isRegularFile();
        assertThat(vault).isSymbolicLink();
        try (var files = Files.list(folder)) {
            assertThat(files.map(path -> path.getFileName().toString())).noneMatch(name -> name.endsWith(".part"));
        }
    }

    @Test
    void wrongCallsAreTold() throws IOException {
        Path file = folder.resolve("a.db");
        assertThat(run("put", file, "k", "v")).isZero();
        assertThat(run("compact", file, "--page-size", 1000)).isEqualTo(2);
        assertThat(run("head", file, "kv", "-n", -1)).isEqualTo(2);
        assertThat(run("get", file, "abc", "--hex")).isEqualTo(2);
        assertThat(err.toString()).contains("'abc' is not pairs of hexadecimal digits");
        assertThat(run("put", file, "xy", "v", "--hex")).isEqualTo(2);
        assertThat(run("import", file, "t", input("a.csv", "a\n1\n"), "--types", "a=blah"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--types a=blah");
        assertThat(run("import", file, "t", folder.resolve("none.csv"))).isEqualTo(1);
        assertThat(err.toString()).contains("none.csv: no such file");
    }

    @Test
    void blankLinesAreNoRows() throws IOException {
        Path file = folder.resolve("a.db");
        assertThat(run("import", file, "t", input("a.csv", "a,b\n\n1,2\n\n3,4\n\n")))
                .isZero();
        assertThat(out.toString().strip()).isEqualTo("2 rows");
        assertThat(run("import", file, "t", input("a.csv", "a,b\n1,2\n"), "--types", "a=i64"))
                .isZero(); // which it has
        assertThat(run("import", file, "t", input("a.csv", "a,b\n1,2\n"), "--types", "a=i32"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--types a: table 't' is there and has a i64 null, not a i32 null");
    }

    @Test
    void keysAndUnsignedNumbersAreWrittenWhole() throws IOException {
        Path file = folder.resolve("a.db");
        assertThat(run("put", file, "ff00", "x", "--hex")).isZero();
        assertThat(run("export", file, "kv")).isEqualTo(1);
        assertThat(err.toString()).contains("x'ff00'", "--hex");
        assertThat(run("export", file, "kv", "--hex")).isZero();
        assertThat(out.toString()).isEqualTo("key,value\nff00,x\n");
        assertThat(run("import", file, "t", input("a.csv", "v\n18446744073709551615\n")))
                .isZero();
        assertThat(run("export", file, "t", "--format", "jsonl")).isZero();
        assertThat(out.toString()).isEqualTo("{\"v\":18446744073709551615}\n");
        assertThat(run("head", file, "t")).isZero();
        assertThat(out.toString()).contains("18446744073709551615");
    }

    @Test
    void whatCannotBeDoneIsRefusedBeforeAnythingIsWritten() throws IOException {
        Path file = folder.resolve("a.db");
        assertThat(run("put", file, "k", "{} x", "--json")).isEqualTo(1);
        assertThat(run("put", file, "k", "--json")).isEqualTo(2);
        assertThat(file).doesNotExist();
        assertThat(run("put", file, "k", "v")).isZero();
        byte[] before = Files.readAllBytes(file);
        assertThat(run("export", file, "kv", "--out", file)).isEqualTo(2);
        assertThat(run("get", file, "k", "--out", folder.resolve(".").resolve("a.db")))
                .isEqualTo(2);
        assertThat(file).hasBinaryContent(before);
        assertThat(run("dump", file, "--json", "--name", "nothing")).isEqualTo(1);
        assertThat(err.toString()).contains("nothing", "vault ls");
    }

    @Test
    void outputThatIsLostIsAFailure() {
        Path file = folder.resolve("a.db");
        assertThat(run("put", file, "k", "v")).isZero();
        CommandLine command = VaultCommand.commandLine();
        command.setOut(new PrintWriter(new Writer() {
            @Override
            public void write(char[] text, int from, int length) throws IOException {
                throw new IOException("No space left on device");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        }));
        command.setErr(new PrintWriter(err));
        assertThat(command.execute("export", file.toString(), "kv")).isEqualTo(1);
        assertThat(err.toString()).contains("could not be written");
    }
}
