package io.kohakuvault.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.Vault;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.NumericArray;
import io.kohakuvault.testkit.Golden;
import io.kohakuvault.text.TextOptions;
import io.kohakuvault.text.TextVault;
import io.kohakuvault.vector.Metric;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents and vectors on their way out as JSON lines and in again. */
class DocumentImportTest {
    @TempDir
    Path folder;

    private String out(Object... args) {
        CommandLineRun run = CommandLineRun.of(args);
        assertThat(run.exit()).as(run.err()).isZero();
        return run.out().replace(System.lineSeparator(), "\n");
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    /** What schema says that import is to be told. */
    private String[] options(Path file, String name) {
        return out("schema", file, name).strip().split(" ", -1); // all of it, as $(…) hands it on
    }

    /** Every kind of value that is stored, with those that JSON cannot tell from others. */
    private static List<Object> values() {
        Object deepest = 1L;
        for (int i = 0; i < 512; i++) {
            deepest = List.of(deepest);
        }
        List<Object> values = new ArrayList<>(Arrays.asList(
                null,
                true,
                "",
                "text\u0000\u001b \u2028 日本 😀",
                "1",
                0L,
                1.0,
                Long.MIN_VALUE,
                Long.MAX_VALUE,
                BigInteger.TWO.pow(64).subtract(BigInteger.ONE),
                BigInteger.TEN.pow(40),
                0.1,
                -0.0,
                1e23,
                Double.MIN_VALUE,
                Double.MAX_VALUE,
                Double.NaN,
                Double.NEGATIVE_INFINITY,
                new byte[0],
                new byte[] {0, -1, (byte) 0x89, 0x4B},
                List.of(),
                Map.of(),
                Arrays.asList(1L, 1.0, "1", null, Double.NaN, List.of(Map.of("a", Double.POSITIVE_INFINITY))),
                Map.of("$bytes", "AAAA"),
                Map.of("$map", Map.of("$float", "NaN")),
                Map.of("$ref", 1L),
                Map.of("$float", "NaN", "two", "keys"),
                Map.of("id", 1L, "value", Map.of("texts", List.of())),
                new NumericArray(ElementType.F32, List.of(2, 3), new byte[24]),
                NumericArray.of(Float.NaN, -0.0f, 1e-45f),
                NumericArray.of(Long.MIN_VALUE, 2, 3),
                deepest));
        Random random = new Random(7);
        for (int i = 0; i < 300; i++) {
            double number = Double.longBitsToDouble(random.nextLong());
            values.add(Double.isNaN(number) ? 1.0 : number);
        }
        return values;
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.jsonl", "a.jsonl.gz", "a.ndjson.zst"})
    void documentsAreTheSameAgainWithAllValues(String name) {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            TextVault docs = vault.text(
                    "docs",
                    TextOptions.defaults().withColumns("texts", "body").withTokenizer(TextOptions.Tokenizer.TRIGRAM));
            List<Object> values = values();
            for (int i = 0; i < values.size(); i++) {
                docs.insert(List.of(i % 3 == 0 ? "" : "text " + i + "\r\n\u0001\"\\ 日本", "\uFDD0 body"), values.get(i));
            }
        }
        Path lines = folder.resolve(name);
        assertThat(out("export", file, "docs", "--out", lines)).isEmpty();
        Path copy = folder.resolve("b.db");
        List<Object> load = new ArrayList<>(List.of("import", copy, "docs", lines));
        Collections.addAll(load, (Object[]) options(file, "docs"));
        CommandLineRun run = CommandLineRun.of(load.toArray());
        assertThat(run.err()).isEmpty();
        assertThat(run.out().strip()).isEqualTo(values().size() + " documents");
        assertThat(out("dump", copy, "--json")).isEqualTo(out("dump", file, "--json"));
        assertThat(out("schema", copy, "docs")).isEqualTo(out("schema", file, "docs"));
        assertThat(out("verify", copy)).doesNotContain("ERROR");
    }

    @ParameterizedTest
    @EnumSource(
            value = Metric.class,
            names = {"COSINE", "L2", "L1"})
    void vectorsAreTheSameAgainBitByBit(Metric metric) {
        Path file = folder.resolve("a.db");
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (Vault vault = Vault.open(file)) {
            VectorKVault vectors = vault.vectors("v", VectorOptions.of(96, metric));
            for (Object value : values()) {
                float[] numbers = new float[96];
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i] = i == 0 ? -0.0f : (float) (random.nextGaussian() * Math.pow(10, random.nextInt(6) - 3));
                }
                vectors.insert(numbers, value);
            }
        }
        Path lines = folder.resolve("v.jsonl");
        out("export", file, "v", "--out", lines);
        Path copy = folder.resolve("b.db");
        assertThat(out("import", copy, "v", lines, "--as", "vectors", "--metric", metric.name()))
                .isEqualTo(values().size() + " vectors\n");
        assertThat(out("dump", copy, "--json")).as("seed %d", seed).isEqualTo(out("dump", file, "--json"));
        assertThat(out("ls", copy)).contains("float 96 " + metric.name().toLowerCase(Locale.ROOT));
    }

    @Test
    void whatTheRealKohakuVaultWroteIsTheSameAgain() {
        Path golden = Golden.database("kv-text-vector", folder);
        Path copy = folder.resolve("copy.db");
        for (String name : List.of("docs", "vcos", "vl1")) {
            Path lines = folder.resolve(name + ".jsonl");
            out("export", golden, name, "--out", lines);
            List<Object> load = new ArrayList<>(List.of("import", copy, name, lines));
            Collections.addAll(load, (Object[]) options(golden, name));
            CommandLineRun run = CommandLineRun.of(load.toArray());
            assertThat(run.exit()).as(run.err()).isZero();
            assertThat(run.err()).contains("have got new ids"); // some were deleted
            assertThat(out("dump", copy, "--json", "--name", name).replaceAll("\"id\":\"\\d+\"", ""))
                    .isEqualTo(out("dump", golden, "--json", "--name", name).replaceAll("\"id\":\"\\d+\"", ""));
        }
    }

    /** Python runs a pickle when it reads it: lines of a stranger must not become one. */
    @Test
    void aPickleIsExportedAndNotImported() throws IOException {
        Path golden = Golden.database("kv-text-vector", folder);
        String lines = out("export", golden, "notes");
        assertThat(lines).contains("{\"$opaque\":[\"pickle\",\"");
        Path copy = folder.resolve("copy.db");
        CommandLineRun run =
                CommandLineRun.of("import", copy, "notes", write("notes.jsonl", lines), "--as", "documents");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("a value that is not interpreted, such as a pickle");
        assertThat(copy).doesNotExist();
    }

    @Test
    void linesOfOtherProgramsAreDocumentsAndVectors() throws IOException {
        Path file = folder.resolve("a.db");
        Path pages = write(
                "pages.jsonl",
                "{\"title\":\"A\",\"body\":\"cats\",\"url\":\"/a\"}\n\n{\"body\":\"dogs\",\"title\":null,\"url\":[1]}\n{\"body\":\"x\"}\n");
        assertThat(out(
                        "import",
                        file,
                        "pages",
                        pages,
                        "--as",
                        "documents",
                        "--value-field",
                        "url",
                        "--columns",
                        "title,body",
                        "--tokenizer",
                        "porter"))
                .isEqualTo("3 documents\n");
        try (Vault vault = Vault.openReadOnly(file)) {
            assertThat(vault.text("pages").get(1).texts()).containsExactly("A", "cats");
            assertThat(vault.text("pages").get(1).value()).contains("/a");
            assertThat(vault.text("pages").get(2).texts()).containsExactly("", "dogs");
            assertThat(vault.text("pages").get(2).value()).contains(List.of(1L));
            assertThat(vault.text("pages").get(3).value()).isEmpty();
            assertThat(vault.text("pages").tokenizer()).isEqualTo("porter unicode61");
        }
        Path notes = write("notes.jsonl", "{\"text\":\"one\",\"id\":\"n-1\"}\n");
        assertThat(out(
                        "import",
                        file,
                        "notes",
                        notes,
                        "--as",
                        "documents",
                        "--text-field",
                        "text",
                        "--value-field",
                        "id"))
                .isEqualTo("1 document\n");
        assertThat(out("head", file, "notes")).isEqualTo("ID  content  VALUE\n 1  one      n-1\n");
        Path embeddings = write("e.jsonl", "{\"key\":\"/a\",\"embedding\":[3,4]}\n{\"embedding\":[-0.0,1e-3]}");
        assertThat(out(
                        "import",
                        file,
                        "e",
                        embeddings,
                        "--as",
                        "vectors",
                        "--vector-field",
                        "embedding",
                        "--value-field",
                        "key"))
                .isEqualTo("2 vectors\n");
        assertThat(out("export", file, "e", "--limit", "1"))
                .isEqualTo("{\"id\":1,\"vector\":[0.6,0.8],\"value\":\"/a\"}\n");
        assertThat(out("export", file, "e", "--limit", "0")).isEmpty();
        assertThat(out("search", file, "pages", "cat", "--with", "e", "--vector", "[3,4]"))
                .contains("/a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "documents| {\"texts\":{\"content\":\"a\"}}| {\"texts\":{\"content\":7}}| line 2: document 2: what stands under 'content' is no text",
                "documents| {\"content\":\"a\"}| {\"content\":\"a\",\"date\":1}| line 2: document 2: the field 'date' is neither a column of text (content) nor the value",
                "documents| {\"content\":\"a\"}| {\"value\":1}| it has no text",
                "documents| {\"content\":\"a\"}| {\"content\":\"a\",\"id\":\"x\"}| its id 'x' is none that a table gives",
                "documents| {\"content\":\"a\"}| {\"content\":\"a\",\"content\":\"b\"}| 'content' stands twice",
                "documents| {\"content\":\"a\"}| {\"texts\":{},\"other\":1}| beside its texts it has the field 'other'",
                "documents| {\"content\":\"a\"}| [1]| it is a list, and not an object",
                "documents| {\"content\":\"a\"}| {\"content\":\"a\",\"value\":0.12345678901234567891}| more digits than 64 bits hold",
                "documents| {\"content\":\"a\"}| {\"content\":\"a\",\"value\":{\"$timestamp\":\"2024-01-01T00:00:00Z\"}}| is a timestamp, which another program has stored",
                "documents| {\"content\":\"a\"}| {\"content\":\"a\",\"value\":[{\"$bytes\":\"AA==\"}]}| line 2: document 2: inside a List or Map",
                "documents| {\"content\":\"a\"}| {\"content\":\"a\",\"value\":{\"$bytes\":\"A\"}}| is no Base64",
                "documents| {\"content\":\"a\"}| {\"content\":\"\\ud800\"}| line 2: document 2",
                "documents| {\"content\":\"a\"}| {\"content\":| document 2: it is no whole JSON value",
                "documents| {\"value\":1}| {}| line 1: document 1: it has no texts, so the columns of a new table are not known",
                "documents| {\"id\":1,\"rank\":\"a\"}| {}| cannot be named 'rank'",
                "vectors| {\"vector\":[1,2]}| {\"vector\":[1,2,3]}| line 2: vector 2: table t: a vector of the table has 2 numbers, but this one has 3",
                "vectors| {\"vector\":[1,2]}| {\"vector\":[1,\"NaN\"]}| line 2: vector 2: table t: a vector must hold finite numbers",
                "vectors| {\"vector\":[1,2]}| {\"vector\":[[1,2]]}| element 0 is no number",
                "vectors| {\"vector\":[1,2]}| {\"vec\":[1,2]}| the field 'vec' is neither the vector ('vector') nor the value ('value')",
                "vectors| {\"vector\":[1,2]}| {\"value\":1}| it has no field 'vector'",
                "vectors| {\"vector\":\"[1,2]\"}| {}| line 1: vector 1: what stands under 'vector' is no vector: it is no list of numbers",
            })
    void aLineThatDoesNotFitIsNamedAndNothingIsImported(String kind, String first, String second, String message)
            throws IOException {
        Path lines = write("a.jsonl", first + "\n" + second + "\n");
        Path made = folder.resolve("new.db");
        CommandLineRun run = CommandLineRun.of("import", made, "t", lines, "--as", kind);
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err().lines()).singleElement().asString().contains(message, "nothing was imported");
        assertThat(made).doesNotExist();
        Path there = folder.resolve("there.db");
        out("put", there, "k", "v");
        assertThat(CommandLineRun.of("import", there, "t", lines, "--as", kind).exit())
                .isEqualTo(1);
        assertThat(out("ls", there)).doesNotContain(kind);
    }

    @Test
    void aTableThatIsThereStaysAsItIs() throws IOException {
        Path file = folder.resolve("a.db");
        out("add", file, "docs", "first", "--tokenizer", "trigram");
        out("add", file, "v", "--vector", "[1,2]", "--metric", "l1");
        Path docs = write("d.jsonl", "{\"content\":\"second\"}\n");
        assertThat(out("import", file, "docs", docs, "--as", "documents", "--columns", "content"))
                .isEqualTo("1 document\n");
        assertThat(out("import", file, "docs", docs, "--as", "documents", "--tokenizer", "trigram"))
                .isEqualTo("1 document\n");
        Path empty = write("empty.jsonl", "\n");
        assertThat(out("import", file, "docs", empty, "--as", "documents")).isEqualTo("0 documents\n");
        Path vectors = write("v.jsonl", "{\"vector\":[3,4]}\n");
        assertThat(out("import", file, "v", vectors, "--as", "vectors")).isEqualTo("1 vector\n");
        String before = out("dump", file, "--json");
        for (Object[] wrong : new Object[][] {
            {1, "columns", "docs", docs, "--as", "documents", "--columns", "other"},
            {1, "tokenizer", "docs", docs, "--as", "documents", "--tokenizer", "porter"},
            {1, "metric", "v", vectors, "--as", "vectors", "--metric", "cosine"},
            {1, "table v holds no documents", "v", docs, "--as", "documents"},
            {1, "docs", "docs", vectors, "--as", "vectors"},
            {1, "has no lines, and a table is made with its first document", "new", empty, "--as", "documents"},
            {2, "'docs' holds documents: say --as documents", "docs", docs},
            {2, "'v' holds vectors: say --as vectors", "v", vectors},
            {2, "--columns is for documents and vectors: say --as", "docs", docs, "--columns", "content"},
            {2, "--value-field is for documents and vectors: say --as", "docs", docs, "--value-field", "v"},
            {2, "--columns is for documents", "v", vectors, "--as", "vectors", "--columns", "a"},
            {2, "--metric is for vectors", "docs", docs, "--as", "documents", "--metric", "l2"},
            {2, "--types, --null and --delimiter are for rows", "docs", docs, "--as", "documents", "--null", "NA"},
            {2, "imported from jsonl, not from csv", "docs", "x.csv", "--as", "documents"},
            {2, "it is one of documents, vectors", "docs", docs, "--as", "texts"},
        }) {
            List<Object> args = new ArrayList<>(List.of("import", file));
            args.addAll(Arrays.asList(wrong).subList(2, wrong.length));
            CommandLineRun run = CommandLineRun.of(args.toArray());
            assertThat(run.err().lines()).singleElement().asString().contains(String.valueOf(wrong[1]));
            assertThat(run.exit()).as(run.err()).isEqualTo(wrong[0]);
        }
        CommandLineRun csv = CommandLineRun.of("export", file, "docs", "--format", "csv");
        assertThat(csv.exit()).isEqualTo(2);
        assertThat(csv.err()).contains("'docs' holds documents, which are exported as jsonl, not as csv");
        assertThat(out("dump", file, "--json")).isEqualTo(before);
    }

    @Test
    void aTableOfRowsMayBeCalledLikeDocuments() throws IOException {
        Path file = folder.resolve("a.db");
        out("add", file, "docs", "a text");
        try (Vault vault = Vault.open(file)) {
            vault.tables().ensure("docs", s -> s.column("id", DType.I64));
        }
        assertThat(out("import", file, "docs", write("r.csv", "id\n7\n"))).isEqualTo("1 rows\n");
        assertThat(out("search", file, "docs", "text")).contains("a text");
    }
}
