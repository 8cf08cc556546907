package io.kohakuvault.connect;

import io.kohakuvault.Vault;
import io.kohakuvault.codec.Utf8;
import io.kohakuvault.kv.KVault;
import io.kohakuvault.table.RowBatch;
import io.kohakuvault.table.Schema;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.Table;
import io.kohakuvault.text.TextOptions;
import io.kohakuvault.text.TextVault;
import io.kohakuvault.vector.VectorKVault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * Where the records of one topic go in one file. {@link #add} maps a record into memory and touches the file only to
 * find or make the table; {@link #write} writes what has been gathered, inside the caller's transaction. Not
 * thread-safe.
 */
final class TopicTarget {
    private final Vault vault;
    private final TopicConfig config;
    private final Optional<KVault> kv;
    private final Optional<TextVault> text;
    private final Optional<VectorKVault> vectors;

    private @Nullable Table table;
    private @Nullable RowBatch rows;

    /** What the table's columns were when {@link #rows} was made. */
    private List<SchemaColumn> columns = List.of();

    private final List<KvWrite> kvWrites = new ArrayList<>();
    private final List<Document> documents = new ArrayList<>();
    private final List<Embedding> embeddings = new ArrayList<>();

    /** A key and what to put under it; an absent value deletes. */
    @SuppressWarnings("ArrayRecordComponent") // on its way to the file, never compared
    private record KvWrite(byte[] key, Optional<Object> value) {}

    private record Document(List<String> texts, Object value) {}

    @SuppressWarnings("ArrayRecordComponent") // on its way to the file, never compared
    private record Embedding(float[] vector, Object value) {}

    TopicTarget(Vault vault, TopicConfig config) {
        this.vault = vault;
        this.config = config;
        this.kv = config.kvTable().map(vault::kv);
        this.text = config.textTable().map(name -> documents(vault, name, config.textOptions()));
        this.vectors = config.vectorTable()
                .map(name -> vault.vectors(name, config.vectors().orElseThrow()));
    }

    /** A table that is there with these columns may have any tokenizer: the settings say none. */
    private static TextVault documents(Vault vault, String name, TextOptions options) {
        TextVault asItIs = vault.text(name);
        return asItIs.columns().equals(options.columns()) ? asItIs : vault.text(name, options);
    }

    /**
     * Maps a record, wholly or not at all.
     *
     * @throws DataException when it cannot be mapped; the message says why
     */
    void add(SinkRecord record, Coordinates at) {
        try {
            map(record, at);
        } catch (IllegalArgumentException e) {
            throw new DataException(e.getMessage(), e);
        }
    }

    private void map(SinkRecord record, Coordinates at) {
        if (record.value() == null) {
            byte[] key = kv.isPresent() ? key(record) : null;
            if (key == null) {
                throw new DataException(
                        "the record has no value, and only key-values know what that means: delete the key");
            }
            kvWrites.add(new KvWrite(key, Optional.empty()));
            return;
        }
        KvWrite kvWrite = kv.isPresent() ? kvWrite(record) : null;
        Document document = text.isPresent() ? document(record, at) : null;
        Embedding embedding = vectors.isPresent() ? embedding(vectors.get(), record, at) : null;
        if (config.tableName().isPresent()) {
            rows(record).add(row -> RowMapping.fill(row, columns, record, at));
        }
        if (kvWrite != null) {
            kvWrites.add(kvWrite);
        }
        if (document != null) {
            documents.add(document);
        }
        if (embedding != null) {
            embeddings.add(embedding);
        }
    }

    /**
     * The rows gathered so far. What the table's columns are is asked once a batch, with its first row: others may have
     * changed them.
     */
    private RowBatch rows(SinkRecord record) {
        RowBatch batch = rows;
        if (batch != null && batch.rowCount() > 0) {
            return batch;
        }
        Table t = table;
        if (t == null || batch == null || !isAsMapped(t)) {
            t = findTable(record);
            columns = t.schema().columns();
            batch = t.newBatch();
            table = t;
            rows = batch;
        }
        return batch;
    }

    private Table findTable(SinkRecord record) {
        String name = config.tableName().orElseThrow().replace("${topic}", record.topic());
        try {
            Table found = vault.tables().get(name);
            config.schema().ifPresent(wanted -> checkHas(found, wanted));
            return found;
        } catch (NoSuchElementException e) {
            return makeTable(name, record);
        }
    }

    private Table makeTable(String name, SinkRecord record) {
        try {
            return vault.tables()
                    .ensure(
                            name,
                            config.schema()
                                    .or(() -> RowMapping.columns(record.valueSchema())
                                            .map(config::withMetadata))
                                    .orElseThrow(() -> new ConnectException("table '" + name
                                            + "' is not in the file, and records without a schema do not say what its columns are: name them in "
                                            + TopicConfig.TABLE_COLUMNS)));
        } catch (IllegalArgumentException e) {
            throw contradiction(e.getMessage(), e);
        }
    }

    /** The settings contradict the file: no record can be written, so none is to blame. */
    private static ConnectException contradiction(@Nullable String why, @Nullable Exception cause) {
        return new ConnectException(TopicConfig.TABLE_COLUMNS + " does not fit the file: " + why, cause);
    }

    /**
     * Whether a table can take the rows that the settings describe. Columns that others have added are null in them.
     */
    private static void checkHas(Table table, Schema wanted) {
        List<SchemaColumn> columns = table.schema().columns();
        for (SchemaColumn column : columns) {
            if (!column.nullable() && !wanted.columns().contains(column)) {
                throw contradiction(table + " has a column " + column + ", which is in no row", null);
            }
        }
        if (!columns.containsAll(wanted.columns())) {
            throw contradiction(table + " has the columns " + columns + " and not all of " + wanted.columns(), null);
        }
    }

    private KvWrite kvWrite(SinkRecord record) {
        Object value = config.kvValue().equals(TopicConfig.RECORD_VALUE)
                ? Plain.value(record.value())
                : Plain.value(Plain.field(record.value(), config.kvValue()));
        if (value == null) {
            throw new DataException(
                    "field '" + config.kvValue() + "', which " + TopicConfig.KV_VALUE + " names, is missing or null");
        }
        return new KvWrite(key(record), Optional.of(value));
    }

    private byte[] key(SinkRecord record) {
        boolean fromRecord = config.kvKey().equals(TopicConfig.RECORD_KEY);
        Object key = Plain.value(fromRecord ? record.key() : Plain.field(record.value(), config.kvKey()));
        if (key instanceof byte[] bytes) {
            return bytes;
        } else if (key instanceof String || key instanceof Number || key instanceof Boolean) {
            return Utf8.encode(key.toString());
        }
        throw new DataException((fromRecord ? "the record's key" : "field '" + config.kvKey() + "'")
                + ", which becomes the key, is "
                + (key == null ? "missing or null" : "a " + key.getClass().getSimpleName())
                + "; it must be text, bytes or a number");
    }

    /** What a document or vector is stored with: the record's key, or its place where it has none. */
    private static Object reference(SinkRecord record, Coordinates at) {
        Object key = Plain.value(record.key());
        return key != null
                ? key
                : Map.of("topic", at.topic(), "partition", (long) at.partition(), "offset", at.offset());
    }

    private Document document(SinkRecord record, Coordinates at) {
        List<String> texts = new ArrayList<>();
        boolean any = false;
        for (String name : config.textFields()) {
            Object field = Plain.value(Plain.field(record.value(), name));
            if (field != null && !(field instanceof String) && !(field instanceof Number)) {
                throw new DataException("field '" + name + "' is no text, but a "
                        + field.getClass().getSimpleName());
            }
            any |= field != null;
            texts.add(field == null ? "" : field.toString());
        }
        if (!any) {
            throw new DataException("none of the fields " + config.textFields() + " is there");
        }
        return new Document(texts, reference(record, at));
    }

    private Embedding embedding(VectorKVault target, SinkRecord record, Coordinates at) {
        String name = config.vectorField().orElseThrow();
        Object field = Plain.field(record.value(), name);
        if (field == null) {
            throw new DataException("field '" + name + "', which holds the vector, is missing or null");
        }
        float[] vector = Plain.floats(field);
        target.check(vector);
        return new Embedding(vector, reference(record, at));
    }

    /** Others have changed the table since the first row of the batch: it must be mapped anew. */
    static final class TableChangedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TableChangedException(Table table) {
            super(table + " was changed by somebody else while records were mapped to its columns");
        }
    }

    /**
     * Writes what has been gathered; the caller is in a transaction.
     *
     * @throws TableChangedException when the batch is to be mapped anew
     */
    void write() {
        Table t = table;
        RowBatch batch = rows;
        if (t != null && batch != null && batch.rowCount() > 0) {
            if (!isAsMapped(t)) {
                throw new TableChangedException(t);
            }
            t.append(batch);
        }
        kv.ifPresent(store -> {
            for (KvWrite write : kvWrites) {
                Object value = write.value.orElse(null);
                if (value == null) {
                    store.delete(write.key);
                } else if (value instanceof byte[] bytes) {
                    store.put(write.key, bytes);
                } else {
                    store.putValue(write.key, value);
                }
            }
        });
        text.ifPresent(store -> documents.forEach(d -> store.insert(d.texts, d.value)));
        vectors.ifPresent(store -> embeddings.forEach(e -> store.insert(e.vector, e.value)));
    }

    private boolean isAsMapped(Table t) {
        try {
            return t.schema().columns().equals(columns);
        } catch (NoSuchElementException e) { // dropped
            return false;
        }
    }

    /** Forgets what has been gathered: it is written, or will be delivered again. */
    void clear() {
        RowBatch batch = rows;
        if (batch != null) {
            batch.clear();
        }
        kvWrites.clear();
        documents.clear();
        embeddings.clear();
    }
}
