package io.kohakuvault.spark;

import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.LogicalType;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.unsafe.Platform;
import org.jspecify.annotations.Nullable;

/** Elements of one size. A class for each kind of number, so that Spark's loops over a column call one method. */
@SuppressWarnings("NullAway") // Platform takes null for an address
final class FixedVectors {
    private FixedVectors() {}

    abstract static class Fixed extends CellVector {
        private final int size;
        Object base;
        long start;

        Fixed(DataType type, int size) {
            super(type);
            this.size = size;
        }

        @Override
        void point(Memory payload, @Nullable Memory offsets) {
            base = payload.base();
            start = payload.offset();
        }

        @Override
        final int elementBytes() {
            return size;
        }
    }

    /** Numbers of an element type, as a Spark type that holds them. */
    static Fixed numbers(ElementType element, DataType type) {
        return switch (element) {
            case BOOL -> new Booleans(type);
            case I8 -> new Bytes(type);
            case U8 -> new UnsignedBytes(type);
            case I16 -> new Shorts(type);
            case U16 -> new UnsignedShorts(type);
            case I32 -> new Ints(type);
            case U32 -> new UnsignedInts(type);
            case I64 -> new Longs(type);
            case U64 -> new UnsignedLongs(type);
            case F16 -> new HalfFloats(type);
            case F32 -> new Floats(type);
            case F64 -> new Doubles(type);
        };
    }

    /** Any byte but zero is true. */
    static final class Booleans extends Fixed {
        Booleans(DataType type) {
            super(type, 1);
        }

        @Override
        public boolean getBoolean(int row) {
            return Platform.getByte(base, start + row) != 0;
        }
    }

    /** Integers of up to 32 bits, also as wider ones. */
    private abstract static class Integers extends Fixed {
        Integers(DataType type, int size) {
            super(type, size);
        }

        @Override
        public final byte getByte(int row) {
            return (byte) getInt(row);
        }

        @Override
        public final short getShort(int row) {
            return (short) getInt(row);
        }

        @Override
        public final long getLong(int row) {
            return getInt(row);
        }
    }

    static final class Bytes extends Integers {
        Bytes(DataType type) {
            super(type, 1);
        }

        @Override
        public int getInt(int row) {
            return Platform.getByte(base, start + row);
        }
    }

    static final class UnsignedBytes extends Integers {
        UnsignedBytes(DataType type) {
            super(type, 1);
        }

        @Override
        public int getInt(int row) {
            return Platform.getByte(base, start + row) & 0xFF;
        }
    }

    static final class Shorts extends Integers {
        Shorts(DataType type) {
            super(type, 2);
        }

        @Override
        public int getInt(int row) {
            return Platform.getShort(base, start + 2L * row);
        }
    }

    static final class UnsignedShorts extends Integers {
        UnsignedShorts(DataType type) {
            super(type, 2);
        }

        @Override
        public int getInt(int row) {
            return Platform.getShort(base, start + 2L * row) & 0xFFFF;
        }
    }

    /** Days too. */
    static final class Ints extends Integers {
        Ints(DataType type) {
            super(type, 4);
        }

        @Override
        public int getInt(int row) {
            return Platform.getInt(base, start + 4L * row);
        }
    }

    static final class UnsignedInts extends Fixed {
        UnsignedInts(DataType type) {
            super(type, 4);
        }

        @Override
        public long getLong(int row) {
            return Platform.getInt(base, start + 4L * row) & 0xFFFFFFFFL;
        }
    }

    static final class Longs extends Fixed {
        Longs(DataType type) {
            super(type, 8);
        }

        @Override
        public long getLong(int row) {
            return Platform.getLong(base, start + 8L * row);
        }
    }

    static final class UnsignedLongs extends Fixed {
        UnsignedLongs(DataType type) {
            super(type, 8);
        }

        @Override
        public Decimal getDecimal(int row, int precision, int scale) {
            long value = Platform.getLong(base, start + 8L * row);
            BigInteger number = BigInteger.valueOf(value);
            return Decimal.apply(new BigDecimal(value < 0 ? number.add(BigInteger.ONE.shiftLeft(64)) : number), 20, 0);
        }
    }

    static final class HalfFloats extends Fixed {
        HalfFloats(DataType type) {
            super(type, 2);
        }

        @Override
        public float getFloat(int row) {
            return widened(Platform.getShort(base, start + 2L * row));
        }

        @Override
        public double getDouble(int row) {
            return getFloat(row);
        }

