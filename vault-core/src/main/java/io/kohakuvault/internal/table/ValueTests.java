package io.kohakuvault.internal.table;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.internal.block.Elements;
import io.kohakuvault.internal.column.ValueTest;
import io.kohakuvault.table.SchemaColumn;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/** Makes tests of what callers ask: bounds are compared exactly, and not rounded to what a column can hold. */
final class ValueTests {
    private static final BigInteger LONG_MIN = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger LONG_MAX = BigInteger.valueOf(Long.MAX_VALUE);
    private static final BigInteger TWO_64 = BigInteger.ONE.shiftLeft(64);
    private static final BigInteger U64_MAX = TWO_64.subtract(BigInteger.ONE);

    /** What stand for infinite doubles, themselves alone: a number as large as theirs is none. */
    private static final BigDecimal INFINITY = new BigDecimal("1E+1000");

    private static final BigDecimal MINUS_INFINITY = new BigDecimal("-1E+1000");

    /** Beyond what 64 bits hold, however they are taken. */
    private static final BigDecimal BEYOND = BigDecimal.TEN.pow(20);

    private ValueTests() {}

    /**
     * A range.
     *
     * @param low null for none
     * @param high null for none
     * @param inclusive whether the higher bound itself is wanted
     */
    static ValueTest range(SchemaColumn column, @Nullable Object low, @Nullable Object high, boolean inclusive) {
        DType dtype = column.dtype();
        if (dtype instanceof DType.IntegerType type) {
            return longs(column, type, low, high, inclusive);
        } else if (dtype instanceof DType.FloatingType type) {
            double least = low == null ? Double.NEGATIVE_INFINITY : atLeast(number(column, low));
            BigDecimal bound = high == null ? INFINITY : number(column, high);
            if (high != null && !inclusive && isMinusInfinity(bound)) {
                return new ValueTest.Doubles(type, 1, 0); // nothing is less
            }
            double greatest = high == null ? Double.POSITIVE_INFINITY : inclusive ? atMost(bound) : below(bound);
            return new ValueTest.Doubles(type, least, greatest);
        } else if (dtype.equals(DType.STR) || dtype.equals(DType.BYTES)) {
            return new ValueTest.ByteRange(
                    low == null ? null : encoded(column, low), high == null ? null : encoded(column, high), inclusive);
        }
        throw new IllegalArgumentException("column '" + column.name() + "' (" + column
                + ") has no order that ranges are looked for in; read it and compare");
    }

    /** One value. */
    static ValueTest equal(SchemaColumn column, Object value) {
        DType dtype = column.dtype();
        if (dtype instanceof DType.IntegerType
                || dtype instanceof DType.FloatingType
                || dtype.equals(DType.STR)
                || dtype.equals(DType.BYTES)) {
            return range(column, value, value, true);
        } else if (dtype instanceof DType.BooleanType && value instanceof Boolean truth) {
            return new ValueTest.Truth(truth);
        } else if (dtype instanceof DType.StringType || dtype instanceof DType.BytesType) {
            byte[] wanted;
            try {
                wanted = encoded(column, value);
            } catch (IllegalArgumentException e) {
                if (value instanceof Number && column.logicalType().orElse(null) instanceof LogicalType.Decimal) {
                    number(column, value);
                    return new ValueTest.SameBytes(new byte[0], dtype.elementSizeBytes()); // a number that none is
                }
                throw e;
            }
            return new ValueTest.SameBytes(wanted, dtype.elementSizeBytes());
        }
        throw dtype instanceof DType.BooleanType
                ? misfit(column, value, null)
                : new IllegalArgumentException("column '" + column.name() + "' (" + column
                        + ") is not compared with a value; read it and compare");
    }

    private static ValueTest longs(
            SchemaColumn column,
            DType.IntegerType type,
            @Nullable Object low,
            @Nullable Object high,
            boolean inclusive) {
        boolean unsigned = type.equals(DType.U64);
        BigInteger min = unsigned ? BigInteger.ZERO : LONG_MIN;
        BigInteger max = unsigned ? U64_MAX : LONG_MAX;
        BigInteger least = low == null ? min : whole(units(column, low), RoundingMode.CEILING);
        BigInteger greatest = max;
        if (high != null) {
            BigDecimal bound = units(column, high);
            greatest = inclusive
                    ? whole(bound, RoundingMode.FLOOR)
                    : whole(bound, RoundingMode.CEILING).subtract(BigInteger.ONE);
        }
        least = least.max(min);
        greatest = greatest.min(max);
        return least.compareTo(greatest) > 0
                ? new ValueTest.Longs(type, 1, 0) // nothing
                : new ValueTest.Longs(type, least.longValue(), greatest.longValue());
    }

    /** A bound as the integers of the column count. */
    private static BigDecimal units(SchemaColumn column, Object bound) {
        LogicalType logical = column.logicalType().orElse(null);
        if (bound instanceof Instant instant && logical instanceof LogicalType.Timestamp type) {
            return units(instant, type.unit());
        } else if (bound instanceof Date date && logical instanceof LogicalType.Timestamp type) {
            return units(Timestamps.toInstant(date), type.unit());
        } else if (bound instanceof LocalDate date && logical instanceof LogicalType.Date) {
            return BigDecimal.valueOf(date.toEpochDay());
        } else if (bound instanceof LocalTime time && logical instanceof LogicalType.Time type) {
            return BigDecimal.valueOf(time.toNanoOfDay()).divide(BigDecimal.valueOf(Timestamps.nanosPer(type.unit())));
        }
        BigDecimal number = number(column, bound);
        if (!(logical instanceof LogicalType.Decimal type)) {
            return number;
        }
        long digits = (long) number.precision() - number.scale();
        return digits > 60 || digits < -60 ? number : number.scaleByPowerOfTen(type.scale()); // on the same side of all
    }

