package io.kohakuvault.langchain4j;

import io.kohakuvault.Vault;

/** The same of a store that keeps the text too. */
class StoreRemovalWithTextTest extends StoreRemovalTest {
    @Override
    VaultEmbeddingStore.Builder builder(Vault file) {
        return super.builder(file).text();
    }
}
