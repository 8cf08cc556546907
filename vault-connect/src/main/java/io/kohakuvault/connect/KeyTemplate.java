package io.kohakuvault.connect;

import io.kohakuvault.codec.Utf8;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * What of a record becomes the key of its entry: the record's key, a field of its value, or text with placeholders
 * {@code ${key}}, {@code ${key.<path>}}, {@code ${value.<path>}}, {@code ${topic}}, {@code ${partition}} and {@code
 * ${offset}}.
 */
final class KeyTemplate {
    private static final Set<String> PLACES = Set.of("topic", "partition", "offset");

    private final String template;
    private final List<Part> parts;

    /** Text, or where a value is found. */
    private sealed interface Part {}

    private record Text(String text) implements Part {}

    /** A field of the key or the value, of one of its fields, and so on; without names the whole. */
    private record Path(boolean ofKey, List<String> names) implements Part {
        @Nullable
        Object in(SinkRecord record) {
            Object found = ofKey ? record.key() : record.value();
            for (String name : names) {
                found = Plain.field(found, name);
            }
            return found;
        }
    }

    private record Place(String which) implements Part {}

    private KeyTemplate(String template, List<Part> parts) {
        this.template = template;
        this.parts = parts;
    }

    /**
     * Reads a setting.
     *
     * @throws IllegalArgumentException when it has a placeholder that there is not
     */
    static KeyTemplate of(String setting) {
        if (setting.equals(TopicSettings.RECORD_KEY)) {
            return new KeyTemplate(setting, List.of(new Path(true, List.of())));
        } else if (!setting.contains("${")) {
            return new KeyTemplate(setting, List.of(new Path(false, List.of(setting))));
        }
        List<Part> parts = new ArrayList<>();
        Matcher matcher = SinkSettings.PLACEHOLDER.matcher(setting);
        int end = 0;
        while (matcher.find()) {
            if (matcher.start() > end) {
                parts.add(new Text(setting.substring(end, matcher.start())));
            }
            parts.add(placeholder(matcher.group(1)));
            end = matcher.end();
        }
        if (end < setting.length()) {
            parts.add(new Text(setting.substring(end)));
        }
        if (parts.stream().noneMatch(Path.class::isInstance) && !parts.contains(new Place("offset"))) {
            throw new IllegalArgumentException("all records would have one key: name ${key}, a field, or ${offset}");
        }
        return new KeyTemplate(setting, List.copyOf(parts));
    }

    private static Part placeholder(String name) {
        List<String> names = List.of(name.split("\\.", -1));
        if (PLACES.contains(name)) {
            return new Place(name);
        } else if (names.get(0).equals("key") || (names.get(0).equals("value") && names.size() > 1)) {
            return new Path(names.get(0).equals("key"), names.subList(1, names.size()));
        }
        throw new IllegalArgumentException("unknown placeholder ${" + name
                + "}; there are ${key}, ${key.<field>}, ${value.<field>}, ${topic}, ${partition} and ${offset}");
    }

    /** Whether a record without a value has the key too. */
    boolean needsNoValue() {
        return parts.stream().noneMatch(part -> part instanceof Path path && !path.ofKey);
    }

    /**
     * The key.
     *
     * @throws UnfitException when a value is missing or is neither text nor a number
     */
    byte[] key(SinkRecord record, Coordinates at) {
        if (parts.size() == 1 && parts.get(0) instanceof Path path) {
            Object key = Plain.value(path.in(record));
            return key instanceof byte[] bytes ? bytes : Utf8.encode(text(path, key));
        }
        StringBuilder key = new StringBuilder();
        for (Part part : parts) {
            if (part instanceof Text t) {
                key.append(t.text);
            } else if (part instanceof Path path) {
                key.append(text(path, Plain.value(path.in(record))));
            } else if (part instanceof Place place) {
                key.append(
                        switch (place.which) {
                            case "topic" -> at.topic();
                            case "partition" -> Integer.toString(at.partition());
                            default -> Long.toString(at.offset());
                        });
            }
        }
        return Utf8.encode(key.toString());
    }

    private static String text(Path path, @Nullable Object value) {
        if (value instanceof String || value instanceof Number || value instanceof Boolean) {
            return value.toString();
        }
        String what = path.names.isEmpty()
                ? "its key"
                : "field '" + String.join(".", path.names) + "'" + (path.ofKey ? " of its key" : "");
        throw new UnfitException(what + ", which becomes the key, is "
                + (value == null ? "missing or null" : UnfitException.kindOf(value))
                + "; it must be text, bytes or a number"
                + (path.ofKey && path.names.isEmpty() && value != null
                        ? "; name its fields in " + TopicSettings.KV_KEY + ", for example ${key.id}"
                        : ""));
    }

    @Override
    public String toString() {
        return template;
    }
}