    private static BigDecimal units(Instant instant, LogicalType.TimeUnit unit) {
        BigDecimal perUnit = BigDecimal.valueOf(Timestamps.nanosPer(unit));
        return BigDecimal.valueOf(instant.getEpochSecond())
                .scaleByPowerOfTen(9)
                .add(BigDecimal.valueOf(instant.getNano()))
                .divide(perUnit);
    }

    /** A number as it is; infinities as numbers beyond every column's. */
    private static BigDecimal number(SchemaColumn column, Object bound) {
        if (bound instanceof BigDecimal decimal) {
            return decimal;
        } else if (bound instanceof BigInteger big) {
            return new BigDecimal(big);
        } else if (bound instanceof Double || bound instanceof Float) {
            double value = ((Number) bound).doubleValue();
            if (Double.isNaN(value)) {
                throw misfit(column, bound, null);
            }
            return Double.isInfinite(value) ? (value > 0 ? INFINITY : MINUS_INFINITY) : new BigDecimal(value);
        } else if (bound instanceof Long number && column.dtype().equals(DType.U64)) {
            // As it is written: the bits of a number without a sign.
            return new BigDecimal(number < 0 ? BigInteger.valueOf(number).add(TWO_64) : BigInteger.valueOf(number));
        } else if (bound instanceof Long
                || bound instanceof Integer
                || bound instanceof Short
                || bound instanceof Byte) {
            return BigDecimal.valueOf(((Number) bound).longValue());
        }
        LogicalType logical = column.logicalType().orElse(null);
        String wanted = logical instanceof LogicalType.Timestamp
                ? "an Instant"
                : logical instanceof LogicalType.Date
                        ? "a LocalDate"
                        : logical instanceof LogicalType.Time ? "a LocalTime" : "a number";
        throw misfit(column, bound, new IllegalArgumentException("give " + wanted));
    }

    /** Rounded; a number of a billion digits is not written out for that. */
    private static BigInteger whole(BigDecimal number, RoundingMode rounding) {
        if (number.signum() == 0) {
            return BigInteger.ZERO;
        }
        long digits = (long) number.precision() - number.scale();
        if (digits > 20) {
            return (number.signum() > 0 ? BEYOND : BEYOND.negate()).toBigInteger();
        } else if (digits < -20) { // between 0 and the next whole number
            return rounding == RoundingMode.CEILING
                    ? (number.signum() > 0 ? BigInteger.ONE : BigInteger.ZERO)
                    : (number.signum() > 0 ? BigInteger.ZERO : BigInteger.ONE.negate());
        }
        return number.setScale(0, rounding).toBigInteger();
    }

    /** The double nearest to a number, infinite for one beyond all doubles. */
    private static double nearest(BigDecimal number) {
        if (number.signum() == 0) {
            return 0;
        }
        long digits = (long) number.precision() - number.scale();
        return digits > 400
                ? number.signum() * Double.POSITIVE_INFINITY
                : digits < -400 ? number.signum() * 0.0 : number.doubleValue();
    }

    private static int compare(double value, BigDecimal number) {
        if (Double.isInfinite(value)) {
            return value > 0 ? 1 : -1;
        } else if (value == 0) {
            return -number.signum();
        }
        return new BigDecimal(value).compareTo(number);
    }

    private static double atLeast(BigDecimal number) {
        double nearest = nearest(number);
        return isInfinity(number) ? nearest : compare(nearest, number) < 0 ? Math.nextUp(nearest) : nearest;
    }

    private static double atMost(BigDecimal number) {
        double nearest = nearest(number);
        return isInfinity(number) ? nearest : compare(nearest, number) > 0 ? Math.nextDown(nearest) : nearest;
    }

    private static double below(BigDecimal number) {
        double nearest = nearest(number);
        return compare(nearest, number) >= 0 || isInfinity(number) ? Math.nextDown(nearest) : nearest;
    }

    @SuppressWarnings("ReferenceEquality") // see INFINITY
    private static boolean isMinusInfinity(BigDecimal number) {
        return number == MINUS_INFINITY;
    }

    @SuppressWarnings("ReferenceEquality") // see INFINITY
    private static boolean isInfinity(BigDecimal number) {
        return number == INFINITY || number == MINUS_INFINITY;
    }

    private static byte[] encoded(SchemaColumn column, Object value) {
        Elements element = new Elements(column.dtype().elementSizeBytes(), 1);
        try {
            CellCodec.add(element, column, value);
        } catch (IllegalArgumentException e) {
            throw misfit(column, value, e);
        }
        return Arrays.copyOf(element.bytes(), element.sizeBytes());
    }

    private static IllegalArgumentException misfit(
            SchemaColumn column, Object value, @Nullable IllegalArgumentException cause) {
        String why = cause == null || cause.getMessage() == null ? "" : ": " + cause.getMessage();
        return new IllegalArgumentException(
                "column '" + column.name() + "' (" + column + ") is not compared with " + RowBuffer.named(value) + why,
                cause);
    }
}
