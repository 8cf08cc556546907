package io.kohakuvault.langchain4j;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.store.embedding.EmbeddingStore;
import dev.langchain4j.store.embedding.EmbeddingStoreAddAllContract;
import dev.langchain4j.store.embedding.EmbeddingStoreWithFilteringIT;
import io.kohakuvault.Vault;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** LangChain4j's own tests of adding, searching and filtering. */
class StoreFilteringTest extends EmbeddingStoreWithFilteringIT implements EmbeddingStoreAddAllContract {
    @TempDir
    Path folder;

    private Vault vault;
    private EmbeddingStore<TextSegment> store;

    VaultEmbeddingStore.Builder builder(Vault file) {
        return VaultEmbeddingStore.builder().vault(file).name("segments").dimension(HashedWords.DIMENSION);
    }

    @AfterEach
    void close() {
        vault.close();
    }

    /** Before each test. */
    @Override
    protected void ensureStoreIsReady() {
        vault = Vault.open(folder.resolve("store.db"));
        store = builder(vault).build();
    }

    @Override
    public EmbeddingStore<TextSegment> embeddingStore() {
        return store;
    }

    @Override
    protected EmbeddingModel embeddingModel() {
        return new HashedWords();
    }

    @Override
    protected boolean supportsContains() {
        return true;
    }
}