        /** IEEE 754's 16 bits as 32; Java has this from 20 on. */
        static float widened(short half) {
            int sign = (half & 0x8000) << 16;
            int exponent = half >> 10 & 0x1F;
            int fraction = half & 0x3FF;
            if (exponent == 0x1F) { // infinite, or not a number
                return Float.intBitsToFloat(sign | 0x7F800000 | (fraction << 13));
            } else if (exponent == 0) { // a multiple of 2^-24
                float small = fraction * 0x1p-24f;
                return sign == 0 ? small : -small;
            }
            return Float.intBitsToFloat(sign | ((exponent + 112) << 23) | (fraction << 13));
        }
    }

    static final class Floats extends Fixed {
        Floats(DataType type) {
            super(type, 4);
        }

        @Override
        public float getFloat(int row) {
            return Platform.getFloat(base, start + 4L * row);
        }

        @Override
        public double getDouble(int row) {
            return Platform.getFloat(base, start + 4L * row);
        }
    }

    static final class Doubles extends Fixed {
        Doubles(DataType type) {
            super(type, 8);
        }

        @Override
        public double getDouble(int row) {
            return Platform.getDouble(base, start + 8L * row);
        }
    }

    /** Points in time, in Spark's microseconds. */
    static final class Timestamps extends Fixed {
        private final String column;
        private final long times;
        private final long divisor;

        Timestamps(DataType type, LogicalType.TimeUnit unit, String column) {
            super(type, 8);
            this.column = column;
            this.times = unit == LogicalType.TimeUnit.S ? 1_000_000 : unit == LogicalType.TimeUnit.MS ? 1_000 : 1;
            this.divisor = unit == LogicalType.TimeUnit.NS ? 1_000 : 1;
        }

        @Override
        public long getLong(int row) {
            long stored = Platform.getLong(base, start + 8L * row);
            if (divisor != 1) {
                return Math.floorDiv(stored, divisor);
            }
            long micros = stored * times;
            if (Math.multiplyHigh(stored, times) != micros >> 63) {
                throw new ArithmeticException("column '" + column + "': the timestamp " + stored
                        + " is beyond what Spark's microseconds reach; read it as a number by another tool");
            }
            return micros;
        }
    }

    /** Decimals of up to 18 digits. */
    static final class SmallDecimals extends Fixed {
        private final int digits;
        private final int behindPoint;

        SmallDecimals(DataType type, LogicalType.Decimal decimal) {
            super(type, 8);
            this.digits = decimal.precision();
            this.behindPoint = decimal.scale();
        }

        @Override
        public Decimal getDecimal(int row, int precision, int scale) {
            return Decimal.createUnsafe(Platform.getLong(base, start + 8L * row), digits, behindPoint);
        }
    }

    /** Decimals of up to 38 digits: two's complement, little-endian. */
    static final class LargeDecimals extends Fixed {
        private final int digits;
        private final int behindPoint;

        LargeDecimals(DataType type, LogicalType.Decimal decimal) {
            super(type, 16);
            this.digits = decimal.precision();
            this.behindPoint = decimal.scale();
        }

        @Override
        public Decimal getDecimal(int row, int precision, int scale) {
            byte[] bigEndian = new byte[16];
            for (int i = 0; i < 16; i++) {
                bigEndian[15 - i] = Platform.getByte(base, start + 16L * row + i);
            }
            return Decimal.apply(new BigDecimal(new BigInteger(bigEndian), behindPoint), digits, behindPoint);
        }
    }

    /** Byte strings of one size. */
    static final class Binaries extends Fixed {
        Binaries(DataType type, int size) {
            super(type, size);
        }

        @Override
        public byte[] getBinary(int row) {
            byte[] bytes = new byte[elementBytes()];
            Platform.copyMemory(
                    base, start + (long) row * bytes.length, bytes, Platform.BYTE_ARRAY_OFFSET, bytes.length);
            return bytes;
        }
    }

    /** Vectors of one shape, their dimensions one after the other. */
    static final class Arrays extends Fixed {
        private final Fixed items;
        private final int count;

        Arrays(DataType type, Fixed items, int count) {
            super(type, items.elementBytes() * count);
            this.items = items;
            this.count = count;
        }

        @Override
        void point(Memory payload, @Nullable Memory offsets) {
            items.point(payload, null, null, 0);
        }

        @Override
        public ColumnarArray getArray(int row) {
            return new ColumnarArray(items, Math.multiplyExact(row, count), count);
        }
    }
}
