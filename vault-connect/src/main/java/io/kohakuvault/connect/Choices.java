package io.kohakuvault.connect;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** Settings that take one of a few words, or a list of them: checked, and offered where settings are edited. */
final class Choices implements ConfigDef.Validator, ConfigDef.Recommender {
    private final List<String> words;

    private Choices(List<String> words) {
        this.words = words;
    }

    static Choices of(String... words) {
        return new Choices(List.of(words));
    }

    @Override
    public void ensureValid(String name, Object value) {
        List<?> given = value instanceof List<?> list ? list : List.of(value);
        for (Object word : given) {
            if (words.stream().noneMatch(w -> w.equalsIgnoreCase(String.valueOf(word)))) {
                throw new ConfigException(name, word, "must be one of " + this);
            }
        }
    }

    @Override
    public List<Object> validValues(String name, Map<String, Object> parsedConfig) {
        return new ArrayList<>(words);
    }

    @Override
    public boolean visible(String name, Map<String, Object> parsedConfig) {
        return true;
    }

    @Override
    public String toString() {
        return String.join(", ", words);
    }
}
