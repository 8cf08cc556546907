package io.kohakuvault.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.Vault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Documents and vectors one by one: add, head, rm. */
class AddTest {
    @TempDir
    Path folder;

    private String out(Object... args) {
        CommandLineRun run = CommandLineRun.of(args);
        assertThat(run.exit()).as(run.err()).isZero();
        return run.out().replace(System.lineSeparator(), "\n");
    }

    @Test
    void documentsAreAddedShownAndRemoved() {
        Path file = folder.resolve("a.db");
        assertThat(out("add", file, "docs", "one text", "--value", "7")).isEqualTo("1\n");
        assertThat(out("add", file, "docs", "another\u0007", "--value", "[7]", "--json"))
                .isEqualTo("2\n");
        assertThat(out("add", file, "docs", "--", "-third")).isEqualTo("3\n");
        assertThat(out("add", file, "docs", "in its place", "--value", "7", "--replace"))
                .isEqualTo("1\n");
        assertThat(out("head", file, "docs"))
                .isEqualTo("ID  content        VALUE\n 1  in its place   7\n 2  another\\u0007  [7]\n 3  -third\n");
        assertThat(out("head", file, "docs", "-n", "1", "-x"))
                .isEqualTo("-- document 1\nID       1\ncontent  in its place\nVALUE    7\n");
        assertThat(out("rm", file, "1", "3", "1", "--table", "docs")).isEqualTo("2 documents removed\n");
        CommandLineRun missing = CommandLineRun.of("rm", file, "2", "9", "--table", "docs");
        assertThat(missing.exit()).isEqualTo(1);
        assertThat(missing.err()).contains("there is no id 9; nothing was removed");
        try (Vault vault = Vault.openReadOnly(file)) {
            assertThat(vault.text("docs").ids()).containsExactly(2L);
            assertThat(vault.text("docs").get(2).value()).contains(List.of(7L));
        }
    }

    @Test
    void columnsAreFilledByPlaceOrByName() {
        Path file = folder.resolve("a.db");
        out("add", file, "pages", "A title", "a body", "--columns", "title,body", "--tokenizer", "porter");
        out("add", file, "pages", "second", "of both");
        assertThat(out("add", file, "pages", "body alone", "--columns", "body")).isEqualTo("3\n");
        try (Vault vault = Vault.openReadOnly(file)) {
            assertThat(vault.text("pages").get(1).texts()).containsExactly("A title", "a body");
            assertThat(vault.text("pages").get(2).texts()).containsExactly("second", "of both");
            assertThat(vault.text("pages").get(3).texts()).containsExactly("", "body alone");
            assertThat(vault.text("pages").tokenizer()).isEqualTo("porter unicode61");
        }
        assertThat(out("schema", file, "pages")).isEqualTo("--as documents --columns title,body --tokenizer porter\n");
        assertThat(out("ls", file)).contains("title, body (porter unicode61)");
    }

