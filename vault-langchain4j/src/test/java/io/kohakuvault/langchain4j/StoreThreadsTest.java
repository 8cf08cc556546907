package io.kohakuvault.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.store.embedding.EmbeddingMatch;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import io.kohakuvault.Vault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreThreadsTest {
    private static final int WRITERS = 3;
    private static final int EACH = 60;

    @TempDir
    Path folder;

    /** The version of what is rewritten for ever: an embedding's words are those of its segment, or it was torn. */
    private static void add(VaultEmbeddingStore store, String id, String text) {
        store.addAll(List.of(id), List.of(HashedWords.of(text)), List.of(TextSegment.from(text)));
    }

    private static void checkWhole(EmbeddingMatch<TextSegment> match) {
        Embedding own = HashedWords.of(match.embedded().text());
        for (int i = 0; i < own.dimension(); i++) {
            assertThat(Math.abs(own.vector()[i] - match.embedding().vector()[i]))
                    .as("the embedding of " + match.embedded().text())
                    .isLessThan(1e-4f);
        }
    }

    @Test
    void threadsAddReplaceAndSearchAtOnce() throws Exception {
        try (Vault vault = Vault.open(folder.resolve("store.db"))) {
            VaultEmbeddingStore store = VaultEmbeddingStore.builder()
                    .vault(vault)
                    .name("notes")
                    .dimension(HashedWords.DIMENSION)
                    .text()
                    .build();
            HybridContentRetriever retriever = HybridContentRetriever.builder()
                    .store(store)
                    .embeddingModel(new HashedWords())
                    .maxResults(10)
                    .build();
            add(store, "shared", "shared version 0");
            AtomicInteger writing = new AtomicInteger(WRITERS);
            ExecutorService threads = Executors.newFixedThreadPool(WRITERS + 2);
            List<Future<Integer>> all = new ArrayList<>();
            for (int w = 0; w < WRITERS; w++) {
                int writer = w;
                all.add(threads.submit(() -> {
                    try {
                        for (int i = 0; i < EACH; i++) {
                            add(store, writer + "-" + i, "note " + i + " of writer " + writer);
                            add(store, "shared", "shared version " + i + " of writer " + writer);
                            if (i % 3 == 0) {
                                store.remove(writer + "-" + i);
                            }
                        }
                    } finally {
                        writing.decrementAndGet();
                    }
                    return EACH;
                }));
            }
            Callable<Integer> searches = () -> {
                int searched = 0;
                while (writing.get() > 0 || searched == 0) {
                    List<EmbeddingMatch<TextSegment>> found = store.search(EmbeddingSearchRequest.builder()
                                    .queryEmbedding(HashedWords.of("shared version"))
                                    .maxResults(5)
                                    .build())
                            .matches();
                    found.forEach(StoreThreadsTest::checkWhole);
                    assertThat(found).extracting(EmbeddingMatch::embeddingId).doesNotHaveDuplicates();
                    List<Content> contents = retriever.retrieve(Query.from("shared"));
                    assertThat(contents)
                            .extracting(content -> content.textSegment().text())
                            .anyMatch(text -> text.startsWith("shared version"));
                    searched++;
                }
                return searched;
            };
            all.add(threads.submit(searches));
            all.add(threads.submit(searches));
            try {
                for (Future<Integer> one : all) {
                    assertThat(one.get(120, TimeUnit.SECONDS)).isPositive();
                }
            } finally {
                threads.shutdownNow();
                assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
            }
            int removed = (EACH + 2) / 3;
            assertThat(vault.vectors("notes").count()).isEqualTo(WRITERS * (EACH - removed) + 1);
            assertThat(vault.kv("notes_ids").count()).isEqualTo(WRITERS * (EACH - removed) + 1);
            assertThat(vault.text("notes_text").count()).isEqualTo(WRITERS * (EACH - removed) + 1);
        }
    }
}
