package io.kohakuvault.spark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.codec.NumericArray;
import io.kohakuvault.table.RowWriter;
import io.kohakuvault.table.Schema;
import io.kohakuvault.table.SchemaColumn;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Puts rows of Spark's into rows of a table. Not thread-safe. */
final class RowFiller {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Cell[] cells;

    /** Puts one column of a row, which is not null. */
    @FunctionalInterface
    private interface Cell {
        void put(InternalRow row, int ordinal, RowWriter writer);
    }

    RowFiller(StructType types, Schema schema) {
        cells = new Cell[types.length()];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = cell(types.fields()[i].dataType(), schema.columns().get(i));
        }
    }

    void fill(InternalRow row, RowWriter writer) {
        for (int i = 0; i < cells.length; i++) {
            if (!row.isNullAt(i)) {
                cells[i].put(row, i, writer);
            }
        }
    }

    private static Cell cell(DataType type, SchemaColumn column) {
        LogicalType logical = column.logicalType().orElse(null);
        DType dtype = column.dtype();
        if (logical instanceof LogicalType.Timestamp) {
            return (row, i, writer) -> writer.setObject(i, Instant.EPOCH.plus(row.getLong(i), ChronoUnit.MICROS));
        } else if (logical instanceof LogicalType.Date) {
            return (row, i, writer) -> writer.setObject(i, LocalDate.ofEpochDay(row.getInt(i)));
        } else if (logical instanceof LogicalType.Time time) {
            long nanos = time.unit() == LogicalType.TimeUnit.MS
                    ? 1_000_000
                    : time.unit() == LogicalType.TimeUnit.US ? 1_000 : 1;
            return (row, i, writer) -> writer.setObject(
                    i,
                    LocalTime.ofNanoOfDay(Math.multiplyExact(
                            type.equals(DataTypes.IntegerType) ? row.getInt(i) : row.getLong(i), nanos)));
        } else if (logical instanceof LogicalType.Uuid) {
            return (row, i, writer) -> writer.setObject(i, uuid(column, text(column, row, i)));
        } else if (dtype.equals(DType.U64)) {
            return (row, i, writer) -> writer.setObject(
                    i, row.getDecimal(i, 20, 0).toJavaBigDecimal().toBigIntegerExact());
        } else if (dtype instanceof DType.VectorType vector) {
            DataType element = ((ArrayType) type).elementType();
            return (row, i, writer) -> writer.setObject(i, vector(column, vector, row.getArray(i), element));
        } else if (dtype instanceof DType.PackedType && type instanceof StringType) {
            return (row, i, writer) -> writer.setObject(i, parsed(column, text(column, row, i)));
        }
        return plain(column, type);
    }

    private static Cell plain(SchemaColumn column, DataType type) {
        if (type.equals(DataTypes.LongType)) {
            return (row, i, writer) -> writer.set(i, row.getLong(i));
        } else if (type.equals(DataTypes.IntegerType)) {
            return (row, i, writer) -> writer.set(i, (long) row.getInt(i));
        } else if (type.equals(DataTypes.ShortType)) {
            return (row, i, writer) -> writer.set(i, (long) row.getShort(i));
        } else if (type.equals(DataTypes.ByteType)) {
            return (row, i, writer) -> writer.set(i, (long) row.getByte(i));
        } else if (type.equals(DataTypes.DoubleType)) {
            return (row, i, writer) -> writer.set(i, row.getDouble(i));
        } else if (type.equals(DataTypes.FloatType)) {
            return (row, i, writer) -> writer.set(i, (double) row.getFloat(i));
        } else if (type.equals(DataTypes.BooleanType)) {
            return (row, i, writer) -> writer.set(i, row.getBoolean(i));
        } else if (type instanceof StringType) {
            return (row, i, writer) -> writer.set(i, text(column, row, i));
        }
        return (row, i, writer) -> writer.setObject(i, value(column, row, i, type));
    }

    /** A value as Java has it; lists and maps with what is in them. */
    private static @Nullable Object value(SchemaColumn column, SpecializedGetters from, int i, DataType type) {
        if (from.isNullAt(i)) {
            return null;
        } else if (type instanceof DecimalType decimal) {
            BigDecimal number =
                    from.getDecimal(i, decimal.precision(), decimal.scale()).toJavaBigDecimal();
            return number;
        } else if (type instanceof ArrayType array) {
            return list(column, from.getArray(i), array.elementType());
        } else if (type instanceof MapType map) {
            MapData entries = from.getMap(i);
            List<@Nullable Object> keys = list(column, entries.keyArray(), map.keyType());
            List<@Nullable Object> values = list(column, entries.valueArray(), map.valueType());
            Map<String, @Nullable Object> result = new LinkedHashMap<>();
            for (int at = 0; at < keys.size(); at++) {
                result.put(String.valueOf(keys.get(at)), values.get(at));
            }
            return result;
        } else if (type instanceof StructType struct) {
            InternalRow row = from.getStruct(i, struct.length());
            Map<String, @Nullable Object> result = new LinkedHashMap<>();
            for (int at = 0; at < struct.length(); at++) {
                StructField field = struct.fields()[at];
                result.put(field.name(), value(column, row, at, field.dataType()));
            }
            return result;
        } else if (type instanceof StringType) {
            return text(column, from, i);
        } else if (type.equals(DataTypes.FloatType)) {
            return (double) from.getFloat(i);
        }
        Object value = from.get(i, type);
        return value instanceof Byte || value instanceof Short || value instanceof Integer
                ? (Object) ((Number) value).longValue()
                : value;
    }

    private static String text(SchemaColumn column, SpecializedGetters from, int i) {
        return Texts.written(column.name(), from.getUTF8String(i));
    }

    private static List<@Nullable Object> list(SchemaColumn column, ArrayData array, DataType type) {
        List<@Nullable Object> list = new ArrayList<>();
        for (int at = 0; at < array.numElements(); at++) {
            list.add(value(column, array, at, type));
        }
        return list;
    }

    private static NumericArray vector(SchemaColumn column, DType.VectorType vector, ArrayData array, DataType type) {
        int count = vector.elementCount();
        if (array.numElements() != count) {
            throw new IllegalArgumentException("column '" + column.name() + "' (" + vector.token() + ") takes " + count
                    + " numbers, but an array has " + array.numElements());
        }
        ByteBuffer bytes = ByteBuffer.allocate(vector.elementSizeBytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            if (array.isNullAt(i)) {
                throw new IllegalArgumentException(
                        "column '" + column.name() + "' (" + vector.token() + "): a number of an array is null");
            }
            switch (vector.element()) {
                case BOOL -> bytes.put((byte) (array.getBoolean(i) ? 1 : 0));
                case I8 -> bytes.put(array.getByte(i));
                case U8 -> bytes.put((byte) within(column, array.getShort(i), 0xFF));
                case I16 -> bytes.putShort(array.getShort(i));
                case U16 -> bytes.putShort((short) within(column, array.getInt(i), 0xFFFF));
                case I32 -> bytes.putInt(array.getInt(i));
                case U32 -> bytes.putInt((int) within(column, array.getLong(i), 0xFFFFFFFFL));
                case I64 -> bytes.putLong(array.getLong(i));
                case U64 -> bytes.putLong(bits(column, array.getDecimal(i, 20, 0)));
                case F32 -> bytes.putFloat(array.getFloat(i));
                case F64 -> bytes.putDouble(array.getDouble(i));
                default -> throw new IllegalArgumentException(type.simpleString() + " is not written");
            }
        }
        return new NumericArray(vector.element(), vector.shape(), bytes.array());
    }

    private static long bits(SchemaColumn column, Decimal decimal) {
        BigInteger number = decimal.toJavaBigDecimal().toBigIntegerExact();
        if (number.signum() < 0 || number.bitLength() > Long.SIZE) {
            throw new IllegalArgumentException(
                    "column '" + column.name() + "' (" + column.dtype().token() + ") does not hold " + number);
        }
        return number.longValue();
    }

    private static long within(SchemaColumn column, long number, long most) {
        if (number < 0 || number > most) {
            throw new IllegalArgumentException(
                    "column '" + column.name() + "' (" + column.dtype().token() + ") does not hold " + number);
        }
        return number;
    }

    private static UUID uuid(SchemaColumn column, String text) {
        try {
            return LogicalType.Uuid.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("column '" + column.name() + "': '" + text + "': " + e.getMessage(), e);
        }
    }

    private static Object parsed(SchemaColumn column, String json) {
        try {
            return JSON.readValue(json, Object.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "column '" + column.name() + "': a text is no JSON: " + e.getOriginalMessage(), e);
        }
    }
}
