package io.kohakuvault.spark;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarMap;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * Values of MessagePack or CBOR as a type that somebody has asked for. One that is of another type is an error and not
 * null.
 */
@SuppressWarnings("NullAway") // nulls are asked for by isNullAt
final class ValueVector extends ColumnVector {
    private final List<?> values;

    ValueVector(DataType type, List<?> values) {
        super(type);
        this.values = values;
    }

    @Override
    public void close() {}

    @Override
    public boolean hasNull() {
        return numNulls() > 0;
    }

    @Override
    public int numNulls() {
        return (int) values.stream().filter(value -> value == null).count();
    }

    @Override
    public boolean isNullAt(int row) {
        return values.get(row) == null;
    }

    private <T> T as(int row, Class<T> type) {
        Object value = values.get(row);
        if (!type.isInstance(value)) {
            throw misfit(value);
        }
        return type.cast(value);
    }

    private IllegalArgumentException misfit(@Nullable Object value) {
        return new IllegalArgumentException("a value is no " + dataType().simpleString() + ", as the schema says: "
                + (value == null ? "null" : value.getClass().getSimpleName() + " " + value));
    }

    private long integer(int row, long least, long most) {
        Object value = values.get(row);
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
        return new ColumnarArray(new ValueVector(((ArrayType) dataType()).elementType(), list), 0, list.size());
    }

    @Override
    public ColumnarMap getMap(int row) {
        Map<?, ?> map = as(row, Map.class);
        MapType type = (MapType) dataType();
        return new ColumnarMap(
                new ValueVector(type.keyType(), new ArrayList<>(map.keySet())),
                new ValueVector(type.valueType(), new ArrayList<>(map.values())),
                0,
                map.size());
    }

    @Override
    public Decimal getDecimal(int row, int precision, int scale) {
        Object value = values.get(row);
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
        throw misfit(null);
    }
}
