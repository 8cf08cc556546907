package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kohakuvault.search.HybridHit;
import io.kohakuvault.search.HybridQuery;
import io.kohakuvault.search.HybridSearch;
import io.kohakuvault.text.TextHit;
import io.kohakuvault.text.TextQuery;
import io.kohakuvault.text.TextVault;
import io.kohakuvault.vector.VectorHit;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import io.kohakuvault.vector.VectorQuery;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HybridSearchTest {
    @TempDir
    Path folder;

    private Vault vault() {
        return Vault.open(folder.resolve("a.db"));
    }

    @Test
    void kMayBeAsLargeAsItGets() {
        try (Vault vault = Vault.open(folder.resolve("large.db"))) {
            vault.text("docs").insert("word", "a");
            vault.vectors("v", VectorOptions.l2(2)).insert(new float[] {1, 2}, "a");
            HybridQuery query = HybridQuery.of(TextQuery.any("word"), VectorQuery.of(1, 2));
            HybridSearch search = HybridSearch.of(vault.text("docs"), vault.vectors("v"));
            assertThat(search.search(query, Integer.MAX_VALUE)).hasSize(1);
            assertThat(search.search(query.withCandidates(Integer.MAX_VALUE), 3))
                    .hasSize(1);
        }
    }

    @Test
    void hitsAreJoinedByTheirValuesAndCarryBothRanks() {
        try (Vault vault = vault()) {
            TextVault docs = vault.text("docs");
            VectorKVault vectors = vault.vectors("vecs", VectorOptions.cosine(2));
            docs.insert("about nothing", "pad"); // ids differ from the vectors'
            docs.insert("red apples", "apples");
            docs.insert("green pears", "pears");
            docs.insert("no vector, but apples", "alone");
            vectors.insert(new float[] {0, 1}, "pears");
            vectors.insert(new float[] {1, 0}, "apples");
            vectors.insert(new float[] {1, 0.2f}, "no document");
            vectors.insert(new float[] {1, 0.1f}, null);
            docs.insert("apples without a name", null);
            HybridSearch search = HybridSearch.of(docs, vectors);
            HybridQuery query =
                    HybridQuery.of(TextQuery.any("apples").withSnippets(3).withTexts(), VectorQuery.of(1, 0));
            List<HybridHit> hits = search.search(query, 10);
            HybridHit first = hits.get(0);
            assertThat(first.value()).contains("apples");
            assertThat(first.textRank()).hasValue(1);
            assertThat(first.vectorRank()).hasValue(1);
            assertThat(first.score()).isEqualTo(2.0 / 61);
            assertThat(first.text().orElseThrow().snippet()).contains("red **apples**");
            assertThat(first.vector().orElseThrow().distance()).isEqualTo(0);
            // null names nothing: the document and the vector that have it are two things
            assertThat(hits).hasSize(6);
            assertThat(hits.stream().filter(hit -> hit.value().isEmpty())).hasSize(2);
            HybridHit pears = hits.stream()
                    .filter(hit -> hit.value().equals(Optional.of("pears")))
                    .findFirst()
                    .orElseThrow();
            assertThat(pears.textRank()).isEmpty();
            assertThat(pears.vectorRank()).hasValue(4);
            assertThat(pears.texts()).containsExactly("green pears");
            assertThat(search.search(query, 2)).hasSize(2);
            assertThat(search.search(query, 0)).isEmpty();
            assertThat(search.search(query.withWeights(0, 1), 1).get(0).value()).contains("apples");
            assertThat(search.search(query.withValues(v -> v.equals(Optional.of("pears"))), 9))
                    .extracting(HybridHit::value)
                    .containsExactly(Optional.of("pears"));
            assertThatThrownBy(() -> query.withWeights(0, 0)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> query.withWeights(Double.NaN, 1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> query.withCandidates(0)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> HybridQuery.of(TextQuery.all("a").withOffset(1), VectorQuery.of(1)))
                    .hasMessageContaining("offset");
            assertThatThrownBy(() -> search.search(HybridQuery.of(TextQuery.any("a"), VectorQuery.of(1)), 0))
                    .hasMessageContaining("2 numbers");
        }
    }

    @Test
    void aPartOfTheValueIsTheKey() {
        try (Vault vault = vault()) {
            TextVault docs = vault.text("docs");
            VectorKVault vectors = vault.vectors("vecs", VectorOptions.l2(1));
            docs.insert("one", Map.of("page", 7, "kind", "text"));
            vectors.insert(new float[] {1}, Map.of("page", 7, "kind", "vector"));
            vectors.insert(new float[] {2}, Map.of("page", 8));
            HybridSearch search =
                    HybridSearch.of(docs, vectors).withKey(value -> value.map(map -> ((Map<?, ?>) map).get("page")));
            List<HybridHit> hits = search.search(HybridQuery.of(TextQuery.any("one"), VectorQuery.of(1)), 9);
            assertThat(hits).hasSize(2);
            assertThat(hits.get(0).textRank()).hasValue(1);
            assertThat(hits.get(0).vectorRank()).hasValue(1);
        }
    }

    @Test
    void normalisedScoresKeepHowMuchBetterOneIs() {
        try (Vault vault = vault()) {
            TextVault docs = vault.text("docs");
            VectorKVault vectors = vault.vectors("vecs", VectorOptions.l2(1));
            for (int i = 0; i <= 10; i++) {
                docs.insert("word", "k" + i);
                vectors.insert(new float[] {i == 0 ? 0 : 90 + i}, "k" + i);
            }
            HybridQuery query = HybridQuery.of(TextQuery.any("word"), VectorQuery.of(0))
                    .withMethod(HybridQuery.Method.NORMALISED_SCORES)
                    .withWeights(1, 2);
            List<HybridHit> hits = HybridSearch.of(docs, vectors).search(query, 20);
            assertThat(hits.get(0).score()).isEqualTo(1 + 2.0); // all words score alike
            assertThat(hits.get(1).score()).isCloseTo(1 + 2 * 0.09, within(1e-9));
            assertThat(hits.get(10).score()).isEqualTo(1.0);
        }
    }

    /** What a question is, and the documents that answer it. */
    private record Question(String words, float[] vector, List<String> answers) {}

    private static final int DIMENSIONS = 24;
    private static final int K = 10;

    private static float[] near(Random random, float[] to, double noise) {
        float[] vector = to.clone();
        for (int i = 0; i < vector.length; i++) {
            vector[i] += (float) (noise * random.nextGaussian());
        }
        return vector;
    }

    /**
     * A set with known answers: documents of a topic lie together as vectors, and say it with one of its words; each
     * has a code of its own. Some questions only words answer (a code: the vector only knows the topic), some only
     * vectors (another word for the topic), some both.
     */
    @Test
    void togetherTheyAnswerMoreThanEitherAlone() {
        Random random = new Random(11);
        try (Vault vault = vault()) {
            TextVault docs = vault.text("docs");
            VectorKVault vectors = vault.vectors("vecs", VectorOptions.cosine(DIMENSIONS));
            List<Question> questions = new ArrayList<>();
            vault.transact(() -> {
                for (int topic = 0; topic < 60; topic++) {
                    float[] centre = near(random, new float[DIMENSIONS], 1);
                    List<String> all = new ArrayList<>();
                    for (int i = 0; i < 8; i++) {
                        String key = topic + "/" + i;
                        all.add(key);
                        String said = i % 2 == 0 ? "word" + topic : "other" + topic;
                        docs.insert(said + " common " + "filler" + random.nextInt(20) + " code" + topic + "x" + i, key);
                        vectors.insert(near(random, centre, 0.7), key);
                    }
                    int one = random.nextInt(8);
                    questions.add(new Question(
                            "common code" + topic + "x" + one, near(random, centre, 1.0), List.of(topic + "/" + one)));
                    questions.add(new Question("common synonym" + topic, near(random, centre, 0.8), all));
                    questions.add(new Question("common word" + topic, near(random, centre, 1.0), all));
                }
            });
            HybridSearch search = HybridSearch.of(docs, vectors);
            Map<String, double[]> figures = Map.of(
                    "text",
                    evaluate(
                            questions,
                            q -> ndcg(
                                    q,
                                    docs.search(TextQuery.any(q.words()), K).stream()
                                            .map(TextHit::value)
                                            .toList()),
                            q -> recall(
                                    q,
                                    docs.search(TextQuery.any(q.words()), K).stream()
                                            .map(TextHit::value)
                                            .toList())),
                    "vectors",
                    evaluate(
                            questions,
                            q -> ndcg(
                                    q,
                                    vectors.search(q.vector(), K).stream()
                                            .map(VectorHit::value)
                                            .toList()),
                            q -> recall(
                                    q,
                                    vectors.search(q.vector(), K).stream()
                                            .map(VectorHit::value)
                                            .toList())),
                    "hybrid",
                    evaluate(questions, q -> ndcg(q, hybrid(search, q)), q -> recall(q, hybrid(search, q))));
            figures.forEach((name, f) -> System.out.printf(
                    "hybrid evaluation: %-8s nDCG@%d %.3f, recall@%d %.3f%n", name, K, f[0], K, f[1]));
            for (int measure = 0; measure < 2; measure++) {
                double better = Math.max(figures.get("text")[measure], figures.get("vectors")[measure]);
                assertThat(figures.get("hybrid")[measure])
                        .as(Arrays.toString(figures.get("hybrid")))
                        .isGreaterThan(better + 0.05);
            }
        }
    }

    private static List<Optional<Object>> hybrid(HybridSearch search, Question q) {
        return search.search(HybridQuery.of(TextQuery.any(q.words()), VectorQuery.of(q.vector())), K).stream()
                .map(HybridHit::value)
                .toList();
    }

    private static double[] evaluate(
            List<Question> questions, ToDoubleFunction<Question> first, ToDoubleFunction<Question> second) {
        return new double[] {
            questions.stream().mapToDouble(first).average().orElseThrow(),
            questions.stream().mapToDouble(second).average().orElseThrow()
        };
    }

    private static double recall(Question question, List<Optional<Object>> found) {
        return found.stream()
                        .filter(v -> question.answers().contains(v.orElse("")))
                        .count()
                / (double) Math.min(K, question.answers().size());
    }

    private static double ndcg(Question question, List<Optional<Object>> found) {
        double gained = 0;
        double possible = 0;
        for (int i = 0; i < K; i++) {
            double gain = Math.log(2) / Math.log(i + 2);
            gained +=
                    i < found.size() && question.answers().contains(found.get(i).orElse("")) ? gain : 0;
            possible += i < question.answers().size() ? gain : 0;
        }
        return gained / possible;
    }

    /** What was cut off counts nothing only where it is by chance that it was not. */
    @Test
    void theLastOfAListCountsUnlessItTiesWithTheNext() {
        try (Vault vault = vault()) {
            TextVault docs = vault.text("docs");
            VectorKVault vectors = vault.vectors("vecs", VectorOptions.l2(1));
            for (int i = 0; i < 300; i++) {
                docs.insert(i == 7 || i == 200 ? "hello" : "nothing", "k" + i);
                vectors.insert(new float[] {i * 1e-8f}, "k" + i);
            }
            HybridSearch search = HybridSearch.of(docs, vectors);
            HybridQuery absent =
                    HybridQuery.of(TextQuery.any("absent"), VectorQuery.of(0)).withCandidates(3);
            assertThat(search.search(absent, 3))
                    .extracting(HybridHit::score)
                    .containsExactly(1.0 / 61, 1.0 / 62, 1.0 / 63);
            HybridQuery both = HybridQuery.of(TextQuery.any("hello"), VectorQuery.of(200e-8f));
            assertThat(search.search(both, 3).get(0).value()).contains("k200");
            assertThat(search.search(both.withCandidates(1).withWeights(0, 1), 1)
                            .get(0)
                            .value())
                    .contains("k200");
            // All documents have the word: which of them are among the candidates is chance.
            HybridQuery common = HybridQuery.of(TextQuery.any("nothing"), VectorQuery.of(250e-8f));
            assertThat(search.search(common, 3))
                    .allSatisfy(hit -> assertThat(hit.vectorRank()).isPresent());
        }
    }
}
