package io.kohakuvault.langchain4j;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.EmbeddingMatch;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.EmbeddingSearchResult;
import dev.langchain4j.store.embedding.EmbeddingStore;
import dev.langchain4j.store.embedding.filter.Filter;
import io.kohakuvault.Vault;
import io.kohakuvault.text.TextOptions;
import io.kohakuvault.vector.VectorQuery;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * LangChain4j's embedding store in a vault's file. A file holds as many as one likes, by name, beside whatever else is
 * in it. Searches are exact; filters are applied before the best are taken.
 *
 * <p>A call that changes something is a transaction of its own, {@link #addAll} one for all, or part of the one that
 * the calling thread has open by {@link Vault#transact}. An id that is there already gets the new embedding and segment
 * in the place of its own. Nothing is changed when an embedding is refused. The vault is the caller's to close.
 *
 * <p>Embeddings are kept, and come back, at length 1, since only their direction counts for a cosine. Thread-safe.
 *
 * <pre>{@code
 * VaultEmbeddingStore store =
 *         VaultEmbeddingStore.builder().vault(vault).name("articles").dimension(384).build();
 * store.add(Embedding.from(vector), TextSegment.from("a paragraph", Metadata.from("source", "a.md")));
 * }</pre>
 */
public final class VaultEmbeddingStore implements EmbeddingStore<TextSegment> {
    private final SegmentTables tables;

    private VaultEmbeddingStore(SegmentTables tables) {
        this.tables = tables;
    }

    /**
     * Begins a store.
     *
     * @return its builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** What a store is made of. Not thread-safe. */
    public static final class Builder {
        private @Nullable Vault vault;
        private @Nullable String name;
        private int dimension;
        private TextOptions.@Nullable Tokenizer tokenizer;
        private int threads = 1;

        private Builder() {}

        /**
         * The file. Needed.
         *
         * @param file an open vault, which stays the caller's
         * @return this builder
         */
        public Builder vault(Vault file) {
            vault = Objects.requireNonNull(file, "vault");
            return this;
        }

        /**
         * Which store of the file. Its vectors are the table of that name, what finds them by id is {@code name_ids},
         * the text {@code name_text}. Needed.
         *
         * @param table letters, digits and underscores
         * @return this builder
         */
        public Builder name(String table) {
            name = Objects.requireNonNull(table, "name");
            return this;
        }

        /**
         * How many numbers an embedding has. Needed for a store that is not there yet.
         *
         * @param numbers 1 to 8192, as the embedding model says
         * @return this builder
         */
        public Builder dimension(int numbers) {
            dimension = numbers;
            return this;
        }

        /**
         * Keeps the text of segments for searching by words too, cut into words by unicode61. See {@link
         * #text(TextOptions.Tokenizer)}.
         *
         * @return this builder
         */
        public Builder text() {
            return text(TextOptions.Tokenizer.UNICODE61);
        }

        /**
         * Keeps the text of segments for searching by words too, as {@link HybridContentRetriever} does. A store that
         * was made without gets the text of all that it holds. From then on it is kept by everybody who opens the
         * store, also without saying this again.
         *
         * @param words how text is cut into words; {@link TextOptions.Tokenizer#PORTER} finds other forms of English
         *     words
         * @return this builder
         */
        public Builder text(TextOptions.Tokenizer words) {
            tokenizer = Objects.requireNonNull(words, "words");
            return this;
        }

        /**
         * How many threads share a search of a large store. Filters are then asked by all of them at once.
         *
         * @param count 1 to {@link VectorQuery#MAX_THREADS}; 1 unless it is said
         * @return this builder
         */
        public Builder threads(int count) {
            threads = count;
            return this;
        }

        /**
         * Opens the store; its tables are made by the first write, that of the text now.
         *
         * @return the store
         * @throws IllegalArgumentException when the vault or the name is missing, the name is taken by something else,
         *     or the store has another dimension or another way to cut text into words
         * @throws java.util.NoSuchElementException when the vault is read-only and has no such store
         * @throws UnsupportedOperationException when the vault is read-only and the store has no text to search
         */
        public VaultEmbeddingStore build() {
            if (vault == null || name == null) {
                throw new IllegalArgumentException("a store needs a vault and a name");
            }
            SegmentTables tables = new SegmentTables(vault, name, dimension, threads);
            if (tokenizer != null) {
                tables.addText(tokenizer);
            }
            return new VaultEmbeddingStore(tables);
        }
    }

    SegmentTables tables() {
        return tables;
    }

    @Override
    public String add(Embedding embedding) {
        String id = randomId();
        put(List.of(id), Collections.singletonList(embedding), null);
        return id;
    }

    /** Adds an embedding without a segment, or puts it in the place of what has the id. */
    @Override
    public void add(String id, Embedding embedding) {
        put(Collections.singletonList(id), Collections.singletonList(embedding), null);
    }

    @Override
    public String add(Embedding embedding, @Nullable TextSegment segment) {
        String id = randomId();
        put(List.of(id), Collections.singletonList(embedding), Collections.singletonList(segment));
        return id;
    }

    @Override
    public List<String> addAll(List<Embedding> embeddings) {
        List<String> ids = generateIds(embeddings.size());
        put(ids, embeddings, null);
        return ids;
    }

    /**
     * Adds embeddings with their segments in one transaction, or puts them in the place of what has their ids. Of
     * several with one id, the last counts.
     *
     * @param ids one for each embedding
     * @param embeddings the embeddings
     * @param segments one for each embedding, null for one without; null when none has one
     * @throws IllegalArgumentException when there are not as many of each, or one of them cannot be stored; nothing is
     *     changed then
     */
    @Override
    public void addAll(
            @Nullable List<String> ids, @Nullable List<Embedding> embeddings, @Nullable List<TextSegment> segments) {
        put(ids == null ? List.of() : ids, embeddings == null ? List.of() : embeddings, segments);
    }

    private void put(List<String> ids, List<Embedding> embeddings, @Nullable List<TextSegment> segments) {
        if (ids.size() != embeddings.size()) {
            throw sizes("ids", ids.size(), "embeddings", embeddings.size());
        }
        if (segments != null && segments.size() != embeddings.size()) {
            throw sizes("embeddings", embeddings.size(), "embedded", segments.size());
        }
        List<SegmentTables.Entry> entries = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            Embedding embedding = embeddings.get(i);
            if (embedding == null) {
                throw new IllegalArgumentException("an embedding cannot be null, but that of " + ids.get(i) + " is");
            }
            entries.add(new SegmentTables.Entry(
                    new StoredSegment(ids.get(i), segments == null ? null : segments.get(i)), embedding));
        }
        if (!entries.isEmpty()) {
            tables.put(entries);
        }
    }

    /** In the words that LangChain4j's other stores have for it. */
    private static IllegalArgumentException sizes(String one, int size, String other, int otherSize) {
        return new IllegalArgumentException(
                one + " size (" + size + ") is not equal to " + other + " size (" + otherSize + ")");
    }

    private static String randomId() {
        return UUID.randomUUID().toString();
    }

    /** Removes what has one of the ids, in one transaction; ids that nothing has are passed over. */
    @Override
    public void removeAll(@Nullable Collection<String> ids) {
        if (ids != null && !ids.isEmpty()) {
            tables.remove(ids);
        }
    }

    /** Removes what a search with the filter could find, in one transaction. All that is stored is read for it. */
    @Override
    public void removeAll(Filter filter) {
        if (filter == null) {
            throw new IllegalArgumentException("filter cannot be null");
        }
        tables.removeAll(new SegmentTables.Wanted(filter, false));
    }

    /** Removes everything, in one transaction, except for vectors that something else has written without an id. */
    @Override
    public void removeAll() {
        tables.removeAll(new SegmentTables.Wanted(null, false));
    }

    /**
     * The best matches, best first. A filter sees an embedding without a segment as one without metadata. Vectors that
     * something else has written into the table without an id are passed over.
     *
     * @param request the embedding, how many, the least score, the filter
     * @return the matches; their embeddings are of length 1
     * @throws IllegalArgumentException when the embedding has another dimension or no direction
     */
    @Override
    public EmbeddingSearchResult<TextSegment> search(EmbeddingSearchRequest request) {
        List<EmbeddingMatch<TextSegment>> matches = tables
                .nearest(
                        VectorQuery.of(request.queryEmbedding().vector()).withVectors(),
                        request.maxResults(),
                        request.minScore(),
                        new SegmentTables.Wanted(request.filter(), false))
                .stream()
                .map(match -> new EmbeddingMatch<>(
                        match.score(),
                        match.id(),
                        Embedding.from(match.hit().vector().orElseThrow()),
                        match.stored().segment()))
                .toList();
        return new EmbeddingSearchResult<>(matches);
    }

    @Override
    public String toString() {
        return "embeddings " + tables;
    }
}
