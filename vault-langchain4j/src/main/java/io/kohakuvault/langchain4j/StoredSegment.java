package io.kohakuvault.langchain4j;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.codec.Utf8;
import java.math.BigInteger;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What stands beside a vector: a map of {@code id}, {@code text}, {@code metadata} and {@code types}. The metadata are
 * as any language would write them; the types say which of them Java had as something that a value cannot say.
 *
 * @param id the caller's name for it
 * @param segment null for an embedding alone
 */
record StoredSegment(String id, @Nullable TextSegment segment) {
    private static final String ID = "id";
    private static final String TEXT = "text";
    private static final String METADATA = "metadata";
    private static final String TYPES = "types";

    /** A type of metadata that is stored as another. */
    private record Kept(String name, Function<Object, Object> stored, Function<Object, @Nullable Object> read) {}

    private static final Map<Class<?>, Kept> KEPT = Map.of(
            Integer.class, new Kept("int", v -> v, v -> v instanceof Long n && n == n.intValue() ? n.intValue() : null),
            Float.class, new Kept("float", v -> v, v -> v instanceof Double n ? (Object) n.floatValue() : null),
            UUID.class, new Kept("uuid", Object::toString, v -> v instanceof String s ? uuid(s) : null));

    /** Checks all that could be refused later. */
    StoredSegment {
        if (id == null || isBlank(id)) {
            throw new IllegalArgumentException("an id cannot be null or blank");
        }
        Utf8.check(id);
        if (segment != null) {
            Utf8.check(segment.text());
            segment.metadata().toMap().forEach((key, value) -> {
                Utf8.check(key);
                if (value instanceof String text) {
                    Utf8.check(text);
                }
            });
        }
    }

    /** LangChain4j takes control characters for blanks, Java does not: a match with such an id could not be made. */
    private static boolean isBlank(String text) {
        return text.trim().isEmpty();
    }

    /** The metadata; none for an embedding alone. */
    Metadata metadata() {
        return segment == null ? new Metadata() : segment.metadata();
    }

    /** The value to store. */
    Map<String, Object> value() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put(ID, id);
        if (segment != null) {
            Map<String, Object> metadata = new LinkedHashMap<>();
            Map<String, Object> types = new LinkedHashMap<>();
            segment.metadata().toMap().forEach((key, item) -> {
                Kept kept = KEPT.get(item.getClass());
                metadata.put(key, kept == null ? item : kept.stored.apply(item));
                if (kept != null) {
                    types.put(key, kept.name);
                }
            });
            value.put(TEXT, segment.text());
            value.put(METADATA, metadata);
            if (!types.isEmpty()) {
                value.put(TYPES, types);
            }
        }
        return value;
    }

    /** What a value says, whoever wrote it; empty when it is not of a segment, because it has no id. */
    static Optional<StoredSegment> of(Optional<Object> stored) {
        if (!(stored.orElse(null) instanceof Map<?, ?> value) || !(value.get(ID) instanceof String id) || isBlank(id)) {
            return Optional.empty();
        }
        return Optional.of(new StoredSegment(
                id,
                value.get(TEXT) instanceof String text && !isBlank(text)
                        ? TextSegment.from(text, metadata(value.get(METADATA), value.get(TYPES)))
                        : null));
    }

    private static Metadata metadata(@Nullable Object stored, @Nullable Object types) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        if (stored instanceof Map<?, ?> items) {
            items.forEach((key, item) -> {
                Object type = types instanceof Map<?, ?> names ? names.get(key) : null;
                Object read = read(item, type);
                if (read != null && key instanceof String name && !isBlank(name)) {
                    metadata.put(name, read);
                }
            });
        }
        return Metadata.from(metadata);
    }

    /** An item as it was; what LangChain4j has no type for as text, and null for what has no text either. */
    private static @Nullable Object read(@Nullable Object item, @Nullable Object type) {
        for (Kept kept : KEPT.values()) {
            Object read = item != null && kept.name.equals(type) ? kept.read.apply(item) : null;
            if (read != null) {
                return read;
            }
        }
        if (item instanceof String || item instanceof Long || item instanceof Double) {
            return item;
        }
        return item instanceof Boolean
                        || item instanceof BigInteger
                        || item instanceof Instant
                        || item instanceof List
                        || item instanceof Map
                ? item.toString()
                : null;
    }

    private static @Nullable UUID uuid(String text) {
        try {
            return LogicalType.Uuid.parse(text);
        } catch (IllegalArgumentException e) {
            return null; // another program wrote it
        }
    }
}
