package io.kohakuvault.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kohakuvault.Vault;
import io.kohakuvault.testkit.Golden;
import io.kohakuvault.text.TextOptions;
import io.kohakuvault.text.TextVault;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command search: what it finds, how it says so, and what it refuses. */
class SearchTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void setUp() {
        file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            TextVault docs = vault.text("docs", TextOptions.defaults().withColumns("title", "body"));
            docs.insert(List.of("Cats", "A cat sleeps on the warm roof"), "cats");
            docs.insert(List.of("Dogs", "A dog chases the cat around"), Map.of("n", 1L));
            docs.insert(List.of("Birds", "A bird\u001b[31m sings\nof a warm morning"), "birds");
            docs.insert(List.of("Nothing", "else"), null);
            VectorKVault vectors = vault.vectors("vecs", VectorOptions.l2(2));
            vectors.insert(new float[] {0, 0}, "cats");
            vectors.insert(new float[] {3, 4}, "birds");
            vectors.insert(new float[] {10, 0}, null);
            vault.kv("kv").putValue("k", "v");
        }
    }

    private String out(Object... args) {
        CommandLineRun run = CommandLineRun.of(args);
        assertThat(run.exit()).as(run.err()).isZero();
        return run.out().replace(System.lineSeparator(), "\n");
    }

    private List<JsonNode> hits(Object... args) throws IOException {
        List<Object> all = new ArrayList<>(List.of(args));
        all.add("--json");
        List<JsonNode> nodes = new ArrayList<>();
        for (String line : out(all.toArray()).lines().toList()) {
            nodes.add(JSON.readTree(line));
        }
        return nodes;
    }

    private List<Integer> ids(Object... args) throws IOException {
        return hits(args).stream().map(hit -> hit.get("id").asInt()).toList();
    }

    @Test
    void wordsAreFoundInTheWaysThatAreSaid() throws IOException {
        assertThat(ids("search", file, "docs", "warm", "cat")).containsExactly(1);
        assertThat(ids("search", file, "docs", "cat warm")).containsExactly(1);
        assertThat(ids("search", file, "docs", "--any", "sings dog")).containsExactlyInAnyOrder(2, 3);
        assertThat(ids("search", file, "docs", "the cat", "--phrase")).containsExactly(2);
        assertThat(ids("search", file, "docs", "the", "ro", "--prefix")).containsExactly(1);
        assertThat(ids("search", file, "docs", "--fts5", "cat NOT dog")).containsExactly(1);
        assertThat(ids("search", file, "DOCS", "cats", "--columns", "title")).containsExactly(1);
        assertThat(ids("search", file, "docs", "cat", "--columns", "title")).isEmpty();
        assertThat(ids("search", file, "docs", "warm OR cat")).isEmpty();
        assertThat(ids("search", file, "docs", "-n", "1", "warm", "--offset=1")).hasSize(1);
        List<Integer> pages = new ArrayList<>(ids("search", file, "docs", "a", "-n", "2"));
        pages.addAll(ids("search", file, "docs", "a", "-n", "2", "--offset", "2"));
        assertThat(pages)
                .containsExactlyElementsOf(ids("search", file, "docs", "a"))
                .hasSize(3);
    }

    @Test
    void hitsOfWordsAreShownInLinesAndAsJson() throws IOException {
        assertThat(out("search", file, "docs", "dog").lines())
                .satisfiesExactly(
                        heading -> assertThat(heading.strip()).isEqualTo("SCORE  ID  VALUE    SNIPPET"),
                        hit -> assertThat(hit).matches("0\\.\\d+ +2  \\{\"n\":1}  A dog chases the cat around"));
        assertThat(out("search", file, "docs", "sings"))
                .contains("A bird\\u001b[31m sings\\nof a warm morning")
                .doesNotContain("\u001b");
        assertThat(out("search", file, "docs", "sings", "-x").lines())
                .startsWith("-- hit 1")
                .contains("ID       3", "VALUE    birds", "SNIPPET  A bird\\u001b[31m sings\\nof a warm morning");
        JsonNode hit = hits("search", file, "docs", "dog").get(0);
        assertThat(hit.get("score").asDouble()).isPositive();
        assertThat(hit.get("value")).isEqualTo(JSON.readTree("{\"n\":1}"));
        assertThat(hit.get("snippet").asText()).isEqualTo("A **dog** chases the cat around");
        assertThat(hit.get("texts"))
                .isEqualTo(JSON.readTree("{\"title\":\"Dogs\",\"body\":\"A dog chases the cat around\"}"));
        assertThat(hits("search", file, "docs", "nothing").get(0).get("value").isNull())
                .isTrue();
    }

    @Test
    void whatIsNotFoundIsToldAndNoFailure() {
        CommandLineRun run = CommandLineRun.of("search", file, "docs", "zebra");
        assertThat(run.exit()).isZero();
        assertThat(run.out()).isEmpty();
        assertThat(run.err().strip()).isEqualTo("vault search: nothing found");
        assertThat(CommandLineRun.of("search", file, "docs", "cat", "--offset", "7")
                        .err())
                .contains("nothing found behind the first 7");
    }

    @Test
    void vectorsAreFoundFromTheCommandLineAFileAndTheirOwnKind() throws IOException {
        assertThat(out("search", file, "vecs", "--vector", "[0, 1]"))
                .isEqualTo("DISTANCE  ID  VALUE\n   1.000   1  cats\n   4.243   2  birds\n   10.05   3\n");
        Path query = Files.writeString(folder.resolve("q.json"), "[3,4]\n");
        assertThat(ids("search", file, "vecs", "--vector", "@" + query, "-n", "1"))
                .containsExactly(2);
        assertThat(ids("search", file, "vecs", "--vector", "@" + query, "--offset", "1"))
                .containsExactly(1, 3);
        assertThat(ids("search", file, "vecs", "--like", "2")).containsExactly(1, 3);
        assertThat(ids("search", file, "vecs", "--like", "2", "--max-distance", "5"))
                .containsExactly(1);
        assertThat(hits("search", file, "vecs", "--vector", "[1,0]", "--metric", "dot")
                        .get(0))
                .isEqualTo(JSON.readTree("{\"id\":3,\"distance\":-10.0,\"value\":null}"));
        assertThat(hits("search", file, "vecs", "--vector", "[6,8]", "--metric", "L1", "-n", "1")
                        .get(0)
                        .get("distance")
                        .asDouble())
                .isEqualTo(7);
    }

    @Test
    void wordsAndAVectorAreOneRanking() throws IOException {
        List<JsonNode> hits =
                hits("search", file, "docs", "--any", "warm sings", "--with", "vecs", "--vector", "[3,4]");
        assertThat(hits).hasSize(3);
        assertThat(hits.get(0).get("value").asText()).isEqualTo("birds");
        assertThat(hits.get(0).get("id").asInt()).isEqualTo(3);
        assertThat(hits.get(0).get("vector_id").asInt()).isEqualTo(2);
        assertThat(hits.get(0).get("vector_rank").asInt()).isEqualTo(1);
        assertThat(hits.get(0).get("distance").asDouble()).isZero();
        assertThat(hits.get(0).get("snippet").asText()).contains("**warm**");
        assertThat(hits.get(0).get("texts").get("title").asText()).isEqualTo("Birds");
        assertThat(hits.get(2).has("id")).isFalse();
        String table = out(
                "search", file, "docs", "--any", "warm sings", "--with", "vecs", "--like", "2", "--max-distance", "6");
        assertThat(table.lines().findFirst().orElseThrow())
                .containsPattern("SCORE +ID +#TEXT +VECTOR +#VECTOR +VALUE +SNIPPET");
        assertThat(table.lines()).hasSize(3).anyMatch(line -> line.contains("cats") && line.contains("sleeps"));
        assertThat(hits(
                        "search",
                        file,
                        "docs",
                        "--any",
                        "warm sings",
                        "--with",
                        "vecs",
                        "--vector",
                        "[3,4]",
                        "--offset",
                        "1"))
                .isEqualTo(hits.subList(1, 3));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "docs| 2| 'docs' holds documents: say TEXT",
                "docs cat --any --phrase| 2| exclude each other",
                "docs cat -n -1| 2| -n -1: how many hits cannot be negative",
                "docs cat --offset -1| 2| --offset -1",
                "docs cat -n many| 2| --limit 'many'",
                "docs cat --vector [1,2]| 2| say with --with which vectors",
                "docs cat --metric l2| 2| say with --with which vectors",
                "docs cat --with vecs| 2| say --vector, or --like and an id",
                "docs cat --with vecs --like 1 --vector [1,2]| 2| say --vector or --like, not both",
                "docs cat --with docs --like 1| 2| --with docs: it holds documents",
                "docs cat --columns nose| 1| has no column nose to search in; it has [title, body]",
                "docs cat --json -x| 2| say --json or -x",
                "docs --fts5 AND| 1| does not take the query 'AND'",
                "vecs cat --like 1| 2| 'vecs' holds vectors, which have no words",
                "vecs| 2| 'vecs' holds vectors: say --vector",
                "vecs --like 77| 1| there is no id 77",
                "vecs --vector [1,2,3]| 1| has 2 numbers, but this one has 3",
                "vecs --vector [1,| 2| --vector '[1,': it is no JSON",
                "vecs --vector 7| 2| it is no list of numbers",
                "vecs --vector [1,\"a\"]| 2| element 1 is no number",
                "vecs --vector [1e60,1]| 2| element 0 is beyond what f32 holds",
                "vecs --vector @none.json| 1| none.json: no such file",
                "vecs --like 1 --metric l3| 2| it is one of cosine, l2, l1, dot",
                "kv k| 1| 'kv' is of the kind key-values, and only documents and vectors are searched",
                "dosc cat| 1| there is nothing called 'dosc'; did you mean 'docs'?",
                "unknown cat| 1| there is nothing called 'unknown'; see 'vault ls'",
            })
    void whatIsWrongIsSaidInOneLine(String line, int exit, String message) {
        List<Object> args = new ArrayList<>(List.of("search", file));
        args.addAll(List.of(line.split(" ", -1)));
        CommandLineRun run = CommandLineRun.of(args.toArray());
        assertThat(run.err().lines()).singleElement().asString().contains(message);
        assertThat(run.exit()).isEqualTo(exit);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void partsOfChineseAndJapaneseTextAreFoundByTrigrams() throws IOException {
        assertThat(out("add", file, "cjk", "東京都は日本の首都である", "--tokenizer", "trigram", "--value", "東京"))
                .isEqualTo("1\n");
        assertThat(out("add", file, "cjk", "北京是中国的首都")).isEqualTo("2\n");
        assertThat(hits("search", file, "cjk", "日本の").get(0).get("snippet").asText())
                .isEqualTo("東京都は**日本の**首都である");
        assertThat(ids("search", file, "cjk", "首都")).containsExactly(1, 2); // shorter than a trigram
        assertThat(out("search", file, "cjk", "日本の")).contains("東京   東京都は日本の首都である");
    }

    @Test
    void documentsAndVectorsOfTheRealKohakuVaultAreSearched() throws IOException {
        Path golden = Golden.database("kv-text-vector", folder);
        List<JsonNode> hits = hits("search", golden, "notes", "quick brown fox", "--phrase");
        assertThat(hits)
                .isNotEmpty()
                .allSatisfy(hit -> assertThat(hit.get("snippet").asText().replace("**", ""))
                        .containsIgnoringCase("quick brown fox"));
        assertThat(hits.get(0).get("id").asInt()).isEqualTo(3);
        assertThat(hits.get(0).get("value")).isEqualTo(JSON.readTree("{\"n\":2}"));
        List<JsonNode> near = hits("search", golden, "vcos", "--like", "1", "-n", "3");
        assertThat(near).hasSize(3).noneMatch(hit -> hit.get("id").asInt() == 1);
        assertThat(out("head", golden, "docs", "-n", "1").lines().findFirst().orElseThrow())
                .matches("ID  title +body +VALUE");
        assertThat(out("ls", golden)).contains("title, body (", "content (", "float 8 cosine");
    }
}
