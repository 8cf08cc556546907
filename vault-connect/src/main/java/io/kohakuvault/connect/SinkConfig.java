package io.kohakuvault.connect;

import io.kohakuvault.table.SchemaColumn;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigException;

/** The connector's configuration: where the file is, and what of a record goes where. */
final class SinkConfig extends AbstractConfig {
    // Connect's own
    static final String ERRORS_TOLERANCE = "errors.tolerance";
    private static final String DEAD_LETTER_TOPIC = "errors.deadletterqueue.topic.name";
    private static final String OFFSET_RESET = "consumer.override.auto.offset.reset";

    private final String connector;
    private final DeliveryPolicy policy;
    private final FileNames files;
    private final TopicConfigs topics;
    private final boolean evolves;

    /** @throws ConfigException when something is wrong; says all that is */
    SinkConfig(Map<String, String> properties) {
        super(SinkSettings.DEFINITION, given(properties), false);
        String name = properties.get(SinkSettings.NAME);
        this.connector = name == null ? "vault-sink" : name;
        this.policy = makePolicy();
        this.files = new FileNames(getString(SinkSettings.DATABASE_PATH), getInt(SinkSettings.SHARDS));
        Problems problems = new Problems();
        this.topics = check(given(properties), problems);
        problems.throwAny();
        this.evolves = topics.evolves();
    }

    /** Settings without those that are null, as JSON may have them: they count as not given. */
    static Map<String, String> given(Map<String, String> properties) {
        Map<String, String> given = new HashMap<>(properties);
        given.values().removeIf(Objects::isNull);
        return given;
    }

    /** Finds what is wrong with settings that are each valid for themselves. */
    static TopicConfigs check(Map<String, String> properties, Problems problems) {
        checkPath(properties, problems);
        TopicConfigs topics = new TopicConfigs(properties, problems);
        topics.check(listed(properties), problems);
        return topics;
    }

    /**
     * The topics that are read by their names; empty when they are not known, as where a transformation renames them.
     */
    static List<String> listed(Map<String, String> properties) {
        if (!properties.getOrDefault("transforms", "").isBlank()) {
            return List.of();
        }
        return consumed(properties);
    }

    private static List<String> consumed(Map<String, String> properties) {
        return Stream.of(properties.getOrDefault("topics", "").split(",", -1))
                .map(String::strip)
                .filter(topic -> !topic.isEmpty())
                .toList();
    }

    private static void checkPath(Map<String, String> properties, Problems problems) {
        String path = properties.getOrDefault(SinkSettings.DATABASE_PATH, "");
        FileNames.problems(path).forEach(problem -> problems.invalid(SinkSettings.DATABASE_PATH, path, problem));
        boolean shards = path.contains("${shard}");
        boolean numbered = path.contains("${sequence}");
        boolean sized =
                !properties.getOrDefault(SinkSettings.ROTATE_BYTES, "0").strip().equals("0");
        if (numbered != sized && !path.isEmpty()) {
            problems.add(
                    SinkSettings.ROTATE_BYTES,
                    numbered
                            ? "${sequence} stands in " + SinkSettings.DATABASE_PATH + ", but "
                                    + SinkSettings.ROTATE_BYTES + " is 0: set how large a file becomes"
                            : SinkSettings.ROTATE_BYTES + " is set, but " + SinkSettings.DATABASE_PATH
                                    + " has no ${sequence} in its file's name");
        }
        boolean rotates = new FileNames(path, 1).rotates();
        if (!rotates
                && !properties
                        .getOrDefault(SinkSettings.ROTATE_RETENTION_MS, "-1")
                        .strip()
                        .equals("-1")) {
            problems.add(
                    SinkSettings.ROTATE_RETENTION_MS,
                    "files take no turns, for " + SinkSettings.DATABASE_PATH
                            + " has neither ${date} nor ${sequence} in its file's name; rows of a table that goes on are deleted by "
                            + TableSettings.RETENTION_MS);
        }
        boolean several =
                !properties.getOrDefault(SinkSettings.SHARDS, "1").strip().equals("1");
        if (shards != several && !path.isEmpty()) {
            problems.add(
                    SinkSettings.SHARDS,
                    shards
                            ? "${shard} stands in " + SinkSettings.DATABASE_PATH + ", but " + SinkSettings.SHARDS
                                    + " is 1: set how many there are"
                            : SinkSettings.SHARDS + " is more than 1, but " + SinkSettings.DATABASE_PATH
                                    + " has no ${shard} in it");
        }
    }

