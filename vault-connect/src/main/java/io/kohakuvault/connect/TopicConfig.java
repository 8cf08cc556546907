package io.kohakuvault.connect;

import io.kohakuvault.maintenance.Content;
import io.kohakuvault.text.TextOptions;
import io.kohakuvault.vector.Metric;
import io.kohakuvault.vector.VectorOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;

/** What of a record goes where, for the records of one topic. */
final class TopicConfig {
    /** Stands for the topic in the name of a table. */
    private static final String TOPIC = "${topic}";

    private static final List<String> NAMES = List.of(
            TableSettings.TABLE_NAME, TopicSettings.KV_TABLE, TopicSettings.TEXT_TABLE, TopicSettings.VECTOR_TABLE);

    private static final ConfigDef DEFINITION = new ConfigDef();

    static {
        TopicSettings.define(DEFINITION);
    }

    private final String topic;
    private final Map<String, String> keys;
    private final AbstractConfig config;
    private final TableConfig table;
    private final Optional<VectorOptions> vectors;
    private final OnNullValues onNullValues;
    private final KeyTemplate kvKey;
    private final Optional<FieldPath> kvValue;
    private final KvFormat kvFormat;
    private final List<ColumnSpec> textFields;
    private final DocumentKey textKey;
    private final Optional<FieldPath> vectorField;
    private final DocumentKey vectorKey;

    private TopicConfig(String topic, Map<String, String> properties, Map<String, String> keys, Problems problems) {
        this.topic = topic;
        this.keys = keys;
        this.config = new AbstractConfig(DEFINITION, properties, false);
        this.onNullValues = OnNullValues.valueOf(
                config.getString(TopicSettings.ON_NULL_VALUES).toUpperCase(Locale.ROOT));
        this.table = new TableConfig(config, this::key, problems);
        this.kvKey = parseKey(TopicSettings.KV_KEY, problems);
        String value = config.getString(TopicSettings.KV_VALUE);
        this.kvValue =
                value.equals(TopicSettings.RECORD_VALUE) ? Optional.empty() : path(TopicSettings.KV_VALUE, problems);
        this.kvFormat =
                KvFormat.valueOf(config.getString(TopicSettings.KV_FORMAT).toUpperCase(Locale.ROOT));
        this.textFields = parseTextFields(problems);
        this.textKey = documentKey(TopicSettings.TEXT_MODE, TopicSettings.TEXT_KEY, problems);
        this.vectorField = path(TopicSettings.VECTOR_FIELD, problems);
        this.vectorKey = documentKey(TopicSettings.VECTOR_MODE, TopicSettings.VECTOR_KEY, problems);
        this.vectors = parseVectors(problems);
        checkText(problems);
        checkNames(problems);
        boolean nothing = table.name().isEmpty()
                && kvTable().isEmpty()
                && textTable().isEmpty()
                && vectorTable().isEmpty();
        if (nothing) {
            problems.add(
                    key(TableSettings.TABLE_NAME),
                    "nothing is to be written" + (topic.isEmpty() ? "" : " of topic " + topic)
                            + ": set at least one of " + NAMES);
        }
    }

    /**
     * The settings for a topic.
     *
     * @param topic a topic, or a pattern; empty for those that have no settings of their own
     * @param properties all settings, those of the topic as if they were for all
     * @param keys the keys under which these were given
     * @param problems gets what is wrong with them
     * @return the settings, empty when some cannot be read at all
     */
    static Optional<TopicConfig> of(
            String topic, Map<String, String> properties, Map<String, String> keys, Problems problems) {
        boolean readable = true;
        for (ConfigValue value : DEFINITION.validate(properties)) {
            for (String message : value.errorMessages()) {
                problems.add(keys.getOrDefault(value.name(), value.name()), message);
                readable = false;
            }
        }
        return readable ? Optional.of(new TopicConfig(topic, properties, keys, problems)) : Optional.empty();
    }

    /** The key under which a setting was given: for all, or for some topics. */
    private String key(String setting) {
        return keys.getOrDefault(setting, setting);
    }

    private KeyTemplate parseKey(String setting, Problems problems) {
        String template = config.getString(setting);
        try {
            return KeyTemplate.of(template);
        } catch (IllegalArgumentException e) {
            problems.invalid(key(setting), template, String.valueOf(e.getMessage()));
            return KeyTemplate.of(TopicSettings.RECORD_KEY);
        }
    }

    /** Where in a record a value stands; empty when that is not said. */
    private Optional<FieldPath> path(String setting, Problems problems) {
        Optional<String> path = text(setting);
        try {
            if (path.equals(Optional.of(TopicSettings.RECORD_KEY))) {
                throw new IllegalArgumentException("the record's key is called _key here");
            }
            return path.map(FieldPath::of);
        } catch (IllegalArgumentException e) {
            problems.invalid(key(setting), path.orElse(""), String.valueOf(e.getMessage()));
            return path.map(FieldPath::ofValue);
        }
    }

    private DocumentKey documentKey(String mode, String key, Problems problems) {
        boolean byKey = config.getString(mode).equalsIgnoreCase("upsert");
        return new DocumentKey(parseKey(key, problems), key, byKey);
    }

