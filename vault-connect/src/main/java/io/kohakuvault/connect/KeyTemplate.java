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

    private record Path(FieldPath path) implements Part {}

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
            return new KeyTemplate(setting, List.of(new Path(FieldPath.ofKey(""))));
        } else if (setting.equals(TopicSettings.RECORD_VALUE)) {
            throw new IllegalArgumentException("a whole value is no key; name a field of it, for example ${value.id}");
        } else if (!setting.contains("${")) {
            return new KeyTemplate(setting, List.of(new Path(FieldPath.of(setting))));
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
        if (FileNames.isUnfinished(setting)) {
            throw new IllegalArgumentException(FileNames.UNFINISHED);
        }
        if (parts.stream().noneMatch(Path.class::isInstance) && !parts.contains(new Place("offset"))) {
            throw new IllegalArgumentException("all records would have one key: name ${key}, a field, or ${offset}");
        }
        return new KeyTemplate(setting, List.copyOf(parts));
    }

    private static Part placeholder(String name) {
        if (PLACES.contains(name)) {
            return new Place(name);
        } else if (name.equals("key")) {
            return new Path(FieldPath.ofKey(""));
        } else if (name.equals("key.") || name.equals("value.")) {
            throw new IllegalArgumentException("${" + name + "} has no field's name behind the dot");
        } else if (name.startsWith("key.")) {
            return new Path(FieldPath.ofKey(name.substring("key.".length())));
        } else if (name.startsWith("value.")) {
            return new Path(FieldPath.ofValue(name.substring("value.".length())));
        }
        throw new IllegalArgumentException("unknown placeholder ${" + name
                + "}; there are ${key}, ${key.<field>}, ${value.<field>}, ${topic}, ${partition} and ${offset}");
    }

    /** Whether it is the record's whole key. */
    boolean isRecordKey() {
        return parts.size() == 1 && parts.get(0) instanceof Path p && p.path.isKey();
    }

    /** Whether a record without a value has the key too. */
    boolean needsNoValue() {
        return parts.stream().noneMatch(part -> part instanceof Path p && p.path.isOfValue());
    }

    /**
     * The key as a value: of a single field what it holds, else text.
     *
     * @return null when the record has no key
     * @throws UnfitException when a part of a text is missing or is neither text nor a number
     */
    @Nullable
    Object value(SinkRecord record, Coordinates at) {
        if (parts.size() == 1 && parts.get(0) instanceof Path p) {
            return p.path.plain(record);
        }
        return text(record, at);
    }

    /**
     * The key.
     *
     * @throws UnfitException when a value is missing or is neither text nor a number
     */
    byte[] key(SinkRecord record, Coordinates at) {
        if (parts.size() == 1 && parts.get(0) instanceof Path p) {
            Object key = p.path.plain(record);
            return key instanceof byte[] bytes ? bytes : Utf8.encode(text(p.path, key));
        }
        return Utf8.encode(text(record, at));
    }

    private String text(SinkRecord record, Coordinates at) {
        StringBuilder key = new StringBuilder();
        for (Part part : parts) {
            if (part instanceof Text t) {
                key.append(t.text);
            } else if (part instanceof Path p) {
                key.append(text(p.path, p.path.plain(record)));
            } else if (part instanceof Place place) {
                key.append(
                        switch (place.which) {
                            case "topic" -> at.topic();
                            case "partition" -> Integer.toString(at.partition());
                            default -> Long.toString(at.offset());
                        });
            }
        }
        return key.toString();
    }

    private static String text(FieldPath path, @Nullable Object value) {
        if (value instanceof String || value instanceof Number || value instanceof Boolean) {
            return value.toString();
        }
        throw new UnfitException(path.what() + ", which becomes the key, is "
                + (value == null ? "missing or null" : UnfitException.kindOf(value))
                + "; it must be text, bytes or a number"
                + (path.isKey() && value != null ? "; name one of its fields, for example ${key.id}" : ""));
    }

    @Override
    public String toString() {
        return template;
    }
}
