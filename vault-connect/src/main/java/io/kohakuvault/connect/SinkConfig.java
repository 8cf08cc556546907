package io.kohakuvault.connect;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
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
    static final String RETRY_BACKOFF_MAX_MS = "retry.backoff.max.ms";
    static final String COMMIT_RECORDS = "commit.records";
    static final String COMMIT_BYTES = "commit.bytes";
    static final String COMMIT_INTERVAL_MS = "commit.interval.ms";
    static final String MAX_RETRIES = "max.retries";
    static final String ON_TOPIC_CHANGE = "behavior.on.topic.change";
    static final String ON_MISSING_OFFSETS = "behavior.on.missing.offsets";
    static final String CHECK_PAUSE_MS = "check.pause.ms";

    /** Settings of a client that asks Kafka for the ids of topics; with its servers they are asked for. */
    static final String KAFKA_PREFIX = "kafka.";

    static final String KAFKA_SERVERS = "kafka.bootstrap.servers";

    // Connect's own
    static final String ERRORS_TOLERANCE = "errors.tolerance";
    private static final String DEAD_LETTER_TOPIC = "errors.deadletterqueue.topic.name";
    private static final String OFFSET_RESET = "consumer.override.auto.offset.reset";

    private static final String TOPIC_PREFIX = "topic.";
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]*)}");
    private static final Set<String> PLACEHOLDERS = Set.of("topic", "partition", "shard");

    static final ConfigDef DEFINITION = define();

    private final String connector;
    private final DeliveryPolicy policy;
    private final Map<String, TopicConfig> topics = new HashMap<>();

    SinkConfig(Map<String, String> properties) {
        super(DEFINITION, properties, false);
        String name = properties.get(NAME);
        this.connector = name == null ? "vault-sink" : name;
        this.policy = makePolicy();
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
                        COMMIT_RECORDS,
                        ConfigDef.Type.INT,
                        5_000,
                        ConfigDef.Range.atLeast(1),
                        Importance.MEDIUM,
                        "So many gathered records are committed without waiting for more.",
                        "Commits",
                        1,
                        Width.SHORT,
                        "Records a commit")
                .define(
                        COMMIT_BYTES,
                        ConfigDef.Type.LONG,
                        8L << 20,
                        ConfigDef.Range.atLeast(1),
                        Importance.LOW,
                        "About so many gathered bytes are committed without waiting for more.",
                        "Commits",
                        2,
                        Width.SHORT,
                        "Bytes a commit")
                .define(
                        COMMIT_INTERVAL_MS,
                        ConfigDef.Type.LONG,
                        100L,
                        ConfigDef.Range.atLeast(0),
                        Importance.MEDIUM,
                        "When small batches keep coming, one commit is made in this time; a burst of some is committed at once. 0: each batch is.",
                        "Commits",
                        3,
                        Width.SHORT,
                        "Commit interval")
                .define(
                        RETRY_BACKOFF_MS,
                        ConfigDef.Type.LONG,
                        500L,
                        ConfigDef.Range.atLeast(1),
                        Importance.LOW,
                        "How long to wait before a batch is tried again when the file is locked, the disk is full or its folder is missing. "
                                + "Twice as long each time.",
                        "Retries",
                        1,
                        Width.SHORT,
                        "Retry backoff")
                .define(
                        RETRY_BACKOFF_MAX_MS,
                        ConfigDef.Type.LONG,
                        30_000L,
                        ConfigDef.Range.atLeast(1),
                        Importance.LOW,
                        "The longest wait between two tries.",
                        "Retries",
                        2,
                        Width.SHORT,
                        "Longest retry backoff")
                .define(
                        MAX_RETRIES,
                        ConfigDef.Type.INT,
                        -1,
                        ConfigDef.Range.atLeast(-1),
                        Importance.MEDIUM,
                        "How often a batch is tried again before the task stops; -1 for as often as it takes.",
                        "Retries",
                        3,
                        Width.SHORT,
                        "Most retries")
                .define(
                        ON_TOPIC_CHANGE,
                        ConfigDef.Type.STRING,
                        "fail",
                        ConfigDef.CaseInsensitiveValidString.in("fail", "restart"),
                        Importance.MEDIUM,
                        "When a topic is not the one that the file was filled from, because it was deleted and made anew: fail stops the task and "
                                + "says what was seen, restart takes the new topic in from its beginning, behind what the file holds.",
                        "Delivery",
                        1,
                        Width.SHORT,
                        "On topic change")
                .define(
                        ON_MISSING_OFFSETS,
                        ConfigDef.Type.STRING,
                        "fail",
                        ConfigDef.CaseInsensitiveValidString.in("fail", "restart", "continue"),
                        Importance.MEDIUM,
                        "When the file holds nothing of a partition whose records before the consumer's position are still in the topic, because "
                                + "the file was deleted, renamed or replaced: fail stops the task, restart takes the partition in from its "
                                + "beginning, continue goes on from where the consumer stands.",
                        "Delivery",
                        2,
                        Width.SHORT,
                        "On missing offsets")
                .define(
                        CHECK_PAUSE_MS,
                        ConfigDef.Type.LONG,
                        500L,
                        ConfigDef.Range.atLeast(0),
                        Importance.LOW,
                        "After how long without records of a partition to see whether its topic is still the same: by its id with "
                                + KAFKA_SERVERS
                                + ", else by reading the last record again, which is not done with a dead letter queue. 0 for never.",
                        "Delivery",
                        3,
                        Width.SHORT,
                        "Pause before a check")
                .define(
                        KAFKA_SERVERS,
                        ConfigDef.Type.LIST,
                        java.util.List.of(),
                        Importance.MEDIUM,
                        "The brokers to ask for the ids of topics, by which one that was made anew is known at once. Further settings of that client "
                                + "are kafka.<setting>, for example kafka.security.protocol. Empty: none are asked.",
                        "Delivery",
                        4,
                        Width.LONG,
                        "Brokers");
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

    CommitPolicy commits(long now) {
        return new CommitPolicy(
                getInt(COMMIT_RECORDS),
                getLong(COMMIT_BYTES),
                TimeUnit.MILLISECONDS.toNanos(getLong(COMMIT_INTERVAL_MS)),
                now);
    }

    Retries retries() {
        return new Retries(getLong(RETRY_BACKOFF_MS), getLong(RETRY_BACKOFF_MAX_MS), getInt(MAX_RETRIES));
    }

    /** The settings of a client for the ids of topics, where they are to be asked for. */
    Optional<Map<String, Object>> kafka() {
        return getList(KAFKA_SERVERS).isEmpty() ? Optional.empty() : Optional.of(originalsWithPrefix(KAFKA_PREFIX));
    }

    DeliveryPolicy policy() {
        return policy;
    }

    private DeliveryPolicy makePolicy() {
        Map<String, String> all = originalsStrings();
        return new DeliveryPolicy(
                DeliveryPolicy.OnTopicChange.valueOf(getString(ON_TOPIC_CHANGE).toUpperCase(Locale.ROOT)),
                DeliveryPolicy.OnMissingOffsets.valueOf(
                        getString(ON_MISSING_OFFSETS).toUpperCase(Locale.ROOT)),
                TimeUnit.MILLISECONDS.toNanos(getLong(CHECK_PAUSE_MS)),
                !all.getOrDefault(DEAD_LETTER_TOPIC, "").isBlank(),
                !getList(KAFKA_SERVERS).isEmpty(),
                "earliest".equalsIgnoreCase(all.getOrDefault(OFFSET_RESET, "earliest")),
                conversion(all));
    }

    /** A checksum of the settings on which it depends what a record holds when it reaches the task. */
    private static int conversion(Map<String, String> settings) {
        Map<String, String> those = new TreeMap<>();
        settings.forEach((key, value) -> {
            if (key.startsWith("key.converter")
                    || key.startsWith("value.converter")
                    || key.startsWith("header.converter")
                    || key.startsWith("transforms")
                    || key.startsWith("predicates")) {
                those.put(key, value);
            }
        });
        return ContentChecksum.of(null, those).value();
    }

    boolean toleratesErrors() {
        return "all".equalsIgnoreCase(originalsStrings().get(ERRORS_TOLERANCE));
    }
}
