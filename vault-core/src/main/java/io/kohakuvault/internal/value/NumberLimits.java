package io.kohakuvault.internal.value;

import io.kohakuvault.codec.Decimals;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.OptionalDouble;

/**
 * Numbers of any size: which are written, which are handed out, and as what. A decimal is a Double only where that says
 * the number; nothing becomes infinite or zero that is not.
 */
public final class NumberLimits {
    /**
     * What Python's int() takes unless it is set otherwise: a longer integer that Java wrote could not be read there.
     */
    static final int MOST_WRITTEN_DIGITS = 4_300;

    /** Foreign files may hold anything. The time that parsing takes grows with the square of the digits. */
    static final int MOST_READ_DIGITS = 10_000;

    /** log2(10), rounded up. */
    private static final double BITS_A_DIGIT = 3.3219281;

    private static final BigInteger FIRST_TOO_LONG = BigInteger.TEN.pow(MOST_WRITTEN_DIGITS);
    private static final int MOST_READ_BITS = (int) (MOST_READ_DIGITS * BITS_A_DIGIT);

    /** NumberLimits of so few digits are all said by doubles, and come back when those are written with as many. */
    private static final int DIGITS_OF_EVERY_DOUBLE = 15;

    private NumberLimits() {}

    /** Refuses an integer that is too long to be written. */
    static BigInteger checkWritten(BigInteger value) {
        if (value.abs().compareTo(FIRST_TOO_LONG) >= 0) {
            throw new IllegalArgumentException(
                    "an integer may have 4,300 digits, which is what Python reads, but this one has "
                            + value.bitLength() + " bits; store it as bytes");
        }
        return value;
    }

    /** The integer as Long where it fits. */
    static Number integer(BigInteger value) throws IOException {
        if (value.bitLength() > MOST_READ_BITS) {
            throw new IOException(
                    "an integer of " + value.bitLength() + " bits, and up to " + MOST_READ_BITS + " are read");
        }
        return value.bitLength() <= 63 ? (Number) value.longValue() : value;
    }

    /** Refuses to parse what would take long. */
    static void checkLength(int characters) throws IOException {
        if (characters > MOST_READ_DIGITS + 20) { // a sign, a point, an exponent
            throw new IOException(
                    "a number of " + characters + " characters, and up to " + MOST_READ_DIGITS + " digits are read");
        }
    }

    /** What a decimal text says; also -0.0. */
    static Number parse(String text) throws IOException {
        checkLength(text.length());
        if (text.length() <= DIGITS_OF_EVERY_DOUBLE && text.indexOf('e') < 0 && text.indexOf('E') < 0) {
            return Double.valueOf(text);
        }
        BigDecimal decimal;
        try {
            decimal = new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw new IOException("the number " + text + " has an exponent beyond all bounds", e);
        }
        return decimal.signum() == 0 ? (Number) Double.valueOf(text) : number(decimal);
    }

    /** A decimal as Double where one says it, else as it is. */
    static Number number(BigDecimal value) throws IOException {
        long exponent = (long) value.precision() - value.scale() - 1;
        if (value.signum() != 0 && Math.abs(exponent) > MOST_READ_DIGITS) {
            throw tooLong(exponent);
        }
        BigDecimal decimal = withoutZeros(value);
        if (Math.abs((long) decimal.scale()) > MOST_READ_DIGITS) {
            throw tooLong(exponent);
        }
        OptionalDouble said = Decimals.toDouble(decimal);
        return said.isPresent() ? (Number) said.getAsDouble() : decimal;
    }

    private static IOException tooLong(long exponent) {
        return new IOException(
                "a number with the exponent " + exponent + " would have more than " + MOST_READ_DIGITS + " digits");
    }

    /** As {@link BigDecimal#stripTrailingZeros}, which takes them away one by one. */
    private static BigDecimal withoutZeros(BigDecimal value) {
        if (value.signum() == 0) {
            return BigDecimal.ZERO;
        }
        BigInteger digits = value.unscaledValue();
        int scale = value.scale();
        for (int zeros = 1 << 13; zeros > 16; zeros >>= 1) {
            while (digits.getLowestSetBit() >= zeros) { // else no power of ten divides it
                BigInteger[] parts = digits.divideAndRemainder(BigInteger.TEN.pow(zeros));
                if (parts[1].signum() != 0) {
                    break;
                }
                digits = parts[0];
                scale -= zeros;
            }
        }
        return new BigDecimal(digits, scale).stripTrailingZeros();
    }

    /** {@code unscaled * 10^exponent}. */
    static Number scaled(BigInteger unscaled, BigInteger exponent) throws IOException {
        integer(unscaled);
        if (exponent.bitLength() > 31) {
            throw new IOException("a decimal with the exponent " + brief(exponent) + ", beyond all bounds");
        }
        long scale = -exponent.longValue();
        if ((int) scale != scale) {
            throw new IOException("a decimal with the exponent " + exponent + ", beyond all bounds");
        }
        return number(new BigDecimal(unscaled, (int) scale));
    }

    /** {@code mantissa * 2^exponent}, which is a decimal of finitely many digits. */
    static Number binary(BigInteger mantissa, BigInteger exponent) throws IOException {
        integer(mantissa);
        if (exponent.bitLength() > 31 || Math.abs(exponent.longValue()) > MOST_READ_BITS) {
            throw new IOException("a number times two to the power of " + brief(exponent) + ", beyond all bounds");
        }
        int power = exponent.intValue();
        return power >= 0
                ? number(new BigDecimal(mantissa.shiftLeft(power)))
                : number(new BigDecimal(mantissa.multiply(BigInteger.valueOf(5).pow(-power)), -power));
    }

    private static String brief(BigInteger value) {
        return value.bitLength() <= 64 ? value.toString() : "(" + value.bitLength() + " bits)";
    }
}
