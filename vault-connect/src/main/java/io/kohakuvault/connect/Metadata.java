package io.kohakuvault.connect;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.table.SchemaColumn;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** The columns of a table that say where a record came from, and not what it holds. Immutable. */
final class Metadata {
    /** What of a record, with the type of its column. */
    enum Item {
        TOPIC,
        PARTITION,
        OFFSET,
        TIMESTAMP,
        KEY,
        HEADERS;

        SchemaColumn column(String name) {
            return switch (this) {
                case TOPIC -> SchemaColumn.of(name, DType.STR, false);
                case PARTITION -> SchemaColumn.of(name, DType.I32, false);
                case OFFSET -> SchemaColumn.of(name, DType.I64, false);
                case TIMESTAMP ->
                    SchemaColumn.of(name, new LogicalType.Timestamp(LogicalType.TimeUnit.MS, "UTC"), true);
                case KEY -> SchemaColumn.of(name, DType.STR, true);
                case HEADERS -> SchemaColumn.of(name, new LogicalType.Json(), true);
            };
        }
    }

    private static final FieldPath KEY = FieldPath.ofKey("");

    private final Map<String, Item> items = new LinkedHashMap<>();

    /**
     * @param wanted the items' names as settings have them
     * @param prefix before each name
     */
    Metadata(List<String> wanted, String prefix) {
        for (String name : wanted) {
            items.put(prefix + name.toLowerCase(Locale.ROOT), Item.valueOf(name.toUpperCase(Locale.ROOT)));
        }
    }

    /** The item that a column of this name takes. */
    Optional<Item> item(String column) {
        return Optional.ofNullable(items.get(column));
    }

    /** The name of an item's column. */
    Optional<String> column(Item item) {
        return items.entrySet().stream()
                .filter(e -> e.getValue() == item)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    List<SchemaColumn> columns() {
        List<SchemaColumn> columns = new ArrayList<>();
        items.forEach((name, item) -> columns.add(item.column(name)));
        return columns;
    }

    /** The record's key as text: text as it is, bytes as UTF-8, numbers in decimal, all else in JSON. */
    static @Nullable String key(SinkRecord record) {
        Object key = KEY.plain(record);
        if (key instanceof byte[] bytes) {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            } catch (CharacterCodingException e) {
                throw new UnfitException(
                        "its key is bytes that are no UTF-8 text, which the column of keys takes; name a column of bytes for it, '_key as key bytes', in "
                                + TableSettings.TABLE_COLUMNS);
            }
        }
        return key == null || key instanceof String ? (String) key : JsonText.of(key);
    }

    /** The record's headers as a JSON object; one that occurs several times has a list of its values. */
    static @Nullable String headers(SinkRecord record) {
        if (record.headers().isEmpty()) {
            return null;
        }
        Map<String, List<@Nullable Object>> values = new LinkedHashMap<>();
        for (Header header : record.headers()) {
            values.computeIfAbsent(header.key(), k -> new ArrayList<>()).add(header.value());
        }
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        values.forEach((name, list) -> object.put(name, list.size() == 1 ? list.get(0) : list));
        try {
            return JsonText.of(object);
        } catch (UnfitException e) {
            throw new UnfitException("its headers: " + e.getMessage());
        }
    }
}
