package io.kohakuvault.tabular.internal;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.table.RowWriter;
import java.math.BigDecimal;
import java.math.BigInteger;

/** Integers, floating-point numbers and decimals. */
final class NumberConverters {
    /** A number with more characters has more digits than any type holds. */
    private static final int MOST_CHARACTERS = 100_000;

    private NumberConverters() {}

    /** A number in a wider form than inference takes: with a plus sign, or zeros before it. */
    private static BigDecimal decimal(Cell cell) {
        String text = cell.text();
        if (text.length() <= MOST_CHARACTERS && text.matches("[-+]?\\d+(\\.\\d*)?([eE][-+]?\\d{1,9})?")) {
            return new BigDecimal(text);
        }
        throw new RecordException("it is no number");
    }

    /** Of a boolean of JSON, which is no number. */
    private static void checkNumber(Cell cell) {
        if (cell.kind() == Cell.Kind.BOOLEAN) {
            throw new RecordException("it is true or false, and no number");
        }
    }

    /** Whole numbers. */
    static final class Integers implements CellConverter {
        private final String column;
        private final DType.IntegerType type;
        private final long least;
        private final long greatest;

        Integers(String column, DType.IntegerType type) {
            this.column = column;
            this.type = type;
            int bits = 8 * type.elementSizeBytes();
            boolean unsigned = type.element().isUnsigned();
            this.least = unsigned ? 0 : -1L << (bits - 1);
            this.greatest = unsigned && bits < 64 ? (1L << bits) - 1 : ~(-1L << (Math.min(64, bits) - 1));
        }

        @Override
        public void put(Cell cell, RowWriter row) {
            checkNumber(cell);
            cell.trim();
            NumberText number = cell.number();
            boolean parsed = cell.isNumber() && !number.isWord();
            if (parsed && number.isLong() && number.longValue() >= least && number.longValue() <= greatest) {
                row.set(column, number.longValue());
                return;
            }
            BigDecimal value = parsed ? number.decimalValue() : decimal(cell);
            row.set(column, bits(value));
        }

        private long bits(BigDecimal value) {
            if (value.signum() != 0 && (value.precision() - value.scale() > 30 || value.scale() > 10_000)) {
                throw outOfRange();
            }
            BigInteger whole;
            try {
                whole = value.toBigIntegerExact();
            } catch (ArithmeticException e) {
                throw new RecordException("it is no whole number");
            }
            if (type.element() == ElementType.U64) {
                if (whole.signum() < 0 || whole.bitLength() > 64) {
                    throw outOfRange();
                }
            } else if (whole.bitLength() > 63 || whole.longValue() < least || whole.longValue() > greatest) {
                throw outOfRange();
            }
            return whole.longValue();
        }

        private RecordException outOfRange() {
            return new RecordException(type.token() + " is from " + least + " to "
                    + (type.element() == ElementType.U64 ? "18446744073709551615" : Long.toString(greatest)));
        }
    }

    /** Numbers that are rounded to what the column holds; none becomes infinite, or zero, that is not written so. */
    static final class Floats implements CellConverter {
        private final String column;
        private final ElementType element;

        Floats(String column, DType.FloatingType type) {
            this.column = column;
            this.element = type.element();
        }

        @Override
        public void put(Cell cell, RowWriter row) {
            checkNumber(cell);
            cell.trim();
            NumberText number = cell.number();
            double value;
            boolean zero = false;
            if (cell.isNumber()) {
                if (number.isWord()) {
                    row.set(column, number.doubleValue());
                    return;
                }
                value = element == ElementType.F32 ? number.floatValue() : number.doubleValue();
                zero = value == 0 && number.isZero();
            } else {
                BigDecimal decimal = decimal(cell);
                value = element == ElementType.F32 ? decimal.floatValue() : decimal.doubleValue();
                zero = decimal.signum() == 0;
            }
            row.set(column, checked(value, zero));
        }

        private double checked(double value, boolean zero) {
            boolean half = element == ElementType.F16;
            if (Double.isInfinite(value) || (half && Math.abs(value) >= 65520)) {
                throw new RecordException(element.token() + " is from -" + largest() + " to " + largest());
            } else if (!zero && (value == 0 || (half && Math.abs(value) <= 0x1p-25))) {
                throw new RecordException("it is so small that " + element.token() + " holds it as zero");
            }
            return value;
        }

        private String largest() {
            return switch (element) {
                case F16 -> "65504";
                case F32 -> "3.4e38";
                default -> "1.8e308";
            };
        }
    }

    /** Decimal numbers; the table refuses what it cannot hold exactly. */
    static final class Decimals implements CellConverter {
        private final String column;

        Decimals(String column) {
            this.column = column;
        }

        @Override
        public void put(Cell cell, RowWriter row) {
            checkNumber(cell);
            cell.trim();
            NumberText number = cell.number();
            boolean parsed = cell.isNumber();
            if (parsed && number.isWord()) {
                throw new RecordException("a decimal is finite");
            }
            row.set(column, parsed ? number.decimalValue() : decimal(cell));
        }
    }
}
