package io.kohakuvault.connect;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Tables that have their names from topics: {@code a.b} and {@code a_b} would share one without anybody's wish. */
final class TopicNames {
    private final Map<String, String> topics = new HashMap<>();

    /** A topic that would write to the table of another one. */
    record Clash(String key, String message) {}

    /** Takes note of a topic's tables. */
    Optional<Clash> add(String topic, TopicConfig config) {
        for (Map.Entry<String, String> name : config.namesOf(topic).entrySet()) {
            String other = topics.putIfAbsent(name.getKey(), topic);
            if (other != null && !other.equals(topic)) {
                return Optional.of(new Clash(
                        name.getValue(),
                        "topics '" + other + "' and '" + topic + "' would both be written to table '" + name.getKey()
                                + "', since names of SQLite's tables have underscores for other characters; give one of them "
                                + SinkSettings.TOPIC_PREFIX + "<topic>.<key> with another name"));
            }
        }
        return Optional.empty();
    }
}
