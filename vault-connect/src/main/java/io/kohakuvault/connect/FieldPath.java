package io.kohakuvault.connect;

import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * Where in a record a value stands: {@code user}, {@code in.user.id} for a field of a field of a field, {@code _key}
 * and {@code _key.id} for the record's key, {@code _headers.trace} for the last header of that name and {@code
 * _headers} for all of them as JSON. A field whose name holds the separator goes before a path of that spelling.
 */
final class FieldPath {
    static final String DOT = ".";

    private static final String KEY = "_key";
    private static final String HEADERS = "_headers";

    private enum Root {
        VALUE,
        KEY,
        HEADERS
    }

    private final String text;
    private final Root root;
    private final String name;
    private final String separator;

    private FieldPath(String text, Root root, String name, String separator) {
        this.text = text;
        this.root = root;
        this.name = name;
        this.separator = separator;
    }

    /** A path as settings have it. */
    static FieldPath of(String text) {
        if (text.equals(KEY)) {
            return new FieldPath(text, Root.KEY, "", DOT);
        } else if (text.startsWith(KEY + DOT)) {
            return new FieldPath(text, Root.KEY, text.substring(KEY.length() + 1), DOT);
        } else if (text.equals(HEADERS)) {
            return new FieldPath(text, Root.HEADERS, "", DOT);
        } else if (text.startsWith(HEADERS + DOT)) {
            return new FieldPath(text, Root.HEADERS, text.substring(HEADERS.length() + 1), DOT);
        }
        return new FieldPath(text, Root.VALUE, text, DOT);
    }

    /** The key, or the field of it that a path leads to. */
    static FieldPath ofKey(String path) {
        return new FieldPath(KEY + (path.isEmpty() ? "" : DOT + path), Root.KEY, path, DOT);
    }

    /** A field of the value. */
    static FieldPath ofValue(String path) {
        return new FieldPath(path, Root.VALUE, path, DOT);
    }

    /**
     * The field that a column was made for.
     *
     * @param separator between the names of nested fields, empty when nested fields have no columns of their own
     */
    static FieldPath ofColumn(String column, String separator) {
        return new FieldPath(column, Root.VALUE, column, separator);
    }

    boolean isOfValue() {
        return root == Root.VALUE;
    }

    boolean isOfKey() {
        return root == Root.KEY;
    }

    /** The record's whole key. */
    boolean isKey() {
        return root == Root.KEY && name.isEmpty();
    }

    /** The name within the key, the value or the headers. */
    String name() {
        return name;
    }

    String separator() {
        return separator;
    }

    /** What stands there; null when it, or something on the way to it, is missing or null. */
    @Nullable
    Object in(SinkRecord record) {
        return switch (root) {
            case VALUE -> find(record.value(), name, separator);
            case KEY -> name.isEmpty() ? record.key() : find(record.key(), name, separator);
            case HEADERS -> {
                if (name.isEmpty()) {
                    yield Metadata.headers(record);
                }
                Header last = record.headers().lastWithName(name);
                yield last == null ? null : last.value();
            }
        };
    }

    private static @Nullable Object find(@Nullable Object container, String name, String separator) {
        if (container == null || has(container, name) || separator.isEmpty()) {
            return Plain.field(container, name);
        }
        for (int i = name.indexOf(separator); i > 0; i = name.indexOf(separator, i + 1)) {
            Object inner = Plain.field(container, name.substring(0, i));
            if (inner instanceof Struct || inner instanceof Map) {
                String rest = name.substring(i + separator.length());
                Object found = find(inner, rest, separator);
                if (found != null || has(inner, rest)) {
                    return found;
                }
            }
        }
        return null;
    }

    private static boolean has(Object container, String name) {
        if (container instanceof Struct struct) {
            Field field = struct.schema().field(name);
            return field != null;
        }
        return container instanceof Map<?, ?> map && map.containsKey(name);
    }

    /** As settings have it, for messages. */
    @Override
    public String toString() {
        return text;
    }
}
