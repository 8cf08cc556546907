package io.kohakuvault.connect;

import io.kohakuvault.kv.KVault;
import io.kohakuvault.kv.KvBatch;
import io.kohakuvault.text.NewDocument;
import io.kohakuvault.text.TextVault;
import io.kohakuvault.vector.VectorKVault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What records become in one file, gathered in memory in their order: topics that go to one table share what is
 * gathered for it. Not thread-safe; handed over whole.
 */
final class Writes {
    private final Map<TableTarget, TableTarget.Rows> rows = new LinkedHashMap<>();
    private final Map<KVault, KvBatch> entries = new LinkedHashMap<>();
    private final Map<TextVault, Gathered<NewDocument>> documents = new LinkedHashMap<>();
    private final Map<VectorKVault, Gathered<Embedding>> embeddings = new LinkedHashMap<>();
    private final List<VaultFile.Rejected> rejected = new ArrayList<>();

    /** A vector and what is stored with it. */
    @SuppressWarnings("ArrayRecordComponent") // on its way to the file, never compared
    record Embedding(float[] vector, Object value) {}

    TableTarget.@Nullable Rows rows(TableTarget table) {
        return rows.get(table);
    }

    void begin(TableTarget table, TableTarget.Rows begun) {
        rows.put(table, begun);
    }

    KvBatch entries(KVault store) {
        return entries.computeIfAbsent(store, KVault::newBatch);
    }

    /** @param replaces whether it takes the place of what the store has with its value */
    void add(TextVault store, NewDocument document, boolean replaces) {
        documents.computeIfAbsent(store, s -> new Gathered<>()).add(document.value(), document, replaces);
    }

    void add(VectorKVault store, Embedding embedding, boolean replaces) {
        embeddings.computeIfAbsent(store, s -> new Gathered<>()).add(embedding.value, embedding, replaces);
    }

    /** What the store has with a value is to go. */
    void delete(TextVault store, Object value) {
        documents.computeIfAbsent(store, s -> new Gathered<>()).delete(value);
    }

    void delete(VectorKVault store, Object value) {
        embeddings.computeIfAbsent(store, s -> new Gathered<>()).delete(value);
    }

    void reject(VaultFile.Rejected record) {
        rejected.add(record);
    }

    /** The records that cannot be written. */
    List<VaultFile.Rejected> rejected() {
        return rejected;
    }

    /**
     * Writes what has been gathered; the caller is in a transaction.
     *
     * @throws TableTarget.TableChangedException when the records are to be mapped anew
     */
    void write() {
        rows.values().forEach(TableTarget.Rows::write);
        entries.forEach((store, batch) -> {
            if (batch.size() > 0) {
                store.write(batch);
            }
        });
        documents.forEach(Writes::write);
        embeddings.forEach(Writes::write);
    }

    private static void write(TextVault store, Gathered<NewDocument> gathered) {
        if (gathered.hasKeys()) {
            store.indexValues();
        }
        long[] unused = store.insertAll(gathered.settle(
                store::idsWith, store::delete, (id, document) -> store.updateTexts(id, document.texts())));
    }

    private static void write(VectorKVault store, Gathered<Embedding> gathered) {
        if (gathered.hasKeys()) {
            store.indexValues();
        }
        gathered.settle(store::idsWith, store::delete, (id, embedding) -> store.updateVector(id, embedding.vector()))
                .forEach(embedding -> store.insert(embedding.vector(), embedding.value()));
    }

    /** It is written: its memory can be used again. */
    void reuse() {
        rows.values().forEach(TableTarget.Rows::reuse);
    }
}
