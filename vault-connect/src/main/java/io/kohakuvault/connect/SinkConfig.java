package io.kohakuvault.connect;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** The connector's configuration: where the file is, and what of a record goes where. */
final class SinkConfig extends AbstractConfig {
    static final String NAME = "name";
    static final String DATABASE_PATH = "database.path";
    static final String SHARDS = "database.shards";
    static final String RETRY_BACKOFF_MS = "retry.backoff.ms";
    static final String ERRORS_TOLERANCE = "errors.tolerance";

    private static final String TOPIC_PREFIX = "topic.";
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]*)}");
    private static final Set<String> PLACEHOLDERS = Set.of("topic", "partition", "shard");

    static final ConfigDef DEFINITION = define();

    private final String connector;
    private final Map<String, TopicConfig> topics = new HashMap<>();

    SinkConfig(Map<String, String> properties) {
        super(DEFINITION, properties, false);
        String name = properties.get(NAME);
        this.connector = name == null ? "vault-sink" : name;
        checkPath();
        topic(""); // the settings of topics that have none of their own
        Map<String, Map<String, String>> overrides = overrides();
        overrides.forEach((topic, settings) -> topics.put(topic, new TopicConfig(topic, with(settings))));
    }

    private static ConfigDef define() {
        ConfigDef definition = new ConfigDef()
                .define(
                        DATABASE_PATH,
                        ConfigDef.Type.STRING,
                        ConfigDef.NO_DEFAULT_VALUE,
                        new ConfigDef.NonEmptyString(),
                        Importance.HIGH,
                        "The vault file, on a file system local to the worker. It may hold ${topic}, ${partition} and ${shard}: then there "
                                + "is a file for each, and several tasks can write. Without them one task writes one file.",
                        "Database",
                        1,
                        Width.LONG,
                        "Database path")
                .define(
                        SHARDS,
                        ConfigDef.Type.INT,
                        1,
                        ConfigDef.Range.atLeast(1),
                        Importance.LOW,
                        "How many values ${shard} takes: a record's shard is its partition modulo this.",
                        "Database",
                        2,
                        Width.SHORT,
                        "Shards")
                .define(
                        RETRY_BACKOFF_MS,
                        ConfigDef.Type.LONG,
                        500L,
                        ConfigDef.Range.atLeast(1),
                        Importance.LOW,
                        "How long to wait before a batch is tried again when the file is locked or the disk is full.",
                        "Database",
                        3,
                        Width.SHORT,
                        "Retry backoff");
        TopicConfig.define(definition);
        return definition;
    }

    private void checkPath() {
        Matcher matcher = PLACEHOLDER.matcher(databasePath());
        while (matcher.find()) {
            if (!PLACEHOLDERS.contains(matcher.group(1))) {
                throw new ConfigException(
                        DATABASE_PATH,
                        databasePath(),
                        "unknown placeholder ${" + matcher.group(1)
                                + "}; there are ${topic}, ${partition} and ${shard}");
            }
        }
    }

    /**
     * Settings by topic, of keys {@code topic.<topic>.<key>}. A topic's name may hold dots, so the known key at the end
     * decides.
     */
    private Map<String, Map<String, String>> overrides() {
        Map<String, Map<String, String>> overrides = new TreeMap<>();
        originalsStrings().forEach((key, value) -> {
            if (!key.startsWith(TOPIC_PREFIX)) {
                return;
            }
            String setting = TopicConfig.KEYS.stream()
                    .filter(k -> key.endsWith("." + k) && key.length() > TOPIC_PREFIX.length() + k.length() + 1)
                    .findFirst()
                    .orElseThrow(() -> new ConfigException(
                            key,
                            value,
                            "a setting for one topic is topic.<topic>.<key>, where <key> is one of "
                                    + TopicConfig.KEYS));
            String topic = key.substring(TOPIC_PREFIX.length(), key.length() - setting.length() - 1);
            overrides.computeIfAbsent(topic, t -> new HashMap<>()).put(setting, value);
        });
        return overrides;
    }

    private Map<String, String> with(Map<String, String> settings) {
        Map<String, String> merged = new HashMap<>(originalsStrings());
        merged.putAll(settings);
        return merged;
    }

    /** The settings for records of a topic. */
    TopicConfig topic(String topic) {
        return topics.computeIfAbsent(topic, t -> new TopicConfig(t, originalsStrings()));
    }

    /** Under this name the file remembers how far the connector has come. */
    String connector() {
        return connector;
    }

    String databasePath() {
        return getString(DATABASE_PATH);
    }

    boolean writesOneFile() {
        return !PLACEHOLDER.matcher(databasePath()).find();
    }

    /**
     * The file for a partition. A topic's name cannot leave the folder: Kafka allows only letters, digits, dot,
     * underscore and dash.
     */
    String path(String topic, int partition) {
        return databasePath()
                .replace("${topic}", topic)
                .replace("${partition}", Integer.toString(partition))
                .replace("${shard}", Integer.toString(partition % getInt(SHARDS)));
    }

    long retryBackoffMs() {
        return getLong(RETRY_BACKOFF_MS);
    }

    boolean toleratesErrors() {
        return "all".equalsIgnoreCase(originalsStrings().get(ERRORS_TOLERANCE));
    }
}
