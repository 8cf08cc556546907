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
    private final List<SchemaColumn> columns;
    private final Set<String> names = new HashSet<>();
    private final Cell[] cells;

    /** The fields of {@link #schema} in the order of the cells; null where none is what the cell's path names. */
    private final @Nullable Field[] fields;

    private @Nullable Schema schema;

    /**
     * @param columns the table's
     * @param config where in a record the columns' values stand
     */
    RowMapping(List<SchemaColumn> columns, TableConfig config) {
        this.columns = columns;
        this.cells = new Cell[columns.size()];
        this.fields = new @Nullable Field[cells.length];
        for (int i = 0; i < cells.length; i++) {
            SchemaColumn column = columns.get(i);
            cells[i] = Cell.of(
                    column, i, config.source(column.name()), config.metadata().item(column.name()));
            names.add(column.name());
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
                if (!metadata(row, cell, record, at)) {
                    FieldPath source = cell.source();
                    cell.set(row, source.isField() ? map.get(source.name()) : source.in(record));
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
                FieldPath source = cells[i].source();
                fields[i] = source.isOfValue() && source.isWanted()
                        ? struct.schema().field(source.name())
                        : null;
            }
        }
        for (int i = 0; i < cells.length; i++) {
            if (!metadata(row, cells[i], record, at)) {
                Field field = fields[i];
                FieldPath source = cells[i].source();
                cells[i].set(
                        row, field != null ? Plain.get(struct, field) : source.isField() ? null : source.in(record));
            }
        }
    }

    private static boolean metadata(RowWriter row, Cell cell, SinkRecord record, Coordinates at) {
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
            case KEY -> {
                String key = Metadata.key(record);
                if (key != null) {
                    row.set(cell.place(), key);
                }
            }
            case HEADERS -> {
                String headers = Metadata.headers(record);
                if (headers != null) {
                    row.set(cell.place(), headers);
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }
}
