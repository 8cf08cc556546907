/**
 * LangChain4j's {@link dev.langchain4j.store.embedding.EmbeddingStore} and {@link
 * dev.langchain4j.rag.content.retriever.ContentRetriever} over a vault.
 *
 * <pre>{@code
 * try (Vault vault = Vault.open(Path.of("articles.db"))) {
 *     VaultEmbeddingStore store = VaultEmbeddingStore.builder()
 *             .vault(vault)
 *             .name("articles")
 *             .dimension(model.dimension())
 *             .text()
 *             .build();
 *     TextSegment segment = TextSegment.from("A vault is one file.", Metadata.from("source", "a.md"));
 *     store.add(model.embed(segment).content(), segment);
 *     ContentRetriever retriever =
 *             HybridContentRetriever.builder().store(store).embeddingModel(model).build();
 *     System.out.println(retriever.retrieve(Query.from("How many files is it?")));
 * }
 * }</pre>
 */
@NullMarked
package io.kohakuvault.langchain4j;

import org.jspecify.annotations.NullMarked;
