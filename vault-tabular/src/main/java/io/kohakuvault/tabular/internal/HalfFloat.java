package io.kohakuvault.tabular.internal;

/** IEEE 754 binary16, which the JDK converts only from 20 on. */
final class HalfFloat {
    private HalfFloat() {}

    static float value(short bits) {
        int exponent = bits >> 10 & 0x1F;
        int fraction = bits & 0x3FF;
        float magnitude = exponent == 0x1F
                ? (fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN)
                : exponent == 0 ? fraction * 0x1p-24f : Math.scalb(1 + fraction * 0x1p-10f, exponent - 15);
        return bits < 0 ? -magnitude : magnitude;
    }

    /** Rounds to nearest, ties to even. */
    static short bits(double value) {
        int sign = Math.copySign(1, value) < 0 ? 0x8000 : 0;
        double magnitude = Math.abs(value);
        if (Double.isNaN(value)) {
            return 0x7E00;
        } else if (magnitude >= 65520) {
            return (short) (sign | 0x7C00);
        } else if (magnitude < 0x1p-14) {
            return (short) (sign | (int) Math.rint(magnitude * 0x1p24));
        }
        int exponent = Math.getExponent(magnitude);
        return (short) (sign | (((exponent + 14) << 10) + (int) Math.rint(Math.scalb(magnitude, 10 - exponent))));
    }
}
