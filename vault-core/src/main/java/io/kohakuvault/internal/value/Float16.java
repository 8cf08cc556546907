package io.kohakuvault.internal.value;

/** IEEE 754 binary16, which the JDK converts only from 20 on. */
public final class Float16 {
    private Float16() {}

    public static float toFloat(short bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = bits >> 10 & 0x1F;
        int fraction = bits & 0x3FF;
        if (exponent == 0x1F) {
            return Float.intBitsToFloat(sign | 0x7F800000 | fraction << 13);
        }
        if (exponent == 0) {
            float value = fraction * 0x1p-24f; // subnormal, exact
            return sign == 0 ? value : -value;
        }
        return Float.intBitsToFloat(sign | ((exponent + 112) << 23) | (fraction << 13));
    }

    /** Rounds to nearest, ties to even; directly from the double, because rounding twice would be wrong. */
    public static short fromDouble(double value) {
        int sign = value < 0 || 1 / value < 0 ? 0x8000 : 0;
        if (Double.isNaN(value)) {
            return 0x7E00;
        }
        double magnitude = Math.abs(value);
        if (magnitude >= 65520) {
            return (short) (sign | 0x7C00);
        }
        if (magnitude < 0x1p-14) {
            return (short) (sign | (int) Math.rint(magnitude * 0x1p24));
        }
        int exponent = Math.getExponent(magnitude);
        int fraction = (int) Math.rint(Math.scalb(magnitude, 10 - exponent)); // 1024 .. 2048
        return (short) (sign | (((exponent + 15) << 10) + fraction - 1024));
    }
}
