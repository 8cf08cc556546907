package io.kohakuvault.tabular.internal;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/**
 * What some characters say as a number, and which types keep it. A number is what JSON calls one; a point may also
 * begin or end it, and a fraction may have a plus sign. {@code 007} and {@code +7} are names. Used again for the next
 * number; not thread-safe.
 */
final class NumberText {
    /** A decimal number of so many digits is a normal double that shows the same digits again. */
    private static final int SAFE_DIGITS = 15;

    private static final int SAFE_EXPONENT = 307;

    /** 2⁶⁴ - 1 without its last digit, which is a 5. */
    private static final long LARGEST_TENTH = Long.divideUnsigned(-1L, 10);

    /** No double has more digits. */
    private static final int MOST_DIGITS = 800;

    private static final double[] POWERS = new double[23]; // exact up to here

    static {
        double power = 1;
        for (int i = 0; i < POWERS.length; i++) {
            POWERS[i] = power;
            power *= 10;
        }
    }

    private byte[] bytes = {};
    private int from;
    private int to;

    private boolean negative;
    private boolean whole;
    private boolean word;
    /** The digits without the point, as an unsigned number, unless they are too many. */
    private long mantissa;

    private boolean overflow;
    private int digits;
    private long scale;

    /** The nearest double, without its sign, once it is known. */
    private double nearest;
    /**
     * By how many units of the last digit the nearest double differs from what is written; infinite when that is not
     * known.
     */
    private double difference;

    /** Whether the characters are a number, or one of the words NaN, nan, Infinity, inf. */
    boolean parse(byte[] buffer, int start, int end) {
        bytes = buffer;
        from = start;
        to = end;
        negative = false;
        whole = false;
        word = false;
        mantissa = 0;
        overflow = false;
        digits = 0;
        scale = 0;
        nearest = -1;
        if (start == end) {
            return false;
        }
        int at = start;
        byte first = buffer[at];
        negative = first == '-';
        if (negative || first == '+') {
            at++;
        }
        if (at < end && (buffer[at] | 0x20) >= 'a') {
            word = isWord(at, first == '+');
            return word;
        }
        return digits(at, first == '+');
    }

    private boolean isWord(int at, boolean plus) {
        String text = new String(bytes, at, Math.min(9, to - at), StandardCharsets.ISO_8859_1);
        return switch (text) {
            case "NaN", "nan" -> !negative && !plus;
            case "Infinity", "inf" -> !plus;
            default -> false;
        };
    }

    private boolean digits(int start, boolean plus) {
        int at = run(start);
        int before = at - start;
        if (before > 1 && bytes[start] == '0') {
            return false;
        }
        whole = true;
        int behind = 0;
        if (at < to && bytes[at] == '.') {
            whole = false;
            int first = at + 1;
            at = run(first);
            behind = at - first;
        }
        if (before + behind == 0) {
            return false;
        }
        scale = -behind;
        if (at < to && (bytes[at] | 0x20) == 'e') {
            whole = false;
            at = exponent(at + 1);
        }
        return at == to && !(whole && plus);
    }

    /** Takes digits in and answers where they end. */
    private int run(int start) {
        byte[] buffer = bytes;
        int end = to;
        int at = start;
        long sum = mantissa;
        int count = digits;
        for (int digit; at < end && (digit = buffer[at] - '0') >= 0 && digit <= 9; at++) {
            if (count < 18) {
                sum = sum * 10 + digit;
            } else if (!overflow) {
                overflow = Long.compareUnsigned(sum, LARGEST_TENTH) > 0 || (sum == LARGEST_TENTH && digit > 5);
                sum = overflow ? sum : sum * 10 + digit;
            }
            count += count > 0 || digit > 0 ? 1 : 0;
        }
        mantissa = sum;
        digits = count;
        return at;
    }

