package io.kohakuvault.arrow;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.codec.TextEncoding;
import io.kohakuvault.spi.ColumnBlocks;
import java.util.List;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/** Dtypes as Arrow types: those whose bytes are the same in both. */
final class ArrowFields {
    private ArrowFields() {}

    static Field of(ColumnBlocks column) {
        DType dtype = column.dtype();
        FieldType type = new FieldType(column.nullable(), type(column), null);
        if (dtype instanceof DType.VectorType vector && dtype.isFixedSize()) {
            // FixedSizeList takes dimensions flattened in C order, as they are stored.
            Field item = new Field("item", new FieldType(false, element(vector.element()), null), null);
            return new Field(column.name(), type, List.of(item));
        }
        return new Field(column.name(), type, null);
    }

    private static ArrowType type(ColumnBlocks column) {
        DType dtype = column.dtype();
        if (dtype instanceof DType.IntegerType integer) {
            LogicalType logical = column.logicalType().orElse(null);
            if (logical instanceof LogicalType.Timestamp t) {
                return new ArrowType.Timestamp(unit(t.unit()), t.zone());
            } else if (logical instanceof LogicalType.Date) {
                return new ArrowType.Date(DateUnit.DAY);
            } else if (logical instanceof LogicalType.Time t) {
                return new ArrowType.Time(unit(t.unit()), 8 * dtype.elementSizeBytes());
            }
            return element(integer.element());
        } else if (dtype instanceof DType.FloatingType floating) {
            return element(floating.element());
        } else if (dtype instanceof DType.BooleanType) {
            return ArrowType.Bool.INSTANCE;
        } else if (dtype instanceof DType.StringType text
                && !dtype.isFixedSize()
                && (text.encoding().equals(TextEncoding.UTF8) || text.encoding().equals(TextEncoding.ASCII))) {
            return ArrowType.LargeUtf8.INSTANCE;
        } else if (dtype instanceof DType.VectorType vector
                && dtype.isFixedSize()
                && vector.element() != ElementType.BOOL) {
            return new ArrowType.FixedSizeList(vector.elementCount());
        } else if (dtype instanceof DType.BytesType && dtype.isFixedSize()) {
            return new ArrowType.FixedSizeBinary(dtype.elementSizeBytes());
        } else if (!dtype.isFixedSize() && !(dtype instanceof DType.StringType)) {
            return ArrowType.LargeBinary.INSTANCE;
        }
        throw new IllegalArgumentException("column '" + column.name() + "' is " + dtype.token()
                + ", which has no Arrow type here yet; " + "leave it out of the scan");
    }

    private static ArrowType element(ElementType type) {
        return switch (type) {
            case F16 -> new ArrowType.FloatingPoint(FloatingPointPrecision.HALF);
            case F32 -> new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
            case F64 -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
            default -> new ArrowType.Int(8 * type.sizeBytes(), !type.isUnsigned());
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
    static int alignment(DType dtype) {
        if (dtype instanceof DType.VectorType vector && dtype.isFixedSize()) {
            return vector.element().sizeBytes();
        }
        boolean number = dtype instanceof DType.IntegerType || dtype instanceof DType.FloatingType;
        return number ? dtype.elementSizeBytes() : 1;
    }
}