    /** The settings for records of a topic. */
    TopicConfig topic(String topic) {
        return topics.of(topic);
    }

    /** The columns that rows of all topics that go to a table of a file need, as far as the settings say. */
    List<SchemaColumn> columnsOf(String table) {
        boolean apart = databasePath().contains("${topic}");
        return apart ? List.of() : topics.columns(listed(originalsStrings()), table);
    }

    /** Whether some topic's table may get columns for new fields. */
    boolean evolves() {
        return evolves;
    }

    /** Under this name the file remembers how far the connector has come. */
    String connector() {
        return connector;
    }

    String databasePath() {
        return getString(SinkSettings.DATABASE_PATH);
    }

    /** Whether all partitions go to one file at a time. */
    boolean writesOneFile() {
        return files.isOne();
    }

    FileNames files() {
        return files;
    }

    /** How large a file becomes that is followed by another. */
    long rotateBytes() {
        return getLong(SinkSettings.ROTATE_BYTES);
    }

    /** How long files are kept whose turn has ended; -1 for ever. */
    long rotateRetentionMs() {
        return getLong(SinkSettings.ROTATE_RETENTION_MS);
    }

    CommitPolicy commits(long now) {
        return new CommitPolicy(
                getInt(SinkSettings.COMMIT_RECORDS),
                getLong(SinkSettings.COMMIT_BYTES),
                TimeUnit.MILLISECONDS.toNanos(getLong(SinkSettings.COMMIT_INTERVAL_MS)),
                now);
    }

    Retries retries() {
        return new Retries(
                getLong(SinkSettings.RETRY_BACKOFF_MS),
                getLong(SinkSettings.RETRY_BACKOFF_MAX_MS),
                getInt(SinkSettings.MAX_RETRIES));
    }

    /** The settings of a client for the ids of topics, where they are to be asked for. */
    Optional<Map<String, Object>> kafka() {
        return getList(SinkSettings.KAFKA_SERVERS).isEmpty()
                ? Optional.empty()
                : Optional.of(originalsWithPrefix(SinkSettings.KAFKA_PREFIX));
    }

    /** Whether a topic is among those that the connector consumes, as far as its settings say. */
    boolean reads(String topic) {
        Map<String, String> all = originalsStrings();
        List<String> topics = consumed(all);
        String regex = all.get("topics.regex");
        return topics.contains(topic)
                || (regex != null && Pattern.matches(regex, topic))
                || (regex == null && topics.isEmpty());
    }

    /** Whether the topics of records may be others than those that are consumed. */
    boolean renamesTopics() {
        return !originalsStrings().getOrDefault("transforms", "").isBlank();
    }

    /** Whether another connector may have delivered the same partition into the file. */
    boolean ignoresOtherConnectors() {
        return getString(SinkSettings.ON_OTHER_CONNECTORS).equalsIgnoreCase("ignore");
    }

    DeliveryPolicy policy() {
        return policy;
    }

    private DeliveryPolicy makePolicy() {
        Map<String, String> all = originalsStrings();
        return new DeliveryPolicy(
                DeliveryPolicy.OnTopicChange.valueOf(
                        getString(SinkSettings.ON_TOPIC_CHANGE).toUpperCase(Locale.ROOT)),
                DeliveryPolicy.OnMissingOffsets.valueOf(
                        getString(SinkSettings.ON_MISSING_OFFSETS).toUpperCase(Locale.ROOT)),
                TimeUnit.MILLISECONDS.toNanos(getLong(SinkSettings.CHECK_PAUSE_MS)),
                !all.getOrDefault(DEAD_LETTER_TOPIC, "").isBlank(),
                !getList(SinkSettings.KAFKA_SERVERS).isEmpty(),
                "earliest".equalsIgnoreCase(all.getOrDefault(OFFSET_RESET, "earliest")),
                conversion(all),
                !all.getOrDefault("transforms", "").isBlank());
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
