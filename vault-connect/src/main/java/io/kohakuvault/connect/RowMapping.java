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
        SinkRecord[] all = records.toArray(new SinkRecord[0]);
        @Nullable Object[] values = new @Nullable Object[all.length];
        for (int i = 0; i < cells.length; i++) {
            if (cells[i].kind().isField()) {
                read(i, all, values, value instanceof Struct);
                cells[i].addAll(to, values);
            } else if (all.length == 1 || !addCoordinates(cells[i], to, all)) {
                metadata(cells[i], to.column(cells[i].place()), all);
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

    /** What a cell takes of each record. */
    private void read(int i, SinkRecord[] records, @Nullable Object[] values, boolean structs) {
        FieldPath source = cells[i].source();
        Field field = structs ? fields[i] : null;
        if (field != null) {
            for (int row = 0; row < records.length; row++) {
                values[row] = Plain.get((Struct) records[row].value(), field);
            }
        } else if (source.isField()) {
            String name = source.name();
            for (int row = 0; row < records.length; row++) {
                values[row] = structs ? null : ((Map<?, ?>) records[row].value()).get(name);
            }
        } else {
            for (int row = 0; row < records.length; row++) {
                values[row] = source.in(records[row]);
            }
        }
    }

    /** Adds numbers that say where records came from; false, with nothing added, where they go one by one. */
    private static boolean addCoordinates(Cell cell, ColumnWriter to, SinkRecord[] records) {
        if (cell.array() == ColumnArray.INTS && cell.kind() == Cell.Kind.PARTITION) {
            int[] partitions = new int[records.length];
            for (int i = 0; i < partitions.length; i++) {
                partitions[i] = Coordinates.partition(records[i]);
            }
            to.set(cell.name(), partitions);
            return true;
        } else if (cell.array() != ColumnArray.LONGS) {
            return false;
        }
        long[] numbers = new long[records.length];
        for (int i = 0; i < numbers.length; i++) {
            if (cell.kind() == Cell.Kind.OFFSET) {
                numbers[i] = Coordinates.offset(records[i]);
            } else if (cell.kind() == Cell.Kind.TIMESTAMP_MS && records[i].timestamp() != null) {
                numbers[i] = records[i].timestamp();
            } else {
                return false;
            }
        }
        to.set(cell.name(), numbers);
        return true;
    }

    private static void metadata(Cell cell, ValueAppender to, SinkRecord[] records) {
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