    /** Reads an exponent and answers where it ends, -1 where there is none. */
    private int exponent(int start) {
        int at = start;
        boolean minus = at < to && bytes[at] == '-';
        if (at < to && (minus || bytes[at] == '+')) {
            at++;
        }
        int first = at;
        long exponent = 0;
        while (at < to && isDigit(bytes[at])) {
            exponent = Math.min(1L << 40, exponent * 10 + bytes[at++] - '0');
        }
        scale += minus ? -exponent : exponent;
        return at == first ? -1 : at;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** Whether it is written without a point and an exponent. */
    boolean isWhole() {
        return whole;
    }

    /** Whether an i64 is written just so. */
    boolean isLong() {
        return whole
                && !overflow
                && (mantissa >= 0 ? !(negative && mantissa == 0) : negative && mantissa == Long.MIN_VALUE);
    }

    /** After {@link #isLong}. */
    long longValue() {
        return negative ? -mantissa : mantissa;
    }

    /** Whether a u64 is written just so. */
    boolean isUnsignedLong() {
        return whole && !overflow && !negative;
    }

    /** After {@link #isUnsignedLong}: the bits. */
    long unsignedValue() {
        return mantissa;
    }

    /**
     * Whether an f64 keeps it: the double that is nearest to it, written with as many digits, is what is written here,
     * or is what Java writes of a double. Of numbers without a fraction those up to 2⁵³.
     */
    boolean isDouble() {
        if (word || digits == 0) {
            return true;
        } else if (whole) {
            return !overflow && Long.compareUnsigned(mantissa, 1L << 53) <= 0;
        }
        long exponent = scale + digits - 1;
        if (digits <= SAFE_DIGITS && Math.abs(exponent) <= SAFE_EXPONENT) {
            return true;
        } else if (Math.abs(exponent) > 330 || digits > MOST_DIGITS) {
            return false;
        }
        double value = nearest();
        if (Double.isInfinite(value) || value == 0) {
            return false;
        } else if (difference <= 0.5) {
            return true;
        }
        BigDecimal written = new BigDecimal(text()).abs();
        BigDecimal half = BigDecimal.valueOf(5).scaleByPowerOfTen((int) scale - 1); // of the last digit
        return new BigDecimal(value).subtract(written).abs().compareTo(half) <= 0
                || new BigDecimal(Double.toString(value)).compareTo(written) == 0;
    }

    /** The nearest double; infinite beyond the largest. */
    double doubleValue() {
        if (word) {
            boolean infinite = (bytes[to - 1] | 0x20) != 'n';
            return infinite ? (negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY) : Double.NaN;
        }
        return negative ? -nearest() : nearest();
    }

    private double nearest() {
        if (nearest < 0) {
            difference = Double.POSITIVE_INFINITY;
            boolean small = !overflow && mantissa >= 0 && Math.abs(scale) < POWERS.length;
            if (small && mantissa <= 1L << 53) {
                double power = POWERS[(int) Math.abs(scale)];
                if (scale < 0) {
                    nearest = mantissa / power; // of two exact numbers: rounded once
                    double product = nearest * power;
                    difference = Math.abs(product - mantissa + Math.fma(nearest, power, -product));
                } else {
                    nearest = mantissa * power;
                    difference = Math.abs(Math.fma((double) mantissa, power, -nearest)) / power;
                }
            } else if (!small || scale >= 0 || !divide(POWERS[(int) -scale])) {
                nearest = Math.abs(Double.parseDouble(text()));
            }
        }
        return nearest;
    }

    /**
     * The mantissa, which has more than 53 bits, by a power of ten: the quotient of doubles is nearly right, and the
     * exact remainder tells whether it is. False when the next double is as near as makes no difference here.
     */
    private boolean divide(double power) {
        double quotient = mantissa / power;
        for (int tries = 0; tries < 3; tries++) {
            double high = quotient * power; // a whole number: it is beyond 2⁵³
            double low = Math.fma(quotient, power, -high); // what the product lacks of the exact one
            if (high >= 0x1p63 || high < 0x1p53) {
                return false;
            }
            double rest = ((long) high - mantissa) + low;
            double half = Math.ulp(quotient) * power / 2;
            if (Math.abs(rest) < half * (1 - 1e-9)) {
                nearest = quotient;
                difference = Math.abs(rest);
                return true;
            } else if (Math.abs(rest) <= half * (1 + 1e-9)) {
                return false;
            }
            quotient = rest > 0 ? Math.nextDown(quotient) : Math.nextUp(quotient);
        }
        return false;
    }

    /** The nearest float; infinite beyond the largest. */
    float floatValue() {
        return word ? (float) doubleValue() : Float.parseFloat(text());
    }

    /** Whether all of its digits are zeros. */
    boolean isZero() {
        return !word && digits == 0;
    }

    /** Whether it is NaN or infinite as it is written. */
    boolean isWord() {
        return word;
    }

    /** A number that is no word as a decimal. */
    BigDecimal decimalValue() {
        if (Math.abs(scale) > 1_000_000 || digits > 1_000_000) {
            throw new RecordException("its digits are more than any type here holds");
        }
        return new BigDecimal(text());
    }

    private String text() {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
