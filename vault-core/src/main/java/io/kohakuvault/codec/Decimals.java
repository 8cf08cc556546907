package io.kohakuvault.codec;

import java.math.BigDecimal;
import java.util.OptionalDouble;

/**
 * Which decimal numbers are those of a double: 0.1 is, though no double is exactly a tenth; 1e400 and
 * 0.1234567890123456789 are not.
 */
public final class Decimals {
    private static final int GREATEST_EXPONENT = 308;
    private static final int LEAST_EXPONENT = -324;

    private Decimals() {}

    /**
     * The double that says a decimal: written with as many digits it is the decimal, or the decimal is what a program
     * writes for it. A decimal that is too large, too small or has more digits than a double distinguishes has none.
     * Takes time that grows with the number of digits, whatever the exponent.
     *
     * @param value any decimal
     * @return a finite double, not zero unless the decimal is; or empty
     */
    public static OptionalDouble toDouble(BigDecimal value) {
        long exponent = (long) value.precision() - value.scale() - 1;
        if (value.signum() == 0) {
            return OptionalDouble.of(0);
        } else if (exponent > GREATEST_EXPONENT || exponent < LEAST_EXPONENT) {
            return OptionalDouble.empty();
        }
        BigDecimal decimal = value.stripTrailingZeros(); // not before: its scale could overflow
        double nearest = decimal.doubleValue();
        boolean said = !Double.isInfinite(nearest)
                && nearest != 0
                && (isRounded(nearest, decimal) || isWritten(nearest, decimal));
        return said ? OptionalDouble.of(nearest) : OptionalDouble.empty();
    }

    /**
     * Whether the decimal is at most half a unit of its last digit away from the double: of two as near, programs write
     * either.
     */
    private static boolean isRounded(double nearest, BigDecimal decimal) {
        BigDecimal away = new BigDecimal(nearest).subtract(decimal).abs();
        return away.multiply(BigDecimal.valueOf(2)).compareTo(decimal.ulp()) <= 0;
    }

    /**
     * What programs write for a double need not be the double rounded: for powers of two it may be the number beside
     * that, as long as it is no finer than the doubles there; and Java before 19 has a fault.
     */
    private static boolean isWritten(double nearest, BigDecimal decimal) {
        return decimal.ulp().multiply(BigDecimal.valueOf(2)).compareTo(new BigDecimal(Math.ulp(nearest))) > 0
                || new BigDecimal(Double.toString(nearest)).compareTo(decimal) == 0;
    }
}
