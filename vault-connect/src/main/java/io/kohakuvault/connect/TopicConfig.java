package io.kohakuvault.connect;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.table.Schema;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.text.TextOptions;
import io.kohakuvault.vector.Metric;
import io.kohakuvault.vector.VectorOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;

/** What of a record goes where, for the records of one topic. */
final class TopicConfig {
    /** Stands for the topic in the name of a table. */
    private static final String TOPIC = "${topic}";

    private static final ConfigDef DEFINITION = new ConfigDef();

    static {
        TopicSettings.define(DEFINITION);
    }

    private final String topic;
    private final Map<String, String> properties;
    private final AbstractConfig config;
    private final Optional<Schema> schema;
    private final Optional<VectorOptions> vectors;
    private final OnNullValues onNullValues;
    private final boolean autoEvolve;
    private final KeyTemplate kvKey;
    private final String kvValue;
    private final List<String> textFields;
    private final Optional<String> vectorField;

    private TopicConfig(String topic, Map<String, String> properties, Problems problems) {
        this.topic = topic;
        this.properties = properties;
        this.config = new AbstractConfig(DEFINITION, properties, false);
        this.onNullValues = OnNullValues.valueOf(
                config.getString(TopicSettings.ON_NULL_VALUES).toUpperCase(Locale.ROOT));
        this.autoEvolve = config.getBoolean(TopicSettings.AUTO_EVOLVE);
        this.kvKey = parseKey(problems);
        this.kvValue = config.getString(TopicSettings.KV_VALUE);
        this.textFields = config.getList(TopicSettings.TEXT_FIELDS);
        this.vectorField = text(TopicSettings.VECTOR_FIELD);
        this.schema = parseColumns(problems);
        this.vectors = parseVectors(problems);
        checkText(problems);
        checkNames(problems);
        boolean nothing = tableName().isEmpty()
                && kvTable().isEmpty()
                && textTable().isEmpty()
                && vectorTable().isEmpty();
        if (nothing) {
            problems.add(
                    key(TopicSettings.TABLE_NAME),
                    "nothing is to be written" + (topic.isEmpty() ? "" : " of topic " + topic)
                            + ": set at least one of "
                            + List.of(
                                    TopicSettings.TABLE_NAME,
                                    TopicSettings.KV_TABLE,
                                    TopicSettings.TEXT_TABLE,
                                    TopicSettings.VECTOR_TABLE));
        }
    }

    /**
     * The settings for a topic.
     *
     * @param topic the topic, empty for those that have none of their own
     * @param properties all settings, those of the topic as if they were for all
     * @param problems gets what is wrong with them
     * @return the settings, empty when some cannot be read at all
     */
    static Optional<TopicConfig> of(String topic, Map<String, String> properties, Problems problems) {
        boolean readable = true;
        for (ConfigValue value : DEFINITION.validate(properties)) {
            for (String message : value.errorMessages()) {
                problems.add(key(topic, properties, value.name()), message);
                readable = false;
            }
        }
        return readable ? Optional.of(new TopicConfig(topic, properties, problems)) : Optional.empty();
    }

    /** The key under which a setting was given: for the topic, or for all. */
    private static String key(String topic, Map<String, String> properties, String setting) {
        String own = SinkSettings.TOPIC_PREFIX + topic + "." + setting;
        return !topic.isEmpty() && properties.containsKey(own) ? own : setting;
    }

    private String key(String setting) {
        return key(topic, properties, setting);
    }

    private KeyTemplate parseKey(Problems problems) {
        String setting = config.getString(TopicSettings.KV_KEY);
        try {
            return KeyTemplate.of(setting);
        } catch (IllegalArgumentException e) {
            problems.invalid(key(TopicSettings.KV_KEY), setting, String.valueOf(e.getMessage()));
            return KeyTemplate.of(TopicSettings.RECORD_KEY);
        }
    }

    private void checkText(Problems problems) {
        if (textTable().isEmpty()) {
            return;
        }
        if (textFields().isEmpty()) {
            problems.invalid(
                    key(TopicSettings.TEXT_FIELDS),
                    "",
                    "must name at least one field, because " + TopicSettings.TEXT_TABLE + " is set");
            return;
        }
        try {
            TextOptions unused = textOptions();
        } catch (IllegalArgumentException e) {
            problems.invalid(key(TopicSettings.TEXT_FIELDS), textFields(), String.valueOf(e.getMessage()));
        }
    }

    /** Names that no table can have, and tables of several kinds that share one. */
    private void checkNames(Problems problems) {
        Map<String, String> taken = new HashMap<>();
        checkName(problems, taken, TopicSettings.KV_TABLE, kvTable(), Content.Kind.KEY_VALUES);
        checkName(problems, taken, TopicSettings.TEXT_TABLE, textTable(), Content.Kind.DOCUMENTS);
        checkName(problems, taken, TopicSettings.VECTOR_TABLE, vectorTable(), Content.Kind.VECTORS);
    }

    private void checkName(
            Problems problems, Map<String, String> taken, String setting, Optional<String> name, Content.Kind kind) {
        if (name.isEmpty()) {
            return;
        }
        try {
            kind.checkName(name.get());
        } catch (IllegalArgumentException e) {
            problems.invalid(key(setting), name.get(), String.valueOf(e.getMessage()));
        }
        String before = taken.putIfAbsent(name.get().toLowerCase(Locale.ROOT), setting);
        if (before != null) {
            problems.invalid(key(setting), name.get(), before + " has this name already; a table has one kind");
        }
    }

