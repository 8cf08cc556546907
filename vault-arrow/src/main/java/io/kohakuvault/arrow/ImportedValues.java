package io.kohakuvault.arrow;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.DataPacker;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.codec.NumericArray;
import io.kohakuvault.table.SchemaColumn;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.arrow.memory.util.Float16;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedWidthVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeMilliVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.TimeSecVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.jspecify.annotations.Nullable;

/** Single values of Arrow vectors as what a table's row takes. */
final class ImportedValues {
    private static final long DAY_MILLIS = 86_400_000;

    /** All of a text, in which no name stands twice. */
    private static final ObjectReader LISTS = ElementConversion.JSON
            .readerFor(Object.class)
            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .with(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    private ImportedValues() {}

    /** A value that is not null. */
    static Object value(SchemaColumn column, FieldVector vector, int i, NestedValues nested) {
        LogicalType logical = column.logicalType().orElse(null);
        if (vector instanceof TimeStampVector times) {
            return divided(times.get(i), divisor(column, times.getField().getType()));
        } else if (vector instanceof DateDayVector days) {
            return LocalDate.ofEpochDay(days.get(i));
        } else if (vector instanceof DateMilliVector millis) {
            return day(millis, i);
        } else if (vector instanceof TimeSecVector times) {
            return 1000L * times.get(i);
        } else if (vector instanceof TimeMilliVector times) {
            return (long) times.get(i);
        } else if (vector instanceof TimeMicroVector times) {
            return divided(times.get(i), divisor(column, times.getField().getType()));
        } else if (vector instanceof TimeNanoVector times) {
            return divided(times.get(i), divisor(column, times.getField().getType()));
        } else if (logical instanceof LogicalType.Uuid) {
            return scalar(vector, i) instanceof String text
                    ? LogicalType.Uuid.parse(text)
                    : uuid((byte[]) vector.getObject(i));
        } else if (vector instanceof UInt8Vector numbers) {
            return numbers.get(i); // the bits
        }
        ListedItems items = ListedItems.of(vector, i);
        if (items != null && column.dtype() instanceof DType.VectorType type && type.isFixedSize()) {
            return array(type, items);
        }
        Object collection = nested.collection(vector, i);
        Object value = collection == null ? scalar(vector, i) : collection;
        if (value == null) {
            throw new IllegalArgumentException("it is null"); // asked for values that are there
        } else if (value instanceof String text
                && (logical instanceof LogicalType.ListOf || logical instanceof LogicalType.MapOf)) {
            return json(text, logical instanceof LogicalType.ListOf);
        } else if (value instanceof byte[] bytes && !(column.dtype() instanceof DType.BytesType)) {
            return unpacked(column.dtype(), bytes);
        } else if (column.dtype().equals(DType.F16)) {
            half(((Number) value).doubleValue());
        } else if (column.dtype().equals(DType.BOOL) && value instanceof Byte bool8) {
            return bool8 != 0;
        } else if (column.dtype().equals(DType.U64) && value instanceof BigDecimal number) {
            return unsigned(number);
        } else if (value instanceof byte[] bytes
                && column.dtype().isFixedSize()
                && bytes.length != column.dtype().elementSizeBytes()) {
            throw new IllegalArgumentException("it has " + bytes.length + " bytes, where the column has "
                    + column.dtype().elementSizeBytes());
        }
        return value;
    }

    /** A day of what counts milliseconds, which are to be whole days. */
    static LocalDate day(DateMilliVector millis, int i) {
        if (millis.get(i) % DAY_MILLIS != 0) {
            throw new IllegalArgumentException("it is no day, but has a time: " + millis.get(i) + " ms since 1970");
        }
        return LocalDate.ofEpochDay(millis.get(i) / DAY_MILLIS);
    }

    /** The bits of an unsigned number of 64 bits. */
    private static long unsigned(BigDecimal number) {
        BigInteger value = number.toBigIntegerExact();
        if (value.signum() < 0 || value.bitLength() > 64) {
            throw new IllegalArgumentException(value + " is no unsigned number of 64 bits");
        }
        return value.longValue();
    }

    /** Refuses what DuckDB hands out for times and days without end. */
    static void checkFinite(ValueVector vector, int i) {
        if (vector instanceof TimeStampVector times) {
            checkFinite(times.get(i));
        } else if (vector instanceof DateDayVector days && Math.abs((long) days.get(i)) == Integer.MAX_VALUE) {
            throw infinite("date", days.get(i) > 0);
        }
    }

    static void checkFinite(long time) {
        if (time == Long.MAX_VALUE || time == -Long.MAX_VALUE) {
            throw infinite("time", time > 0);
        }
    }

    private static IllegalArgumentException infinite(String what, boolean isPositive) {
        return new IllegalArgumentException("the " + what + " is " + (isPositive ? "" : "-")
                + "infinity, which a table has not; make it null, or another one, in the query");
    }

    /** How many of the units of times make one of their column's. */
    static long divisor(SchemaColumn column, ArrowType type) {
        LogicalType logical = column.logicalType().orElse(null);
        if (logical instanceof LogicalType.Timestamp wanted && type instanceof ArrowType.Timestamp is) {
            return power(wanted.unit(), ImportedTypes.unit(is.getUnit()));
        } else if (logical instanceof LogicalType.Time wanted && type instanceof ArrowType.Time is) {
            return power(wanted.unit(), ImportedTypes.unit(is.getUnit()));
        }
        return 1;
    }

    private static long power(LogicalType.TimeUnit wanted, LogicalType.TimeUnit is) {
        return Math.max(1, perSecond(is) / perSecond(wanted));
    }

    static long perSecond(LogicalType.TimeUnit unit) {
        return switch (unit) {
            case S -> 1;
            case MS -> 1_000;
            case US -> 1_000_000;
            case NS -> 1_000_000_000;
        };
    }

    /** An ArithmeticException when something would be left over. */
    static long divided(long value, long divisor) {
        if (divisor != 1 && value % divisor != 0) {
            throw new ArithmeticException("the time is finer than the column's unit");
        }
        return value / divisor;
    }

    /** The bits of a number of 16 bits, which must say the same. */
    private static short half(double value) {
        short bits = Float16.toFloat16((float) value);
        if (Float16.toFloat(bits) != value && !Double.isNaN(value)) {
            throw new IllegalArgumentException(value + " is no 16-bit float");
        }
        return bits;
    }

    /** A list or a map of its JSON text, as an export writes it. */
    private static Object json(String text, boolean isList) {
        try {
            Object value = LISTS.readValue(text);
            if (isList ? value instanceof List : value instanceof Map) {
                return value;
            }
            throw new IllegalArgumentException("it is JSON, but no " + (isList ? "list" : "map"));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("it is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** An element of a column whose bytes are Arrow's as they are. */
    private static Object unpacked(DType dtype, byte[] bytes) {
        DataPacker packer = DataPacker.ofColumn(dtype);
        Object value = packer.unpack(bytes);
        if (value == null) {
            throw new IllegalArgumentException("it says null, which only the element as it is stored can say");
        } else if (!dtype.isFixedSize()
                && !Arrays.equals(packer.pack(value), bytes)
                && isWhole(packer, Arrays.copyOf(bytes, bytes.length - 1))) {
            throw new IllegalArgumentException("bytes stand behind its value");
        }
        return value;
    }

    private static boolean isWhole(DataPacker packer, byte[] bytes) {
        try {
            packer.unpack(bytes);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The numbers of a vector, little-endian as Arrow has them. */
    private static NumericArray array(DType.VectorType type, ListedItems list) {
        int count = type.elementCount();
        ValueVector items = list.vector();
        int first = list.from();
        if (list.end() - first != count) {
            throw new IllegalArgumentException(
                    "a list has " + (list.end() - first) + " numbers, where vectors have " + count);
        }
        for (int j = 0; j < count; j++) {
            if (items.isNull(first + j)) {
                throw new IllegalArgumentException(
                        "a vector has a null at " + j + ", which a column of vectors cannot");
            }
        }
        return new NumericArray(type.element(), type.shape(), numbers(type, items, first));
    }

    private static byte[] numbers(DType.VectorType type, ValueVector items, int first) {
        byte[] bytes = new byte[type.elementCount() * type.element().sizeBytes()];
        if (items instanceof BitVector bits) {
            for (int j = 0; j < bytes.length; j++) {
                bytes[j] = (byte) bits.get(first + j);
            }
        } else if (items instanceof Float4Vector floats && type.element() == ElementType.F16) {
            ByteBuffer halves = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            for (int j = 0; j < type.elementCount(); j++) {
                halves.putShort(half(floats.get(first + j)));
            }
        } else if (items instanceof FixedWidthVector numbers) {
            numbers.getDataBuffer().getBytes((long) first * type.element().sizeBytes(), bytes);
        }
        return bytes;
    }

    /** A value of a column of a type that Java has. */
    static @Nullable Object scalar(ValueVector vector, int i) {
        if (vector instanceof VarCharVector texts) {
            return text(texts.get(i));
        } else if (vector instanceof LargeVarCharVector texts) {
            return text(texts.get(i));
        } else if (vector instanceof ViewVarCharVector texts) {
            return text(texts.get(i));
        } else if (vector instanceof UInt1Vector numbers) {
            return numbers.get(i) & 0xFFL;
        } else if (vector instanceof UInt2Vector numbers) {
            return (long) numbers.get(i);
        } else if (vector instanceof UInt4Vector numbers) {
            return numbers.get(i) & 0xFFFF_FFFFL;
        } else if (vector instanceof UInt8Vector numbers) {
            return new BigInteger(Long.toUnsignedString(numbers.get(i)));
        } else if (vector instanceof Float2Vector numbers) {
            return (double) numbers.getValueAsFloat(i);
        }
        return vector.getObject(i);
    }

    /** Decodes a text; what is none would come to be another. */
    private static String text(byte[] utf8) {
        String text = new String(utf8, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0 && !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), utf8)) {
            throw new IllegalArgumentException("it is no text: its bytes are not UTF-8");
        }
        return text;
    }

    /** An identifier of its 16 bytes. */
    static UUID uuid(byte[] bytes) {
        ByteBuffer halves = ByteBuffer.wrap(bytes);
        return new UUID(halves.getLong(), halves.getLong());
    }
}
