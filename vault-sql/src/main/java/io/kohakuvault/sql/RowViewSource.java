package io.kohakuvault.sql;

import io.kohakuvault.Snapshot;
import io.kohakuvault.table.Filter;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.jspecify.annotations.Nullable;

/** What is stored row by row: key-values, documents, vectors. Values are JSON in SQL. */
abstract class RowViewSource implements ViewSource {
    static final String VALUE = "value";

    private final String name;
    private final String kind;

    /**
     * @param name its name
     * @param kind what it is, for the name of a view
     */
    RowViewSource(String name, String kind) {
        this.name = name;
        this.kind = kind;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final String longName() {
        return name + "_" + kind;
    }

    @Override
    public final long rows(Snapshot snapshot) {
        return -1;
    }

    @Override
    public final ArrowReader open(
            Snapshot snapshot, List<String> columns, RowRange rows, List<Filter> hints, BufferAllocator allocator) {
        List<Field> all = fields(snapshot, allocator);
        List<Field> chosen = columns.stream()
                .map(column -> all.stream()
                        .filter(field -> field.getName().equals(column))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(name + " has no column '" + column + "'")))
                .toList();
        return new RowReader(allocator, chosen, rows(snapshot, columns));
    }

    /** {@return the values of the rows, in the order of the columns} */
    abstract Iterator<@Nullable Object[]> rows(Snapshot snapshot, List<String> columns);

    static Field number(String name) {
        return Field.notNullable(name, new ArrowType.Int(64, true));
    }

    static Field text(String name, boolean nullable) {
        return new Field(name, new FieldType(nullable, ArrowType.Utf8.INSTANCE, null), null);
    }

    static Field bytes(String name) {
        return Field.notNullable(name, ArrowType.Binary.INSTANCE);
    }

    static Field json(String name) {
        Map<String, String> extension = Map.of("ARROW:extension:name", "arrow.json", "ARROW:extension:metadata", "");
        return new Field(name, new FieldType(true, ArrowType.Utf8.INSTANCE, null, extension), null);
    }

    static Field floats(String name, int size) {
        Field item = Field.notNullable("item", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE));
        return new Field(name, new FieldType(false, new ArrowType.FixedSizeList(size), null), List.of(item));
    }
}
