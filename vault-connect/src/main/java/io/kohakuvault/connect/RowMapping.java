package io.kohakuvault.connect;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.table.RowWriter;
import io.kohakuvault.table.SchemaColumn;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** Records as rows of a table: fields go to columns of the same name, coordinates to columns of their own. */
final class RowMapping {
    static final String TOPIC = "_topic";
    static final String PARTITION = "_partition";
    static final String OFFSET = "_offset";
    static final String TIMESTAMP = "_timestamp";

    private RowMapping() {}

    /** Sets the row's columns; an IllegalArgumentException says which field does not fit. */
    static void fill(RowWriter row, List<SchemaColumn> columns, SinkRecord record, Coordinates at) {
        for (SchemaColumn column : columns) {
            String name = column.name();
            switch (name) {
                case TOPIC -> row.set(name, at.topic());
                case PARTITION -> row.set(name, at.partition());
                case OFFSET -> row.set(name, at.offset());
                case TIMESTAMP -> {
                    Long timestamp = record.timestamp();
                    if (timestamp != null) {
                        row.set(name, Instant.ofEpochMilli(timestamp));
                    }
                }
                default -> set(row, column, Plain.field(record.value(), name));
            }
        }
    }

    private static void set(RowWriter row, SchemaColumn column, @Nullable Object value) {
        String name = column.name();
        if (value == null) {
            row.setNull(name);
        } else if (column.dtype() instanceof DType.VectorType) {
            row.set(name, Plain.floats(value));
        } else if (column.logicalType().orElse(null) instanceof LogicalType.Timestamp && value instanceof String text) {
            try {
                row.set(name, Instant.parse(text));
            } catch (DateTimeException e) {
                throw new IllegalArgumentException(
                        "field '" + name + "' is no point in time in ISO 8601: " + e.getMessage(), e);
            }
        } else if (value instanceof java.util.Date date) {
            row.set(name, date.toInstant());
        } else {
            row.setObject(name, Plain.value(value));
        }
    }

    /**
     * The columns that a record's schema gives a table; empty for records without schema, which do not say their types.
     */
    static Optional<List<SchemaColumn>> columns(@Nullable Schema schema) {
        if (schema == null || schema.type() != Schema.Type.STRUCT) {
            return Optional.empty();
        }
        List<SchemaColumn> columns = new ArrayList<>();
        for (Field field : schema.fields()) {
            Schema s = field.schema();
            boolean timestamp = Timestamp.LOGICAL_NAME.equals(s.name());
            columns.add(new SchemaColumn(
                    field.name(),
                    timestamp ? DType.I64 : dtype(field),
                    timestamp
                            ? Optional.of(new LogicalType.Timestamp(LogicalType.TimeUnit.MS, "UTC"))
                            : Optional.empty(),
                    s.isOptional()));
        }
        return Optional.of(columns);
    }

    private static DType dtype(Field field) {
        return switch (field.schema().type()) {
            case INT8 -> DType.I8;
            case INT16 -> DType.I16;
            case INT32 -> DType.I32;
            case INT64 -> DType.I64;
            case FLOAT32 -> DType.F32;
            case FLOAT64 -> DType.F64;
            case BOOLEAN -> DType.BOOL;
            case STRING -> DType.STR;
            case BYTES -> DType.BYTES;
            default ->
                throw new IllegalArgumentException("field '" + field.name() + "' is of type "
                        + field.schema().type() + ", for which no column can be guessed; name the columns in "
                        + TopicConfig.TABLE_COLUMNS);
        };
    }
}
