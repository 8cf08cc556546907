package io.kohakuvault.connect;

import java.util.Objects;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** The settings of the connector as a whole. */
final class SinkSettings {
    static final String NAME = "name";
    static final String DATABASE_PATH = "database.path";
    static final String SHARDS = "database.shards";
    static final String ROTATE_BYTES = "rotate.bytes";
    private static final long LEAST_ROTATE_BYTES = 1 << 20;
    static final String ROTATE_RETENTION_MS = "rotate.retention.ms";
    static final String RETRY_BACKOFF_MS = "retry.backoff.ms";
    static final String RETRY_BACKOFF_MAX_MS = "retry.backoff.max.ms";
    static final String COMMIT_RECORDS = "commit.records";
    static final String COMMIT_BYTES = "commit.bytes";
    static final String COMMIT_INTERVAL_MS = "commit.interval.ms";
    static final String MAX_RETRIES = "max.retries";
    static final String ON_TOPIC_CHANGE = "behavior.on.topic.change";
    static final String ON_MISSING_OFFSETS = "behavior.on.missing.offsets";
    static final String ON_OTHER_CONNECTORS = "behavior.on.other.connectors";
    static final String CHECK_PAUSE_MS = "check.pause.ms";

    /** Settings of a client that asks Kafka for the ids of topics; with its servers they are asked for. */
    static final String KAFKA_PREFIX = "kafka.";

    static final String KAFKA_SERVERS = "kafka.bootstrap.servers";

    /** The number of a task among its connector's, which the connector adds. */
    static final String TASK = "vault.task";

    /** What stands for something of a record in paths, names and keys. */
    static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]*)}");

    /** Before a topic's name and a setting that is for it alone. */
    static final String TOPIC_PREFIX = "topic.";

    /** All of them, and those of topics. */
    static final ConfigDef DEFINITION = define();

    private SinkSettings() {}

    /** Whether a setting is what it is when it is not given, in whatever way it is written. */
    static boolean isDefault(String setting, String value) {
        ConfigDef.ConfigKey key = Objects.requireNonNull(DEFINITION.configKeys().get(setting));
        try {
            return ConfigDef.convertToString(ConfigDef.parseType(setting, value, key.type), key.type)
                    .equalsIgnoreCase(ConfigDef.convertToString(key.defaultValue, key.type));
        } catch (ConfigException e) {
            return false;
        }
    }

    private static ConfigDef define() {
        Choices topicChanges = Choices.of("fail", "restart");
        Choices others = Choices.of("fail", "ignore");
        Choices missing = Choices.of("fail", "restart", "continue");
        ConfigDef definition = new ConfigDef()
                .define(
                        DATABASE_PATH,
                        ConfigDef.Type.STRING,
                        ConfigDef.NO_DEFAULT_VALUE,
                        new ConfigDef.NonEmptyString(),
                        Importance.HIGH,
                        "The vault file, on a file system local to the worker. It may hold ${topic}, ${partition} and ${shard}: then there "
                                + "is a file for each, and several tasks can write. Without them one task writes one file. With ${date} (of UTC, "
                                + "2026-01-31), ${hour} and ${sequence} in the file's name, files take turns.",
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
                        ROTATE_BYTES,
                        ConfigDef.Type.LONG,
                        0L,
                        ConfigDef.LambdaValidator.with(
                                (name, value) -> {
                                    if (!(value instanceof Long bytes) || (bytes != 0 && bytes < LEAST_ROTATE_BYTES)) {
                                        throw new ConfigException(
                                                name, value, "must be 0 or at least " + LEAST_ROTATE_BYTES);
                                    }
                                },
                                () -> "0 or at least " + LEAST_ROTATE_BYTES),
                        Importance.MEDIUM,
                        "With ${sequence} in the file's name: a file that has become so large is followed by the next one.",
                        "Database",
                        3,
                        Width.SHORT,
                        "Bytes a file")
                .define(
                        ROTATE_RETENTION_MS,
                        ConfigDef.Type.LONG,
                        -1L,
                        ConfigDef.Range.atLeast(-1),
                        Importance.MEDIUM,
                        "Files whose turn has ended, and which have not been written since so long, are deleted. -1: never.",
                        "Database",
                        4,
                        Width.SHORT,
                        "Retention of files")
                .define(
                        COMMIT_RECORDS,
                        ConfigDef.Type.INT,
                        10_000,
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
                        topicChanges,
                        Importance.MEDIUM,
                        "When a topic is not the one that the file was filled from, because it was deleted and made anew: fail stops the task and "
                                + "says what was seen, restart takes the new topic in from its beginning, behind what the file holds.",
                        "Delivery",
                        1,
                        Width.SHORT,
                        "On topic change",
                        topicChanges)
                .define(
                        ON_MISSING_OFFSETS,
                        ConfigDef.Type.STRING,
                        "fail",
                        missing,
                        Importance.MEDIUM,
                        "When the file holds nothing of a partition whose records before the consumer's position are still in the topic, because "
                                + "the file was deleted, renamed or replaced: fail stops the task, restart takes the partition in from its "
                                + "beginning, continue goes on from where the consumer stands.",
                        "Delivery",
                        2,
                        Width.SHORT,
                        "On missing offsets",
                        missing)
                .define(
                        ON_OTHER_CONNECTORS,
                        ConfigDef.Type.STRING,
                        "fail",
                        others,
                        Importance.LOW,
                        "When the file says that a connector of another name has delivered the same partition into it, so that records would be there "
                                + "twice: fail stops the task and names it, ignore goes on, for connectors that write different tables.",
                        "Delivery",
                        3,
                        Width.SHORT,
                        "On other connectors",
                        others)
                .define(
                        CHECK_PAUSE_MS,
                        ConfigDef.Type.LONG,
                        250L,
                        ConfigDef.Range.atLeast(0),
                        Importance.LOW,
                        "After how long without records of a partition to see whether its topic is still the same: by its id with "
                                + KAFKA_SERVERS
                                + ", else by reading the last record again, which is not done with a dead letter queue. 0 for never.",
                        "Delivery",
                        4,
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
                        5,
                        Width.LONG,
                        "Brokers");
        TopicSettings.define(definition);
        return definition;
    }
}
