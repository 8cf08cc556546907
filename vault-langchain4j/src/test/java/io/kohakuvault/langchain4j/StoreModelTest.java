package io.kohakuvault.langchain4j;

import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.CosineSimilarity;
import dev.langchain4j.store.embedding.EmbeddingMatch;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.RelevanceScore;
import dev.langchain4j.store.embedding.filter.Filter;
import io.kohakuvault.Vault;
import io.kohakuvault.text.TextQuery;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random calls on a store and on a map beside it, which must agree. */
class StoreModelTest {
    private static final int DIMENSION = 8;
    private static final int CALLS = 250;

    @TempDir
    Path folder;

    private record Item(Embedding embedding, TextSegment segment) {
        Metadata metadata() {
            return segment == null ? new Metadata() : segment.metadata();
        }
    }

    private final Map<String, Item> model = new LinkedHashMap<>();
    private Random random;
    private Vault vault;
    private VaultEmbeddingStore store;

    private void open(boolean text) {
        vault = Vault.open(folder.resolve("model.db"));
        VaultEmbeddingStore.Builder builder =
                VaultEmbeddingStore.builder().vault(vault).name("items").dimension(DIMENSION);
        store = text ? builder.text().build() : builder.build();
    }

    private Embedding embedding() {
        float[] numbers = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return Embedding.from(numbers);
    }

    private TextSegment segment() {
        if (random.nextInt(6) == 0) {
            return null;
        }
        Metadata metadata = new Metadata().put("group", random.nextInt(5));
        if (random.nextBoolean()) {
            metadata.put("weight", random.nextFloat());
        }
        return TextSegment.from("word" + random.nextInt(10) + " and word" + random.nextInt(10), metadata);
    }

    private String id() {
        return "id" + random.nextInt(60);
    }

    private Filter filter() {
        Filter group = metadataKey("group").isEqualTo(random.nextInt(5));
        return switch (random.nextInt(4)) {
            case 0 -> group;
            case 1 -> Filter.not(group);
            case 2 -> group.and(metadataKey("weight").isLessThan(random.nextFloat()));
            default -> group.or(metadataKey("weight").isGreaterThan(random.nextFloat()));
        };
    }

    private void change() {
        switch (random.nextInt(12)) {
            case 0 -> {
                Filter filter = filter();
                store.removeAll(filter);
                model.values().removeIf(item -> filter.test(item.metadata()));
            }
            case 1 -> {
                if (random.nextInt(8) == 0) {
                    store.removeAll();
                    model.clear();
                }
            }
            case 2, 3 -> {
                List<String> ids = List.of(id(), id(), "unknown");
                store.removeAll(ids);
                ids.forEach(model::remove);
            }
            case 4 -> {
                Embedding embedding = embedding();
                model.put(store.add(embedding), new Item(embedding, null));
            }
            default -> {
                List<String> ids = new ArrayList<>();
                List<Embedding> embeddings = new ArrayList<>();
                List<TextSegment> segments = new ArrayList<>();
                for (int i = random.nextInt(12); i >= 0; i--) {
                    ids.add(id());
                    embeddings.add(embedding());
                    segments.add(segment());
                }
                store.addAll(ids, embeddings, segments);
                for (int i = 0; i < ids.size(); i++) {
                    model.put(ids.get(i), new Item(embeddings.get(i), segments.get(i)));
                }
            }
        }
    }

    private void compare(boolean text) {
        Embedding query = embedding();
        Filter filter = random.nextBoolean() ? filter() : null;
        double minScore = random.nextInt(3) == 0 ? random.nextDouble() : 0;
        int k = 1 + random.nextInt(80);
        List<EmbeddingMatch<TextSegment>> found = store.search(EmbeddingSearchRequest.builder()
                        .queryEmbedding(query)
                        .maxResults(k)
                        .minScore(minScore)
                        .filter(filter)
                        .build())
                .matches();
        List<Map.Entry<String, Double>> wanted = model.entrySet().stream()
                .filter(entry -> filter == null || filter.test(entry.getValue().metadata()))
                .map(entry -> Map.entry(
                        entry.getKey(),
                        RelevanceScore.fromCosineSimilarity(
                                CosineSimilarity.between(query, entry.getValue().embedding()))))
                .filter(entry -> entry.getValue() >= minScore)
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .limit(k)
                .toList();
        assertThat(found)
                .extracting(EmbeddingMatch::embeddingId)
                .containsExactlyElementsOf(
                        wanted.stream().map(Map.Entry::getKey).toList());
        for (int i = 0; i < found.size(); i++) {
            Item item = model.get(found.get(i).embeddingId());
            assertThat(found.get(i).score()).isCloseTo(wanted.get(i).getValue(), within(1e-6));
            assertThat(found.get(i).embedded()).isEqualTo(item.segment());
            assertThat(CosineSimilarity.between(found.get(i).embedding(), item.embedding()))
                    .isCloseTo(1, within(1e-5));
        }
        assertThat(vault.vectors("items").count()).isEqualTo(model.size());
        assertThat(vault.kv("items_ids").count()).isEqualTo(model.size());
        if (text) {
            String word = "word" + random.nextInt(10);
            Set<Object> named = vault.text("items_text").search(TextQuery.any(word), 1000).stream()
                    .map(hit -> hit.value().orElseThrow())
                    .collect(Collectors.toSet());
            Set<Object> having = model.entrySet().stream()
                    .filter(entry -> entry.getValue().segment() != null
                            && List.of(entry.getValue().segment().text().split(" "))
                                    .contains(word))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toCollection(HashSet::new));
            assertThat(named).isEqualTo(having);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void theStoreAgreesWithAMap(long seed) {
        System.out.println("seed " + seed);
        random = new Random(seed);
        boolean text = seed % 2 == 0;
        open(text);
        store.addAll(List.of("first"), List.of(embedding()), List.of(TextSegment.from("word1"))); // makes the tables
        store.removeAll();
        try {
            for (int call = 0; call < CALLS; call++) {
                if (random.nextInt(5) == 0) { // several calls are one, or none
                    Map<String, Item> before = new LinkedHashMap<>(model);
                    boolean fails = random.nextBoolean();
                    try {
                        vault.transact(() -> {
                            change();
                            compare(text);
                            change();
                            if (fails) {
                                throw new IllegalStateException("rolled back");
                            }
                        });
                    } catch (IllegalStateException e) {
                        assertThat(e).hasMessage("rolled back");
                        model.clear();
                        model.putAll(before);
                    }
                } else {
                    change();
                }
                if (random.nextInt(40) == 0) {
                    vault.close();
                    open(false); // the file says whether there is text
                }
                compare(text);
            }
        } finally {
            vault.close();
        }
    }
}
