package io.kohakuvault.connect;

import io.kohakuvault.table.SchemaColumn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/**
 * The settings for each topic: those for all, above them those of the patterns that match it, above these those of the
 * topic itself. Topics with the same settings have one configuration. Used by one thread.
 */
final class TopicConfigs {
    /** What no topic has in its name makes a pattern. */
    private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]*");

    private final Map<String, String> properties;

    /** By topic or pattern. */
    private final Map<String, List<Overridden>> overrides = new TreeMap<>();

    private final Map<String, Pattern> patterns = new TreeMap<>();
    private final Map<String, TopicConfig> byTopic = new HashMap<>();
    private final Map<Map<String, String>, TopicConfig> bySettings = new HashMap<>();

    /**
     * A setting for some topics: its key is {@code topic.<topic or pattern>.<setting>}.
     *
     * @param key as it was given
     * @param of the topic or the pattern
     * @param setting what it overrides
     */
    record Overridden(String key, String of, String setting) {
        boolean isForPattern() {
            return isPattern(of);
        }
    }

    /** @param problems gets what is wrong with the keys of single topics */
    TopicConfigs(Map<String, String> properties, Problems problems) {
        this.properties = properties;
        for (Overridden override : overrides(properties, problems)) {
            overrides.computeIfAbsent(override.of, of -> new ArrayList<>()).add(override);
            if (override.isForPattern()) {
                compile(override, problems).ifPresent(pattern -> patterns.put(override.of, pattern));
            }
        }
    }

    static boolean isPattern(String topic) {
        return !TOPIC.matcher(topic).matches();
    }

    private static Optional<Pattern> compile(Overridden override, Problems problems) {
        try {
            return Optional.of(Pattern.compile(override.of));
        } catch (PatternSyntaxException e) {
            problems.invalid(override.key, override.of, "it is no regular expression: " + e.getDescription());
            return Optional.empty();
        }
    }

    /** Settings for single topics. A topic's name may hold dots, so the known setting at the end decides. */
    static List<Overridden> overrides(Map<String, String> properties, Problems problems) {
        List<Overridden> found = new ArrayList<>();
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
            found.add(new Overridden(key, topic, setting.get()));
        });
        return found;
    }

    /**
     * Finds what is wrong with the settings of each topic, and of those that have none of their own.
     *
     * @param topics those that are read, as far as they are known
     */
    void check(List<String> topics, Problems problems) {
        overrides.keySet().stream()
                .filter(of -> topics.isEmpty() || !isPattern(of)) // else its topics are looked at, each as a whole
                .forEach(of -> make(of, problems));
        if (topics.isEmpty() || !topics.stream().allMatch(this::hasItsOwn)) { // else those for all are for none alone
            make("", problems);
        }
        TopicNames names = new TopicNames();
        Map<String, String> first = new HashMap<>();
        Map<String, OptionalLong> retentions = new HashMap<>();
        Map<String, TopicConfig> tables = new HashMap<>();
        boolean apart = properties.getOrDefault(SinkSettings.DATABASE_PATH, "").contains("${topic}");
        for (String topic : topics) {
            Optional<TopicConfig> config = make(topic, problems);
            if (apart) { // each topic has a file of its own, with all names for itself
                continue;
            }
            config.filter(c -> new TopicNames().add(topic, c).isEmpty()) // else its own settings clash, which is said
                    .flatMap(c -> names.add(topic, c))
                    .ifPresent(clash -> problems.add(clash.key(), clash.message()));
            config.flatMap(c -> c.tableName(topic)).ifPresent(table -> {
                TopicConfig other = tables.putIfAbsent(table, config.get());
                if (other != null) {
                    config.get()
                            .table()
                            .contradictionTo(other.table())
                            .ifPresent(why -> problems.add(
                                    config.get().columnsKey(),
                                    "topics '" + first.get(table) + "' and '" + topic + "' are written to one table, '"
                                            + table + "': " + why));
                }
                OptionalLong own = config.get().table().retentionMs();
                if (!own.equals(retentions.computeIfAbsent(table, t -> own))) {
                    problems.add(
                            TableSettings.RETENTION_MS,
                            Retentions.contradiction(table, first.getOrDefault(table, ""), topic));
                }
                first.putIfAbsent(table, topic);
            });
        }
    }

    /** The columns that rows of some topics need in a table, as far as the settings say. */
    List<SchemaColumn> columns(List<String> some, String table) {
        return some.stream()
                .filter(topic ->
                        of(topic).tableName(topic).filter(table::equals).isPresent())
                .flatMap(topic -> of(topic).table().columns().stream())
                .toList();
    }

    private boolean hasItsOwn(String topic) {
        return overrides.containsKey(topic)
                || patterns.values().stream()
                        .anyMatch(pattern -> pattern.matcher(topic).matches());
    }

    /**
     * The settings for records of a topic.
     *
     * @throws org.apache.kafka.common.config.ConfigException when the patterns that match it contradict each other
     */
    TopicConfig of(String topic) {
        return byTopic.computeIfAbsent(topic, t -> {
            Problems problems = new Problems();
            Optional<TopicConfig> config = make(t, problems);
            problems.throwAny();
            return config.orElseThrow();
        });
    }

    /** Whether some topic's table may get columns for new fields. */
    boolean evolves() {
        Problems unused = new Problems();
        return make("", unused).filter(TopicConfig::evolves).isPresent()
                || overrides.keySet().stream()
                        .anyMatch(of ->
                                make(of, unused).filter(TopicConfig::evolves).isPresent());
    }

    private Optional<TopicConfig> make(String topic, Problems problems) {
        Map<String, String> values = new HashMap<>();
        Map<String, String> keys = new HashMap<>();
        List<Overridden> itsOwn = isPattern(topic) ? List.of() : overrides.getOrDefault(topic, List.of());
        Set<String> settled = itsOwn.stream().map(Overridden::setting).collect(Collectors.toSet());
        patterns.forEach((text, pattern) -> {
            if (isPattern(topic) ? text.equals(topic) : pattern.matcher(topic).matches()) {
                for (Overridden override : overrides.getOrDefault(text, List.of())) {
                    String value = properties.getOrDefault(override.key, "");
                    String before = values.put(override.setting, value);
                    String other = keys.put(override.setting, override.key);
                    if (before != null && !before.equals(value) && !settled.contains(override.setting)) {
                        problems.add(
                                override.key,
                                "topic '" + topic + "' is matched by the pattern of " + other
                                        + " too, which says something else; give the topic its own "
                                        + SinkSettings.TOPIC_PREFIX + topic + "." + override.setting
                                        + ", or patterns that do not overlap");
                    }
                }
            }
        });
        for (Overridden override : itsOwn) {
            values.put(override.setting, properties.getOrDefault(override.key, ""));
            keys.put(override.setting, override.key);
        }
        String of = values.isEmpty() ? "" : topic; // what is wrong with those for all is said once
        TopicConfig known = bySettings.get(values);
        if (known != null) {
            return Optional.of(known);
        }
        Map<String, String> merged = new HashMap<>(properties);
        merged.putAll(values);
        Problems own = new Problems();
        Optional<TopicConfig> made = TopicConfig.of(of, merged, keys, own);
        problems.addAll(own);
        if (own.isEmpty()) {
            made.ifPresent(config -> bySettings.put(values, config));
        }
        return made;
    }
}
