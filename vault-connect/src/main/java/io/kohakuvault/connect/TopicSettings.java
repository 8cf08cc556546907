package io.kohakuvault.connect;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;

/** The settings that say what of a record goes where; each can be given for one topic alone. */
final class TopicSettings {
    static final String ON_NULL_VALUES = "behavior.on.null.values";
    static final String KV_TABLE = "kv.table";
    static final String KV_KEY = "kv.key";
    static final String KV_VALUE = "kv.value";
    static final String KV_FORMAT = "kv.value.format";
    static final String TEXT_TABLE = "text.table";
    static final String TEXT_FIELDS = "text.fields";
    static final String TEXT_MODE = "text.mode";
    static final String TEXT_KEY = "text.key";
    static final String VECTOR_TABLE = "vector.table";
    static final String VECTOR_FIELD = "vector.field";
    static final String VECTOR_DIMENSIONS = "vector.dimensions";
    static final String VECTOR_METRIC = "vector.metric";
    static final String VECTOR_MODE = "vector.mode";
    static final String VECTOR_KEY = "vector.key";

    /** All that can be given for one topic, those of its table among them. */
    static final List<String> KEYS = Stream.concat(
                    TableSettings.KEYS.stream(),
                    Stream.of(
                            ON_NULL_VALUES,
                            KV_TABLE,
                            KV_KEY,
                            KV_VALUE,
                            KV_FORMAT,
                            TEXT_TABLE,
                            TEXT_FIELDS,
                            TEXT_MODE,
                            TEXT_KEY,
                            VECTOR_TABLE,
                            VECTOR_FIELD,
                            VECTOR_DIMENSIONS,
                            VECTOR_METRIC,
                            VECTOR_MODE,
                            VECTOR_KEY))
            .toList();

    /** The settings that say what goes into a store, by the one that names it. */
    static final Map<String, List<String>> OF_STORES = Map.of(
            TableSettings.TABLE_NAME,
            TableSettings.KEYS.stream()
                    .filter(key -> !key.equals(TableSettings.TABLE_NAME))
                    .toList(),
            KV_TABLE,
            List.of(KV_KEY, KV_VALUE, KV_FORMAT),
            TEXT_TABLE,
            List.of(TEXT_FIELDS, TEXT_MODE, TEXT_KEY),
            VECTOR_TABLE,
            List.of(VECTOR_FIELD, VECTOR_DIMENSIONS, VECTOR_METRIC, VECTOR_MODE, VECTOR_KEY));

    /** The values of kv.key and kv.value that name no field. */
    static final String RECORD_KEY = "record_key";

    static final String RECORD_VALUE = "record_value";

    private static final String KEY_WORDS =
            "record_key, a field's name or path, or text with ${key}, ${key.<field>}, ${value.<field>}, ${topic}, ${partition} and ${offset}.";

    private TopicSettings() {}

    static void define(ConfigDef definition) {
        TableSettings.define(definition);
        defineKeyValues(definition);
        defineText(definition);
        defineVectors(definition);
    }

    private static void defineKeyValues(ConfigDef definition) {
        Choices nulls = Choices.of("delete", "ignore", "fail");
        Choices formats = Choices.of("auto", "json", "raw");
        definition
                .define(
                        KV_TABLE,
                        ConfigDef.Type.STRING,
                        "",
                        Importance.HIGH,
                        "The key-value table that gets an entry for each record; a record with a null value deletes its key. Empty: none.",
                        "Key-values",
                        1,
                        Width.MEDIUM,
                        "Key-value table")
                .define(
                        KV_KEY,
                        ConfigDef.Type.STRING,
                        RECORD_KEY,
                        new ConfigDef.NonEmptyString(),
                        Importance.MEDIUM,
                        "What becomes the key: " + KEY_WORDS,
                        "Key-values",
                        2,
                        Width.MEDIUM,
                        "Key")
                .define(
                        KV_VALUE,
                        ConfigDef.Type.STRING,
                        RECORD_VALUE,
                        new ConfigDef.NonEmptyString(),
                        Importance.MEDIUM,
                        "What becomes the value: record_value, or a field's name or path.",
                        "Key-values",
                        3,
                        Width.MEDIUM,
                        "Value")
                .define(
                        KV_FORMAT,
                        ConfigDef.Type.STRING,
                        "auto",
                        formats,
                        Importance.MEDIUM,
                        "How the value is stored: auto as a value that says itself what it is (text, a number, a map in MessagePack; bytes as they "
                                + "are), json as JSON text in UTF-8, raw as the bytes or the text itself; raw rejects what is neither.",
                        "Key-values",
                        4,
                        Width.SHORT,
                        "Format of values",
                        formats)
                .define(
                        ON_NULL_VALUES,
                        ConfigDef.Type.STRING,
                        "delete",
                        nulls,
                        Importance.MEDIUM,
                        "What a record without a value (a tombstone) does: delete removes its key from the key-values, and the key's document and vector "
                                + "where these are in mode upsert, and is rejected where nothing is kept by key; ignore leaves it out; fail rejects it.",
                        "Key-values",
                        5,
                        Width.SHORT,
                        "On null values",
                        nulls);
    }

