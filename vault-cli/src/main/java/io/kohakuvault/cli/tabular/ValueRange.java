package io.kohakuvault.cli.tabular;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.codec.LogicalType.TimeUnit;
import io.kohakuvault.table.SchemaColumn;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import org.jspecify.annotations.Nullable;

/**
 * The least and the greatest value that may fulfil a condition, both as a table's range search takes them. Wider than
 * the condition where that is simpler: the rows found are looked at.
 *
 * @param least the least value
 * @param greatest the greatest value; less than the least when there is none at all
 */
record ValueRange(Object least, Object greatest) {
    /** The range of a condition; null when the column is not searched by ranges, or the condition is none. */
    static @Nullable ValueRange of(RowCondition condition) {
        SchemaColumn column = condition.column();
        if (condition.operator() == RowCondition.Operator.NOT_EQUAL || condition.asksForNulls()) {
            return null;
        } else if (condition.value() instanceof Double value) {
            return value.isNaN()
                    ? null
                    : between(condition, value, value, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
        }
        return column.dtype() instanceof DType.IntegerType type ? integers(condition, column, type) : null;
    }

    private static ValueRange integers(RowCondition condition, SchemaColumn column, DType.IntegerType type) {
        BigDecimal value = stored(column, condition.value());
        BigInteger least = least(column, type.element());
        BigInteger greatest = greatest(column, type.element());
        BigInteger low =
                value.setScale(0, RoundingMode.FLOOR).toBigInteger().max(least).min(greatest);
        BigInteger high = value.setScale(0, RoundingMode.CEILING)
                .toBigInteger()
                .max(least)
                .min(greatest);
        return between(
                condition, bound(column, low), bound(column, high), bound(column, least), bound(column, greatest));
    }

    private static ValueRange between(RowCondition condition, Object low, Object high, Object least, Object greatest) {
        return switch (condition.operator()) {
            case LESS, AT_MOST -> new ValueRange(least, high);
            case GREATER, AT_LEAST -> new ValueRange(low, greatest);
            default -> new ValueRange(low, high);
        };
    }

    /** A value in the units that the column stores. */
    private static BigDecimal stored(SchemaColumn column, Object value) {
        LogicalType logical = column.logicalType().orElse(null);
        if (value instanceof Instant instant && logical instanceof LogicalType.Timestamp type) {
            return BigDecimal.valueOf(instant.getEpochSecond())
                    .add(BigDecimal.valueOf(instant.getNano(), 9))
                    .multiply(BigDecimal.valueOf(TimeText.perSecond(type.unit())));
        } else if (value instanceof LocalDate date) {
            return BigDecimal.valueOf(date.toEpochDay());
        } else if (value instanceof LocalTime time && logical instanceof LogicalType.Time type) {
            return BigDecimal.valueOf(time.toNanoOfDay(), 9)
                    .multiply(BigDecimal.valueOf(TimeText.perSecond(type.unit())));
        } else if (value instanceof BigDecimal decimal) {
            // A number with a large exponent would take the room of its zeros; another one of its sign and side will
            // do.
            long magnitude = decimal.precision() - (long) decimal.scale();
            BigDecimal near = Math.abs(magnitude) > 40
                    ? BigDecimal.valueOf(decimal.signum()).scaleByPowerOfTen(magnitude > 0 ? 40 : -40)
                    : decimal;
            return logical instanceof LogicalType.Decimal type ? near.scaleByPowerOfTen(type.scale()) : near;
        }
        throw new IllegalStateException("a value of " + value.getClass());
    }

    private static BigInteger least(SchemaColumn column, ElementType element) {
        LogicalType logical = column.logicalType().orElse(null);
        if (logical instanceof LogicalType.Timestamp type && type.unit() == TimeUnit.S) {
            return BigInteger.valueOf(Instant.MIN.getEpochSecond());
        } else if (logical instanceof LogicalType.Time || element.isUnsigned()) {
            return BigInteger.ZERO;
        } else if (logical instanceof LogicalType.Decimal type) {
            return BigInteger.TEN.pow(type.precision()).subtract(BigInteger.ONE).negate();
        }
        return BigInteger.ONE.shiftLeft(8 * element.sizeBytes() - 1).negate();
    }

    private static BigInteger greatest(SchemaColumn column, ElementType element) {
        LogicalType logical = column.logicalType().orElse(null);
        if (logical instanceof LogicalType.Timestamp type && type.unit() == TimeUnit.S) {
            return BigInteger.valueOf(Instant.MAX.getEpochSecond());
        } else if (logical instanceof LogicalType.Time type) {
            return BigInteger.valueOf(86_400 * TimeText.perSecond(type.unit()) - 1);
        } else if (logical instanceof LogicalType.Decimal type) {
            return BigInteger.TEN.pow(type.precision()).subtract(BigInteger.ONE);
        }
        return BigInteger.ONE
                .shiftLeft(8 * element.sizeBytes() - (element.isUnsigned() ? 0 : 1))
                .subtract(BigInteger.ONE);
    }

    private static Object bound(SchemaColumn column, BigInteger units) {
        if (column.logicalType().orElse(null) instanceof LogicalType.Decimal type) {
            return new BigDecimal(units, type.scale());
        }
        return column.dtype().equals(DType.U64) ? units : (Object) units.longValue();
    }
}
