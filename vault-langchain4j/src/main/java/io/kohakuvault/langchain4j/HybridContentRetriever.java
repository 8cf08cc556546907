package io.kohakuvault.langchain4j;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.ContentMetadata;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.store.embedding.filter.Filter;
import io.kohakuvault.search.Fusion;
import io.kohakuvault.vector.VectorQuery;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds segments by what they mean and by their words, and puts both lists together by reciprocal ranks: a question in
 * other words is found by the first, an error code or a name by the second. Thread-safe.
 *
 * <p>A content's metadata are {@link ContentMetadata#SCORE}, its embedding's relevance from 0 to 1 however it was
 * found, {@link ContentMetadata#RERANKED_SCORE}, the fused score that the contents are ordered by, and {@link
 * ContentMetadata#EMBEDDING_ID}.
 *
 * <pre>{@code
 * ContentRetriever retriever = HybridContentRetriever.builder()
 *         .store(store)
 *         .embeddingModel(model)
 *         .maxResults(5)
 *         .build();
 * for (Content content : retriever.retrieve(Query.from("How do I stop it?"))) {
 *     System.out.println(content.textSegment());
 * }
 * }</pre>
 */
public final class HybridContentRetriever implements ContentRetriever {
    private final SegmentTables tables;
    private final EmbeddingModel model;
    private final @Nullable EmbeddingInputType inputType;
    private final int maxResults;
    private final double minScore;
    private final int candidates;
    private final List<Double> weights;
    private final SearchWords words;
    private final Function<Query, @Nullable Filter> filter;

    private HybridContentRetriever(SegmentTables tables, EmbeddingModel model, Builder from) {
        this.tables = tables;
        this.model = model;
        this.inputType = from.inputType;
        this.maxResults = from.maxResults;
        this.minScore = from.minScore;
        this.candidates = from.candidates == 0
                ? (int) Math.min(Integer.MAX_VALUE, 4L * from.maxResults)
                : Math.max(from.candidates, from.maxResults);
        this.weights = from.weights;
        this.words = new SearchWords(from.stopWords);
        this.filter = from.filter;
    }

    /**
     * Begins a retriever.
     *
     * @return its builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** What a retriever is made of. Not thread-safe. */
    public static final class Builder {
        private @Nullable VaultEmbeddingStore store;
        private @Nullable EmbeddingModel model;
        private @Nullable EmbeddingInputType inputType;
        private int maxResults = 3;
        private double minScore;
        private int candidates;
        private List<Double> weights = List.of(1.0, 1.0);
        private Set<String> stopWords = SearchWords.ENGLISH;
        private Function<Query, @Nullable Filter> filter = query -> null;

        private Builder() {}

        /**
         * Where to search. Needed.
         *
         * @param from a store that keeps the text of its segments
         * @return this builder
         */
        public Builder store(VaultEmbeddingStore from) {
            store = Objects.requireNonNull(from, "store");
            return this;
        }

        /**
         * What embeds questions. Needed.
         *
         * @param questions the model that has embedded the segments
         * @return this builder
         */
        public Builder embeddingModel(EmbeddingModel questions) {
            model = Objects.requireNonNull(questions, "model");
            return this;
        }

        /**
         * What a question is for the model, where it embeds questions differently from what answers them.
         *
         * @param type mostly {@link EmbeddingInputType#QUERY}; nothing is said to the model unless this is
         * @return this builder
         */
        public Builder embeddingInputType(EmbeddingInputType type) {
            inputType = Objects.requireNonNull(type, "type");
            return this;
        }

        /**
         * How many contents at most.
         *
         * @param count at least 1; 3 unless it is said, as of LangChain4j's own retriever
         * @return this builder
         */
        public Builder maxResults(int count) {
            maxResults = atLeastOne("maxResults", count);
            return this;
        }

        /**
         * The least relevance of what is found by its meaning. What the words find stays: they have found it however
         * far its embedding is.
         *
         * @param score 0 to 1; 0 unless it is said
         * @return this builder
         */
        public Builder minScore(double score) {
            if (!(score >= 0 && score <= 1)) {
                throw new IllegalArgumentException("minScore must be from 0 to 1, but was " + score);
            }
            minScore = score;
            return this;
        }

        /**
         * How many of the best of each search are put together. Many let what is far down in both lists come before
         * what is first in one.
         *
         * @param count at least 1; four times the results unless it is said, and never fewer than they are
         * @return this builder
         */
        public Builder candidates(int count) {
            candidates = atLeastOne("candidates", count);
            return this;
        }

        /**
         * What a rank in each of the two lists counts. Questions that name things are found by their words, others by
         * what they mean: the more there are of one kind, the more that list should count.
         *
         * @param ofWords for the words, finite and at least 0; 1 unless it is said. What counts 0 is not searched for
         * @param ofMeaning for the embedding, likewise
         * @return this builder
         * @throws IllegalArgumentException for other numbers, or when both are 0
         */
        public Builder weights(double ofWords, double ofMeaning) {
            if (!(ofWords >= 0
                    && ofMeaning >= 0
                    && ofWords + ofMeaning > 0
                    && ofWords + ofMeaning <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException(
                        "weights must be finite, at least 0 and not both 0, but were " + ofWords + " and " + ofMeaning);
            }
            weights = List.of(ofWords, ofMeaning);
            return this;
        }

        /**
         * Words of questions that are not searched for, because every text has them: else a question that shares
         * nothing but these with its answer brings whatever text has most of them. A question of nothing else is
         * searched for by its meaning alone.
         *
         * @param words in any case; English's words of grammar unless it is said, and none when it is empty
         * @return this builder
         */
        public Builder stopWords(Collection<String> words) {
            stopWords = Set.copyOf(words);
            return this;
        }

        /**
         * Only segments whose metadata pass, in both searches before their best are taken.
         *
         * @param passes the filter
         * @return this builder
         */
        public Builder filter(Filter passes) {
            Objects.requireNonNull(passes, "filter");
            return dynamicFilter(query -> passes);
        }

        /**
         * A filter for each query, by whose it is for instance.
         *
         * @param passes answers the filter; null for none
         * @return this builder
         */
        public Builder dynamicFilter(Function<Query, @Nullable Filter> passes) {
            filter = Objects.requireNonNull(passes, "filter");
            return this;
        }

        private static int atLeastOne(String what, int count) {
            if (count < 1) {
                throw new IllegalArgumentException(what + " must be at least 1, but was " + count);
            }
            return count;
        }

        /**
         * Makes the retriever.
         *
         * @return the retriever
         * @throws IllegalArgumentException when the store or the model is missing, or the store keeps no text
         */
        public HybridContentRetriever build() {
            if (store == null || model == null) {
                throw new IllegalArgumentException("a retriever needs a store and a model");
            }
            if (!store.tables().hasText()) {
                throw new IllegalArgumentException(
                        "the store " + store.tables().name() + " keeps no text to search; build it with text()");
            }
            return new HybridContentRetriever(store.tables(), model, this);
        }
    }

    /**
     * The best contents for a question. Of a text of more words than a search takes, the first are searched for.
     *
     * @param query the question
     * @return the contents, best first
     */
    @Override
    public List<Content> retrieve(Query query) {
        VectorQuery vector = VectorQuery.of(embed(query.text()).vector());
        SegmentTables.Wanted wanted = new SegmentTables.Wanted(filter.apply(query), true);
        List<Match> byMeaning = weights.get(1) == 0 ? List.of() : tables.nearest(vector, candidates, minScore, wanted);
        List<Match> byWords =
                weights.get(0) == 0 ? List.of() : tables.withWords(words.of(query.text()), vector, candidates, wanted);
        // Of one score, what the words have found comes first: a code or a name is in few segments.
        return Fusion.reciprocalRank(List.of(byWords, byMeaning), weights, Match::id, maxResults).stream()
                .map(fused -> content(fused.item(), fused.score()))
                .toList();
    }

    private Embedding embed(String text) {
        return inputType == null
                ? model.embed(text).content()
                : model.embed(EmbeddingRequest.builder()
                                .input(text)
                                .inputType(inputType)
                                .build())
                        .embeddings()
                        .get(0);
    }

    private static Content content(Match match, double fused) {
        TextSegment segment = Objects.requireNonNull(match.stored().segment());
        return Content.from(
                segment,
                Map.of(
                        ContentMetadata.SCORE, match.score(),
                        ContentMetadata.RERANKED_SCORE, fused,
                        ContentMetadata.EMBEDDING_ID, match.id()));
    }

    @Override
    public String toString() {
        return "contents of " + tables + " by meaning and words";
    }
}
