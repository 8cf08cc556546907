package io.kohakuvault.connect;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.codec.LogicalType.TimeUnit;
import io.kohakuvault.table.SchemaColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.jspecify.annotations.Nullable;

/**
 * The column that a field of a Connect schema fits. Semantic types are known by the schema's name: Connect's own, which
 * Avro's and Protobuf's converters use too, and Debezium's (https://debezium.io/documentation/reference, "data types").
 */
final class ConnectTypes {
    /** Avro's converter says so how many digits a decimal has; Connect's own schema does not. */
    private static final String DECIMAL_PRECISION = "connect.decimal.precision";

    private static final int MOST_DIGITS = 38;

    /** A decimal of any scale, as Debezium writes it: a struct of a scale and the unscaled value. */
    static final String VARIABLE_SCALE_DECIMAL = "io.debezium.data.VariableScaleDecimal";

    private ConnectTypes() {}

    /** A type: physical alone, or with what it means. */
    private record Type(DType dtype, @Nullable LogicalType logical) {
        static Type of(DType dtype) {
            return new Type(dtype, null);
        }

        static Type of(LogicalType logical) {
            return new Type(logical.physical().orElseThrow(), logical);
        }
    }

    /** Schemas may name themselves; none that is meant for columns nests so deep. */
    private static final int DEEPEST = 50;

    /**
     * The columns of a record's fields; empty when its schema has none.
     *
     * @param choice which fields get columns
     */
    static Optional<List<SchemaColumn>> columns(@Nullable Schema schema, FieldChoice choice) {
        if (schema == null || schema.type() != Schema.Type.STRUCT) {
            return Optional.empty();
        }
        List<SchemaColumn> columns = new ArrayList<>();
        collect(columns, schema, "", false, choice, choice.outermost(), 0);
        return Optional.of(columns);
    }

