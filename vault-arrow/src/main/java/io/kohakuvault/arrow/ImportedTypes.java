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
    /** Of a decimal; values of larger ones are looked at one by one. */
    private static final int MOST_DIGITS = 38;

    private ImportedTypes() {}

    /**
     * What a column becomes.
     *
     * @param field of its values
     * @param wanted what it is to become if its values can; null for what its field says
     */
    static SchemaColumn column(String name, boolean nullable, Field field, @Nullable SchemaColumn wanted) {
        if (wanted != null && ImportedFits.fits(wanted, field)) {
            return wanted;
        }
        SchemaColumn was = was(name, nullable, field);
        if (was != null && ImportedFits.fits(was, field)) {
            return was;
        }
        SchemaColumn said = said(name, nullable, field);
        if (wanted != null
                && wanted.dtype().equals(said.dtype())
                && wanted.logicalType().equals(said.logicalType())) {
            return wanted; // may take no nulls where Arrow's does
        }
        return said;
    }

    /** What Arrow's own type says. */
    private static SchemaColumn said(String name, boolean nullable, Field field) {
        try {
            LogicalType logical = logical(field);
            if (logical != null) {
                return SchemaColumn.of(name, logical, nullable);
            }
        } catch (IllegalArgumentException e) { // a zone that nobody knows, a decimal of no such digits
            throw new IllegalArgumentException(
                    "column '" + name + "' is " + field.getType() + ": " + e.getMessage(), e);
        }
        DType dtype = dtype(field);
        if (dtype == null) {
            throw new IllegalArgumentException("column '" + name + "' is " + field.getType()
                    + ", which a table has not; leave it out, or cast it in the query that makes the batches");
        }
        return SchemaColumn.of(name, dtype, nullable);
    }

    /** The column that the batches were made of; null where they do not say. */
    private static @Nullable SchemaColumn was(String name, boolean nullable, Field field) {
        LogicalType logical =
                LogicalType.parse(field.getMetadata().get(ArrowFields.TYPE)).orElse(null);
        if (!(logical instanceof LogicalType.Other other)) {
            return logical == null ? null : SchemaColumn.of(name, logical, nullable);
        }
        try {
            return SchemaColumn.of(name, DType.parse(other.token()), nullable);
        } catch (IllegalArgumentException e) {
            return null; // of a later release, or somebody else's
        }
    }

    private static @Nullable LogicalType logical(Field field) {
        ArrowType type = field.getType();
        String extension = field.getMetadata().get("ARROW:extension:name");
        if (isUuid(field)) {
            return new LogicalType.Uuid();
        } else if ("arrow.json".equals(extension) && isText(type)) {
            return new LogicalType.Json();
        } else if (type instanceof ArrowType.Timestamp t) {
            return new LogicalType.Timestamp(unit(t.getUnit()), t.getTimezone());
        } else if (type instanceof ArrowType.Date) {
            return new LogicalType.Date();
        } else if (type instanceof ArrowType.Time t) {
            return new LogicalType.Time(t.getUnit() == TimeUnit.SECOND ? LogicalType.TimeUnit.MS : unit(t.getUnit()));
        } else if (type instanceof ArrowType.Decimal d && d.getScale() >= 0 && d.getScale() <= MOST_DIGITS) {
            return new LogicalType.Decimal(Math.min(MOST_DIGITS, d.getPrecision()), d.getScale());
        } else if (isList(type)) {
            return new LogicalType.ListOf();
        } else if (type instanceof ArrowType.Struct || type instanceof ArrowType.Map) {
            return new LogicalType.MapOf();
        }
        return null;
    }

    /** Lists of any length, however they are laid out. */
    static boolean isList(ArrowType type) {
        return type instanceof ArrowType.List
                || type instanceof ArrowType.LargeList
                || type instanceof ArrowType.ListView
                || type instanceof ArrowType.LargeListView;
    }

    static boolean isText(ArrowType type) {
        return type instanceof ArrowType.Utf8
                || type instanceof ArrowType.LargeUtf8
                || type instanceof ArrowType.Utf8View;
    }

    static boolean isBinary(ArrowType type) {
        return type instanceof ArrowType.Binary
                || type instanceof ArrowType.LargeBinary
                || type instanceof ArrowType.BinaryView;
    }

    static boolean isUuid(Field field) {
        return "arrow.uuid".equals(field.getMetadata().get("ARROW:extension:name"))
                && field.getType().equals(new ArrowType.FixedSizeBinary(16));
    }

    static LogicalType.TimeUnit unit(TimeUnit unit) {
        return switch (unit) {
            case SECOND -> LogicalType.TimeUnit.S;
            case MILLISECOND -> LogicalType.TimeUnit.MS;
            case MICROSECOND -> LogicalType.TimeUnit.US;
            case NANOSECOND -> LogicalType.TimeUnit.NS;
        };
    }

    private static @Nullable DType dtype(Field field) {
        ArrowType type = field.getType();
        boolean isBool8 = "arrow.bool8".equals(field.getMetadata().get("ARROW:extension:name"))
                && type.equals(new ArrowType.Int(8, true));
        if (type instanceof ArrowType.Bool || isBool8) {
            return DType.BOOL;
        } else if (isText(type)) {
            return DType.STR;
        } else if (isBinary(type)) {
            return DType.BYTES;
        } else if (type instanceof ArrowType.FixedSizeBinary bytes) {
            return new DType.BytesType(bytes.getByteWidth());
        } else if (type instanceof ArrowType.FixedSizeList list) {
            ElementType item = element(field.getChildren().get(0).getType());
            return item == null || list.getListSize() < 1
                    ? null
                    : new DType.VectorType(item, shape(field, list.getListSize()));
        }
        ElementType element = element(type);
        return element == null ? null : DType.parse(element.token());
    }

    static @Nullable ElementType element(ArrowType type) {
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
