package io.kohakuvault.spark;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarMap;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * Values of MessagePack or CBOR as a type that somebody has asked for. One that is of another type is an error and not
 * null. A struct takes what its fields name of a map.
 */
@SuppressWarnings("NullAway") // nulls are asked for by isNullAt
final class ValueVector extends ColumnVector {
    private final String column;
    private final IntFunction<@Nullable Object> values;
    private ValueVector @Nullable [] fields;

    /**
     * The vector.
     *
     * @param column the column that errors name
     * @param values that of a row, null for none
     */
    ValueVector(String column, DataType type, IntFunction<@Nullable Object> values) {
        super(type);
        this.column = column;
        this.values = values;
    }

    @Override
    public void close() {}

    @Override
    public boolean hasNull() {
        return true; // perhaps
    }

    @Override
    public int numNulls() {
        return 1; // Spark asks whether there are any
    }

    @Override
    public boolean isNullAt(int row) {
        return values.apply(row) == null;
    }

    private <T> T as(int row, Class<T> type) {
        Object value = values.apply(row);
        if (!type.isInstance(value)) {
            throw misfit(value);
        }
        return type.cast(value);
    }

    private IllegalArgumentException misfit(@Nullable Object value) {
        return new IllegalArgumentException(
                "column '" + column + "': a value is no " + dataType().simpleString() + ", as the schema says: "
                        + (value == null ? "null" : value.getClass().getSimpleName() + " " + value));
    }

    private long integer(int row, long least, long most) {
        Object value = values.apply(row);
        if (value instanceof Byte || value instanceof Short || value instanceof Integer || value instanceof Long) {
            long number = ((Number) value).longValue();
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw misfit(value);
    }

    @Override
    public boolean getBoolean(int row) {
        return as(row, Boolean.class);
    }

    @Override
    public byte getByte(int row) {
        return (byte) integer(row, Byte.MIN_VALUE, Byte.MAX_VALUE);
    }

    @Override
    public short getShort(int row) {
        return (short) integer(row, Short.MIN_VALUE, Short.MAX_VALUE);
    }

    @Override
    public int getInt(int row) {
        return (int) integer(row, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    @Override
    public long getLong(int row) {
        return integer(row, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    @Override
    public float getFloat(int row) {
        return as(row, Number.class).floatValue();
    }

    @Override
    public double getDouble(int row) {
        return as(row, Number.class).doubleValue();
    }

    @Override
    public ColumnarArray getArray(int row) {
        List<?> list = as(row, List.class);
        return new ColumnarArray(
                new ValueVector(column, ((ArrayType) dataType()).elementType(), list::get), 0, list.size());
    }

    @Override
    public ColumnarMap getMap(int row) {
        Map<?, ?> map = as(row, Map.class);
        MapType type = (MapType) dataType();
        List<?> keys = new ArrayList<>(map.keySet());
        List<?> mapped = new ArrayList<>(map.values());
        return new ColumnarMap(
                new ValueVector(column, type.keyType(), keys::get),
                new ValueVector(column, type.valueType(), mapped::get),
                0,
                map.size());
    }

    @Override
    public Decimal getDecimal(int row, int precision, int scale) {
        Object value = values.apply(row);
        BigDecimal number = value instanceof BigDecimal decimal
                ? decimal
                : value instanceof BigInteger whole
                        ? new BigDecimal(whole)
                        : value instanceof Number ? new BigDecimal(value.toString()) : null;
        if (number == null) {
            throw misfit(value);
        }
        Decimal decimal = Decimal.apply(number);
        if (!decimal.changePrecision(precision, scale)) {
            throw misfit(value);
        }
        return decimal;
    }

    @Override
    public UTF8String getUTF8String(int row) {
        return UTF8String.fromBytes(as(row, String.class).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public byte[] getBinary(int row) {
        return as(row, byte[].class);
    }

    @Override
    public ColumnVector getChild(int ordinal) {
        StructType type = (StructType) dataType();
        ValueVector[] children = fields;
        if (children == null) { // Spark asks once for each value of each row
            children = new ValueVector[type.length()];
            for (int i = 0; i < children.length; i++) {
                String name = type.apply(i).name();
                children[i] = new ValueVector(
                        column,
                        type.apply(i).dataType(),
                        row -> isNullAt(row) ? null : as(row, Map.class).get(name));
            }
            fields = children;
        }
        return children[ordinal];
    }
}
