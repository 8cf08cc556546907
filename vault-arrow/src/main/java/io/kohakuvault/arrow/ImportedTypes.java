package io.kohakuvault.arrow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.table.SchemaColumn;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/** Arrow's types as those of a table's columns: the inverse of {@link ArrowFields}. */
final class ImportedTypes {
    private ImportedTypes() {}

    /**
     * What a column becomes.
     *
     * @param field of its values
     */
    static SchemaColumn column(String name, boolean nullable, Field field) {
        String token = field.getMetadata().get(ArrowFields.TYPE);
        SchemaColumn was = token == null ? null : was(name, nullable, field, token);
        if (was != null) {
            return was;
        }
        LogicalType logical = logical(field);
        if (logical != null) {
            return SchemaColumn.of(name, logical, nullable);
        }
        DType dtype = dtype(field);
        if (dtype == null) {
            throw new IllegalArgumentException("column '" + name + "' is " + field.getType()
                    + ", which a table has not; leave it out, or cast it in the query that makes the batches");
        }
        return SchemaColumn.of(name, dtype, nullable);
    }

    /** The column that the batches were made of, where its values can be made of Arrow's; null else. */
    private static @Nullable SchemaColumn was(String name, boolean nullable, Field field, String token) {
        LogicalType logical = LogicalType.parse(token).orElse(null);
        ArrowType type = field.getType();
        if (logical instanceof LogicalType.ListOf || logical instanceof LogicalType.MapOf) {
            return isText(type) ? SchemaColumn.of(name, logical, nullable) : null;
        } else if (!(logical instanceof LogicalType.Other)) {
            return null; // Arrow's own type says it, in the units that the values are in
        }
        DType dtype;
        try {
            dtype = DType.parse(token);
        } catch (IllegalArgumentException e) {
            return null; // of a later release, or somebody else's
        }
        boolean fits;
        if (dtype instanceof DType.StringType) {
            fits = isText(type);
        } else if (dtype instanceof DType.PackedType || (dtype instanceof DType.VectorType && !dtype.isFixedSize())) {
            fits = isBinary(type, dtype.elementSizeBytes());
        } else {
            fits = isWidened(dtype, type);
        }
        return fits ? SchemaColumn.of(name, dtype, nullable) : null;
    }

    private static boolean isBinary(ArrowType type, int size) {
        return size > 0
                ? type.equals(new ArrowType.FixedSizeBinary(size))
                : type instanceof ArrowType.Binary || type instanceof ArrowType.LargeBinary;
    }

    /** Whether a profile has made the Arrow type of numbers that this one cannot take. */
    private static boolean isWidened(DType dtype, ArrowType type) {
        if (dtype.equals(DType.U64)) {
            return type instanceof ArrowType.Decimal decimal && decimal.getScale() == 0;
        } else if (dtype instanceof DType.IntegerType integer
                && integer.element().isUnsigned()) {
            return type instanceof ArrowType.Int;
        }
        return dtype.equals(DType.F16) && type instanceof ArrowType.FloatingPoint;
    }

    private static @Nullable LogicalType logical(Field field) {
        ArrowType type = field.getType();
        String extension = field.getMetadata().get("ARROW:extension:name");
        if ("arrow.uuid".equals(extension) && type.equals(new ArrowType.FixedSizeBinary(16))) {
            return new LogicalType.Uuid();
        } else if ("arrow.json".equals(extension) && isText(type)) {
            return new LogicalType.Json();
        } else if (type instanceof ArrowType.Timestamp t) {
            return new LogicalType.Timestamp(unit(t.getUnit()), t.getTimezone());
        } else if (type instanceof ArrowType.Date) {
            return new LogicalType.Date();
        } else if (type instanceof ArrowType.Time t) {
            return new LogicalType.Time(t.getUnit() == TimeUnit.SECOND ? LogicalType.TimeUnit.MS : unit(t.getUnit()));
        } else if (type instanceof ArrowType.Decimal d && d.getBitWidth() <= 128 && d.getScale() >= 0) {
            return new LogicalType.Decimal(d.getPrecision(), d.getScale());
        } else if (type instanceof ArrowType.List || type instanceof ArrowType.LargeList) {
            return new LogicalType.ListOf();
        } else if (type instanceof ArrowType.Struct || type instanceof ArrowType.Map) {
            return new LogicalType.MapOf();
        }
        return null;
    }

    private static boolean isText(ArrowType type) {
        return type instanceof ArrowType.Utf8 || type instanceof ArrowType.LargeUtf8;
    }

    private static LogicalType.TimeUnit unit(TimeUnit unit) {
        return switch (unit) {
            case SECOND -> LogicalType.TimeUnit.S;
            case MILLISECOND -> LogicalType.TimeUnit.MS;
            case MICROSECOND -> LogicalType.TimeUnit.US;
            case NANOSECOND -> LogicalType.TimeUnit.NS;
        };
    }

    private static @Nullable DType dtype(Field field) {
        ArrowType type = field.getType();
        if (type instanceof ArrowType.Bool) {
            return DType.BOOL;
        } else if (isText(type)) {
            return DType.STR;
        } else if (type instanceof ArrowType.Binary || type instanceof ArrowType.LargeBinary) {
            return DType.BYTES;
        } else if (type instanceof ArrowType.FixedSizeBinary bytes) {
            return new DType.BytesType(bytes.getByteWidth());
        } else if (type instanceof ArrowType.FixedSizeList list) {
            ElementType item = element(field.getChildren().get(0).getType());
            return item == null ? null : new DType.VectorType(item, shape(field, list.getListSize()));
        }
        ElementType element = element(type);
        return element == null ? null : DType.parse(element.token());
    }

    private static @Nullable ElementType element(ArrowType type) {
        if (type instanceof ArrowType.Bool) {
            return ElementType.BOOL;
        } else if (type instanceof ArrowType.Int number) {
            return switch (number.getBitWidth()) {
                case 8 -> number.getIsSigned() ? ElementType.I8 : ElementType.U8;
                case 16 -> number.getIsSigned() ? ElementType.I16 : ElementType.U16;
                case 32 -> number.getIsSigned() ? ElementType.I32 : ElementType.U32;
                default -> number.getIsSigned() ? ElementType.I64 : ElementType.U64;
            };
        } else if (type instanceof ArrowType.FloatingPoint number) {
            return number.getPrecision() == FloatingPointPrecision.HALF
                    ? ElementType.F16
                    : number.getPrecision() == FloatingPointPrecision.SINGLE ? ElementType.F32 : ElementType.F64;
        }
        return null;
    }

    /** The shape that an extension tells, where it fits; else one dimension. */
    private static List<Integer> shape(Field field, int size) {
        String metadata = field.getMetadata().get("ARROW:extension:metadata");
        if ("arrow.fixed_shape_tensor".equals(field.getMetadata().get("ARROW:extension:name")) && metadata != null) {
            try {
                List<Integer> shape = new ArrayList<>();
                long count = 1;
                for (JsonNode dimension :
                        ElementConversion.JSON.readTree(metadata).path("shape")) {
                    shape.add(dimension.intValue());
                    count *= dimension.intValue();
                }
                if (count == size && !shape.isEmpty()) {
                    return shape;
                }
            } catch (JsonProcessingException e) {
                return List.of(size); // somebody else's metadata say nothing about the bytes
            }
        }
        return List.of(size);
    }
}
