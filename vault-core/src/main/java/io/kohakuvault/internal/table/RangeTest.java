package io.kohakuvault.internal.table;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.codec.LogicalType.TimeUnit;
import io.kohakuvault.internal.block.BlockData;
import io.kohakuvault.internal.block.Elements;
import io.kohakuvault.internal.block.Numbers;
import io.kohakuvault.internal.block.guard.ZoneMap;
import io.kohakuvault.table.SchemaColumn;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalTime;
import java.time.temporal.ChronoField;
import java.util.Date;

/** A range of values of a column of numbers, or of what is stored as numbers in the same order. */
interface RangeTest extends ZoneMap.Test {
    /** Whether element i of a block lies in the range. */
    boolean holds(BlockData block, int i);

    static RangeTest of(SchemaColumn column, Object least, Object greatest) {
        if (column.dtype() instanceof DType.FloatingType type
                && least instanceof Number low
                && greatest instanceof Number high) {
            return new Doubles(type, bound(low, false), bound(high, true)); // not rounded to what the column holds
        } else if (column.dtype() instanceof DType.IntegerType type) {
            long low = Numbers.getLong(encoded(column, least), type, 0);
            long high = Numbers.getLong(encoded(column, greatest), type, 0);
            boolean within = isCut(column, least);
            return within && low == Long.MAX_VALUE
                    ? new Longs(type, 1, 0)
                    : new Longs(type, within ? low + 1 : low, high);
        }
        throw new IllegalArgumentException("column '" + column.name() + "' (" + column
                + ") is searched by ranges neither as numbers nor as times; read it and compare");
    }

    /** The double next to a bound within the range: one that is rounded outwards would let in what lies outside. */
    private static double bound(Number number, boolean greatest) {
        BigDecimal exact;
        if (number instanceof Double || number instanceof Float) {
            return number.doubleValue();
        } else if (number instanceof BigDecimal decimal) {
            exact = decimal;
        } else if (number instanceof BigInteger big) {
            exact = new BigDecimal(big);
        } else if (number instanceof Long
                || number instanceof Integer
                || number instanceof Short
                || number instanceof Byte) {
            exact = BigDecimal.valueOf(number.longValue());
        } else {
            throw new IllegalArgumentException("a bound is one of Java's own numbers, but was a "
                    + number.getClass().getName());
        }
        long exponent = (long) exact.precision() - exact.scale() - 1;
        double nearest = exponent > Double.MAX_EXPONENT ? Double.MAX_VALUE : exponent < -400 ? 0 : exact.doubleValue();
        nearest = Math.copySign(Math.min(Math.abs(nearest), Double.MAX_VALUE), exact.signum());
        int compared = new BigDecimal(nearest).compareTo(exact);
        return greatest && compared > 0
                ? Math.nextDown(nearest)
                : !greatest && compared < 0 ? Math.nextUp(nearest) : nearest;
    }

    /** Whether a time lies between two that the column can hold; the earlier one is what it is encoded as. */
    private static boolean isCut(SchemaColumn column, Object bound) {
        LogicalType logical = column.logicalType().orElse(null);
        long nanos = bound instanceof Instant instant
                ? instant.get(ChronoField.NANO_OF_SECOND)
                : bound instanceof Date date
                        ? Timestamps.toInstant(date).get(ChronoField.NANO_OF_SECOND)
                        : bound instanceof LocalTime time ? time.toNanoOfDay() : 0;
        TimeUnit unit = logical instanceof LogicalType.Timestamp timestamp
                ? timestamp.unit()
                : logical instanceof LogicalType.Time time ? time.unit() : TimeUnit.NS;
        return nanos % Timestamps.nanosPer(unit) != 0;
    }

    private static BlockData encoded(SchemaColumn column, Object bound) {
        Elements element = new Elements(column.dtype().elementSizeBytes(), 1);
        try {
            CellCodec.add(element, column, bound);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "column '" + column.name() + "' (" + column + ") is not compared with " + bound
                            + (e.getMessage() == null ? "" : ": " + e.getMessage()),
                    e);
        }
        return element.asBlock();
    }

    /** Integers, of u64 without a sign. */
    record Longs(DType.IntegerType type, long least, long greatest) implements RangeTest {
        @Override
        public boolean mayHold(BlockData min, BlockData max) {
            return compare(Numbers.getLong(min, type, 0), greatest) <= 0
                    && compare(Numbers.getLong(max, type, 0), least) >= 0;
        }

        @Override
        public boolean holds(BlockData block, int i) {
            long value = Numbers.getLong(block, type, i);
            return compare(value, least) >= 0 && compare(value, greatest) <= 0;
        }

        private int compare(long a, long b) {
            return type.equals(DType.U64) ? Long.compareUnsigned(a, b) : Long.compare(a, b);
        }
    }

    /** Floating-point numbers; NaN lies in no range. */
    record Doubles(DType.FloatingType type, double least, double greatest) implements RangeTest {
        @Override
        public boolean mayHold(BlockData min, BlockData max) {
            return Numbers.getDouble(min, type, 0) <= greatest && Numbers.getDouble(max, type, 0) >= least;
        }

        @Override
        public boolean holds(BlockData block, int i) {
            double value = Numbers.getDouble(block, type, i);
            return value >= least && value <= greatest;
        }
    }
}
