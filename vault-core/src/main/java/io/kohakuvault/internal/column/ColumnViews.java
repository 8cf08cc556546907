package io.kohakuvault.internal.column;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.column.Column;

/** Columns as what their dtypes say. */
final class ColumnViews {
    private ColumnViews() {}

    /** The handle of the kind that the dtype names. */
    static Column view(ColumnEngine engine) {
        DType dtype = engine.dtype();
        if (dtype instanceof DType.IntegerType type) {
            return new NumberViews.Longs(engine, type);
        } else if (dtype instanceof DType.FloatingType type) {
            return new NumberViews.Doubles(engine, type);
        } else if (dtype instanceof DType.BooleanType) {
            return new NumberViews.Booleans(engine);
        } else if (dtype instanceof DType.StringType type) {
            return new ObjectViews.Strings(engine, type);
        } else if (dtype instanceof DType.PackedType type) {
            return new ObjectViews.Values(engine, type);
        } else if (dtype instanceof DType.VectorType type) {
            return isFloats(type)
                    ? new ObjectViews.FloatVectors(engine, type)
                    : new ObjectViews.NumericArrays(engine, type);
        }
        return new ObjectViews.Raw(engine, dtype);
    }

    static boolean isFloats(DType.VectorType dtype) {
        return dtype.element() == ElementType.F32 && !dtype.shape().isEmpty();
    }

    static DType.VectorType checkFloats(DType.VectorType dtype) {
        if (!isFloats(dtype)) {
            throw new IllegalArgumentException("vectors of floats are vec:f32 with a shape, but the dtype is "
                    + dtype.token() + "; take it as arrays");
        }
        return dtype;
    }

    static <T> T as(Column column, Class<T> wanted, String kind) {
        if (!wanted.isInstance(column)) {
            throw isNo(column, kind);
        }
        return wanted.cast(column);
    }

    static DType.VectorType vectors(ColumnEngine engine) {
        if (!(engine.dtype() instanceof DType.VectorType type)) {
            throw isNo(engine, "vectors");
        }
        return type;
    }

    static IllegalArgumentException isNo(Object column, String kind) {
        return new IllegalArgumentException(
                column + " holds no " + kind + "; ask for the kind that its dtype names, or for bytes");
    }
}
