package io.kohakuvault.tabular.internal;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.NumericArray;
import io.kohakuvault.table.SchemaColumn;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values of a column as CSV and JSON have them, such that a {@link CellConverter} of the column's type reads the same
 * value. What JSON cannot say is the element's stored bytes: {@code {"$msgpack": Base64}}.
 */
final class CellFormat {
    private final DType dtype;
    private final StoredBytes stored;

    /** Answers the bytes of the column's element in a row as they are stored; null when the row has none. */
    @FunctionalInterface
    interface StoredBytes {
        byte @Nullable [] of(long row);
    }

    CellFormat(SchemaColumn column, StoredBytes stored) {
        this.dtype = column.dtype();
        this.stored = stored;
    }

    /** The key under which an element's stored bytes are written. */
    static String storedKey(DType type) {
        return type instanceof DType.PackedType packed
                ? packed.format() == DType.PackedType.Format.MSGPACK ? "$msgpack" : "$cbor"
                : "$vec";
    }

    /** A value for CSV; null for a null. */
    @Nullable
    String text(@Nullable Object value, long row) {
        Object json = json(value, row);
        if (json == null && !(dtype instanceof DType.PackedType && value == null && stored.of(row) != null)) {
            return null;
        }
        boolean asJson = dtype instanceof DType.PackedType || json instanceof List || json instanceof Map;
        return asJson ? JsonTree.text(json) : String.valueOf(json);
    }

    /** A value as {@link JsonTree} writes it; null for a null. */
    @Nullable
    Object json(@Nullable Object value, long row) {
        if (value instanceof Long number) {
            return dtype.equals(DType.U64) && number < 0 ? new BigInteger(Long.toUnsignedString(number)) : value;
        } else if (value instanceof Double number && dtype instanceof DType.FloatingType type) {
            return floating(type.element(), number);
        } else if (value instanceof BigDecimal number) {
            return new JsonTree.Digits(number.toPlainString());
        } else if (value instanceof float[] vector && dtype instanceof DType.VectorType type) {
            return VectorText.tree(vector, type.shape());
        } else if (value instanceof NumericArray array && dtype instanceof DType.VectorType) {
            List<Object> lists = VectorText.tree(array);
            return lists == null ? stored(row) : lists;
        } else if (dtype instanceof DType.PackedType) {
            // A null in a row that has an element is an element that says null.
            return value == null || !isSaid(value) ? stored(row) : value;
        }
        return simple(value);
    }

    private static @Nullable Object simple(@Nullable Object value) {
        if (value instanceof byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        }
        return value == null || value instanceof Boolean || value instanceof BigInteger ? value : value.toString();
    }

    private static Object floating(ElementType element, double value) {
        if (!Double.isFinite(value)) {
            return Double.toString(value);
        }
        return new JsonTree.Digits(element == ElementType.F64 ? Double.toString(value) : Float.toString((float) value));
    }

    /** Whether JSON says the value, and not what it says of stored bytes. */
    private boolean isSaid(Object value) {
        boolean likeStored = value instanceof Map<?, ?> map && map.size() == 1 && map.containsKey(storedKey(dtype));
        return !likeStored && JsonTree.isPlain(value);
    }

    private @Nullable Object stored(long row) {
        byte[] bytes = stored.of(row);
        return bytes == null
                ? null
                : Map.of(storedKey(dtype), Base64.getEncoder().encodeToString(bytes));
    }
}
