package io.kohakuvault.connect;

import java.util.Map;
import java.util.Set;
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

    private static final FieldChoice EVERY = new FieldChoice(Set.of(), Set.of(), DOT);
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
    private final FieldChoice choice;
    private final boolean isField;

    private FieldPath(String text, Root root, String name) {
        this(text, root, name, EVERY);
    }

    private FieldPath(String text, Root root, String name, FieldChoice choice) {
        this.text = text;
        this.root = root;
        this.name = name.intern(); // converters intern theirs, so that to compare two is to compare references
        this.choice = choice;
        this.isField = root == Root.VALUE
                && isWanted()
                && (choice.separator().isEmpty() || name.indexOf(choice.separator(), 1) < 0);
    }

    /**
     * A path as settings have it.
     *
     * @throws IllegalArgumentException when it leads nowhere
     */
    static FieldPath of(String text) {
        if (text.contains("${")) {
            throw new IllegalArgumentException(
                    "placeholders are for keys and names; here a field's name or path stands, as "
                            + "'user.id', or '_key.id' for one of the key");
        } else if (text.equals(KEY + DOT) || text.equals(HEADERS + DOT)) {
            throw new IllegalArgumentException("there is no name behind the dot");
        } else if (text.equals(KEY)) {
            return new FieldPath(text, Root.KEY, "");
        } else if (text.startsWith(KEY + DOT)) {
            return new FieldPath(text, Root.KEY, text.substring(KEY.length() + 1));
        } else if (text.equals(HEADERS)) {
            return new FieldPath(text, Root.HEADERS, "");
        } else if (text.startsWith(HEADERS + DOT)) {
            return new FieldPath(text, Root.HEADERS, text.substring(HEADERS.length() + 1));
        }
        return new FieldPath(text, Root.VALUE, text);
    }

    /** The key, or the field of it that a path leads to. */
    static FieldPath ofKey(String path) {
        return new FieldPath(KEY + (path.isEmpty() ? "" : DOT + path), Root.KEY, path);
    }

    /** A field of the value. */
    static FieldPath ofValue(String path) {
        return new FieldPath(path, Root.VALUE, path);
    }

    /**
     * The field that a column was made for.
     *
     * @param choice which fields have columns: others are null in those that are there
     */
    static FieldPath ofColumn(String column, FieldChoice choice) {
        return new FieldPath(column, Root.VALUE, column, choice);
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

    /** Whether it is a field of the value, whose name says all: most are, and need no search. */
    boolean isField() {
        return isField;
    }

    /** The name within the key, the value or the headers. */
    String name() {
        return name;
    }

    String separator() {
        return choice.separator();
    }

    /** Whether a field of the whole name is what it leads to, if there is one. */
    boolean isWanted() {
        return choice.at(choice.outermost(), name).isWanted();
    }

    /** What stands there; null when it, or something on the way to it, is missing or null. */
    @Nullable
    Object in(SinkRecord record) {
        return switch (root) {
            case VALUE -> find(record.value(), name, "", choice.outermost());
            case KEY -> name.isEmpty() ? record.key() : find(record.key(), name, "", choice.outermost());
            case HEADERS -> {
                if (name.isEmpty()) {
                    yield Metadata.headers(record);
                }
                Header last = record.headers().lastWithName(name);
                yield last == null ? null : last.value();
            }
        };
    }

    /**
     * What stands there, as a plain value.
     *
     * @throws UnfitException when it cannot be stored; says where it stands
     */
    @Nullable
    Object plain(SinkRecord record) {
        try {
            return Plain.value(in(record));
        } catch (UnfitException e) {
            throw new UnfitException(what() + ": " + e.getMessage());
        }
    }

    /** It, in a message. */
    String what() {
        return isKey() ? "its key" : "field '" + text + "'";
    }

    /**
     * @param rest of the name, within a container
     * @param before the name of the container's column would begin so
     */
    private @Nullable Object find(@Nullable Object container, String rest, String before, FieldChoice.State outer) {
        String separator = choice.separator();
        if (container == null || has(container, rest) || separator.isEmpty()) {
            return choice.at(outer, before + rest).isWanted() ? Plain.field(container, rest) : null;
        }
        for (int i = rest.indexOf(separator, 1); i > 0; i = rest.indexOf(separator, i + 1)) {
            String name = rest.substring(0, i);
            Object inner = Plain.field(container, name);
            if (inner instanceof Struct || inner instanceof Map) {
                String within = rest.substring(i + separator.length());
                String prefix = before + name + separator;
                Object found = find(inner, within, prefix, choice.at(outer, before + name));
                if (found != null || has(inner, within)) {
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