    private static void collect(
            List<SchemaColumn> to,
            Schema schema,
            String prefix,
            boolean optional,
            FieldChoice choice,
            FieldChoice.State outer,
            int depth) {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException("field '" + prefix + "' is nested deeper than " + DEEPEST);
        }
        for (Field field : schema.fields()) {
            if (!Plain.isText(field.name())) {
                throw new UnfitException("the name of its field " + field.index() + Plain.HALF);
            }
            boolean nullable = optional || field.schema().isOptional();
            String name = prefix + field.name();
            FieldChoice.State state = choice.at(outer, name);
            if (!choice.separator().isEmpty() && isNested(field.schema())) {
                collect(to, field.schema(), name + choice.separator(), nullable, choice, state, depth + 1);
            } else if (state.isWanted()) {
                to.add(column(name, field.schema(), nullable));
            }
        }
    }

    private static boolean isNested(Schema schema) {
        return schema.type() == Schema.Type.STRUCT && !VARIABLE_SCALE_DECIMAL.equals(schema.name());
    }

    /** The column for a value of a schema. */
    static SchemaColumn column(String name, Schema schema, boolean nullable) {
        Type type = type(schema);
        return new SchemaColumn(name, type.dtype(), Optional.ofNullable(type.logical()), nullable);
    }

    /** The column for what stands at a path; empty when a schema does not know it. */
    static Optional<SchemaColumn> column(String name, @Nullable Schema of, String path, String separator) {
        if (of == null) {
            return Optional.empty();
        } else if (path.isEmpty()) {
            return Optional.of(column(name, of, true));
        } else if (of.type() != Schema.Type.STRUCT) {
            return Optional.empty();
        }
        Field field = of.field(path);
        if (field != null) {
            return Optional.of(column(name, field.schema(), field.schema().isOptional()));
        }
        for (int i = path.indexOf(separator, 1); i > 0; i = path.indexOf(separator, i + 1)) {
            Field outer = of.field(path.substring(0, i));
            Optional<SchemaColumn> found = outer == null
                    ? Optional.empty()
                    : column(name, outer.schema(), path.substring(i + separator.length()), separator);
            if (found.isPresent()) {
                return found.map(c -> new SchemaColumn(
                        name,
                        c.dtype(),
                        c.logicalType(),
                        c.nullable() || outer.schema().isOptional()));
            }
        }
        return Optional.empty();
    }

    /** Whether a column takes every value that another one takes. */
    static boolean holds(SchemaColumn column, SchemaColumn other) {
        if (other.nullable() && !column.nullable()) {
            return false;
        } else if (column.dtype().equals(other.dtype()) && column.logicalType().equals(other.logicalType())) {
            return true;
        } else if (column.logicalType().isPresent()) {
            return other.logicalType().isPresent()
                    && holds(column.logicalType().get(), other.logicalType().get());
        } else if (column.dtype() instanceof DType.PackedType) {
            return true; // describes itself
        } else if (other.logicalType().isPresent()) {
            return false;
        }
        int bits = INTEGERS.indexOf(other.dtype());
        if (bits >= 0) {
            return INTEGERS.indexOf(column.dtype()) > bits
                    || (column.dtype().equals(DType.F64) && bits <= 2)
                    || (column.dtype().equals(DType.F32) && bits <= 1);
        }
        return column.dtype().equals(DType.F64) && other.dtype().equals(DType.F32);
    }

    /** Of rising width. */
    private static final List<DType> INTEGERS = List.of(DType.I8, DType.I16, DType.I32, DType.I64);

    private static boolean holds(LogicalType column, LogicalType other) {
        if (column instanceof LogicalType.Timestamp at && other instanceof LogicalType.Timestamp o) {
            return at.unit().compareTo(o.unit()) >= 0;
        } else if (column instanceof LogicalType.Time at && other instanceof LogicalType.Time o) {
            return at.unit().compareTo(o.unit()) >= 0;
        } else if (column instanceof LogicalType.Decimal d && other instanceof LogicalType.Decimal o) {
            return d.scale() >= o.scale() && d.precision() - d.scale() >= o.precision() - o.scale();
        }
        return column instanceof LogicalType.Json
                && (other instanceof LogicalType.ListOf || other instanceof LogicalType.MapOf);
    }

    private static Type type(Schema schema) {
        Type semantic = schema.name() == null ? null : semantic(schema, schema.name());
        if (semantic != null) {
            return semantic;
        }
        return switch (schema.type()) {
            case INT8 -> Type.of(DType.I8);
            case INT16 -> Type.of(DType.I16);
            case INT32 -> Type.of(DType.I32);
            case INT64 -> Type.of(DType.I64);
            case FLOAT32 -> Type.of(DType.F32);
            case FLOAT64 -> Type.of(DType.F64);
            case BOOLEAN -> Type.of(DType.BOOL);
            case STRING -> Type.of(DType.STR);
            case BYTES -> Type.of(DType.BYTES);
            case ARRAY -> Type.of(new LogicalType.ListOf());
            case MAP, STRUCT -> Type.of(new LogicalType.MapOf());
        };
    }

    /** By name, where the physical type is the one that the name stands for. */
    private static @Nullable Type semantic(Schema schema, String name) {
        return switch (schema.type()) {
            case BYTES -> Decimal.LOGICAL_NAME.equals(name) ? decimal(schema) : null;
            case INT32 ->
                switch (name) {
                    case Date.LOGICAL_NAME, "io.debezium.time.Date" -> Type.of(new LogicalType.Date());
                    case Time.LOGICAL_NAME, "io.debezium.time.Time" -> Type.of(new LogicalType.Time(TimeUnit.MS));
                    default -> null;
                };
            case INT64 ->
                switch (name) {
                    case Timestamp.LOGICAL_NAME -> Type.of(new LogicalType.Timestamp(TimeUnit.MS, "UTC"));
                    case "io.debezium.time.Timestamp" -> Type.of(new LogicalType.Timestamp(TimeUnit.MS, null));
                    case "io.debezium.time.MicroTimestamp" -> Type.of(new LogicalType.Timestamp(TimeUnit.US, null));
                    case "io.debezium.time.NanoTimestamp" -> Type.of(new LogicalType.Timestamp(TimeUnit.NS, null));
                    case "io.debezium.time.MicroTime" -> Type.of(new LogicalType.Time(TimeUnit.US));
                    case "io.debezium.time.NanoTime" -> Type.of(new LogicalType.Time(TimeUnit.NS));
                    default -> null;
                };
            case STRING ->
                switch (name) {
                    case "io.debezium.time.ZonedTimestamp" -> Type.of(new LogicalType.Timestamp(TimeUnit.US, "UTC"));
                    case "io.debezium.data.Json" -> Type.of(new LogicalType.Json());
                    case "io.debezium.data.Uuid" -> Type.of(new LogicalType.Uuid());
                    default -> null;
                };
            case STRUCT -> VARIABLE_SCALE_DECIMAL.equals(name) ? Type.of(DType.STR) : null;
            default -> null;
        };
    }

    /** As many digits as the schema says, else as many as a column can have; text where no column holds the scale. */
    private static Type decimal(Schema schema) {
        int scale = number(schema, Decimal.SCALE_FIELD, 0);
        int precision = number(schema, DECIMAL_PRECISION, MOST_DIGITS);
        boolean fits = precision >= 1 && precision <= MOST_DIGITS && scale >= 0 && scale <= precision;
        return fits ? Type.of(new LogicalType.Decimal(precision, scale)) : Type.of(DType.STR);
    }

    private static int number(Schema schema, String parameter, int otherwise) {
        String value = schema.parameters() == null ? null : schema.parameters().get(parameter);
        try {
            return value == null ? otherwise : Integer.parseInt(value);
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }
}
