package io.kohakuvault.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import dev.langchain4j.rag.content.ContentMetadata;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.store.embedding.EmbeddingMatch;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import io.kohakuvault.Vault;
import io.kohakuvault.text.TextHit;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is found of what should be, by a real sentence model: notes of a help desk, and questions of which some have
 * only
 * a code or a name in common with their answer, and some only the meaning. docs/langchain4j.md has the figures.
 */
class RetrievalQualityTest {
    private static final int K = 5;

    @TempDir
    static Path folder;

    private static final EmbeddingModel MODEL = new AllMiniLmL6V2QuantizedEmbeddingModel();
    private static Vault vault;
    private static VaultEmbeddingStore store;

    private record Question(String kind, String text, Set<String> answers) {}

    private record Figures(double ndcg, double recall) {}

    @BeforeAll
    static void fill() {
        vault = Vault.open(folder.resolve("notes.db"));
        store = VaultEmbeddingStore.builder()
                .vault(vault)
                .name("notes")
                .dimension(MODEL.dimension())
                .text()
                .build();
        List<String> ids = new ArrayList<>();
        List<TextSegment> segments = new ArrayList<>();
        lines("knowledge.tsv").forEach(fields -> {
            ids.add(fields[0]);
            segments.add(TextSegment.from(fields[1]));
        });
        store.addAll(ids, MODEL.embedAll(segments).content(), segments);
    }

    @AfterAll
    static void close() {
        vault.close();
    }

    private static List<String[]> lines(String resource) {
        try (InputStream in = Objects.requireNonNull(RetrievalQualityTest.class.getResourceAsStream("/" + resource))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split("\t"))
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> byWords(String question) {
        return vault.text("notes_text").search(new SearchWords(SearchWords.ENGLISH).of(question), K).stream()
                .map(TextHit::value)
                .map(id -> (String) id.orElseThrow())
                .toList();
    }

    private static List<String> byMeaning(String question) {
        return store
                .search(EmbeddingSearchRequest.builder()
                        .queryEmbedding(MODEL.embed(question).content())
                        .maxResults(K)
                        .build())
                .matches()
                .stream()
                .map(EmbeddingMatch::embeddingId)
                .toList();
    }

    private static HybridContentRetriever.Builder hybrid() {
        return HybridContentRetriever.builder()
                .store(store)
                .embeddingModel(MODEL)
                .maxResults(K);
    }

    private static List<String> found(HybridContentRetriever.Builder how, String question) {
        return how.build().retrieve(Query.from(question)).stream()
                .map(content -> (String) content.metadata().get(ContentMetadata.EMBEDDING_ID))
                .toList();
    }

    private static Figures figures(List<Question> questions, Function<String, List<String>> search) {
        double ndcg = 0;
        double recall = 0;
        for (Question question : questions) {
            List<String> found = search.apply(question.text);
            double gain = 0;
            double best = 0;
            int hits = 0;
            for (int i = 0; i < K; i++) {
                double discounted = Math.log(2) / Math.log(i + 2);
                if (i < found.size() && question.answers.contains(found.get(i))) {
                    gain += discounted;
                    hits++;
                }
                best += i < question.answers.size() ? discounted : 0;
            }
            ndcg += gain / best / questions.size();
            recall += (double) hits / question.answers.size() / questions.size();
        }
        return new Figures(ndcg, recall);
    }

    @Test
    void bothTogetherFindAtLeastWhatEitherDoes() {
        List<Question> questions = lines("questions.tsv").stream()
                .map(fields -> new Question(fields[0], fields[1], Set.of(fields[2].split(","))))
                .toList();
        Map<String, Function<String, List<String>>> searches = new LinkedHashMap<>();
        searches.put("text", RetrievalQualityTest::byWords);
        searches.put("vectors", RetrievalQualityTest::byMeaning);
        searches.put("hybrid", question -> found(hybrid(), question));
        searches.put("hybrid, every word", question -> found(hybrid().stopWords(List.of()), question));
        Map<String, Figures> all = new LinkedHashMap<>();
        searches.forEach((name, search) -> {
            all.put(name, figures(questions, search));
            for (String kind : List.of("words", "meaning")) {
                List<Question> some = questions.stream()
                        .filter(question -> question.kind.equals(kind))
                        .toList();
                System.out.println(name + ", " + kind + " (" + some.size() + "): " + figures(some, search));
            }
            System.out.println(name + ", all (" + questions.size() + "): " + all.get(name));
        });
        Figures both = all.get("hybrid");
        for (String one : List.of("text", "vectors", "hybrid, every word")) {
            assertThat(both.ndcg).as("nDCG@5 beside " + one).isGreaterThanOrEqualTo(all.get(one).ndcg);
            assertThat(both.recall).as("recall@5 beside " + one).isGreaterThanOrEqualTo(all.get(one).recall);
        }
        assertThat(both.ndcg).isGreaterThan(0.8);
    }
}
