package io.kohakuvault.langchain4j;

import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.EmbeddingMatch;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.filter.Filter;
import dev.langchain4j.store.embedding.filter.logical.Not;
import io.kohakuvault.Vault;
import io.kohakuvault.kv.KvRange;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.text.TextOptions;
import io.kohakuvault.text.TextQuery;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VaultEmbeddingStoreTest {
    @TempDir
    Path folder;

    private Vault vault;
    private VaultEmbeddingStore store;

    @BeforeEach
    void open() {
        vault = Vault.open(folder.resolve("store.db"));
        store = builder("plane").build();
    }

    @AfterEach
    void close() {
        vault.close();
    }

    /** Stores of two dimensions, where one sees what is near. */
    private VaultEmbeddingStore.Builder builder(String name) {
        return VaultEmbeddingStore.builder().vault(vault).name(name).dimension(2);
    }

    private static Embedding at(double degrees) {
        return Embedding.from(
                new float[] {(float) Math.cos(Math.toRadians(degrees)), (float) Math.sin(Math.toRadians(degrees))});
    }

    private static TextSegment segment(String text, String key, String value) {
        return TextSegment.from(text, Metadata.from(key, value));
    }

    private static List<EmbeddingMatch<TextSegment>> search(VaultEmbeddingStore in, int k, Filter filter) {
        return in.search(EmbeddingSearchRequest.builder()
                        .queryEmbedding(at(0))
                        .maxResults(k)
                        .filter(filter)
                        .build())
                .matches();
    }

    private static List<String> ids(VaultEmbeddingStore in) {
        return search(in, 100, null).stream().map(EmbeddingMatch::embeddingId).toList();
    }

    private List<Long> withWord(String name, String word) {
        return vault.text(name + "_text").search(TextQuery.any(word), 10).stream()
                .map(hit -> hit.id())
                .toList();
    }

    @Test
    void anIdThatIsThereGetsTheNewEmbeddingAndSegment() {
        store = builder("plane").text().build();
        store.addAll(
                List.of("a", "b"), List.of(at(10), at(20)), List.of(segment("old", "v", "1"), segment("b", "v", "1")));
        store.addAll(List.of("a"), List.of(at(30)), List.of(segment("new", "v", "2")));
        assertThat(ids(store)).containsExactly("b", "a");
        EmbeddingMatch<TextSegment> match = search(store, 2, null).get(1);
        assertThat(match.embedded()).isEqualTo(segment("new", "v", "2"));
        assertThat(match.score()).isCloseTo((1 + Math.cos(Math.toRadians(30))) / 2, within(1e-6));
        assertThat(withWord("plane", "old")).isEmpty();
        assertThat(withWord("plane", "new")).hasSize(1);
        store.add("a", at(5));
        assertThat(search(store, 1, null).get(0).embedded()).isNull();
        assertThat(withWord("plane", "new")).isEmpty();
        assertThat(vault.vectors("plane").count()).isEqualTo(2);
    }

    @Test
    void ofSeveralWithOneIdInACallTheLastCounts() {
        store.addAll(
                List.of("a", "b", "a"),
                List.of(at(10), at(20), at(30)),
                List.of(segment("first", "v", "1"), segment("b", "v", "1"), segment("last", "v", "1")));
        assertThat(ids(store)).containsExactly("b", "a");
        assertThat(search(store, 2, null).get(1).embedded().text()).isEqualTo("last");
    }

    @Test
    void whatIsStoredIsThereAfterTheFileWasClosed() {
        builder("plane").text().build().addAll(List.of("a"), List.of(at(10)), List.of(segment("text", "k", "v")));
        vault.close();
        vault = Vault.open(folder.resolve("store.db"));
        store = builder("plane").build();
        assertThat(search(store, 1, null).get(0).embedded()).isEqualTo(segment("text", "k", "v"));
        store.removeAll(List.of("a"));
        assertThat(ids(store)).isEmpty();
        assertThat(withWord("plane", "text"))
                .as("kept also by who has not asked for it")
                .isEmpty();
    }

    @Test
    void aFileHoldsSeveralStores() {
        VaultEmbeddingStore other = VaultEmbeddingStore.builder()
                .vault(vault)
                .name("space")
                .dimension(3)
                .text()
                .build();
        store.add("a", at(0));
        other.add("a", Embedding.from(new float[] {1, 0, 0}));
        other.add("b", Embedding.from(new float[] {1, 1, 0}));
        store.removeAll(List.of("a"));
        assertThat(ids(store)).isEmpty();
        assertThat(other.search(EmbeddingSearchRequest.builder()
                                .queryEmbedding(Embedding.from(new float[] {1, 0, 0}))
                                .build())
                        .matches())
                .extracting(EmbeddingMatch::embeddingId)
                .containsExactly("a", "b");
    }

    @Test
    void aTransactionThatFailsLeavesNothing() {
        store = builder("plane").text().build();
        store.add("a", at(10));
        assertThatThrownBy(() -> vault.transact(() -> {
                    store.addAll(
                            List.of("a", "b"),
                            List.of(at(50), at(60)),
                            List.of(segment("x", "k", "v"), segment("x", "k", "v")));
                    store.removeAll(List.of("a"));
                    assertThat(ids(store)).as("what the transaction sees").containsExactly("b");
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        assertThat(ids(store)).containsExactly("a");
        assertThat(search(store, 1, null).get(0).score()).isGreaterThan(0.99);
        assertThat(withWord("plane", "x")).isEmpty();
        store.add("b", at(20));
        assertThat(ids(store)).containsExactly("a", "b");
    }

    @Test
    void theFirstTransactionOfAStoreMayFail() {
        assertThatThrownBy(() -> vault.transact(() -> {
                    store.add("a", at(10));
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        assertThat(ids(store)).isEmpty();
        store.add("b", at(20));
        assertThat(ids(store)).containsExactly("b");
    }

    @Test
    void whatIsRefusedHasChangedNothing() {
        vault.transact(
                () -> { // which goes on and commits
                    assertThatIllegalArgumentException()
                            .isThrownBy(() -> store.addAll(
                                    List.of("a", "b"), List.of(at(10), Embedding.from(new float[] {1, 2, 3})), null))
                            .withMessageContaining("the embedding of b cannot be stored")
                            .withMessageContaining("3");
                    assertThatIllegalArgumentException()
                            .isThrownBy(() -> store.addAll(
                                    List.of("a", "b"),
                                    List.of(at(10), at(20)),
                                    List.of(segment("x", "k", "v"), segment("x", "k", "half a pair \ud83d"))))
                            .withMessageContaining("half a surrogate pair");
                });
        assertThat(ids(store)).isEmpty();
        assertThat(vault.kv("plane_ids").count()).isZero();
    }

    @Test
    void whatCannotBeStoredSaysWhy() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.add("a", Embedding.from(new float[] {0, 0})))
                .withMessageContaining("the embedding of a cannot be stored");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.add("a", Embedding.from(new float[] {Float.NaN, 0})))
                .withMessageContaining("the embedding of a cannot be stored");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.add("a", null))
                .withMessageContaining("cannot be null");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.add((String) null, at(0)))
                .withMessageContaining("cannot be null or blank");
        for (String blank : List.of(" ", "\0", "\u0001\n")) { // a match with such an id would end each search
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> store.addAll(List.of(blank), List.of(at(0)), null))
                    .withMessageContaining("cannot be null or blank");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.search(EmbeddingSearchRequest.builder()
                        .queryEmbedding(Embedding.from(new float[] {1, 2, 3}))
                        .build()))
                .withMessageContaining("3");
        assertThat(ids(store)).isEmpty();
    }

    @Test
    void aStoreThatIsThereKnowsItsDimension() {
        builder("known").build().add("a", at(0));
        VaultEmbeddingStore again =
                VaultEmbeddingStore.builder().vault(vault).name("known").build();
        again.add("b", at(90));
        assertThat(ids(again)).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void aStoreThatCannotBeSaysWhy() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VaultEmbeddingStore.builder().name("x").build())
                .withMessageContaining("vault");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        VaultEmbeddingStore.builder().vault(vault).name("x").build())
                .withMessageContaining("there is no store x yet: say dimension");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder("no name").build())
                .withMessageContaining("no name");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder("x").threads(0).build())
                .withMessageContaining("threads");
        store.add("a", at(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder("plane").dimension(3).build())
                .withMessageContaining("dimensions=2");
        builder("plane").text().build();
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        builder("plane").text(TextOptions.Tokenizer.PORTER).build())
                .withMessageContaining("porter");
    }

    @Test
    void aReadOnlyVaultIsSearched() {
        store.add("a", at(0));
        vault.close();
        vault = Vault.openReadOnly(folder.resolve("store.db"));
        store = builder("plane").build();
        assertThat(ids(store)).containsExactly("a");
        assertThatThrownBy(() -> store.add("b", at(1))).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> builder("other").build()).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void metadataComeBackWithTheirTypes() {
        Map<String, Object> values = Map.ofEntries(
                Map.entry("text", "naïve \u0000 😀"),
                Map.entry("empty", ""),
                Map.entry("uuid", new UUID(1L << 63, 7)),
                Map.entry("text like a uuid", new UUID(3, 4).toString()),
                Map.entry("int", Integer.MIN_VALUE),
                Map.entry("long", 42L),
                Map.entry("large", Long.MAX_VALUE),
                Map.entry("float", 0.1f),
                Map.entry("tiny", Float.MIN_VALUE),
                Map.entry("whole float", 3f),
                Map.entry("double", 0.1),
                Map.entry("whole double", 3.0),
                Map.entry("infinite", Double.NEGATIVE_INFINITY),
                Map.entry("no number", Float.NaN),
                Map.entry("id", "not that of the segment"),
                Map.entry("types", "a word"));
        store.addAll(List.of("a"), List.of(at(0)), List.of(TextSegment.from("text", Metadata.from(values))));
        assertThat(search(store, 1, null).get(0).embedded().metadata().toMap()).isEqualTo(values);
    }

    @Test
    void otherProgramsReadWhatIsStored() {
        UUID uuid = new UUID(1, 2);
        Metadata metadata = new Metadata()
                .put("lang", "en")
                .put("page", 7)
                .put("size", 7L)
                .put("weight", 0.5f)
                .put("key", uuid);
        store.addAll(List.of("a"), List.of(at(0)), List.of(TextSegment.from("a text", metadata)));
        store.add("b", at(1));
        long row = (Long) vault.kv("plane_ids").findValue("a").orElseThrow();
        assertThat(vault.vectors("plane").get(row).value())
                .contains(Map.of(
                        "id",
                        "a",
                        "text",
                        "a text",
                        "metadata",
                        Map.of("lang", "en", "page", 7L, "size", 7L, "weight", 0.5, "key", uuid.toString()),
                        "types",
                        Map.of("page", "int", "weight", "float", "key", "uuid")));
        long other = (Long) vault.kv("plane_ids").findValue("b").orElseThrow();
        assertThat(vault.vectors("plane").get(other).value()).contains(Map.of("id", "b"));
    }

    @Test
    void whatOtherProgramsWriteIsReadAsFarAsItGoes() {
        VectorKVault vectors = vault.vectors("plane", VectorOptions.cosine(2));
        vectors.insert(at(1).vector(), Map.of("id", "plain", "text", "words", "metadata", Map.of("n", 1, "x", 0.5)));
        vectors.insert(
                at(2).vector(),
                Map.of(
                        "id",
                        "odd",
                        "text",
                        "words",
                        "metadata",
                        Map.of(
                                "flag",
                                true,
                                "list",
                                List.of(1L, 2L),
                                "bytes",
                                List.of(),
                                " ",
                                "blank",
                                "\u0001",
                                "blank",
                                "key",
                                "no uuid"),
                        "types",
                        Map.of("key", "uuid", "flag", "int")));
        vectors.insert(at(3).vector(), Map.of("id", "no text", "text", 5));
        vectors.insert(at(4).vector(), Map.of("id", "blank text", "text", "\u0001"));
        List<EmbeddingMatch<TextSegment>> found = search(store, 10, null);
        assertThat(found)
                .extracting(EmbeddingMatch::embeddingId)
                .containsExactly("plain", "odd", "no text", "blank text");
        assertThat(found.get(0).embedded().metadata().toMap()).isEqualTo(Map.of("n", 1L, "x", 0.5));
        assertThat(found.get(1).embedded().metadata().toMap())
                .isEqualTo(Map.of("flag", "true", "list", "[1, 2]", "bytes", "[]", "key", "no uuid"));
        assertThat(found.get(2).embedded()).isNull();
        assertThat(found.get(3).embedded()).isNull();
        store.removeAll(metadataKey("n").isEqualTo(1));
        store.removeAll();
        assertThat(vectors.count()).isZero();
    }

    @Test
    void vectorsWithoutAnIdArePassedOverAndStay() {
        VectorKVault vectors = vault.vectors("plane", VectorOptions.cosine(2));
        List<Long> foreign = new ArrayList<>();
        for (Object value : Arrays.asList(
                null, "text", 7L, Map.of("text", "x"), Map.of("id", 5), Map.of("id", " "), Map.of("id", "\u0001"))) {
            foreign.add(vectors.insert(at(0).vector(), value));
        }
        store.add("a", at(40));
        store.add("b", at(50));
        assertThat(search(store, 1, null))
                .extracting(EmbeddingMatch::embeddingId)
                .containsExactly("a");
        assertThat(search(store, 1, new Not(metadataKey("k").isEqualTo("v"))))
                .as("a filter sees no metadata")
                .extracting(EmbeddingMatch::embeddingId)
                .containsExactly("a");
        store.removeAll(List.of("a"));
        store.removeAll();
        assertThat(vectors.ids()).containsExactlyElementsOf(foreign);
    }

    @Test
    void whatOtherProgramsHaveDeletedIsGone() {
        store = builder("plane").text().build();
        for (String id : List.of("a", "b", "c")) {
            store.addAll(List.of(id), List.of(at(0)), List.of(segment(id, "k", "v")));
        }
        vault.vectors("plane")
                .delete((Long) vault.kv("plane_ids").findValue("a").orElseThrow());
        vault.kv("plane_ids").delete("b");
        assertThat(ids(store)).containsExactlyInAnyOrder("b", "c");
        store.addAll(List.of("a"), List.of(at(0)), List.of(segment("again", "k", "v")));
        assertThat(ids(store)).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(withWord("plane", "a")).isEmpty();
        // What the note of another id points to is not that id's.
        vault.kv("plane_ids").putValue("a", vault.kv("plane_ids").findValue("c").orElseThrow());
        store.removeAll(List.of("a"));
        assertThat(ids(store)).contains("c");
        store.removeAll(new Not(metadataKey("k").isEqualTo("other")));
        assertThat(ids(store)).isEmpty();
        assertThat(vault.text("plane_text").count()).isZero();
    }

    @Test
    void aStoreThatWasDroppedBeginsAnew() {
        store.add("a", at(0));
        for (Content.Kind kind : List.of(Content.Kind.VECTORS, Content.Kind.KEY_VALUES)) {
            vault.contents().delete(kind, kind == Content.Kind.VECTORS ? "plane" : "plane_ids");
        }
        assertThat(ids(store)).isEmpty();
        store.add("b", at(0));
        assertThat(ids(store)).containsExactly("b");
    }

    @Test
    void textIsAddedToAStoreThatWasMadeWithout() {
        int many = 1003;
        List<String> names = new ArrayList<>();
        List<Embedding> embeddings = new ArrayList<>();
        List<TextSegment> segments = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            names.add("n" + i);
            embeddings.add(at(i % 90));
            segments.add(i == 5 ? null : segment("word" + i, "k", "v"));
        }
        store.addAll(names, embeddings, segments);
        builder("plane").text().build();
        assertThat(vault.text("plane_text").count()).isEqualTo(many - 1);
        assertThat(withWord("plane", "word1002")).hasSize(1);
        store.removeAll(List.of("n1002"));
        assertThat(withWord("plane", "word1002")).isEmpty();
        builder("plane").text().build();
        assertThat(vault.text("plane_text").count()).isEqualTo(many - 2);
    }

    @Test
    void embeddingsComeBackAtLengthOne() {
        store.add("a", Embedding.from(new float[] {3, 4}));
        Embedding back = search(store, 1, null).get(0).embedding();
        assertThat(back.vector()).containsExactly(0.6f, 0.8f);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 15, 60, 90, 120, 179})
    void theLeastScoreIncludesItself(double degrees) {
        store.add("near", at(degrees));
        store.add("far", at(degrees + 1));
        double score = search(store, 1, null).get(0).score();
        assertThat(score).isCloseTo((1 + Math.cos(Math.toRadians(degrees))) / 2, within(1e-6));
        assertThat(store.search(EmbeddingSearchRequest.builder()
                                .queryEmbedding(at(0))
                                .maxResults(10)
                                .minScore(score)
                                .build())
                        .matches())
                .extracting(EmbeddingMatch::embeddingId)
                .containsExactly("near");
    }

    @Test
    void aFilterIsAskedBeforeTheBestAreTaken() {
        List<String> names = new ArrayList<>();
        List<Embedding> embeddings = new ArrayList<>();
        List<TextSegment> segments = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            names.add("n" + i);
            embeddings.add(at(i * 0.1));
            segments.add(segment("text", "kind", i < 490 ? "common" : "rare"));
        }
        store.addAll(names, embeddings, segments);
        for (int threads : List.of(1, 4)) {
            VaultEmbeddingStore same = builder("plane").threads(threads).build();
            assertThat(search(same, 3, metadataKey("kind").isEqualTo("rare")))
                    .extracting(EmbeddingMatch::embeddingId)
                    .containsExactly("n490", "n491", "n492");
        }
    }

    @Test
    void whatAFilterThrowsEndsTheCall() {
        store.addAll(List.of("a"), List.of(at(0)), List.of(segment("text", "k", "v")));
        Filter failing = metadata -> {
            throw new IllegalStateException("no filter");
        };
        assertThatThrownBy(() -> search(store, 1, failing)).hasMessage("no filter");
        assertThatThrownBy(() -> store.removeAll(failing)).hasMessage("no filter");
        assertThat(ids(store)).containsExactly("a");
    }

    @Test
    void anIdMayBeAnyText() {
        List<String> odd =
                List.of("a b", "é", "😀", "'; DROP TABLE plane; --", "A", "a", "x".repeat(5000), "a\0b", "\u3000");
        odd.forEach(id ->
                store.addAll(List.of(id), List.of(at(0)), List.of(TextSegment.from(id, Metadata.from(id, id)))));
        for (EmbeddingMatch<TextSegment> match : search(store, odd.size(), null)) {
            assertThat(match.embedded())
                    .isEqualTo(TextSegment.from(
                            match.embeddingId(), Metadata.from(match.embeddingId(), match.embeddingId())));
        }
        assertThat(ids(store)).containsExactlyInAnyOrderElementsOf(odd);
        odd.forEach(id -> store.remove(id));
        assertThat(ids(store)).isEmpty();
        assertThat(vault.kv("plane_ids").count(KvRange.all())).isZero();
    }
}