    /** What schema prints makes the same table again, by way of a shell where a setting has more than one word. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "unicode61|",
                "unicode61| tokenchars=-_",
                "porter| tokenchars=-_;separators=.",
                "trigram| case_sensitive=1",
                "trigram| remove_diacritics=1",
                "unicode61| categories=L* N* Co Sc",
                "unicode61| tokenchars=-_'$\"\\ =*",
                "unicode61| tokenchars=-_' separators '=",
                "unicode61| tokenchars='-_''",
            })
    void aTokenizerHasSettings(String tokenizer, String settings) throws Exception {
        Path file = folder.resolve("a.db");
        List<Object> args = new ArrayList<>(List.of("add", file, "docs", "E-42_b", "--tokenizer", tokenizer));
        for (String setting : settings == null ? new String[0] : settings.split(";")) {
            args.addAll(List.of("--tokenizer-setting", setting));
        }
        out(args.toArray());
        Path lines = Files.writeString(folder.resolve("docs.jsonl"), "{\"content\":\"a\"}");
        List<Object> imported = new ArrayList<>(List.of("import", folder.resolve("b.db"), "docs", lines));
        imported.addAll(shellWords(out("schema", file, "docs").strip()));
        assertThat(out(imported.toArray())).isEqualTo("1 document\n");
        try (Vault made = Vault.openReadOnly(file);
                Vault again = Vault.openReadOnly(folder.resolve("b.db"))) {
            assertThat(again.text("docs").tokenizer())
                    .isEqualTo(made.text("docs").tokenizer());
            assertThat(made.text("docs").search("E-42_b", 1)).hasSize(1);
            assertThat(made.text("docs").search("42", 1).isEmpty())
                    .isEqualTo(String.valueOf(settings).contains("-_"));
        }
    }

    private static List<String> shellWords(String line) throws IOException {
        Process shell =
                new ProcessBuilder("sh", "-c", "for word in " + line + "; do printf '%s\\n' \"$word\"; done").start();
        return new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    @Test
    void vectorsAreAddedShownAndRemoved() throws IOException {
        Path file = folder.resolve("a.db");
        Path numbers = Files.writeString(folder.resolve("v.json"), "[0.1, -2, 3e0]");
        assertThat(out("add", file, "v", "--vector", "@" + numbers, "--metric", "l2", "--value", "a"))
                .isEqualTo("1\n");
        assertThat(out("add", file, "v", "--vector", "[1,2,3]", "--value", "{\"a\":null}", "--json"))
                .isEqualTo("2\n");
        assertThat(out("add", file, "v", "--vector", "[4,5,6]", "--value", "a", "--replace"))
                .isEqualTo("1\n");
        assertThat(out("head", file, "v"))
                .isEqualTo("ID  VECTOR         VALUE\n 1  [4.0,5.0,6.0]  a\n 2  [1.0,2.0,3.0]  {\"a\":null}\n");
        out("add", file, "wide", "--vector", "[1,0,0,0,0,0,0,0,0,0]");
        assertThat(out("head", file, "wide")).contains("[1.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0, …] (10)");
        assertThat(out("schema", file, "v")).isEqualTo("--as vectors --metric l2\n");
        assertThat(out("schema", file, "wide")).contains("--metric cosine");
        assertThat(out("rm", file, "2", "--table", "v")).isEqualTo("1 vector removed\n");
        try (Vault vault = Vault.openReadOnly(file)) {
            assertThat(vault.vectors("v").ids()).containsExactly(1L);
            assertThat(vault.vectors("v").get(1).value()).contains("a");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "docs one two| 2| give a TEXT for each column of docs, [content], there are 2",
                "new one two| 2| --columns names those of a new table",
                "docs one --columns nose| 1| has no column nose of text; it has [content]",
                "docs one --columns a,b| 2| give a text for each, there are 1",
                "docs one --tokenizer trigram| 1| tokenizer",
                "docs one --tokenizer-setting tokenchars=-| 1| tokenizer",
                "new one --tokenizer trigram --tokenizer-setting tokenchars=-| 2| TRIGRAM has no setting 'tokenchars'",
                "new one --tokenizer-setting remove_diacritics=3| 2| cannot be '3'",
                "new one --tokenizer-setting tokenchars| 2| say NAME=VALUE, as in tokenchars=-_",
                "v one --vector [1] --tokenizer-setting a=b| 2| --vector is for vectors, which have no texts",
                "docs one --tokenizer words| 2| it is one of unicode61, porter, trigram",
                "docs one --json| 2| --json needs a --value",
                "docs one --replace| 2| --replace needs a --value",
                "docs one --value {a --json| 1| --value: it is no JSON",
                "docs one --metric l2| 2| --metric is for vectors",
                "v one| 1| v",
                "v one --vector [1]| 2| --vector is for vectors, which have no texts",
                "v --vector [1,2,3]| 1| has 2 numbers, but this one has 3",
                "v --vector [1,2] --metric cosine| 1| metric",
                "docs --vector [1,2]| 1| docs",
                "new --vector []| 1| dimensions must be from 1",
                "new --vector [0,0]| 1| cosine needs a vector with a direction",
            })
    void whatIsWrongIsSaidInOneLineAndChangesNothing(String line, int exit, String message) {
        Path file = folder.resolve("a.db");
        out("add", file, "docs", "text");
        out("add", file, "v", "--vector", "[1,2]", "--metric", "l2");
        String before = out("dump", file, "--json");
        List<Object> args = new ArrayList<>(List.of("add", file));
        args.addAll(List.of(line.split(" ", -1)));
        CommandLineRun run = CommandLineRun.of(args.toArray());
        assertThat(run.err().lines()).singleElement().asString().contains(message);
        assertThat(run.exit()).isEqualTo(exit);
        assertThat(out("dump", file, "--json")).isEqualTo(before);
        if (line.startsWith("new")) {
            args.set(1, folder.resolve("made.db"));
            assertThat(CommandLineRun.of(args.toArray()).exit()).isEqualTo(exit);
            assertThat(folder.resolve("made.db")).doesNotExist();
        }
    }

    @Test
    void idsAndKeysAreNotConfused() {
        Path file = folder.resolve("a.db");
        out("add", file, "docs", "text");
        out("put", file, "1", "one");
        for (Map.Entry<String, String> wrong : Map.of(
                        "--prefix=1", "--prefix is for keys", "one", "'one' is no id, and 'docs' holds documents")
                .entrySet()) {
            CommandLineRun run = CommandLineRun.of("rm", file, wrong.getKey(), "--table", "docs");
            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.err()).contains(wrong.getValue());
        }
        assertThat(out("rm", file, "1")).isEqualTo("1 key removed\n");
        assertThat(out("search", file, "docs", "text", "--json")).contains("\"id\":1");
    }
}