    private static void defineText(ConfigDef definition) {
        Choices modes = Choices.of("append", "upsert");
        definition
                .define(
                        TEXT_TABLE,
                        ConfigDef.Type.STRING,
                        "",
                        Importance.HIGH,
                        "The table of documents that gets one for each record, stored with its key. Empty: none.",
                        "Text",
                        1,
                        Width.MEDIUM,
                        "Text table")
                .define(
                        TEXT_FIELDS,
                        ConfigDef.Type.LIST,
                        List.of(),
                        Importance.HIGH,
                        "The fields whose text is indexed, each a column of the table of documents: 'name' or 'path as name'.",
                        "Text",
                        2,
                        Width.LONG,
                        "Text fields")
                .define(
                        TEXT_MODE,
                        ConfigDef.Type.STRING,
                        "append",
                        modes,
                        Importance.MEDIUM,
                        "append keeps a document of each record; upsert keeps the newest of each key.",
                        "Text",
                        3,
                        Width.SHORT,
                        "Text mode",
                        modes)
                .define(
                        TEXT_KEY,
                        ConfigDef.Type.STRING,
                        RECORD_KEY,
                        new ConfigDef.NonEmptyString(),
                        Importance.MEDIUM,
                        "What a document is stored with, and replaced by in mode upsert: " + KEY_WORDS,
                        "Text",
                        4,
                        Width.MEDIUM,
                        "Text key");
    }

    private static void defineVectors(ConfigDef definition) {
        Choices modes = Choices.of("append", "upsert");
        Choices metrics = Choices.of("cosine", "l2", "l1");
        definition
                .define(
                        VECTOR_TABLE,
                        ConfigDef.Type.STRING,
                        "",
                        Importance.HIGH,
                        "The table of vectors that gets one for each record, stored with its key. Empty: none.",
                        "Vector",
                        1,
                        Width.MEDIUM,
                        "Vector table")
                .define(
                        VECTOR_FIELD,
                        ConfigDef.Type.STRING,
                        "",
                        Importance.HIGH,
                        "The field that holds the vector: a list of numbers, 32-bit floats as little-endian bytes, or these as base64 text.",
                        "Vector",
                        2,
                        Width.MEDIUM,
                        "Vector field")
                .define(
                        VECTOR_DIMENSIONS,
                        ConfigDef.Type.INT,
                        0,
                        ConfigDef.Range.between(0, 8192),
                        Importance.HIGH,
                        "How many numbers a vector has.",
                        "Vector",
                        3,
                        Width.SHORT,
                        "Dimensions")
                .define(
                        VECTOR_METRIC,
                        ConfigDef.Type.STRING,
                        "cosine",
                        metrics,
                        Importance.MEDIUM,
                        "The distance that searches use.",
                        "Vector",
                        4,
                        Width.SHORT,
                        "Metric",
                        metrics)
                .define(
                        VECTOR_MODE,
                        ConfigDef.Type.STRING,
                        "append",
                        modes,
                        Importance.MEDIUM,
                        "append keeps a vector of each record; upsert keeps the newest of each key.",
                        "Vector",
                        5,
                        Width.SHORT,
                        "Vector mode",
                        modes)
                .define(
                        VECTOR_KEY,
                        ConfigDef.Type.STRING,
                        RECORD_KEY,
                        new ConfigDef.NonEmptyString(),
                        Importance.MEDIUM,
                        "What a vector is stored with, and replaced by in mode upsert: " + KEY_WORDS,
                        "Vector",
                        6,
                        Width.MEDIUM,
                        "Vector key");
    }
}
