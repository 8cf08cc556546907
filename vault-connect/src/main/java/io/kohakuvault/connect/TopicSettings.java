package io.kohakuvault.connect;

import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;

/** The settings that say what of a record goes where; each can be given for one topic alone. */
final class TopicSettings {
    static final String TABLE_NAME = "table.name";
    static final String TABLE_COLUMNS = "table.columns";
    static final String TABLE_METADATA = "table.metadata";
    static final String AUTO_EVOLVE = "auto.evolve";
    static final String ON_NULL_VALUES = "behavior.on.null.values";
    static final String KV_TABLE = "kv.table";
    static final String KV_KEY = "kv.key";
    static final String KV_VALUE = "kv.value";
    static final String TEXT_TABLE = "text.table";
    static final String TEXT_FIELDS = "text.fields";
    static final String VECTOR_TABLE = "vector.table";
    static final String VECTOR_FIELD = "vector.field";
    static final String VECTOR_DIMENSIONS = "vector.dimensions";
    static final String VECTOR_METRIC = "vector.metric";

    static final List<String> KEYS = List.of(
            TABLE_NAME,
            TABLE_COLUMNS,
            TABLE_METADATA,
            AUTO_EVOLVE,
            ON_NULL_VALUES,
            KV_TABLE,
            KV_KEY,
            KV_VALUE,
            TEXT_TABLE,
            TEXT_FIELDS,
            VECTOR_TABLE,
            VECTOR_FIELD,
            VECTOR_DIMENSIONS,
            VECTOR_METRIC);

    /** The values of kv.key and kv.value that name no field. */
    static final String RECORD_KEY = "record_key";

    static final String RECORD_VALUE = "record_value";

    private TopicSettings() {}

    static void define(ConfigDef definition) {
        definition
                .define(
                        TABLE_NAME,
                        ConfigDef.Type.STRING,
                        "",
                        Importance.HIGH,
                        "The table that gets a row for each record. Empty: none.",
                        "Table",
                        1,
                        Width.MEDIUM,
                        "Table")
                .define(
                        TABLE_COLUMNS,
                        ConfigDef.Type.LIST,
                        List.of(),
                        Importance.HIGH,
                        "The table's columns, filled from fields of the same name: 'name type' or 'name type null', where type is a dtype "
                                + "(i64, f64, bool, str, bytes, vec:f32:384 ...) or timestamp:s|ms|us|ns. Empty: as the file has the table, or "
                                + "as the schema of the first record says.",
                        "Table",
                        2,
                        Width.LONG,
                        "Columns")
                .define(
                        TABLE_METADATA,
                        ConfigDef.Type.BOOLEAN,
                        true,
                        Importance.LOW,
                        "Whether the table also has _topic, _partition, _offset and _timestamp.",
                        "Table",
                        3,
                        Width.SHORT,
                        "Metadata columns")
                .define(
                        AUTO_EVOLVE,
                        ConfigDef.Type.BOOLEAN,
                        true,
                        Importance.MEDIUM,
                        "Whether a field that is new in the records' schema gets a column of its own, which is null in earlier rows. Without it such "
                                + "records are rejected. Not for tables whose columns are named in "
                                + TABLE_COLUMNS + ": of these, other fields are left out.",
                        "Table",
                        4,
                        Width.SHORT,
                        "Add columns for new fields")
                .define(
                        ON_NULL_VALUES,
                        ConfigDef.Type.STRING,
                        "delete",
                        ConfigDef.CaseInsensitiveValidString.in("delete", "ignore", "fail"),
                        Importance.MEDIUM,
                        "What a record without a value (a tombstone) does: delete removes its key from the key-values, and is rejected where there are "
                                + "none; ignore leaves it out; fail rejects it.",
                        "Key-values",
                        4,
                        Width.SHORT,
                        "On null values")
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
                        "What becomes the key: record_key, a field's name, or text with ${key}, ${key.<field>}, ${value.<field>}, ${topic}, ${partition} and ${offset}.",
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
                        "What becomes the value: record_value, or a field's name.",
                        "Key-values",
                        3,
                        Width.MEDIUM,
                        "Value")
                .define(
                        TEXT_TABLE,
                        ConfigDef.Type.STRING,
                        "",
                        Importance.HIGH,
                        "The table of documents that gets one for each record, stored with the record's key. Empty: none.",
                        "Text",
                        1,
                        Width.MEDIUM,
                        "Text table")
                .define(
                        TEXT_FIELDS,
                        ConfigDef.Type.LIST,
                        List.of(),
                        Importance.HIGH,
                        "The fields whose text is indexed, each a column of the table of documents.",
                        "Text",
                        2,
                        Width.LONG,
                        "Text fields")
                .define(
                        VECTOR_TABLE,
                        ConfigDef.Type.STRING,
                        "",
                        Importance.HIGH,
                        "The table of vectors that gets one for each record, stored with the record's key. Empty: none.",
                        "Vector",
                        1,
                        Width.MEDIUM,
                        "Vector table")
                .define(
                        VECTOR_FIELD,
                        ConfigDef.Type.STRING,
                        "",
                        Importance.HIGH,
                        "The field that holds the vector: a list of numbers, or 32-bit floats as little-endian bytes.",
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
                        ConfigDef.CaseInsensitiveValidString.in("cosine", "l2", "l1"),
                        Importance.MEDIUM,
                        "The distance that searches use.",
                        "Vector",
                        4,
                        Width.SHORT,
                        "Metric");
    }
}