    /** What a record without a value does. */
    enum OnNullValues {
        DELETE,
        IGNORE,
        FAIL
    }

    OnNullValues onNullValues() {
        return onNullValues;
    }

    boolean autoEvolve() {
        return autoEvolve;
    }

    /** Whether the table may get columns for new fields. */
    boolean evolves() {
        return autoEvolve && schema.isEmpty() && tableName().isPresent();
    }

    boolean hasMetadata() {
        return config.getBoolean(TopicSettings.TABLE_METADATA);
    }

    private Optional<Schema> parseColumns(Problems problems) {
        List<String> columns = config.getList(TopicSettings.TABLE_COLUMNS);
        if (columns.isEmpty()) {
            return Optional.empty();
        }
        String key = key(TopicSettings.TABLE_COLUMNS);
        List<SchemaColumn> parsed = new ArrayList<>();
        for (String column : columns) {
            try {
                parsed.add(parseColumn(column.strip()));
            } catch (IllegalArgumentException e) {
                problems.invalid(key, column, String.valueOf(e.getMessage()));
            }
        }
        try {
            return Optional.of(withMetadata(parsed));
        } catch (IllegalArgumentException e) {
            problems.invalid(key, columns, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private static SchemaColumn parseColumn(String column) {
        String[] words = column.split("\\s+", -1);
        boolean nullable = words.length == 3 && words[2].equals("null");
        if (words.length != 2 && !nullable) {
            throw new IllegalArgumentException("a column is 'name type' or 'name type null'");
        }
        Optional<LogicalType> logical = logical(words[1]);
        return new SchemaColumn(
                words[0],
                logical.flatMap(LogicalType::physical).orElseGet(() -> DType.parse(words[1])),
                logical,
                nullable);
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
        if (config.getBoolean(TopicSettings.TABLE_METADATA)) {
            builder.column(RowMapping.TOPIC, DType.STR)
                    .column(RowMapping.PARTITION, DType.I32)
                    .column(RowMapping.OFFSET, DType.I64)
                    .nullableTimestamp(RowMapping.TIMESTAMP, LogicalType.TimeUnit.MS);
        }
        return builder.build();
    }

    private Optional<VectorOptions> parseVectors(Problems problems) {
        if (vectorTable().isEmpty()) {
            return Optional.empty();
        }
        if (vectorField().isEmpty()) {
            problems.invalid(
                    key(TopicSettings.VECTOR_FIELD),
                    "",
                    "must name the field that holds the vector, because " + TopicSettings.VECTOR_TABLE + " is set");
        }
        int dimensions = config.getInt(TopicSettings.VECTOR_DIMENSIONS);
        if (dimensions < 1) {
            problems.invalid(
                    key(TopicSettings.VECTOR_DIMENSIONS),
                    dimensions,
                    "must be from 1 to 8192, because " + TopicSettings.VECTOR_TABLE + " is set");
            return Optional.empty();
        }
        return Optional.of(VectorOptions.of(
                dimensions,
                Metric.valueOf(config.getString(TopicSettings.VECTOR_METRIC).toUpperCase(Locale.ROOT))));
    }

    private Optional<String> text(String key) {
        String value = config.getString(key);
        return value == null || value.isEmpty() ? Optional.empty() : Optional.of(value);
    }

    /** The table of columns for records of a topic. */
    Optional<String> tableName(String of) {
        return tableName().map(name -> name.replace(TOPIC, of));
    }

    Optional<String> tableName() {
        return text(TopicSettings.TABLE_NAME);
    }

    Optional<Schema> schema() {
        return schema;
    }

    Optional<String> kvTable() {
        return sqlName(TopicSettings.KV_TABLE, topic);
    }

    /** The key-value table for records of a topic, which may have been renamed. */
    Optional<String> kvTable(String of) {
        return sqlName(TopicSettings.KV_TABLE, of);
    }

    /**
     * The name of one of SQLite's tables, which take letters, digits and underscores: others in a topic's name become
     * underscores.
     */
    private Optional<String> sqlName(String setting, String of) {
        return text(setting).map(name -> {
            String replaced = name.replace(TOPIC, of.isEmpty() ? "topic" : of.replaceAll("[^\\p{L}\\p{N}_]", "_"));
            return name.startsWith(TOPIC) && Character.isDigit(replaced.charAt(0)) ? "_" + replaced : replaced;
        });
    }

    KeyTemplate kvKey() {
        return kvKey;
    }

    String kvValue() {
        return kvValue;
    }

    Optional<String> textTable() {
        return sqlName(TopicSettings.TEXT_TABLE, topic);
    }

    /** The table of documents for records of a topic. */
    Optional<String> textTable(String of) {
        return sqlName(TopicSettings.TEXT_TABLE, of);
    }

    List<String> textFields() {
        return textFields;
    }

    TextOptions textOptions() {
        return TextOptions.defaults().withColumns(textFields().toArray(String[]::new));
    }

    Optional<String> vectorTable() {
        return sqlName(TopicSettings.VECTOR_TABLE, topic);
    }

    /** The table of vectors for records of a topic. */
    Optional<String> vectorTable(String of) {
        return sqlName(TopicSettings.VECTOR_TABLE, of);
    }

    Optional<String> vectorField() {
        return vectorField;
    }

    Optional<VectorOptions> vectors() {
        return vectors;
    }
}
