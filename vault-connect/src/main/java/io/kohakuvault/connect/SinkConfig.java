package io.kohakuvault.connect;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigException;

/** The connector's configuration: where the file is, and what of a record goes where. */
final class SinkConfig extends AbstractConfig {
    // Connect's own
    static final String ERRORS_TOLERANCE = "errors.tolerance";
    private static final String DEAD_LETTER_TOPIC = "errors.deadletterqueue.topic.name";
    private static final String OFFSET_RESET = "consumer.override.auto.offset.reset";

    private static final Set<String> PLACEHOLDERS = Set.of("topic", "partition", "shard");

    private final String connector;
    private final DeliveryPolicy policy;
    private final TopicConfigs topics;
    private final boolean evolves;

    /** @throws ConfigException when something is wrong; says all that is */
    SinkConfig(Map<String, String> properties) {
        super(SinkSettings.DEFINITION, properties, false);
        String name = properties.get(SinkSettings.NAME);
        this.connector = name == null ? "vault-sink" : name;
        this.policy = makePolicy();
        Problems problems = new Problems();
        this.topics = check(properties, problems);
        problems.throwAny();
        this.evolves = topics.evolves();
    }

    /** Finds what is wrong with settings that are each valid for themselves. */
    static TopicConfigs check(Map<String, String> properties, Problems problems) {
        checkPath(properties, problems);
        TopicConfigs topics = new TopicConfigs(properties, problems);
        topics.check(listed(properties), problems);
        return topics;
    }

    /** The topics that are read by their names; empty when they are not known, as where a transformation renames them. */
    static List<String> listed(Map<String, String> properties) {
        if (!properties.getOrDefault("transforms", "").isBlank()) {
            return List.of();
        }
        return Stream.of(properties.getOrDefault("topics", "").split(",", -1))
                .map(String::strip)
                .filter(topic -> !topic.isEmpty())
                .toList();
    }

    private static void checkPath(Map<String, String> properties, Problems problems) {
        String path = properties.getOrDefault(SinkSettings.DATABASE_PATH, "");
        Matcher matcher = SinkSettings.PLACEHOLDER.matcher(path);
        boolean shards = false;
        while (matcher.find()) {
            shards |= matcher.group(1).equals("shard");
            if (!PLACEHOLDERS.contains(matcher.group(1))) {
                problems.invalid(
                        SinkSettings.DATABASE_PATH,
                        path,
                        "unknown placeholder ${" + matcher.group(1)
                                + "}; there are ${topic}, ${partition} and ${shard}");
            }
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

    boolean writesOneFile() {
        return !SinkSettings.PLACEHOLDER.matcher(databasePath()).find();
    }

    /**
     * The file for a partition. A topic's name cannot leave the folder: Kafka allows only letters, digits, dot,
     * underscore and dash.
     */
    String path(String topic, int partition) {
        return databasePath()
                .replace("${topic}", topic)
                .replace("${partition}", Integer.toString(partition))
                .replace("${shard}", Integer.toString(partition % getInt(SinkSettings.SHARDS)));
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
