package io.kohakuvault.langchain4j;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.filter.Filter;
import io.kohakuvault.Vault;
import io.kohakuvault.kv.KVault;
import io.kohakuvault.kv.KvBatch;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.text.NewDocument;
import io.kohakuvault.text.TextHit;
import io.kohakuvault.text.TextOptions;
import io.kohakuvault.text.TextQuery;
import io.kohakuvault.text.TextVault;
import io.kohakuvault.vector.StoredVector;
import io.kohakuvault.vector.VectorHit;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import io.kohakuvault.vector.VectorQuery;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tables of a store: vectors with their segments, which vector an id has, and, where the file has it, the text. The
 * vectors say what there is; the other two only find it, so that what another program deletes of one of them is missing
 * and never taken for something else. Handles are got anew for each call, since another program may drop a table.
 * Thread-safe.
 */
final class SegmentTables {
    private static final int DOCUMENTS_AT_ONCE = 1000;

    private final Vault vault;
    private final String name;
    private final VectorOptions options;
    private final int threads;
    private final String idsName;
    private final String textName;

    SegmentTables(Vault vault, String name, int dimension, int threads) {
        this.vault = vault;
        this.name = name;
        this.options = VectorOptions.cosine(dimension == 0 ? dimension(vault, name) : dimension);
        this.threads = threads;
        this.idsName = name + "_ids";
        this.textName = name + "_text";
        VectorQuery unused = VectorQuery.of(0).withThreads(threads); // checks the number
        ids();
        vectors();
    }

    /** How many numbers the store that is there has. */
    private static int dimension(Vault vault, String name) {
        try {
            return vault.vectors(name).dimensions();
        } catch (NoSuchElementException e) {
            throw new IllegalArgumentException(
                    "there is no store " + name
                            + " yet: say dimension(…), how many numbers the model's embeddings have",
                    e);
        }
    }

    /** An embedding to be written. */
    record Entry(StoredSegment stored, Embedding embedding) {}

    /**
     * Which segments are wanted.
     *
     * @param filter what their metadata must pass, none for an embedding alone; null for all
     * @param withText whether they must have text
     */
    record Wanted(@Nullable Filter filter, boolean withText) {
        private boolean passes(StoredSegment stored) {
            return (!withText || stored.segment() != null) && (filter == null || filter.test(stored.metadata()));
        }
    }

    String name() {
        return name;
    }

    private VectorKVault vectors() {
        return vault.vectors(name, options);
    }

    private KVault ids() {
        return vault.kv(idsName);
    }

    private TextVault text() {
        return vault.text(textName);
    }

    /** The text, for who keeps it up; null where the file has none. */
    private @Nullable TextVault keptText() {
        return hasText() ? text() : null;
    }

    /** Whether the file has the text of this store. */
    boolean hasText() {
        return vault.contents().contains(Content.Kind.DOCUMENTS, textName);
    }

    /** Makes the table of text where the file has none, with what was stored without it. */
    void addText(TextOptions.Tokenizer tokenizer) {
        TextVault made = vault.text(textName, TextOptions.defaults().withTokenizer(tokenizer));
        vault.transact(() -> {
            if (hasText()) {
                made.columns(); // refuses another tokenizer
                return;
            }
            made.indexValues();
            List<NewDocument> documents = new ArrayList<>();
            for (StoredVector vector : vectors().scan()) {
                StoredSegment.of(vector.value())
                        .flatMap(SegmentTables::document)
                        .ifPresent(documents::add);
                if (documents.size() == DOCUMENTS_AT_ONCE) {
                    made.insertAll(documents);
                    documents.clear();
                }
            }
            made.insertAll(documents);
        });
    }

    private static Optional<NewDocument> document(StoredSegment stored) {
        TextSegment segment = stored.segment();
        return segment == null ? Optional.empty() : Optional.of(new NewDocument(List.of(segment.text()), stored.id()));
    }

