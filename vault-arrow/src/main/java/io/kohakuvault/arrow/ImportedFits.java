package io.kohakuvault.arrow;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.table.SchemaColumn;
import java.util.Objects;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * Which columns Arrow's values can become that say less than the column: a UUID of its text, milliseconds of
 * microseconds. Values are kept as what they mean, or refused one by one ({@link ImportedValues}); never rounded.
 */
final class ImportedFits {
    /** What programs call UTC that keep no other zone. */
    private static final Set<String> UTC = Set.of("UTC", "Etc/UTC");

    private ImportedFits() {}

    /**
     * Whether values can become a column.
     *
     * @param column what they are to become
     * @param field of the values
     */
    static boolean fits(SchemaColumn column, Field field) {
        ArrowType type = field.getType();
        LogicalType logical = column.logicalType().orElse(null);
        if (logical == null || logical instanceof LogicalType.Other) {
            return fits(column.dtype(), field);
        } else if (logical instanceof LogicalType.ListOf
                || logical instanceof LogicalType.MapOf
                || logical instanceof LogicalType.Json) {
            return ImportedTypes.isText(type);
        } else if (logical instanceof LogicalType.Uuid) {
            return ImportedTypes.isText(type) || type.equals(new ArrowType.FixedSizeBinary(16));
        } else if (logical instanceof LogicalType.Timestamp wanted && type instanceof ArrowType.Timestamp is) {
            return isCoarser(wanted.unit(), ImportedTypes.unit(is.getUnit()))
                    && isZone(wanted.zone(), is.getTimezone());
        } else if (logical instanceof LogicalType.Time wanted && type instanceof ArrowType.Time is) {
            return isCoarser(wanted.unit(), ImportedTypes.unit(is.getUnit()));
        }
        return false; // Arrow's own type says it
    }

    /** Finer ones would claim a precision that the values have not. */
    private static boolean isCoarser(LogicalType.TimeUnit wanted, LogicalType.TimeUnit is) {
        return wanted.compareTo(is) <= 0;
    }

    private static boolean isZone(@Nullable String wanted, @Nullable String is) {
        if (wanted == null || is == null) {
            return Objects.equals(wanted, is);
        }
        return wanted.equals(is) || UTC.contains(is);
    }

    private static boolean fits(DType dtype, Field field) {
        ArrowType type = field.getType();
        if (dtype instanceof DType.StringType) {
            return ImportedTypes.isText(type);
        } else if (dtype instanceof DType.BytesType
                || dtype instanceof DType.PackedType
                || (dtype instanceof DType.VectorType && !dtype.isFixedSize())) {
            return isBinary(type, dtype);
        } else if (dtype instanceof DType.VectorType vector) {
            return isList(vector, field);
        }
        return isWidened(dtype, type);
    }

    private static boolean isBinary(ArrowType type, DType dtype) {
        return ImportedTypes.isBinary(type)
                || (dtype.isFixedSize() && type.equals(new ArrowType.FixedSizeBinary(dtype.elementSizeBytes())));
    }

    /** Lists of any length, each of which must have the vector's; of one length, which must be that. */
    private static boolean isList(DType.VectorType vector, Field field) {
        ArrowType type = field.getType();
        boolean isLong = type instanceof ArrowType.FixedSizeList list && list.getListSize() == vector.elementCount();
        if (!isLong && !ImportedTypes.isList(type)) {
            return false;
        }
        ElementType item = ImportedTypes.element(field.getChildren().get(0).getType());
        return vector.element() == item || (vector.element() == ElementType.F16 && item == ElementType.F32);
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
}
