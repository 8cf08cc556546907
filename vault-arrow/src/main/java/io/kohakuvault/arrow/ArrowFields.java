package io.kohakuvault.arrow;

import io.kohakuvault.arrow.ColumnMapping.Layout;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.codec.TextEncoding;
import io.kohakuvault.spi.ColumnBlocks;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.jspecify.annotations.Nullable;

/** Dtypes and what they mean as Arrow types (https://arrow.apache.org/docs/format/CanonicalExtensions.html). */
final class ArrowFields {
    /** What a column was, for who makes a table of the batches again: several types are one of Arrow's. */
    static final String TYPE = "kohakuvault:type";

    private static final String EXTENSION = "ARROW:extension:name";
    private static final String EXTENSION_METADATA = "ARROW:extension:metadata";

    private final ColumnBlocks column;
    private final DType dtype;
    private final @Nullable LogicalType logical;
    private final ArrowProfile profile;

    private ArrowFields(ColumnBlocks column, ArrowProfile profile) {
        this.column = column;
        this.dtype = column.dtype();
        this.logical = column.logicalType().orElse(null);
        this.profile = profile;
    }

    /** How a column becomes a vector; an IllegalArgumentException names one that the profile does not take. */
    static ColumnMapping of(ColumnBlocks column, ArrowProfile profile) {
        return new ArrowFields(column, profile).mapping();
    }

    private ColumnMapping mapping() {
        if (logical instanceof LogicalType.Decimal decimal) {
            return fixed(
                    new ArrowType.Decimal(decimal.precision(), decimal.scale(), 128),
                    dtype.equals(DType.I64) ? NumberConversion.DECIMAL : null,
                    Map.of());
        } else if (logical instanceof LogicalType.Uuid) {
            return fixed(new ArrowType.FixedSizeBinary(16), null, extension("arrow.uuid", ""));
        } else if (logical instanceof LogicalType.Json) {
            return variable(text(), null, extension("arrow.json", ""));
        } else if (logical instanceof LogicalType.ListOf || logical instanceof LogicalType.MapOf) {
            return variable(text(), ElementConversion.json(dtype), extension("arrow.json", ""));
        } else if (logical instanceof LogicalType.Timestamp timestamp) {
            return timestamp(timestamp);
        } else if (logical instanceof LogicalType.Date) {
            return fixed(new ArrowType.Date(DateUnit.DAY), null, Map.of());
        } else if (logical instanceof LogicalType.Time time) {
            if (profile.inMicroseconds()) {
                throw refused("has times of day, which this profile does not take");
            }
            return fixed(new ArrowType.Time(unit(time.unit()), 8 * dtype.elementSizeBytes()), null, Map.of());
        }
        return physical();
    }

    private ColumnMapping physical() {
        if (dtype instanceof DType.IntegerType integer) {
            return number(integer.element());
        } else if (dtype instanceof DType.FloatingType floating) {
            return number(floating.element());
        } else if (dtype instanceof DType.BooleanType && profile.hasBool8()) {
            return fixed(new ArrowType.Int(8, true), null, extension("arrow.bool8", ""));
        } else if (dtype instanceof DType.BooleanType) {
            return new ColumnMapping(
                    field(ArrowType.Bool.INSTANCE, Map.of(), List.of()), Layout.BITS, 1, null, null, false);
        } else if (dtype instanceof DType.StringType type) {
            boolean same = !dtype.isFixedSize()
                    && (type.encoding().equals(TextEncoding.UTF8)
                            || type.encoding().equals(TextEncoding.ASCII));
            return variable(text(), same ? null : ElementConversion.utf8(dtype), Map.of());
        } else if (dtype instanceof DType.VectorType vector && dtype.isFixedSize()) {
            return vector(vector);
        } else if (dtype.isFixedSize()) {
            return fixed(new ArrowType.FixedSizeBinary(dtype.elementSizeBytes()), null, Map.of());
        }
        return variable(
                profile.hasShortOffsets() ? ArrowType.Binary.INSTANCE : ArrowType.LargeBinary.INSTANCE, null, Map.of());
    }

    private ColumnMapping timestamp(LogicalType.Timestamp timestamp) {
        NumberConversion conversion = !profile.inMicroseconds()
                ? null
                : switch (timestamp.unit()) {
                    case S -> NumberConversion.S_TO_US;
                    case MS -> NumberConversion.MS_TO_US;
                    case US -> null;
                    case NS -> NumberConversion.NS_TO_US;
                };
        TimeUnit unit = profile.inMicroseconds() ? TimeUnit.MICROSECOND : unit(timestamp.unit());
        return fixed(new ArrowType.Timestamp(unit, timestamp.zone()), conversion, Map.of());
    }

    private ColumnMapping number(ElementType element) {
        NumberConversion conversion = conversion(element);
        return fixed(type(element, conversion), conversion, Map.of());
    }