    /** Refuses what could not be written, before anything is. */
    void check(List<Entry> entries) {
        VectorKVault vectors = vectors();
        for (Entry entry : entries) {
            try {
                vectors.check(entry.embedding.vector());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "the embedding of " + entry.stored.id() + " cannot be stored: " + e.getMessage(), e);
            }
        }
    }

    /** Adds entries, or puts them in the place of those that have their ids: of several with one id the last. */
    void put(List<Entry> entries) {
        check(entries);
        Map<String, Entry> byId = new LinkedHashMap<>();
        entries.forEach(entry -> byId.put(entry.stored.id(), entry));
        vault.transact(() -> {
            VectorKVault vectors = vectors();
            KVault ids = ids();
            KvBatch places = ids.newBatch();
            TextVault text = keptText();
            List<NewDocument> documents = new ArrayList<>();
            byId.forEach((id, entry) -> {
                Long row = row(ids, id);
                if (row != null && isOf(vectors, row, id)) {
                    vectors.updateVector(row, entry.embedding.vector());
                    vectors.updateValue(row, entry.stored.value());
                } else {
                    places.putValue(id, vectors.insert(entry.embedding.vector(), entry.stored.value()));
                }
                if (text != null) {
                    if (row != null) {
                        text.idsWith(id).forEach(text::delete);
                    }
                    document(entry.stored).ifPresent(documents::add);
                }
            });
            ids.write(places);
            if (text != null) {
                text.insertAll(documents);
            }
        });
    }

    private static @Nullable Long row(KVault ids, String id) {
        return ids.findValue(id).orElse(null) instanceof Long row ? row : null;
    }

    /** Whether a row is that of an id: another program may have deleted it, and Python gives its number again. */
    private static boolean isOf(VectorKVault vectors, long row, String id) {
        return vectors.find(row)
                .flatMap(vector -> StoredSegment.of(vector.value()))
                .filter(stored -> stored.id().equals(id))
                .isPresent();
    }

    /** Removes what has one of the ids. */
    void remove(Collection<String> names) {
        vault.transact(() -> {
            VectorKVault vectors = vectors();
            KVault ids = ids();
            TextVault text = keptText();
            for (String id : names) {
                Long row = row(ids, id);
                if (row != null && isOf(vectors, row, id)) {
                    vectors.delete(row);
                }
                forget(ids, text, id);
            }
        });
    }

    /** Removes all segments that are wanted; vectors without an id stay. */
    void removeAll(Wanted wanted) {
        vault.transact(() -> {
            VectorKVault vectors = vectors();
            Map<Long, String> found = new LinkedHashMap<>();
            for (StoredVector vector : vectors.scan()) {
                StoredSegment.of(vector.value())
                        .filter(wanted::passes)
                        .ifPresent(stored -> found.put(vector.id(), stored.id()));
            }
            KVault ids = ids();
            TextVault text = keptText();
            if (found.size() == vectors.count()) { // one by one, each would change a chunk and the index of words
                vectors.clear();
                found.values().forEach(ids::delete);
                if (text != null) {
                    text.clear();
                }
                return;
            }
            found.forEach((row, id) -> {
                vectors.delete(row);
                forget(ids, text, id);
            });
        });
    }

    private static void forget(KVault ids, @Nullable TextVault text, String id) {
        ids.delete(id);
        if (text != null) {
            text.idsWith(id).forEach(text::delete);
        }
    }

    /** The nearest of the wanted segments that have at least a score, nearest first. */
    List<Match> nearest(VectorQuery query, int k, double minScore, Wanted wanted) {
        VectorQuery among = query.withThreads(threads);
        if (minScore > 0) {
            // A little farther than the score says, for it is rounded both ways.
            among = among.withMaxDistance(2 - 2 * minScore + 1e-9);
        }
        return segments(among, k, wanted).stream()
                .filter(match -> match.score() >= minScore)
                .toList();
    }

    private List<Match> segments(VectorQuery query, int k, Wanted wanted) {
        VectorKVault vectors = vectors();
        if (wanted.filter == null) {
            // Asking the value of each candidate takes a third of the search, and hardly one is not wanted.
            List<VectorHit> hits = vectors.search(query, k);
            List<Match> matches = matches(hits, wanted);
            if (matches.size() == hits.size()) {
                return matches;
            }
        }
        VectorQuery filtered = query.withValues(
                value -> StoredSegment.of(value).filter(wanted::passes).isPresent());
        return matches(vectors.search(filtered, k), wanted);
    }

    private static List<Match> matches(List<VectorHit> hits, Wanted wanted) {
        return hits.stream()
                .flatMap(hit -> Match.of(hit).stream())
                .filter(match -> wanted.passes(match.stored()))
                .toList();
    }

    /** The wanted segments that have words of a query, best first, with their distance from a vector. */
    List<Match> withWords(TextQuery words, VectorQuery query, int k, Wanted wanted) {
        KVault ids = ids();
        for (int asked = k; ; asked = (int) Math.min(Integer.MAX_VALUE, asked * 4L)) {
            Map<String, Long> rows = new LinkedHashMap<>();
            List<TextHit> hits = text().search(words, asked);
            for (TextHit hit : hits) {
                if (hit.value().orElse(null) instanceof String id) {
                    Long row = row(ids, id);
                    if (row != null) {
                        rows.putIfAbsent(id, row);
                    }
                }
            }
            Map<String, Match> found = new LinkedHashMap<>();
            nearest(query.withIds(rows.values()), Math.max(1, rows.size()), 0, wanted)
                    .forEach(match -> found.put(match.id(), match));
            if (found.size() >= k || hits.size() < asked) {
                return rows.keySet().stream()
                        .map(found::get)
                        .filter(Objects::nonNull)
                        .limit(k)
                        .toList();
            }
        }
    }

    @Override
    public String toString() {
        return name + " of " + options.dimensions() + " dimensions in " + vault;
    }
}
