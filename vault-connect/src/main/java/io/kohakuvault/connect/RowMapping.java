package io.kohakuvault.connect;

import io.kohakuvault.table.ColumnWriter;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.ValueAppender;
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
     * Maps records column by column, so that what a column takes is decided once for all of them.
     *
     * @param records maps, or structs of one schema
     * @throws UnfitException when one of them does not fit; says which field
     */
    void fill(ColumnWriter to, List<SinkRecord> records) {
        Object value = records.get(0).value();
        if (value instanceof Struct struct) {
            look(struct.schema());
        } else if (!(value instanceof Map)) {
            throw new UnfitException(
                    "its value is "
                            + (value == null ? "null" : UnfitException.kindOf(value))
                            + ", which has no fields for a table's columns; wrap it with the transformation HoistField, or use a converter that reads maps or structs");
        }
        for (int i = 0; i < cells.length; i++) {
            ValueAppender column = to.column(cells[i].place());
            if (cells[i].kind().isField()) {
                field(i, column, records, value instanceof Struct);
            } else {
                metadata(cells[i], column, records);
            }
        }
    }

    private void look(Schema anew) {
        if (anew != schema) {
            schema = anew;
            for (int i = 0; i < cells.length; i++) {
                FieldPath source = cells[i].source();
                fields[i] = source.isOfValue() && source.isWanted() ? anew.field(source.name()) : null;
            }
        }
    }

    private void field(int i, ValueAppender to, List<SinkRecord> records, boolean structs) {
        Cell cell = cells[i];
        FieldPath source = cell.source();
        Field field = structs ? fields[i] : null;
        for (SinkRecord record : records) {
            Object value;
            if (field != null) {
                value = Plain.get((Struct) record.value(), field);
            } else if (source.isField()) {
                value = structs ? null : ((Map<?, ?>) record.value()).get(source.name());
            } else {
                value = source.in(record);
            }
            cell.add(to, value);
        }
    }

    private static void metadata(Cell cell, ValueAppender to, List<SinkRecord> records) {
        for (SinkRecord record : records) {
            switch (cell.kind()) {
                case TOPIC -> to.add(Coordinates.topic(record));
                case PARTITION -> to.add(Coordinates.partition(record));
                case OFFSET -> to.add(Coordinates.offset(record));
                case TIMESTAMP -> {
                    Long timestamp = cell.checked(record.timestamp());
                    to.addObject(timestamp == null ? null : Instant.ofEpochMilli(timestamp));
                }
                case TIMESTAMP_MS -> {
                    Long timestamp = cell.checked(record.timestamp());
                    if (timestamp == null) {
                        to.addNull();
                    } else {
                        to.add(timestamp.longValue());
                    }
                }
                case KEY -> to.add(cell.checked(Metadata.key(record)));
                default -> to.add(cell.checked(Metadata.headers(record)));
            }
        }
    }
}