    private ColumnMapping fixed(ArrowType type, @Nullable NumberConversion conversion, Map<String, String> metadata) {
        return new ColumnMapping(field(type, metadata, List.of()), Layout.FIXED, 1, conversion, null, false);
    }

    private ColumnMapping variable(
            ArrowType type, @Nullable ElementConversion conversion, Map<String, String> metadata) {
        return new ColumnMapping(
                field(type, metadata, List.of()), Layout.VARIABLE, 1, null, conversion, profile.hasShortOffsets());
    }

    /** Dimensions are flattened in C order, as they are stored; the shape is told where there are several. */
    private ColumnMapping vector(DType.VectorType vector) {
        NumberConversion conversion =
                vector.element() == ElementType.BOOL ? NumberConversion.BITS : conversion(vector.element());
        ArrowType item = type(vector.element(), conversion);
        boolean list = profile.hasListOffsets();
        Map<String, String> shape = vector.shape().size() < 2 || list
                ? Map.of()
                : extension(
                        "arrow.fixed_shape_tensor",
                        vector.shape().stream()
                                .map(String::valueOf)
                                .collect(Collectors.joining(",", "{\"shape\":[", "]}")));
        return new ColumnMapping(
                field(
                        list ? ArrowType.List.INSTANCE : new ArrowType.FixedSizeList(vector.elementCount()),
                        shape,
                        List.of(new Field("item", new FieldType(false, item, null), null))),
                list ? Layout.LIST : Layout.FIXED_LIST,
                vector.elementCount(),
                conversion,
                null,
                false);
    }

    private ArrowType text() {
        return profile.hasShortOffsets() ? ArrowType.Utf8.INSTANCE : ArrowType.LargeUtf8.INSTANCE;
    }

    private Field field(ArrowType type, Map<String, String> metadata, List<Field> children) {
        Map<String, String> told = new HashMap<>(metadata);
        told.put(TYPE, type(column));
        return new Field(
                column.name(),
                new FieldType(column.nullable(), type, null, told),
                children.isEmpty() ? null : children);
    }

    /** What a column is, as {@link #TYPE} tells it. */
    static String type(ColumnBlocks column) {
        return column.logicalType()
                .map(LogicalType::token)
                .orElseGet(() -> column.dtype().token());
    }

    private static Map<String, String> extension(String name, String metadata) {
        return Map.of(EXTENSION, name, EXTENSION_METADATA, metadata);
    }

    private IllegalArgumentException refused(String why) {
        return new IllegalArgumentException(
                "column '" + column.name() + "' " + why + " (" + profile + "); leave it out of the scan");
    }

    private @Nullable NumberConversion conversion(ElementType element) {
        return switch (element) {
            case F16 -> profile.widensFloat16() ? NumberConversion.F16_TO_F32 : null;
            case U8 -> profile.widensUnsigned() ? NumberConversion.U8_TO_I16 : null;
            case U16 -> profile.widensUnsigned() ? NumberConversion.U16_TO_I32 : null;
            case U32 -> profile.widensUnsigned() ? NumberConversion.U32_TO_I64 : null;
            case U64 -> profile.widensUnsigned() ? NumberConversion.U64_TO_DECIMAL : null;
            default -> null;
        };
    }

    private static ArrowType type(ElementType element, @Nullable NumberConversion conversion) {
        if (conversion == NumberConversion.BITS) {
            return ArrowType.Bool.INSTANCE;
        } else if (conversion == NumberConversion.U64_TO_DECIMAL) {
            return new ArrowType.Decimal(20, 0, 128);
        } else if (conversion != null && conversion != NumberConversion.F16_TO_F32) {
            return new ArrowType.Int(8 * conversion.targetBytes(), true);
        }
        return switch (element) {
            case F16 ->
                new ArrowType.FloatingPoint(
                        conversion == null ? FloatingPointPrecision.HALF : FloatingPointPrecision.SINGLE);
            case F32 -> new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
            case F64 -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
            default -> new ArrowType.Int(8 * element.sizeBytes(), !element.isUnsigned());
        };
    }

    private static TimeUnit unit(LogicalType.TimeUnit unit) {
        return switch (unit) {
            case S -> TimeUnit.SECOND;
            case MS -> TimeUnit.MILLISECOND;
            case US -> TimeUnit.MICROSECOND;
            case NS -> TimeUnit.NANOSECOND;
        };
    }

    /** Bytes to which the primitives of a dtype must be aligned to be handed out by address. */
    static int alignment(ColumnBlocks column) {
        DType dtype = column.dtype();
        if (dtype instanceof DType.VectorType vector && dtype.isFixedSize()) {
            return vector.element().sizeBytes();
        }
        if (column.logicalType().orElse(null) instanceof LogicalType.Decimal) {
            return 8; // of 16 bytes, as Arrow's own allocator aligns
        }
        boolean number = dtype instanceof DType.IntegerType || dtype instanceof DType.FloatingType;
        return number ? dtype.elementSizeBytes() : 1;
    }
}
