package io.kohakuvault.connect;

import io.kohakuvault.kv.KVault;
import io.kohakuvault.kv.KvBatch;
import io.kohakuvault.text.NewDocument;
import io.kohakuvault.text.TextVault;
import io.kohakuvault.vector.VectorKVault;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * Where the records of one topic go in one file. Mapping touches the file only in {@link Into#prepare}. Not
 * thread-safe.
 */
final class TopicTarget {
    private final TopicConfig config;
    private final Optional<TableTarget> table;
    private final Optional<KVault> kv;
    private final Optional<TextVault> text;
    private final Optional<VectorKVault> vectors;

    TopicTarget(Stores stores, String topic, TopicConfig config) {
        this.config = config;
        this.table = config.tableName(topic).map(name -> stores.table(name, config.table()));
        this.kv = config.kvTable(topic).map(stores::kv);
        this.text = config.textTable(topic).map(name -> stores.documents(name, config.textOptions()));
        this.vectors = config.vectorTable(topic)
                .map(name -> stores.vectors(name, config.vectors().orElseThrow()));
    }

    /** Where one topic's records go within what is gathered, looked up once for many records. */
    final class Into {
        private final Writes writes;
        private final @Nullable KvBatch entries;
        private TableTarget.@Nullable Rows rows;

        private Into(Writes writes) {
            this.writes = writes;
            this.entries = kv.map(writes::entries).orElse(null);
            this.rows = table.map(writes::rows).orElse(null);
        }

        /** Whether mapping needs nothing more of the file. */
        boolean isReady() {
            return rows != null || table.isEmpty();
        }

        /**
         * Finds or makes the table that a record goes to; a record of which none can be made is met again. What ends
         * the task is to be found now, before anything is mapped.
         */
        void prepare(SinkRecord record) {
            if (table.isEmpty() || record.value() == null) {
                return;
            }
            try {
                if (!isReady()) {
                    begin(record);
                }
                table.get().lookAhead(record);
            } catch (UnfitException e) {
                // it is told when it is mapped
            }
        }

        private TableTarget.Rows begin(SinkRecord record) {
            TableTarget.Rows begun = table.orElseThrow().begin(record);
            writes.begin(table.get(), begun);
            rows = begun;
            return begun;
        }
    }

    Into into(Writes writes) {
        return new Into(writes);
    }

    /**
     * Maps records, all of them or none.
     *
     * @param records maps, or structs of one schema, or a single one, which may be a tombstone
     * @throws UnfitException when one cannot be mapped; the message says why
     */
    void add(Into to, List<SinkRecord> records) {
        SinkRecord first = records.get(0);
        if (first.value() == null) {
            addTombstone(to, first, Coordinates.of(first));
            return;
        }
        List<NewDocument> documents = new ArrayList<>();
        List<Writes.Embedding> embeddings = new ArrayList<>();
        for (SinkRecord record : text.isPresent() ? records : List.<SinkRecord>of()) {
            documents.add(document(record, Coordinates.of(record)));
        }
        for (SinkRecord record : vectors.isPresent() ? records : List.<SinkRecord>of()) {
            embeddings.add(embedding(vectors.get(), record, Coordinates.of(record)));
        }
        KvBatch entries = to.entries;
        int before = entries == null ? 0 : entries.size();
        try {
            if (table.isPresent()) {
                TableTarget.Rows rows = to.rows;
                table.get().add(rows == null ? to.begin(first) : rows, records, () -> addEntries(entries, records));
            } else {
                addEntries(entries, records);
            }
        } catch (RuntimeException e) {
            if (entries != null) {
                entries.truncate(before);
            }
            throw e;
        }
        for (NewDocument document : documents) {
            to.writes.add(text.orElseThrow(), document, config.textKey().replaces());
        }
        for (Writes.Embedding embedding : embeddings) {
            to.writes.add(vectors.orElseThrow(), embedding, config.vectorKey().replaces());
        }
    }

    private void addEntries(@Nullable KvBatch entries, List<SinkRecord> records) {
        if (entries != null) {
            for (SinkRecord record : records) {
                addEntry(entries, record, Coordinates.of(record));
            }
        }
    }

    private void addEntry(KvBatch batch, SinkRecord record, Coordinates at) {
        Object value = config.kvValue().isPresent() ? config.kvValue().get().in(record) : record.value();
        if (value == null) {
            throw new UnfitException(
                    "field '" + config.kvValue().map(FieldPath::toString).orElse("") + "', which "
                            + TopicSettings.KV_VALUE + " names, is missing or null");
        }
        config.kvFormat().put(batch, config.kvKey().key(record, at), value);
    }

    /**
     * Writes something into each store but the table; the caller is in a transaction, which it takes back.
     *
     * @throws IllegalArgumentException when a store cannot be made, or is none of its kind
     */
    void tryStores() {
        kv.ifPresent(store -> {
            KvBatch batch = store.newBatch();
            batch.put(new byte[] {0}, new byte[] {0});
            store.write(batch);
        });
        text.ifPresent(store -> {
            List<String> texts = config.textFields().stream().map(field -> "x").toList();
            long[] unused = store.insertAll(List.of(new NewDocument(texts, "")));
        });
        vectors.ifPresent(store -> {
            float[] vector = new float[config.vectors().orElseThrow().dimensions()];
            vector[0] = 1;
            long unused = store.insert(vector, "");
        });
    }

    boolean needsColumns(SinkRecord record) {
        return table.isPresent() && table.get().needsColumns(record);
    }

    void addColumns(SinkRecord record) {
        table.ifPresent(t -> t.addColumns(record));
    }

    private void addTombstone(Into to, SinkRecord record, Coordinates at) {
        switch (config.onNullValues()) {
            case IGNORE -> {
                // no trace of it is wanted
            }
            case FAIL -> throw new UnfitException("it has no value, and " + TopicSettings.ON_NULL_VALUES + " is fail");
            case DELETE -> delete(to, record, at);
        }
    }

    /** Deletes what is kept by key, in all that is. */
    private void delete(Into to, SinkRecord record, Coordinates at) {
        boolean inText = text.isPresent() && config.textKey().replaces();
        boolean inVectors = vectors.isPresent() && config.vectorKey().replaces();
        if (kv.isEmpty() && !inText && !inVectors) {
            throw new UnfitException(
                    "it has no value, and only key-values, and documents and vectors in mode upsert, know what that means: delete the key; set "
                            + TopicSettings.ON_NULL_VALUES + " to ignore to leave such records out");
        }
        if (kv.isPresent()) {
            checkDeletes(config.kvKey(), TopicSettings.KV_KEY);
        }
        if (inText) {
            checkDeletes(config.textKey().template(), TopicSettings.TEXT_KEY);
        }
        if (inVectors) {
            checkDeletes(config.vectorKey().template(), TopicSettings.VECTOR_KEY);
        }
        Object document = inText ? config.textKey().of(record, at) : null;
        Object vector = inVectors ? config.vectorKey().of(record, at) : null;
        if (kv.isPresent()) {
            Objects.requireNonNull(to.entries).delete(config.kvKey().key(record, at));
        }
        if (document != null) {
            to.writes.delete(text.orElseThrow(), document);
        }
        if (vector != null) {
            to.writes.delete(vectors.orElseThrow(), vector);
        }
    }

    private static void checkDeletes(KeyTemplate key, String setting) {
        if (!key.needsNoValue()) {
            throw new UnfitException("it has no value, which " + setting + " '" + key
                    + "' takes the key to delete from; name the record's key there, or set "
                    + TopicSettings.ON_NULL_VALUES + " to ignore");
        }
    }

    private NewDocument document(SinkRecord record, Coordinates at) {
        List<String> texts = new ArrayList<>();
        boolean any = false;
        for (ColumnSpec field : config.textFields()) {
            Object value = field.source().plain(record);
            if (value != null && !(value instanceof String) && !(value instanceof Number)) {
                throw new UnfitException(
                        "field '" + field.source() + "' is no text, but " + UnfitException.kindOf(value));
            }
            any |= value != null;
            texts.add(value == null ? "" : value.toString());
        }
        if (!any) {
            throw new UnfitException("none of the fields "
                    + config.textFields().stream().map(ColumnSpec::source).toList() + " is there");
        }
        return new NewDocument(texts, config.textKey().of(record, at));
    }

    private Writes.Embedding embedding(VectorKVault target, SinkRecord record, Coordinates at) {
        FieldPath path = config.vectorField().orElseThrow();
        Object field = path.in(record);
        if (field == null) {
            throw new UnfitException("field '" + path + "', which holds the vector, is missing or null");
        }
        float[] vector;
        try {
            vector = Plain.floats(field);
            target.check(vector);
        } catch (UnfitException | IllegalArgumentException e) {
            throw new UnfitException("field '" + path + "': " + e.getMessage());
        }
        return new Writes.Embedding(vector, config.vectorKey().of(record, at));
    }
}
