package io.kohakuvault.arrow;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * Lists, structs and maps of Arrow as lists and maps of a table, which are MessagePack. What that does not have is
 * text: decimals are their digits, times ISO 8601, bytes Base64.
 */
final class NestedValues {
    private static final Set<ArrowType.ArrowTypeID> TAKEN = Set.of(
            ArrowType.ArrowTypeID.Null,
            ArrowType.ArrowTypeID.Bool,
            ArrowType.ArrowTypeID.Int,
            ArrowType.ArrowTypeID.FloatingPoint,
            ArrowType.ArrowTypeID.Utf8,
            ArrowType.ArrowTypeID.LargeUtf8,
            ArrowType.ArrowTypeID.Utf8View,
            ArrowType.ArrowTypeID.Binary,
            ArrowType.ArrowTypeID.LargeBinary,
            ArrowType.ArrowTypeID.BinaryView,
            ArrowType.ArrowTypeID.FixedSizeBinary,
            ArrowType.ArrowTypeID.Decimal,
            ArrowType.ArrowTypeID.Date,
            ArrowType.ArrowTypeID.Time,
            ArrowType.ArrowTypeID.Timestamp,
            ArrowType.ArrowTypeID.List,
            ArrowType.ArrowTypeID.LargeList,
            ArrowType.ArrowTypeID.ListView,
            ArrowType.ArrowTypeID.LargeListView,
            ArrowType.ArrowTypeID.FixedSizeList,
            ArrowType.ArrowTypeID.Struct,
            ArrowType.ArrowTypeID.Map);

    private final DictionaryProvider dictionaries;
    private final boolean isFinite;

    /** @param isFinite whether infinite times are refused */
    NestedValues(DictionaryProvider dictionaries, boolean isFinite) {
        this.dictionaries = dictionaries;
        this.isFinite = isFinite;
    }

    /** Refuses by name a column whose lists, structs or maps hold what those of a table cannot. */
    void check(String column, Field field) {
        boolean isStruct = field.getType() instanceof ArrowType.Struct;
        Set<String> names = new HashSet<>();
        for (Field child : field.getChildren()) {
            Field values = values(child);
            ArrowType type = values.getType();
            if (!TAKEN.contains(type.getTypeID())) {
                throw new IllegalArgumentException("column '" + column + "' holds values of " + type
                        + ", which lists and maps of a table cannot; leave it out, or cast it in the query that makes"
                        + " the batches");
            } else if (isStruct && !names.add(child.getName())) {
                throw new IllegalArgumentException("column '" + column + "' has structs with two values named '"
                        + child.getName() + "', which a map cannot hold");
            }
            check(column, values);
        }
        if (field.getType() instanceof ArrowType.Map) {
            ArrowType key =
                    values(field.getChildren().get(0).getChildren().get(0)).getType();
            if (!ImportedTypes.isText(key)) {
                throw new IllegalArgumentException("column '" + column + "' has maps with keys of " + key
                        + ", where those of a table have texts; cast them in the query that makes the batches");
            }
        }
    }

    /** What a field's values are, where those of a vector are numbers of a dictionary too. */
    private Field values(Field field) {
        return field.getDictionary() == null
                ? field
                : dictionary(field).getVector().getField();
    }

    private Dictionary dictionary(Field field) {
        Dictionary dictionary = dictionaries.lookup(
                Objects.requireNonNull(field.getDictionary()).getId());
        if (dictionary == null) {
            throw new IllegalArgumentException("'" + field.getName() + "' has no dictionary");
        }
        return dictionary;
    }

    /** A list or a map; null for a vector of something else. */
    @Nullable
    Object collection(ValueVector vector, int i) {
        if (vector instanceof MapVector maps) {
            return map(maps, i);
        }
        ListedItems items = ListedItems.of(vector, i);
        if (items != null) {
            return list(items.vector(), items.from(), items.end());
        } else if (vector instanceof StructVector struct) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            for (FieldVector child : struct.getChildrenFromFields()) {
                map.put(child.getName(), inside(child, i));
            }
            return map;
        }
        return null;
    }

    private List<@Nullable Object> list(ValueVector items, int from, int to) {
        List<@Nullable Object> list = new ArrayList<>(to - from);
        for (int i = from; i < to; i++) {
            list.add(inside(items, i));
        }
        return list;
    }

    private Map<String, @Nullable Object> map(MapVector maps, int i) {
        StructVector entries = (StructVector) maps.getDataVector();
        ValueVector keys = entries.getChildrenFromFields().get(0);
        ValueVector values = entries.getChildrenFromFields().get(1);
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int j = maps.getElementStartIndex(i); j < maps.getElementEndIndex(i); j++) {
            Object key = inside(keys, j);
            if (!(key instanceof String text)) {
                throw new IllegalArgumentException("keys of a map are texts here, but one is " + key);
            } else if (map.containsKey(text)) {
                throw new IllegalArgumentException("the key '" + text + "' stands twice in a map");
            }
            map.put(text, inside(values, j));
        }
        return map;
    }

    private @Nullable Object inside(ValueVector vector, int i) {
        if (vector.isNull(i)) {
            return null;
        }
        Field field = vector.getField();
        if (field.getDictionary() != null) {
            int index = ((Number) Objects.requireNonNull(ImportedValues.scalar(vector, i))).intValue();
            return inside(dictionary(field).getVector(), index);
        }
        Object collection = collection(vector, i);
        if (collection != null) {
            return collection;
        }
        try {
            if (isFinite) {
                ImportedValues.checkFinite(vector, i);
            }
            return said(vector, field, i);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("a time within it cannot be said: " + e.getMessage(), e);
        }
    }

    private static @Nullable Object said(ValueVector vector, Field field, int i) {
        if (vector instanceof DateDayVector days) {
            return LocalDate.ofEpochDay(days.get(i)).toString();
        } else if (vector instanceof DateMilliVector millis) {
            return ImportedValues.day(millis, i).toString();
        } else if (vector instanceof TimeStampVector times && field.getType() instanceof ArrowType.Timestamp type) {
            long perSecond = ImportedValues.perSecond(ImportedTypes.unit(type.getUnit()));
            long value = times.get(i);
            Instant time = Instant.ofEpochSecond(
                    Math.floorDiv(value, perSecond), Math.floorMod(value, perSecond) * (1_000_000_000 / perSecond));
            return type.getTimezone() != null
                    ? time.toString()
                    : DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time.atOffset(ZoneOffset.UTC));
        } else if (vector instanceof BaseFixedWidthVector times && field.getType() instanceof ArrowType.Time type) {
            long value = type.getBitWidth() == 32
                    ? times.getDataBuffer().getInt(4L * i)
                    : times.getDataBuffer().getLong(8L * i);
            long nanos = 1_000_000_000 / ImportedValues.perSecond(ImportedTypes.unit(type.getUnit()));
            return DateTimeFormatter.ISO_LOCAL_TIME.format(LocalTime.ofNanoOfDay(Math.multiplyExact(value, nanos)));
        }
        Object value = ImportedValues.scalar(vector, i);
        if (value instanceof BigDecimal number) {
            return number.toPlainString();
        } else if (value instanceof byte[] bytes) {
            UUID id = ImportedTypes.isUuid(field) ? ImportedValues.uuid(bytes) : null;
            return id == null ? Base64.getEncoder().encodeToString(bytes) : id.toString();
        }
        return value;
    }
}