    private List<ColumnSpec> parseTextFields(Problems problems) {
        List<ColumnSpec> fields = new ArrayList<>();
        for (String field : config.getList(TopicSettings.TEXT_FIELDS)) {
            try {
                ColumnSpec spec = ColumnSpec.parse(field);
                if (spec.typed().isPresent()) {
                    throw new IllegalArgumentException("a field of text is 'name' or 'path as name'");
                }
                fields.add(spec);
            } catch (IllegalArgumentException e) {
                problems.invalid(key(TopicSettings.TEXT_FIELDS), field, String.valueOf(e.getMessage()));
            }
        }
        return fields;
    }

    private void checkText(Problems problems) {
        if (textTable().isEmpty()) {
            return;
        }
        if (config.getList(TopicSettings.TEXT_FIELDS).isEmpty()) {
            problems.invalid(
                    key(TopicSettings.TEXT_FIELDS),
                    "",
                    "must name at least one field, because " + TopicSettings.TEXT_TABLE + " is set");
            return;
        }
        try {
            TextOptions unused = textOptions();
        } catch (IllegalArgumentException e) {
            problems.invalid(
                    key(TopicSettings.TEXT_FIELDS),
                    config.getList(TopicSettings.TEXT_FIELDS),
                    String.valueOf(e.getMessage()));
        }
    }

    /** Names that no table can have, and tables of several kinds that share one. */
    private void checkNames(Problems problems) {
        for (String setting : NAMES) {
            text(setting)
                    .ifPresent(name -> FileNames.placeholderProblems(name, Set.of("topic"))
                            .forEach(problem -> problems.invalid(key(setting), name, problem)));
        }
        for (TopicNames.Store store : stores(topic)) {
            try {
                store.kind().checkName(store.name());
            } catch (IllegalArgumentException e) {
                problems.invalid(store.key(), store.name(), String.valueOf(e.getMessage()));
            }
        }
        new TopicNames().add(topic, stores(topic)).ifPresent(clash -> problems.add(clash.key(), clash.message()));
    }

    /** Those of SQLite's tables that records of a topic go to. */
    List<TopicNames.Store> stores(String of) {
        List<TopicNames.Store> stores = new ArrayList<>();
        kvTable(of).ifPresent(name -> stores.add(store(TopicSettings.KV_TABLE, name, Content.Kind.KEY_VALUES, "")));
        textTable(of)
                .ifPresent(name -> stores.add(store(
                        TopicSettings.TEXT_TABLE,
                        name,
                        Content.Kind.DOCUMENTS,
                        " of " + textFields.stream().map(ColumnSpec::name).toList())));
        vectorTable(of)
                .ifPresent(name -> stores.add(store(
                        TopicSettings.VECTOR_TABLE,
                        name,
                        Content.Kind.VECTORS,
                        vectors.map(v -> " of " + v.dimensions() + " numbers, "
                                        + v.metric().name().toLowerCase(Locale.ROOT))
                                .orElse(""))));
        return stores;
    }

    private TopicNames.Store store(String setting, String name, Content.Kind kind, String shape) {
        boolean fromTopic = text(setting).filter(given -> given.contains(TOPIC)).isPresent();
        return new TopicNames.Store(key(setting), name, kind, fromTopic, shape);
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

    /** The key under which the table's columns were given. */
    String columnsKey() {
        return key(TableSettings.TABLE_COLUMNS);
    }

    /** What becomes a row. */
    TableConfig table() {
        return table;
    }

    /** Whether the table may get columns for new fields. */
    boolean evolves() {
        return table.evolves();
    }

    private Optional<VectorOptions> parseVectors(Problems problems) {
        if (vectorTable().isEmpty()) {
            return Optional.empty();
        }
        if (vectorField.isEmpty()) {
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
        return table.name().map(name -> name.replace(TOPIC, of));
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

    /** Where the entry's value stands; empty for the record's value. */
    Optional<FieldPath> kvValue() {
        return kvValue;
    }

    KvFormat kvFormat() {
        return kvFormat;
    }

    Optional<String> textTable() {
        return sqlName(TopicSettings.TEXT_TABLE, topic);
    }

    /** The table of documents for records of a topic. */
    Optional<String> textTable(String of) {
        return sqlName(TopicSettings.TEXT_TABLE, of);
    }

    List<ColumnSpec> textFields() {
        return textFields;
    }

    DocumentKey textKey() {
        return textKey;
    }

    TextOptions textOptions() {
        return TextOptions.defaults()
                .withColumns(textFields.stream().map(ColumnSpec::name).toArray(String[]::new));
    }

    Optional<String> vectorTable() {
        return sqlName(TopicSettings.VECTOR_TABLE, topic);
    }

    /** The table of vectors for records of a topic. */
    Optional<String> vectorTable(String of) {
        return sqlName(TopicSettings.VECTOR_TABLE, of);
    }

    Optional<FieldPath> vectorField() {
        return vectorField;
    }

    DocumentKey vectorKey() {
        return vectorKey;
    }

    Optional<VectorOptions> vectors() {
        return vectors;
    }
}
