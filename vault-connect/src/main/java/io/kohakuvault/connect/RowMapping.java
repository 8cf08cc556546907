package io.kohakuvault.connect;

import io.kohakuvault.table.RowWriter;
import io.kohakuvault.table.SchemaColumn;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * Records as rows of a table: fields go to columns of the same name, coordinates to columns of their own. Not
 * thread-safe.
 */
final class RowMapping {
    static final String TOPIC = "_topic";
    static final String PARTITION = "_partition";
    static final String OFFSET = "_offset";
    static final String TIMESTAMP = "_timestamp";

    private final List<SchemaColumn> columns;
    private final Set<String> names = new HashSet<>();
    private final Cell[] cells;

    /** The fields of {@link #schema} in the order of the cells; null where it has none of that name. */
    private final @Nullable Field[] fields;

    private @Nullable Schema schema;

    /**
     * @param columns the table's
     * @param coordinates whether columns with the names of coordinates take them, instead of fields of those names
     */
    RowMapping(List<SchemaColumn> columns, boolean coordinates) {
        this.columns = columns;
        this.cells = new Cell[columns.size()];
        this.fields = new @Nullable Field[cells.length];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = Cell.of(columns.get(i), i, coordinates);
            names.add(cells[i].name());
        }
    }

    List<SchemaColumn> columns() {
        return columns;
    }

    boolean hasColumn(String name) {
        return names.contains(name);
    }

    /**
     * Sets the row's columns.
     *
     * @throws UnfitException when the record does not fit; says which field
     */
    void fill(RowWriter row, SinkRecord record, Coordinates at) {
        Object value = record.value();
        if (value instanceof Struct struct) {
            fill(row, struct, record, at);
        } else if (value instanceof Map<?, ?> map) {
            for (Cell cell : cells) {
                if (!coordinate(row, cell, record, at)) {
                    cell.set(row, map.get(cell.name()));
                }
            }
        } else {
            throw new UnfitException(
                    "its value is "
                            + (value == null ? "null" : UnfitException.kindOf(value))
                            + ", which has no fields for a table's columns; wrap it with the transformation HoistField, or use a converter that reads maps or structs");
        }
    }

    private void fill(RowWriter row, Struct struct, SinkRecord record, Coordinates at) {
        if (struct.schema() != schema) {
            schema = struct.schema();
            for (int i = 0; i < cells.length; i++) {
                fields[i] = struct.schema().field(cells[i].name());
            }
        }
        for (int i = 0; i < cells.length; i++) {
            if (!coordinate(row, cells[i], record, at)) {
                Field field = fields[i];
                cells[i].set(row, field == null ? null : Plain.get(struct, field));
            }
        }
    }

    private static boolean coordinate(RowWriter row, Cell cell, SinkRecord record, Coordinates at) {
        switch (cell.kind()) {
            case TOPIC -> row.set(cell.place(), at.topic());
            case PARTITION -> row.set(cell.place(), at.partition());
            case OFFSET -> row.set(cell.place(), at.offset());
            case TIMESTAMP -> {
                Long timestamp = record.timestamp();
                if (timestamp != null) {
                    row.setObject(cell.place(), Instant.ofEpochMilli(timestamp));
                }
            }
            case TIMESTAMP_MS -> {
                Long timestamp = record.timestamp();
                if (timestamp != null) {
                    row.set(cell.place(), timestamp.longValue());
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }
}
