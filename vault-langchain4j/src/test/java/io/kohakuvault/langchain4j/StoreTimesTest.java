package io.kohakuvault.langchain4j;

import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.filter.Filter;
import io.kohakuvault.Vault;
import io.kohakuvault.vector.VectorQuery;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** How long a search of a large store takes beside one of its vectors alone; prints what docs/langchain4j.md says. */
@EnabledIfSystemProperty(named = "store.times", matches = "\\d+000")
class StoreTimesTest {
    private static final int DIMENSION = 384;
    private static final int AT_ONCE = 1000;
    private static final int SEARCHES = 21;

    private final Random random = new Random(1);

    @TempDir
    Path folder;

    private Embedding embedding() {
        float[] numbers = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return Embedding.from(numbers);
    }

    private static double median(IntSupplier search) {
        long[] nanos = new long[SEARCHES];
        for (int warm = 0; warm < 2; warm++) {
            for (int i = 0; i < SEARCHES; i++) {
                long begin = System.nanoTime();
                assertThat(search.getAsInt()).isPositive();
                nanos[i] = System.nanoTime() - begin;
            }
        }
        Arrays.sort(nanos);
        return nanos[SEARCHES / 2] / 1e6;
    }

    @Test
    void searches() {
        int count = Integer.getInteger("store.times");
        try (Vault vault = Vault.open(folder.resolve("times.db"))) {
            VaultEmbeddingStore store = VaultEmbeddingStore.builder()
                    .vault(vault)
                    .name("store")
                    .dimension(DIMENSION)
                    .build();
            for (int from = 0; from < count; from += AT_ONCE) {
                List<String> ids = new ArrayList<>();
                List<Embedding> embeddings = new ArrayList<>();
                List<TextSegment> segments = new ArrayList<>();
                for (int i = 0; i < AT_ONCE; i++) {
                    ids.add(UUID.randomUUID().toString());
                    embeddings.add(embedding());
                    segments.add(TextSegment.from("text ".repeat(60), new Metadata().put("part", random.nextInt(100))));
                }
                store.addAll(ids, embeddings, segments);
            }
            Embedding query = embedding();
            double alone = median(() -> vault.vectors("store")
                    .search(VectorQuery.of(query.vector()), 10)
                    .size());
            System.out.printf("vectors alone %.1f ms%n", alone);
            for (int percent : List.of(100, 50, 10, 1)) {
                Filter filter = percent == 100 ? null : metadataKey("part").isLessThan(percent);
                double took = median(() -> store.search(EmbeddingSearchRequest.builder()
                                .queryEmbedding(query)
                                .maxResults(10)
                                .filter(filter)
                                .build())
                        .matches()
                        .size());
                System.out.printf("%d %% pass: %.1f ms, %.1f times as long%n", percent, took, took / alone);
            }
        }
    }
}
