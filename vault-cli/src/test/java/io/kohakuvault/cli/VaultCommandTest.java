package io.kohakuvault.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kohakuvault.Vault;
import io.kohakuvault.VaultOptions;
import io.kohakuvault.codec.DType;
import io.kohakuvault.testkit.Golden;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class VaultCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    /** What a command line did. */
    private record Run(int exit, String out, String err) {
        List<JsonNode> lines() throws IOException {
            List<JsonNode> nodes = new ArrayList<>();
            for (String line : out.split("\n", -1)) {
                if (!line.isEmpty()) {
                    nodes.add(JSON.readTree(line));
                }
            }
            return nodes;
        }
    }

    private static Run run(Object... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = VaultCommand.commandLine();
        command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        String[] texts = new String[args.length];
        for (int i = 0; i < args.length; i++) {
            texts[i] = String.valueOf(args[i]);
        }
        int exit = command.execute(texts);
        return new Run(exit, out.toString(), err.toString());
    }

    private static Map<String, JsonNode> byName(JsonNode columns) {
        Map<String, JsonNode> map = new HashMap<>();
        columns.forEach(column -> map.put(column.get("name").asText(), column));
        return map;
    }

    @Test
    void dumpSaysOfColumnsWhatTheManifestsSay() throws IOException {
        for (String golden : List.of("columns-1x", "columns-0x")) {
            Map<String, JsonNode> expected = byName(Golden.manifest(golden).get("columns"));
            Path file = Golden.database(golden, folder);
            Run run = run("dump", file, "--json");
            for (JsonNode line : run.lines()) {
                JsonNode column = expected.remove(line.get("name").asText());
                assertThat(line.has("error")).as(line.toString()).isFalse();
                String name = column.get("name").asText();
                assertThat(line.get("dtype")).as(name).isEqualTo(column.get("dtype"));
                assertThat(line.get("length").asLong())
                        .isEqualTo(column.get("length").asLong());
                // The manifest's is over the type bytes too that 0.x has in front of vectors of one shape.
                if (golden.equals("columns-1x") || !column.get("dtype").asText().matches("vec(tor)?:\\w+:.*")) {
                    assertThat(line.get("sha256")).as(name).isEqualTo(column.get("sha256"));
                }
                if (column.has("values")) {
                    assertThat(line.get("values")).as(name).isEqualTo(column.get("values"));
                } else {
                    assertThat(line.get("values").size())
                            .isEqualTo(column.get("length").asInt());
                    for (int i = 0; i < column.get("first").size(); i++) {
                        assertThat(line.get("values").get(i))
                                .as(name)
                                .isEqualTo(column.get("first").get(i));
                    }
                }
            }
            assertThat(expected).as(golden).isEmpty();
            assertThat(run.exit()).isZero();
            Run brief = run("dump", file, "--json", "--no-values", "--name", "i64");
            assertThat(brief.exit()).isZero();
            assertThat(brief.lines())
                    .singleElement()
                    .satisfies(line -> assertThat(line.has("values")).isFalse());
        }
    }

    @Test
    void putStoresTheNumbersOfJsonOrRefusesThem() {
        Path file = folder.resolve("numbers.db");
        Map<String, String> kept = Map.of(
                "0.1", "0.1",
                "-0.0", "-0.0",
                "4.9e-324", "4.9E-324",
                "1.7976931348623157e308", "1.7976931348623157E308",
                "123456789012345678901234567890", "123456789012345678901234567890",
                "[1.5, 18446744073709551615]", "[1.5,18446744073709551615]",
                "\"1e400\"", "1e400");
        kept.forEach((json, text) -> {
            assertThat(run("put", file, "k", "--json", json).exit()).as(json).isZero();
            assertThat(run("get", file, "k").out()).isEqualTo(text + "\n");
        });
        run("put", file, "k", "--json", "\"before\"");
        Map<String, String> refused = Map.of(
                "1e400",
                "1e400 is beyond what 64 bits hold",
                "{\"a\": [-1e309]}",
                "-1e309 is beyond what 64 bits hold",
                "1e-400",
                "1e-400 is beyond what 64 bits hold",
                "0.1234567890123456789",
                "more digits than 64 bits hold",
                "9007199254740993.0",
                "more digits than 64 bits hold",
                "[18446744073709551616]",
                "-2^63 to 2^64-1",
                "{\"a\":1,\"a\":2}",
                "the key 'a' stands twice",
                "1 2",
                "more than one JSON value",
                "NaN",
                "NaN is no number of JSON",
                "7".repeat(4_400),
                "4,300 digits");
        refused.forEach((json, why) -> {
            Run run = run("put", file, "k", "--json", json);
            assertThat(run.exit()).as(json).isEqualTo(1);
            assertThat(run.err()).contains(why).hasLineCount(1);
            assertThat(run("get", file, "k").out()).isEqualTo("before\n");
        });
    }

    @Test
    void whatIsNestedAsDeepAsCanBeIsDumped() throws IOException {
        Path file = folder.resolve("deep.db");
        Object deepest = 1L;
        for (int i = 0; i < 512; i++) {
            deepest = List.of(deepest);
        }
        try (Vault vault = Vault.open(file)) {
            vault.kv("kv").putValue("k", deepest);
            vault.columns().ensure("c", DType.CBOR).append(deepest);
        }
        Run run = run("dump", file, "--json");
        assertThat(run.exit()).as(run.out()).isZero();
        assertThat(run.out()).contains("\"1\"");
    }

    @Test
    void migratingAColumnChangesNeitherItsValuesNorItsChecksum() throws IOException {
        Path file = Golden.database("columns-0x", folder);
        Map<String, JsonNode> before = new HashMap<>();
        run("dump", file, "--json")
                .lines()
                .forEach(line -> before.put(line.get("name").asText(), line));
        assertThat(run("migrate", file).exit()).isZero();
        List<JsonNode> after = run("dump", file, "--json").lines();
        assertThat(after).hasSize(before.size()).hasSize(79);
        for (JsonNode line : after) {
            assertThat(line).isEqualTo(before.get(line.get("name").asText()));
        }
    }

    @Test
    void dumpSaysOfValuesDocumentsAndVectorsWhatTheManifestSays() throws IOException {
        JsonNode manifest = Golden.manifest("kv-text-vector");
        Path file = Golden.database("kv-text-vector", folder);
        Map<String, JsonNode> reads = new HashMap<>();
        manifest.get("kv")
                .get("entries")
                .forEach(e ->
                        reads.put(e.get("table").asText() + "/" + e.get("key").asText(), e));
        Run run = run("dump", file, "--json", "--only", "kv", "--guess", "original");
        int compared = 0;
        for (JsonNode line : run.lines()) {
            if (line.has("error")) {
                assertThat(line.get("kind").asText()).isEqualTo("kv");
                continue;
            }
            JsonNode entry =
                    reads.get(line.get("table").asText() + "/" + line.get("key").asText());
            JsonNode read = entry == null ? null : entry.get("read");
            if (read != null
                    && !read.has("sha256")
                    && Set.of("02", "06", "00", "bare")
                            .contains(entry.path("encoding").asText())) {
                assertThat(line.get("value")).as(entry.toString()).isEqualTo(read);
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(190);
        assertThat(run.exit()).as("some values are damaged on purpose").isEqualTo(1);

        JsonNode docs = manifest.get("text").get("tables").get("docs");
        Map<String, JsonNode> texts = new HashMap<>();
        for (JsonNode line :
                run("dump", file, "--json", "--only", "text", "--name", "docs").lines()) {
            texts.put(line.get("id").asText(), line);
        }
        assertThat(texts).hasSize(docs.get("count").asInt());
        for (JsonNode doc : docs.get("docs")) {
            JsonNode line = texts.get(doc.get("id").asText());
            for (JsonNode pair : doc.get("text").get("v")) {
                assertThat(line.get("texts").get(pair.get(0).asText()).asText())
                        .isEqualTo(pair.get(1).get("v").asText());
            }
        }
        JsonNode vectors = manifest.get("vector").get("tables").get("emb");
        Map<String, JsonNode> found = new HashMap<>();
        for (JsonNode line : run("dump", Golden.database("vector384", folder), "--json", "--only", "vector")
                .lines()) {
            found.put(line.get("id").asText(), line);
        }
        assertThat(found).hasSize(vectors.get("count").asInt());
        for (JsonNode row : vectors.get("rows")) {
            JsonNode line = found.get(row.get("id").asText());
            assertThat(line.get("vector")).isEqualTo(row.get("vector"));
            assertThat(line.get("value")).isEqualTo(row.get("value"));
        }
    }

    @Test
    void csvGoesInAndComesOut() throws IOException {
        Path csv = folder.resolve("runs.csv");
        String text = "at,loss,steps,note,ok,day\n" + "2024-01-02T03:04:05Z,0.25,7,\"a, \"\"b\"\"\",true,2024-01-02\n"
                + "2024-01-02T03:04:06.5Z,NaN,-1,,false,2024-01-03\n" + ",,,\"\",,\n";
        Files.writeString(csv, text);
        Path file = folder.resolve("a.db");
        Run in = run("import", file, "runs", csv);
        assertThat(in.err()).isEmpty();
        assertThat(in.out()).isEqualTo("3 rows" + System.lineSeparator());
        try (Vault vault = Vault.openReadOnly(file)) {
            assertThat(vault.tables().get("runs").schema().columns().toString())
                    .isEqualTo(
                            "[at i64 timestamp:us:UTC null, loss f64 null, steps i64 null, note str null, ok bool null,"
                                    + " day i32 date null]");
            assertThat(vault.tables().get("runs").rows(2, 3).get(0).get("at")).isNull();
        }
        assertThat(run("export", file, "runs").out())
                .isEqualTo(
                        "at,loss,steps,note,ok,day\n" + "2024-01-02T03:04:05Z,0.25,7,\"a, \"\"b\"\"\",true,2024-01-02\n"
                                + "2024-01-02T03:04:06.500Z,NaN,-1,,false,2024-01-03\n" + ",,,\"\",,\n");
        Path jsonl = folder.resolve("again.jsonl");
        assertThat(run("export", file, "runs", "--format", "jsonl", "--out", jsonl)
                        .exit())
                .isZero();
        assertThat(run("import", file, "runs", jsonl).out()).startsWith("3 rows");
        assertThat(run("head", file, "runs", "-n", "1").out()).contains("at", "2024-01-02T03:04:05Z", "a, \"b\"");
        Files.writeString(csv, "at,loss\nyesterday,1\n");
        Run bad = run("import", file, "runs", csv);
        assertThat(bad.exit()).isEqualTo(1);
        assertThat(bad.err().lines()).singleElement().asString().contains("row 1", "yesterday", "nothing was imported");
        Files.writeString(csv, "id,v\n00112233-4455-6677-8899-aabbccddeeff,1.50\n");
        assertThat(run("import", file, "typed", csv, "--types", "id=uuid,v=decimal:10:2")
                        .exit())
                .isZero();
        assertThat(run("export", file, "typed", "--format", "jsonl").out())
                .isEqualTo("{\"id\":\"00112233-4455-6677-8899-aabbccddeeff\",\"v\":1.50}\n");
        Run alike = run("export", file, "typed", "--where", "id=112233-4455-6677-8899-aabbccddeeff");
        assertThat(alike.exit()).isEqualTo(1);
        assertThat(alike.err()).contains("it is no UUID");
        try (Vault vault = Vault.open(file)) {
            assertThat(vault.tables().get("runs").length()).isEqualTo(6);
        }
    }

    @Test
    void valuesArePutAndGot() throws IOException {
        Path file = folder.resolve("a.db");
        assertThat(run("put", file, "greeting", "hello").exit()).isZero();
        assertThat(run("get", file, "greeting").out().strip()).isEqualTo("hello");
        assertThat(run("put", file, "n", "--json", "{\"a\": [1, 2.5, null]}").exit())
                .isZero();
        assertThat(run("get", file, "n").out().strip()).isEqualTo("{\"a\":[1,2.5,null]}");
        Path bytes = folder.resolve("bytes");
        Files.write(bytes, new byte[] {1, 2, 3});
        assertThat(run("put", file, "b", "--file", bytes, "--table", "media").exit())
                .isZero();
        Path got = folder.resolve("got");
        assertThat(run("get", file, "b", "--table", "media", "--out", got).exit())
                .isZero();
        assertThat(got).hasBinaryContent(new byte[] {1, 2, 3});
        Run missing = run("get", file, "nothing");
        assertThat(missing.exit()).isEqualTo(1);
        assertThat(missing.err().lines()).singleElement().asString().contains("has no key nothing");
        assertThat(run("ls", file).out()).contains("key-values", "media");
        assertThat(run("info", file).out()).contains("2 tables with 3 keys", "guarded       no");
    }

    @Test
    void filesAreLookedAfter() throws IOException {
        Path file = Golden.database("columns-0x", folder);
        assertThat(run("info", file).out()).contains("columns 0.x", "vault migrate");
        assertThat(run("migrate", file).out().strip()).isEqualTo("migrated 79 columns");
        assertThat(run("migrate", file).out().strip()).isEqualTo("nothing to migrate");
        assertThat(run("verify", file).exit()).isZero();
        assertThat(run("repair", file).out().strip()).isEqualTo("nothing to mend");
        assertThat(run("compact", file, "--page-size", "32768").exit()).isZero();
        Path copy = folder.resolve("copy.db");
        assertThat(run("backup", file, copy).exit()).isZero();
        assertThat(run("verify", copy).exit()).isZero();
        assertThat(run("backup", file, copy).exit()).isEqualTo(1);
        Path unsound = folder.resolve("unsound.db");
        try (Vault vault = Vault.open(unsound, VaultOptions.defaults())) {
            var table = vault.tables().ensure("t", s -> s.column("a", DType.I64).column("b", DType.I64));
            table.append(r -> r.set("a", 1).set("b", 2));
        }
        flip(unsound);
        Run verify = run("verify", unsound);
        assertThat(verify.exit()).isEqualTo(1);
        assertThat(verify.out()).contains("ERROR");
    }

    /** Takes a row away from the count of one column, behind the vault's back. */
    private static void flip(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Matcher name =
                Pattern.compile("t\\.ai64").matcher(new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1));
        assertThat(name.find()).isTrue();
        // name, dtype, then elem_size 8 and length 1, of which SQLite stores the latter in no byte: its type says 1 or
        // 0.
        int typeOfLength = name.start() - 2;
        assertThat(bytes[typeOfLength]).isEqualTo((byte) 9);
        bytes[typeOfLength] = 8;
        Files.write(file, bytes);
    }

    @Test
    void wrongCallsAreExplainedInALine() {
        for (Object[] args : new Object[][] {{"info"}, {"nonsense"}, {"head", "f", "n", "-n", "many"}, {"dump", "f"}}) {
            Run run = run(args);
            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.err().lines())
                    .singleElement()
                    .asString()
                    .startsWith("vault: ")
                    .contains("--help");
        }
        Run missing = run("info", folder.resolve("missing.db"));
        assertThat(missing.exit()).isEqualTo(1);
        assertThat(missing.err().lines()).singleElement().asString().contains("no such file");
        assertThat(run("repair", folder.resolve("missing.db")).exit()).isEqualTo(1);
        assertThat(run("--help").out()).contains("Exit codes", "backup", "import");
        assertThat(run("import", "--help").exit()).isZero();
        assertThat(run("generate-completion").out()).contains("complete");
        assertThat(run("--version").out()).contains("vault");
    }
}
