package io.kohakuvault.connect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** What is wrong with the settings, each finding at its key. */
final class Problems {
    private final Map<String, List<String>> found = new LinkedHashMap<>();

    void add(String key, String what) {
        List<String> of = found.computeIfAbsent(key, k -> new ArrayList<>());
        if (!of.contains(what)) {
            of.add(what);
        }
    }

    /** A value that is not allowed, in the words that Kafka's own checks use. */
    void invalid(String key, @Nullable Object value, String why) {
        add(key, String.valueOf(new ConfigException(key, value, why).getMessage()));
    }

    void addAll(Problems others) {
        others.found.forEach((key, messages) -> messages.forEach(message -> add(key, message)));
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    Map<String, List<String>> all() {
        return found;
    }

    /** For a connector that is started: all of them in one message. */
    void throwAny() {
        if (!found.isEmpty()) {
            StringBuilder all = new StringBuilder();
            found.forEach((key, messages) -> messages.forEach(m -> all.append(all.isEmpty() ? "" : "; ")
                    .append(m.contains(key) ? "" : key + ": ")
                    .append(m)));
            throw new ConfigException(all.toString());
        }
    }
}
