package io.kohakuvault.sql;

import io.kohakuvault.Snapshot;
import io.kohakuvault.kv.KvRange;
import io.kohakuvault.kv.KvReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/** The kinds of {@link RowViewSource}. */
final class RowViewSources {
    private RowViewSources() {}

    /** Keys as text where they are text, and as bytes; values as bytes and, where they say what they are, as JSON. */
    static final class KeyValues extends RowViewSource {
        KeyValues(String name) {
            super(name, "kv");
        }

        @Override
        public List<Field> fields(Snapshot snapshot, BufferAllocator allocator) {
            return List.of(text("key", true), bytes("key_bytes"), bytes("bytes"), json(VALUE));
        }

        @Override
        Iterator<@Nullable Object[]> rows(Snapshot snapshot, List<String> columns) {
            KvReader table = snapshot.kv(name());
            if (columns.contains("bytes")) {
                return each(table.scan(KvRange.all()).iterator(), columns, entry -> column -> switch (column) {
                    case "bytes" -> entry.value();
                    default -> keyed(table, entry.key(), column);
                });
            }
            return each(table.keys(KvRange.all()).iterator(), columns, key -> column -> keyed(table, key, column));
        }

        private static byte @Nullable [] keyed(KvReader table, byte[] key, String column) {
            return switch (column) {
                case "key" -> isText(key) ? key : null;
                case "key_bytes" -> key;
                default -> JsonValue.of(table.findValue(key).filter(value -> !(value instanceof byte[]))); // in bytes
            };
        }

        private static boolean isText(byte[] key) {
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(key));
                return true;
            } catch (CharacterCodingException e) {
                return false;
            }
        }
    }

    /** Id, texts and value. */
    static final class Documents extends RowViewSource {
        Documents(String name) {
            super(name, "documents");
        }

        @Override
        public List<Field> fields(Snapshot snapshot, BufferAllocator allocator) {
            List<Field> fields = new ArrayList<>();
            List<String> texts = snapshot.text(name()).columns();
            fields.add(number(idOf(texts)));
            texts.forEach(column -> fields.add(text(column, false)));
            if (!holds(fields, VALUE)) {
                fields.add(json(VALUE));
            }
            return List.copyOf(fields);
        }

        /** The id's name, which must not be that of a text. */
        private static String idOf(List<String> texts) {
            return texts.stream().anyMatch("id"::equalsIgnoreCase) ? "document_id" : "id";
        }

        private static boolean holds(List<Field> fields, String name) {
            return fields.stream().anyMatch(field -> field.getName().equalsIgnoreCase(name));
        }

        @Override
        Iterator<@Nullable Object[]> rows(Snapshot snapshot, List<String> columns) {
            List<String> texts = snapshot.text(name()).columns();
            return each(snapshot.text(name()).scan().iterator(), columns, document -> column -> {
                int text = texts.indexOf(column);
                if (text >= 0) {
                    return document.texts().get(text).getBytes(StandardCharsets.UTF_8);
                }
                return column.equals(idOf(texts)) ? (Object) document.id() : JsonValue.of(document.value());
            });
        }
    }

    /** Id, vector and value. */
    static final class Vectors extends RowViewSource {
        Vectors(String name) {
            super(name, "vectors");
        }

        @Override
        public List<Field> fields(Snapshot snapshot, BufferAllocator allocator) {
            return List.of(
                    number("id"), floats("vector", snapshot.vectors(name()).dimensions()), json(VALUE));
        }

        @Override
        Iterator<@Nullable Object[]> rows(Snapshot snapshot, List<String> columns) {
            return each(snapshot.vectors(name()).scan().iterator(), columns, found -> column -> switch (column) {
                case "id" -> found.id();
                case "vector" -> found.vector();
                default -> JsonValue.of(found.value());
            });
        }
    }

    /** Rows of what an iterator answers, their values in the order of the columns. */
    private static <T> Iterator<@Nullable Object[]> each(
            Iterator<T> items, List<String> columns, Function<T, Function<String, @Nullable Object>> read) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return items.hasNext();
            }

            @Override
            public @Nullable Object[] next() {
                Function<String, @Nullable Object> row = read.apply(items.next());
                @Nullable Object[] values = new @Nullable Object[columns.size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = row.apply(columns.get(i));
                }
                return values;
            }
        };
    }
}
