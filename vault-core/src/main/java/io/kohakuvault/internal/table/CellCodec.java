package io.kohakuvault.internal.table;

import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.codec.NumericArray;
import io.kohakuvault.internal.block.BlockData;
import io.kohakuvault.internal.block.Elements;
import io.kohakuvault.internal.block.Numbers;
import io.kohakuvault.internal.column.ElementCodec;
import io.kohakuvault.internal.column.PackedElements;
import io.kohakuvault.internal.value.Float16;
import io.kohakuvault.table.SchemaColumn;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Values of rows to the bytes of their columns' elements and back, by dtype and logical type. */
final class CellCodec {
    /** More than any decimal's digits take, with all the zeros that somebody may write behind them. */
    private static final int MOST_DECIMAL_BITS = 10_000;

    private CellCodec() {}

    /** A value does not fit its column; says why where there is more to say than its class. */
    static final class Misfit extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        Misfit(@Nullable String why) {
            super(why);
        }
    }

    /** Adds one element. */
    static void add(Elements to, SchemaColumn column, Object value) {
        LogicalType logical = column.logicalType().orElse(null);
        DType dtype = column.dtype();
        if (!(value instanceof byte[])) {
            checkContainer(logical, value);
        }
        if (value instanceof Instant || value instanceof Date) {
            if (!(logical instanceof LogicalType.Timestamp type)) {
                throw new Misfit(null);
            }
            Instant instant = value instanceof Date date ? Timestamps.toInstant(date) : (Instant) value;
            to.addBits(Timestamps.toUnits(instant, type.unit()));
        } else if (value instanceof LocalDate date && logical instanceof LogicalType.Date) {
            long day = date.toEpochDay();
            if ((int) day != day) {
                throw new Misfit("the day is beyond what 32 bits count");
            }
            to.addBits(day);
        } else if (value instanceof LocalTime time && logical instanceof LogicalType.Time type) {
            to.addBits(time.toNanoOfDay() / Timestamps.nanosPer(type.unit()));
        } else if (value instanceof Number number && logical instanceof LogicalType.Time type) {
            long units = 86_400_000_000_000L / Timestamps.nanosPer(type.unit());
            long given = whole(number);
            if (given < 0 || given >= units) {
                throw new Misfit("a time of day is from 0 to " + (units - 1) + " units");
            }
            addLong(to, dtype, given);
        } else if (value instanceof Number number
                && logical instanceof LogicalType.Timestamp type
                && type.unit() == LogicalType.TimeUnit.S) {
            long seconds = whole(number);
            if (seconds < Instant.MIN.getEpochSecond() || seconds > Instant.MAX.getEpochSecond()) {
                throw new Misfit("it is beyond what an Instant says");
            }
            to.addBits(seconds);
        } else if (logical instanceof LogicalType.Decimal type && value instanceof Number number) {
            addDecimal(to, type, number);
        } else if (value instanceof UUID uuid && logical instanceof LogicalType.Uuid) {
            byte[] bytes = ByteBuffer.allocate(16)
                    .putLong(uuid.getMostSignificantBits())
                    .putLong(uuid.getLeastSignificantBits())
                    .array();
            to.addBytes(bytes, 0, 16);
        } else if (value instanceof Double || value instanceof Float || value instanceof BigDecimal) {
            addDouble(to, dtype, (Number) value);
        } else if (value instanceof Long number) {
            addLong(to, dtype, number);
        } else if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
            addInt(to, dtype, ((Number) value).longValue());
        } else if (value instanceof BigInteger big && !(dtype instanceof DType.PackedType)) {
            addBig(to, dtype, big);
        } else if (value instanceof Boolean truth && dtype instanceof DType.BooleanType) {
            to.addBits(truth ? 1 : 0);
        } else if (value instanceof String text && dtype instanceof DType.StringType type) {
            ElementCodec.addString(to, type, text);
        } else if (value instanceof byte[] bytes && dtype instanceof DType.BytesType type) {
            boolean isWhole = logical instanceof LogicalType.Uuid || logical instanceof LogicalType.Decimal;
            if (isWhole && bytes.length != type.sizeBytes()) { // padded with zeros they would be another value
                throw new Misfit("it has " + bytes.length + " bytes and not " + type.sizeBytes());
            }
            ElementCodec.addBytes(to, dtype, bytes);
        } else if (value instanceof byte[] bytes && dtype instanceof DType.VectorType type) {
            PackedElements.addEncoded(to, type, bytes);
        } else if (value instanceof byte[] bytes && dtype instanceof DType.PackedType type) {
            Object decoded = PackedElements.decoded(type, bytes);
            if (decoded != null) { // an element that says null is in files of earlier versions
                checkContainer(logical, decoded);
            }
            ElementCodec.addBytes(to, type, bytes);
        } else if (value instanceof float[] floats && dtype instanceof DType.VectorType type) {
            ElementCodec.addFloats(to, type, floats);
        } else if (value instanceof NumericArray array && dtype instanceof DType.VectorType type) {
            PackedElements.addArray(to, type, array);
        } else if (dtype instanceof DType.PackedType type && !(value instanceof NumericArray)) {
            PackedElements.addValue(to, type, value);
        } else {
            throw new Misfit(null);
        }
    }

    private static void checkContainer(@Nullable LogicalType logical, Object value) {
        if ((logical instanceof LogicalType.ListOf && !(value instanceof List))
                || (logical instanceof LogicalType.MapOf && !(value instanceof Map))) {
            throw new Misfit(null);
        }
    }

    /** A number that counts something: an integer, or a floating-point number without a fraction. */
    private static long whole(Number number) {
        if (number instanceof Long || number instanceof Integer || number instanceof Short || number instanceof Byte) {
            return number.longValue();
        } else if (number instanceof BigInteger big && big.bitLength() <= 63) {
            return big.longValue();
        } else if ((number instanceof Double || number instanceof Float) && isWhole(number.doubleValue())) {
            return (long) number.doubleValue();
        }
        throw new Misfit("it is no whole number of 64 bits");
    }

    /** Whether it has no fraction and is so small that the double before it has none either. */
    private static boolean isWhole(double value) {
        return value == Math.rint(value) && Math.abs(value) < 0x1p53;
    }

    /** {@link #addLong} of a number that is narrower than a long: of u64 it is no bits. */
    static void addInt(Elements to, DType dtype, long value) {
        if (dtype instanceof DType.IntegerType type) {
            ElementCodec.addInt(to, type, value);
        } else {
            addLong(to, dtype, value);
        }
    }

    private static void addBig(Elements to, DType dtype, BigInteger value) {
        if (dtype.equals(DType.U64)) {
            if (value.signum() < 0 || value.bitLength() > 64) {
                throw new Misfit("u64 is from 0 to 18446744073709551615");
            }
            to.addBits(value.longValue());
        } else if (value.bitLength() <= 63) {
            addLong(to, dtype, value.longValue());
        } else if (dtype instanceof DType.FloatingType type
                && value.bitLength() <= Double.MAX_EXPONENT
                && new BigDecimal(value.doubleValue()).toBigIntegerExact().equals(value)
                && type.element() == ElementType.F64) {
            ElementCodec.addDouble(to, type, value.doubleValue());
        } else {
            throw new Misfit("it has " + value.bitLength() + " bits");
        }
    }

    static void addLong(Elements to, DType dtype, long value) {
        if (dtype instanceof DType.FloatingType type && isExact(type, value)) {
            ElementCodec.addDouble(to, type, (double) value);
        } else if (dtype instanceof DType.IntegerType type) {
            ElementCodec.addLong(to, type, value);
        } else if (dtype instanceof DType.PackedType type) {
            PackedElements.addValue(to, type, value);
        } else {
            throw new Misfit(null);
        }
    }

    /** Whether a whole number is one of the type's: it is refused, not rounded. */
    private static boolean isExact(DType.FloatingType type, long value) {
        if (value == Long.MAX_VALUE) { // the nearest double is one more, and comes back as this
            return false;
        }
        return switch (type.element()) {
            case F16 -> Math.abs(value) <= 2048 || (long) Float16.toFloat(Float16.fromDouble((double) value)) == value;
            case F32 -> (long) (float) value == value;
            default -> (long) (double) value == value;
        };
    }

    private static void addDouble(Elements to, DType dtype, Number number) {
        if (dtype instanceof DType.FloatingType type) {
            ElementCodec.addDouble(
                    to, type, number instanceof BigDecimal decimal ? rounded(type, decimal) : number.doubleValue());
        } else if (dtype instanceof DType.IntegerType type
                && !(number instanceof BigDecimal)
                && isWhole(number.doubleValue())) {
            ElementCodec.addInt(to, type, (long) number.doubleValue());
        } else if (dtype instanceof DType.PackedType type) {
            PackedElements.addValue(to, type, number);
        } else {
            throw new Misfit(null);
        }
    }

    /** The number of the type, or one between it and the decimal, that is nearest to the decimal. */
    private static double rounded(DType.FloatingType type, BigDecimal decimal) {
        long exponent = (long) decimal.precision() - decimal.scale() - 1;
        if (decimal.signum() == 0 || exponent < -400) {
            return 0;
        }
        double nearest = exponent > Double.MAX_EXPONENT
                ? Double.POSITIVE_INFINITY
                : type.element() == ElementType.F32 ? decimal.floatValue() : decimal.doubleValue();
        if (Double.isInfinite(nearest)) {
            throw new Misfit("it is out of the range of " + type.token());
        }
        return nearest;
    }

    private static void addDecimal(Elements to, LogicalType.Decimal type, Number number) {
        BigDecimal value = number instanceof BigDecimal decimal
                ? decimal
                : number instanceof BigInteger big
                        ? new BigDecimal(big)
                        : number instanceof Double || number instanceof Float
                                ? finite(number)
                                : BigDecimal.valueOf(whole(number));
        if (value.unscaledValue().bitLength() > MOST_DECIMAL_BITS) { // else taking its zeros away would take long
            throw new Misfit("it has " + value.precision() + " digits");
        }
        // Compared before it is scaled: 1E+999999999 has few digits until then.
        if (value.signum() != 0 && (long) value.precision() - value.scale() > type.precision() - type.scale()) {
            throw new Misfit("it has more than " + (type.precision() - type.scale()) + " digits before the point");
        } else if (value.signum() != 0 && (long) value.scale() - value.precision() > type.scale()) {
            throw new Misfit("it has more than " + type.scale() + " digits behind the point; round it first");
        }
        BigDecimal least = value.stripTrailingZeros();
        if (least.scale() > type.scale()) {
            throw new Misfit("it has more than " + type.scale() + " digits behind the point; round it first");
        }
        BigDecimal scaled = least.setScale(type.scale(), RoundingMode.UNNECESSARY);
        BigInteger unscaled = scaled.unscaledValue();
        if (type.precision() <= 18) {
            to.addBits(unscaled.longValueExact());
            return;
        }
        byte[] bytes = new byte[16];
        BigInteger rest = unscaled;
        for (int i = 0; i < 16; i++) {
            bytes[i] = rest.byteValue();
            rest = rest.shiftRight(8);
        }
        to.addBytes(bytes, 0, 16);
    }

    private static BigDecimal finite(Number number) {
        double value = number.doubleValue();
        if (!Double.isFinite(value)) {
            throw new Misfit("a decimal is finite");
        }
        return BigDecimal.valueOf(value);
    }

    /** Reads one element that is present. */
    static @Nullable Object get(SchemaColumn column, BlockData block, int i) {
        DType dtype = column.dtype();
        LogicalType logical = column.logicalType().orElse(null);
        if (dtype instanceof DType.IntegerType type) {
            return ofLong(logical, Numbers.getLong(block, type, i));
        } else if (dtype instanceof DType.FloatingType type) {
            return Numbers.getDouble(block, type, i);
        } else if (dtype instanceof DType.BooleanType) {
            return block.payload().get(i) != 0;
        } else if (dtype instanceof DType.StringType type) {
            return ElementCodec.getString(block, type, i, () -> "column '" + column.name() + "'");
        } else if (dtype instanceof DType.VectorType type) {
            return type.element() == ElementType.F32 && type.isFixedSize()
                    ? ElementCodec.getFloats(block, type, i)
                    : PackedElements.getArray(block, type, i, () -> "column '" + column.name() + "'");
        } else if (dtype instanceof DType.PackedType type) {
            return PackedElements.getValue(block, type, i, () -> "column '" + column.name() + "'");
        }
        byte[] bytes = ElementCodec.getBytes(block, dtype, i);
        if (logical instanceof LogicalType.Uuid) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            return new UUID(buffer.getLong(), buffer.getLong());
        } else if (logical instanceof LogicalType.Decimal type) {
            byte[] big = new byte[16];
            for (int b = 0; b < 16; b++) {
                big[15 - b] = bytes[b];
            }
            return new BigDecimal(new BigInteger(big), type.scale());
        }
        return bytes;
    }

    private static Object ofLong(@Nullable LogicalType logical, long value) {
        if (logical instanceof LogicalType.Timestamp type) {
            try {
                return Timestamps.toInstant(value, type.unit());
            } catch (DateTimeException e) { // a foreign writer's
                throw new VaultCorruptException(value + " is no point in time; read the column as integers", e);
            }
        } else if (logical instanceof LogicalType.Date) {
            return LocalDate.ofEpochDay(value);
        } else if (logical instanceof LogicalType.Time type) {
            long units = 86_400_000_000_000L / Timestamps.nanosPer(type.unit());
            if (value < 0 || value >= units) { // a foreign writer's
                throw new VaultCorruptException(value + " is no time of day; read the column as integers", null);
            }
            return LocalTime.ofNanoOfDay(value * Timestamps.nanosPer(type.unit()));
        } else if (logical instanceof LogicalType.Decimal type) {
            return BigDecimal.valueOf(value, type.scale());
        }
        return value;
    }
}
