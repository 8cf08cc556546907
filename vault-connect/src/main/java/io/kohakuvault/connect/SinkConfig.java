package io.kohakuvault.connect;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
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
    private final TopicConfig common;
    private final Map<String, TopicConfig> topics = new HashMap<>();

    /** @throws ConfigException when something is wrong; says all that is */
    SinkConfig(Map<String, String> properties) {
        super(SinkSettings.DEFINITION, properties, false);
        String name = properties.get(SinkSettings.NAME);
        this.connector = name == null ? "vault-sink" : name;
        this.policy = makePolicy();
        Problems problems = new Problems();
        Optional<TopicConfig> all = check(properties, problems, topics);
        problems.throwAny();
        this.common = all.orElseThrow();
    }

    /** Finds what is wrong with settings that are each valid for themselves. */
    static void check(Map<String, String> properties, Problems problems) {
        Optional<TopicConfig> unused = check(properties, problems, new HashMap<>());
    }

    private static Optional<TopicConfig> check(
            Map<String, String> properties, Problems problems, Map<String, TopicConfig> topics) {
        checkPath(properties, problems);
        overrides(properties, problems).stream()
                .collect(Collectors.groupingBy(TopicSetting::topic, TreeMap::new, Collectors.toList()))
                .forEach((topic, settings) -> TopicConfig.of(topic, with(properties, settings), problems)
                        .ifPresent(config -> topics.put(topic, config)));
        return TopicConfig.of("", properties, problems);
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

    /** A setting for one topic: its key is {@code topic.<topic>.<setting>}. */
    record TopicSetting(String key, String topic, String setting) {}

    /** Settings for one topic. A topic's name may hold dots, so the known setting at the end decides. */
    static List<TopicSetting> overrides(Map<String, String> properties, Problems problems) {
        List<TopicSetting> overrides = new ArrayList<>();
        int prefix = SinkSettings.TOPIC_PREFIX.length();
        new TreeMap<>(properties).forEach((key, value) -> {
            if (!key.startsWith(SinkSettings.TOPIC_PREFIX)) {
                return;
            }
            Optional<String> setting = TopicSettings.KEYS.stream()
                    .filter(k -> key.endsWith("." + k) && key.length() > prefix + k.length() + 1)
                    .findFirst();
            if (setting.isEmpty()) {
                problems.invalid(
                        key,
                        value,
                        "a setting for one topic is topic.<topic>.<key>, where <key> is one of " + TopicSettings.KEYS);
                return;
            }
            String topic = key.substring(prefix, key.length() - setting.get().length() - 1);
            overrides.add(new TopicSetting(key, topic, setting.get()));
        });
        return overrides;
    }

    private static Map<String, String> with(Map<String, String> properties, List<TopicSetting> settings) {
        Map<String, String> merged = new HashMap<>(properties);
        settings.forEach(o -> merged.put(o.setting, properties.getOrDefault(o.key, "")));
        return merged;
    }

    /** The settings for records of a topic. */
    TopicConfig topic(String topic) {
        return topics.getOrDefault(topic, common);
    }

    /** Whether some topic's table may get columns for new fields. */
    boolean evolves() {
        return common.evolves() || topics.values().stream().anyMatch(TopicConfig::evolves);
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
