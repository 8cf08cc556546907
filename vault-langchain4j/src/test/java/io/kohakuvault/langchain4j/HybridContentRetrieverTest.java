package io.kohakuvault.langchain4j;

import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.model.embedding.request.EmbeddingParameter;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.ContentMetadata;
import dev.langchain4j.rag.query.Query;
import io.kohakuvault.Vault;
import io.kohakuvault.text.TextQuery;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HybridContentRetrieverTest {
    @TempDir
    Path folder;

    private Vault vault;
    private VaultEmbeddingStore store;

    /** Every question means the same: east. */
    private static final class East implements EmbeddingModel {
        @Override
        public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
            return Response.from(segments.stream()
                    .map(segment -> Embedding.from(new float[] {1, 0}))
                    .toList());
        }
    }

    @BeforeEach
    void open() {
        vault = Vault.open(folder.resolve("store.db"));
        store = VaultEmbeddingStore.builder()
                .vault(vault)
                .name("notes")
                .dimension(2)
                .text()
                .build();
    }

    @AfterEach
    void close() {
        vault.close();
    }

    private HybridContentRetriever.Builder builder() {
        return HybridContentRetriever.builder().store(store).embeddingModel(new East());
    }

    private void add(String id, double degrees, String text, String owner) {
        store.addAll(
                List.of(id),
                List.of(Embedding.from(new float[] {
                    (float) Math.cos(Math.toRadians(degrees)), (float) Math.sin(Math.toRadians(degrees))
                })),
                List.of(TextSegment.from(text, Metadata.from("owner", owner))));
    }

    private static List<String> ids(HybridContentRetriever retriever, String question) {
        return retriever.retrieve(Query.from(question)).stream()
                .map(content -> (String) content.metadata().get(ContentMetadata.EMBEDDING_ID))
                .toList();
    }

    @Test
    void whatBothFindComesFirstAndScoresAreGiven() {
        add("near", 0, "nothing of it", "ann");
        add("both", 30, "the code E-17", "ann");
        add("word", 180, "E-17 again, and much else that has nothing to do with it", "bob");
        add("middle", 60, "something else", "bob");
        List<Content> found = builder().candidates(3).maxResults(3).build().retrieve(Query.from("E-17"));
        assertThat(found)
                .extracting(content -> content.metadata().get(ContentMetadata.EMBEDDING_ID))
                .containsExactly("both", "near", "word");
        assertThat(found.get(0).textSegment())
                .isEqualTo(TextSegment.from("the code E-17", Metadata.from("owner", "ann")));
        assertThat((Double) found.get(0).metadata().get(ContentMetadata.RERANKED_SCORE))
                .isCloseTo(1.0 / 61 + 1.0 / 62, within(1e-12));
        assertThat((Double) found.get(2).metadata().get(ContentMetadata.RERANKED_SCORE))
                .isCloseTo(1.0 / 62, within(1e-12));
        assertThat((Double) found.get(0).metadata().get(ContentMetadata.SCORE))
                .isCloseTo((1 + Math.cos(Math.toRadians(30))) / 2, within(1e-6));
        assertThat((Double) found.get(2).metadata().get(ContentMetadata.SCORE))
                .as("of what only the words find")
                .isCloseTo(0, within(1e-6));
    }

    @Test
    void theListsCountByTheirWeights() {
        add("near", 0, "nothing of it", "ann");
        add("both", 30, "the code E-17", "ann");
        add("word", 180, "E-17 again, and much else that has nothing to do with it", "bob");
        add("middle", 60, "something else", "bob");
        HybridContentRetriever.Builder three = builder().candidates(3).maxResults(3);
        assertThat(ids(three.weights(0, 1).build(), "E-17")).containsExactly("near", "both", "middle");
        assertThat(ids(three.weights(3, 1).build(), "E-17")).containsExactly("both", "word", "near");
        // What counts nothing does not fill up what is asked for either.
        assertThat(ids(builder().minScore(.99).maxResults(4).weights(0, 1).build(), "E-17"))
                .containsExactly("near");
        assertThat(ids(builder().maxResults(4).weights(1, 0).build(), "E-17")).containsExactly("both", "word");
        for (double[] wrong : new double[][] {{0, 0}, {-1, 2}, {Double.NaN, 1}, {1, Double.POSITIVE_INFINITY}}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder().weights(wrong[0], wrong[1]))
                    .withMessageContaining(String.valueOf(wrong[1]));
        }
    }

    @Test
    void noMoreContentsThanAskedFor() {
        for (int i = 0; i < 20; i++) {
            add("n" + i, i, "word", "ann");
        }
        assertThat(ids(builder().build(), "word")).hasSize(3);
        assertThat(ids(builder().maxResults(7).build(), "word")).hasSize(7);
        assertThat(ids(builder().maxResults(7).candidates(1).build(), "word")).hasSize(7);
    }

    @Test
    void theLeastScoreIsOfMeaningAndNotOfWords() {
        add("near", 10, "nothing of it", "ann");
        add("far", 100, "nothing either", "ann");
        add("word", 120, "E-17", "ann");
        assertThat(ids(builder().minScore(0.6).build(), "E-17")).containsExactlyInAnyOrder("near", "word");
    }

    @Test
    void bothSearchesAreFilteredBeforeTheirBestAreTaken() {
        for (int i = 0; i < 200; i++) {
            add("ann" + i, i * 0.1, "word word word", "ann");
        }
        add("bob near", 40, "nothing of it", "bob");
        add("bob word", 170, "a word and much else around it, so that it is the last of those that have it", "bob");
        add("bob else", 160, "nothing either", "bob");
        HybridContentRetriever bobs = builder()
                .maxResults(1)
                .candidates(1)
                .filter(metadataKey("owner").isEqualTo("bob"))
                .build();
        assertThat(ids(bobs, "word")).containsExactly("bob word"); // of one score, what the words have found
        HybridContentRetriever two = builder()
                .maxResults(2)
                .candidates(1)
                .filter(metadataKey("owner").isEqualTo("bob"))
                .build();
        assertThat(ids(two, "word")).containsExactly("bob word", "bob near");
    }

    @Test
    void aFilterMayDependOnTheQuery() {
        add("a", 0, "word", "ann");
        add("b", 0, "word", "bob");
        HybridContentRetriever own = builder()
                .dynamicFilter(query -> query.text().contains("everybody")
                        ? null
                        : metadataKey("owner").isEqualTo(query.text().split(" ")[0]))
                .build();
        assertThat(ids(own, "bob word")).containsExactly("b");
        assertThat(ids(own, "everybody word")).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void embeddingsWithoutTextAreNoContents() {
        store.add("bare", Embedding.from(new float[] {1, 0}));
        add("a", 20, "word", "ann");
        assertThat(ids(builder().maxResults(1).build(), "else")).containsExactly("a");
    }

    @Test
    void wordsOfGrammarAreNotSearchedFor() {
        add("near", 0, "nothing", "ann");
        add("middle", 90, "nothing either", "ann");
        add("grammar", 180, "what is the which", "ann");
        HybridContentRetriever.Builder two = builder().candidates(2).maxResults(2);
        assertThat(ids(two.build(), "What is “the”?")).containsExactly("near", "middle");
        assertThat(ids(two.stopWords(List.of()).build(), "What is the?")).containsExactly("grammar", "near");
        assertThat(ids(two.stopWords(List.of("WHAT", "is", "the")).build(), "what is the which"))
                .containsExactly("grammar", "near");
        assertThat(ids(two.stopWords(List.of("What", "is", "the", "which?")).build(), "what is the which"))
                .containsExactly("near", "middle");
    }

    @Test
    void aQuestionMayBeOfAnyKindAndLength() {
        add("a", 0, "needle", "ann");
        HybridContentRetriever retriever = builder().build();
        String many = IntStream.range(0, 3000).mapToObj(i -> "w" + i).collect(Collectors.joining(" "));
        for (String question : List.of(
                "needle " + many,
                "x".repeat(20_000),
                "needle\u0000",
                "needle \ud83d",
                "\"needle\" AND (NOT",
                "?!",
                "needle* OR content: NEAR(")) {
            assertThat(ids(retriever, question)).as(question).containsExactly("a");
        }
        SearchWords words = new SearchWords(Set.of());
        assertThat(words.of("needle " + many).words())
                .hasSize(TextQuery.MAX_WORDS)
                .startsWith("needle", "w0");
        assertThat(words.of("needle " + "x".repeat(20_000)).words()).containsExactly("needle");
        assertThat(words.of("a\u0000b \ud83d c😀").words()).containsExactly("a", "b", "c😀");
    }

    @Test
    void aDocumentWhoseVectorIsGoneIsPassedOver() {
        add("a", 0, "word", "ann");
        add("b", 90, "word", "ann");
        vault.vectors("notes")
                .delete((Long) vault.kv("notes_ids").findValue("a").orElseThrow());
        vault.text("notes_text").insert("word", 7L);
        vault.text("notes_text").insert("word", "an id that nothing has");
        assertThat(ids(builder().build(), "word")).containsExactly("b");
    }

    @Test
    void theModelIsToldWhatAQuestionIsFor() {
        List<EmbeddingInputType> told = new ArrayList<>();
        EmbeddingModel asymmetric = new EmbeddingModel() {
            @Override
            public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
                told.add(null);
                return new East().embedAll(segments);
            }

            @Override
            public Set<EmbeddingParameter<?>> supportedParameters() {
                return Set.of(EmbeddingRequestParameters.INPUT_TYPE);
            }

            @Override
            public EmbeddingResponse doEmbed(EmbeddingRequest request) {
                told.add(request.inputType());
                return EmbeddingResponse.builder()
                        .embeddings(List.of(Embedding.from(new float[] {1, 0})))
                        .build();
            }
        };
        add("a", 0, "word", "ann");
        HybridContentRetriever.Builder builder = builder().embeddingModel(asymmetric);
        assertThat(ids(builder.build(), "word")).containsExactly("a");
        assertThat(ids(builder.embeddingInputType(EmbeddingInputType.QUERY).build(), "word"))
                .containsExactly("a");
        assertThat(told).containsExactly(null, EmbeddingInputType.QUERY);
    }

    @Test
    void aRetrieverThatCannotBeSaysWhy() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HybridContentRetriever.builder().store(store).build())
                .withMessageContaining("model");
        VaultEmbeddingStore without = VaultEmbeddingStore.builder()
                .vault(vault)
                .name("bare")
                .dimension(2)
                .build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().store(without).build())
                .withMessageContaining("bare")
                .withMessageContaining("text()");
        assertThatIllegalArgumentException().isThrownBy(() -> builder().maxResults(0));
        assertThatIllegalArgumentException().isThrownBy(() -> builder().candidates(0));
        assertThatIllegalArgumentException().isThrownBy(() -> builder().minScore(1.1));
        assertThatIllegalArgumentException().isThrownBy(() -> builder().minScore(Double.NaN));
    }
}
