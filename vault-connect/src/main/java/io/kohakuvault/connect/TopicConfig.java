package io.kohakuvault.connect;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.table.Schema;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.text.TextOptions;
import io.kohakuvault.vector.Metric;
import io.kohakuvault.vector.VectorOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** What of a record goes where, for the records of one topic. */
final class TopicConfig {
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

    private static final ConfigDef DEFINITION = new ConfigDef();

    static {
        define(DEFINITION);
    }

    private final AbstractConfig config;
    private final Optional<Schema> schema;
    private final Optional<VectorOptions> vectors;

    TopicConfig(String topic, Map<String, String> properties) {
        this.config = new AbstractConfig(DEFINITION, properties, false);
        this.schema = parseColumns();
        this.vectors = parseVectors();
        if (vectorTable().isPresent() && vectorField().isEmpty()) {
            throw new ConfigException(
                    VECTOR_FIELD, "", "must name the field that holds the vector, because " + VECTOR_TABLE + " is set");
        }
        if (textTable().isPresent()) {
            if (textFields().isEmpty()) {
                throw new ConfigException(
                        TEXT_FIELDS, "", "must name at least one field, because " + TEXT_TABLE + " is set");
            }
            try {
                textOptions();
            } catch (IllegalArgumentException e) {
                throw new ConfigException(TEXT_FIELDS, textFields(), e.getMessage());
            }
        }
        boolean nothing = tableName().isEmpty()
                && kvTable().isEmpty()
                && textTable().isEmpty()
                && vectorTable().isEmpty();
        if (nothing) {
            throw new ConfigException("nothing is to be written" + (topic.isEmpty() ? "" : " of topic " + topic)
                    + ": set at least one of " + List.of(TABLE_NAME, KV_TABLE, TEXT_TABLE, VECTOR_TABLE));
        }
    }

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
                        "What becomes the key: record_key, or a field's name.",
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

    /** What a record without a value does. */
    enum OnNullValues {
        DELETE,
        IGNORE,
        FAIL
    }

    OnNullValues onNullValues() {
        return OnNullValues.valueOf(config.getString(ON_NULL_VALUES).toUpperCase(Locale.ROOT));
    }

    boolean autoEvolve() {
        return config.getBoolean(AUTO_EVOLVE);
    }

    boolean hasMetadata() {
        return config.getBoolean(TABLE_METADATA);
    }

    private Optional<Schema> parseColumns() {
        List<String> columns = config.getList(TABLE_COLUMNS);
        if (columns.isEmpty()) {
            return Optional.empty();
        }
        List<SchemaColumn> parsed = new ArrayList<>();
        for (String column : columns) {
            parsed.add(parseColumn(column.strip()));
        }
        try {
            return Optional.of(withMetadata(parsed));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(TABLE_COLUMNS, columns, e.getMessage());
        }
    }

    private static SchemaColumn parseColumn(String column) {
        String[] words = column.split("\\s+", -1);
        boolean nullable = words.length == 3 && words[2].equals("null");
        if (words.length != 2 && !nullable) {
            throw new ConfigException(TABLE_COLUMNS, column, "a column is 'name type' or 'name type null'");
        }
        try {
            Optional<LogicalType> logical = logical(words[1]);
            return new SchemaColumn(
                    words[0],
                    logical.flatMap(LogicalType::physical).orElseGet(() -> DType.parse(words[1])),
                    logical,
                    nullable);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(TABLE_COLUMNS, column, e.getMessage());
        }
    }

    /** What a type in the settings means beyond a dtype; empty for a dtype. */
    private static Optional<LogicalType> logical(String type) {
        String zoned = type.matches("timestamp:[a-z]+") ? type + ":UTC" : type;
        LogicalType logical = LogicalType.parse(zoned).orElseThrow();
        if (!(logical instanceof LogicalType.Other)) {
            return Optional.of(logical);
        } else if (type.matches("(timestamp|time|decimal)(:.*)?")) {
            throw new IllegalArgumentException(
                    "unknown type '" + type
                            + "'; there are timestamp:s, :ms, :us and :ns, time:ms, :us and :ns, and decimal:<digits>:<of them behind the point>");
        }
        return Optional.empty();
    }

    /** The columns with those for the record's coordinates behind them, unless they are switched off. */
    Schema withMetadata(List<SchemaColumn> columns) {
        Schema.Builder builder = Schema.builder();
        columns.forEach(builder::add);
        if (config.getBoolean(TABLE_METADATA)) {
            builder.column(RowMapping.TOPIC, DType.STR)
                    .column(RowMapping.PARTITION, DType.I32)
                    .column(RowMapping.OFFSET, DType.I64)
                    .nullableTimestamp(RowMapping.TIMESTAMP, LogicalType.TimeUnit.MS);
        }
        return builder.build();
    }

    private Optional<VectorOptions> parseVectors() {
        if (vectorTable().isEmpty()) {
            return Optional.empty();
        }
        int dimensions = config.getInt(VECTOR_DIMENSIONS);
        if (dimensions < 1) {
            throw new ConfigException(
                    VECTOR_DIMENSIONS, dimensions, "must be from 1 to 8192, because " + VECTOR_TABLE + " is set");
        }
        return Optional.of(VectorOptions.of(
                dimensions, Metric.valueOf(config.getString(VECTOR_METRIC).toUpperCase(Locale.ROOT))));
    }

    private Optional<String> text(String key) {
        String value = config.getString(key);
        return value == null || value.isEmpty() ? Optional.empty() : Optional.of(value);
    }

    Optional<String> tableName() {
        return text(TABLE_NAME);
    }

    Optional<Schema> schema() {
        return schema;
    }

    Optional<String> kvTable() {
        return text(KV_TABLE);
    }

    String kvKey() {
        return config.getString(KV_KEY);
    }

    String kvValue() {
        return config.getString(KV_VALUE);
    }

    Optional<String> textTable() {
        return text(TEXT_TABLE);
    }

    List<String> textFields() {
        return config.getList(TEXT_FIELDS);
    }

    TextOptions textOptions() {
        return TextOptions.defaults().withColumns(textFields().toArray(String[]::new));
    }

    Optional<String> vectorTable() {
        return text(VECTOR_TABLE);
    }

    Optional<String> vectorField() {
        return text(VECTOR_FIELD);
    }

    Optional<VectorOptions> vectors() {
        return vectors;
    }
}
