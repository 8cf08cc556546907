package io.kohakuvault.search;

import io.kohakuvault.text.TextHit;
import io.kohakuvault.text.TextReader;
import io.kohakuvault.vector.VectorHit;
import io.kohakuvault.vector.VectorReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Searches documents and vectors together. A document and a vector are one thing when the keys of their values are
 * equal: by default the values themselves, so store both with the same one, such as a key. Ids do not matter. A value
 * that names nothing (null, the empty text) joins with none. Thread-safe.
 *
 * <p>On a vault the two tables are searched one after the other, each in its newest state; on a snapshot's tables both
 * in the snapshot's.
 *
 * <pre>{@code
 * HybridSearch search = HybridSearch.of(vault.text("docs"), vault.vectors("docs_vectors"));
 * HybridQuery query = HybridQuery.of(TextQuery.any("how to stop").withSnippets(12), VectorQuery.of(vector));
 * for (HybridHit hit : search.search(query, 10)) System.out.println(hit.score() + " " + hit.value());
 * }</pre>
 */
public final class HybridSearch {
    /** FTS5's BM25 gives a word that more than half of the documents have a millionth of what others count. */
    private static final double NOTHING_SAID = 1e-5;

    private final TextReader texts;
    private final VectorReader vectors;
    private final @Nullable Function<? super Optional<Object>, ? extends @Nullable Object> key;

    private HybridSearch(
            TextReader texts,
            VectorReader vectors,
            @Nullable Function<? super Optional<Object>, ? extends @Nullable Object> key) {
        this.texts = Objects.requireNonNull(texts, "texts");
        this.vectors = Objects.requireNonNull(vectors, "vectors");
        this.key = key;
    }

    /**
     * Tables whose documents and vectors are stored with equal values.
     *
     * @param texts the documents
     * @param vectors the vectors
     * @return the search
     */
    public static HybridSearch of(TextReader texts, VectorReader vectors) {
        return new HybridSearch(texts, vectors, null);
    }

    /**
     * The same tables, joined by a part of their values.
     *
     * @param of answers the key of a value, of either table; null for one that joins with none
     * @return a changed copy
     */
    public HybridSearch withKey(Function<? super Optional<Object>, ? extends @Nullable Object> of) {
        return new HybridSearch(texts, vectors, Objects.requireNonNull(of, "of"));
    }

    /**
     * The documents that are searched.
     *
     * @return as they were given
     */
    public TextReader documents() {
        return texts;
    }

    /** What has been found of one thing. */
    private static final class Found {
        private double score;
        private OptionalInt textRank = OptionalInt.empty();
        private OptionalInt vectorRank = OptionalInt.empty();
        private Optional<TextHit> text = Optional.empty();
        private Optional<VectorHit> vector = Optional.empty();
    }

    /**
     * The best of what both find, best first; of one score, those that the words have found come first, in their order.
     * Several documents of one key count by the best of them, and so do vectors.
     *
     * @param query what to search for
     * @param k how many hits at most, at least 0
     * @return the hits
     * @throws IllegalArgumentException as the two searches throw it
     */
    public List<HybridHit> search(HybridQuery query, int k) {
        if (k < 0) {
            throw new IllegalArgumentException("k must be at least 0, but was " + k);
        }
        int candidates = query.candidates(k);
        // One more than is fused shows where a list was cut off among hits of one score.
        int asked = k == 0 ? 0 : (int) Math.min(Integer.MAX_VALUE, candidates + 1L);
        List<TextHit> byText = texts.search(query.text(), asked);
        List<VectorHit> byVector = vectors.search(query.vector(), asked);
        Map<Object, Found> found = new LinkedHashMap<>();
        Scores<TextHit> textScores =
                scores(query, byText, candidates, TextHit::score, NOTHING_SAID, query.textWeight());
        for (int i = 0; i < Math.min(candidates, byText.size()); i++) {
            TextHit hit = byText.get(i);
            Found entry = found.computeIfAbsent(identity(hit.value()), key -> new Found());
            if (entry.text.isEmpty()) {
                entry.text = Optional.of(hit);
                entry.textRank = OptionalInt.of(i + 1);
                entry.score += textScores.of(i, hit);
            }
        }
        Scores<VectorHit> vectorScores = scores(
                query, byVector, candidates, hit -> -hit.distance(), Double.NEGATIVE_INFINITY, query.vectorWeight());
        for (int i = 0; i < Math.min(candidates, byVector.size()); i++) {
            VectorHit hit = byVector.get(i);
            Found entry = found.computeIfAbsent(identity(hit.value()), key -> new Found());
            if (entry.vector.isEmpty()) {
                entry.vector = Optional.of(hit);
                entry.vectorRank = OptionalInt.of(i + 1);
                entry.score += vectorScores.of(i, hit);
            }
        }
        List<HybridHit> hits = new ArrayList<>();
        found.values().stream()
                .sorted(Comparator.comparingDouble((Found f) -> f.score).reversed())
                .limit(k)
                .forEach(f -> hits.add(
                        new FusedSearchHit(f.score, f.textRank, f.vectorRank, f.text, f.vector, texts(query, f))));
        return List.copyOf(hits);
    }

    private Object identity(Optional<Object> value) {
        return Identity.of(key == null ? value : key.apply(value));
    }

    /** What a hit of a list adds to the score of what it is a hit of. */
    @FunctionalInterface
    private interface Scores<T> {
        double of(int index, T hit);
    }

    private static <T> Scores<T> scores(
            HybridQuery query, List<T> hits, int candidates, ToDoubleFunction<T> score, double nothing, double weight) {
        int counted = counted(hits, candidates, score, nothing);
        if (query.method() == HybridQuery.Method.RECIPROCAL_RANK || counted == 0) {
            return (index, hit) -> index < counted ? weight / (Fusion.RANK_CONSTANT + index + 1) : 0;
        }
        double best = finite(score.applyAsDouble(hits.get(0)));
        double worst = finite(score.applyAsDouble(hits.get(Math.min(candidates, hits.size()) - 1)));
        return (index, hit) -> index >= counted
                ? 0
                : best == worst ? weight : weight * (finite(score.applyAsDouble(hit)) - worst) / (best - worst);
    }

    /**
     * How many hits of a list count. Where it was cut off among hits of one score, it is by chance which of these are
     * in
     * it: all documents that have nothing of a question but a word that most documents have, for instance.
     *
     * @param nothing scores up to this one say nothing, and are one
     */
    private static <T> int counted(List<T> hits, int candidates, ToDoubleFunction<T> score, double nothing) {
        if (hits.size() <= candidates) {
            return hits.size();
        }
        double cut = score.applyAsDouble(hits.get(candidates));
        int counted = candidates;
        while (counted > 0) {
            double last = score.applyAsDouble(hits.get(counted - 1));
            if (last != cut && !(last <= nothing && cut <= nothing)) {
                break;
            }
            counted--;
        }
        return counted;
    }

    /** A distance may be infinite, or of foreign vectors none. */
    private static double finite(double score) {
        return Double.isNaN(score) ? -Float.MAX_VALUE : Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, score));
    }

    private List<String> texts(HybridQuery query, Found found) {
        if (!query.text().hasTexts()) {
            return List.of();
        }
        if (found.text.isPresent()) {
            return found.text.get().texts();
        }
        Object value = found.vector.flatMap(VectorHit::value).orElse(null);
        if (value == null || key != null) {
            return List.of();
        }
        return texts.idsWith(value).stream()
                .limit(1)
                .flatMap(id -> texts.find(id).stream())
                .findFirst()
                .map(document -> document.texts())
                .orElse(List.of());
    }
}
