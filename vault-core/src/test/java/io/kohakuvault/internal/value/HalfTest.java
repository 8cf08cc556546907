package io.kohakuvault.internal.value;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** All 65,536 halves, and what lies between them. */
class HalfTest {
    private static double value(int bits) {
        int exponent = bits >> 10 & 0x1F;
        int fraction = bits & 0x3FF;
        double magnitude = exponent == 0x1F
                ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
                : exponent == 0 ? fraction * Math.pow(2, -24) : (1 + fraction / 1024.0) * Math.pow(2, exponent - 15);
        return (bits & 0x8000) == 0 ? magnitude : -magnitude;
    }

    @Test
    void everyHalfIsReadAndWrittenBack() {
        for (int bits = 0; bits < 65_536; bits++) {
            double expected = value(bits);
            float read = Float16.toFloat((short) bits);
            assertThat(Double.compare(read, expected)).as("%x", bits).isZero();
            if (!Double.isNaN(expected)) {
                assertThat(Float16.fromDouble(expected)).as("%x", bits).isEqualTo((short) bits);
            }
        }
        assertThat(value(Float16.fromDouble(Double.NaN) & 0xFFFF)).isNaN();
    }

    @Test
    void whatLiesBetweenTwoGoesToTheNearerAndTiesToTheEvenOne() {
        for (int bits = 0; bits < 0x7C00; bits++) {
            double low = value(bits);
            double high = bits == 0x7BFF ? 65_536 : value(bits + 1); // what is beyond the greatest is infinite
            double middle = (low + high) / 2;
            int even = (bits & 1) == 0 ? bits : bits + 1;
            for (int sign = 0; sign <= 0x8000; sign += 0x8000) {
                double s = sign == 0 ? 1 : -1;
                assertThat(Float16.fromDouble(s * middle))
                        .as("%x and the next", bits)
                        .isEqualTo((short) (sign | even));
                assertThat(Float16.fromDouble(s * Math.nextDown(middle))).isEqualTo((short) (sign | bits));
                assertThat(Float16.fromDouble(s * Math.nextUp(middle))).isEqualTo((short) (sign | bits + 1));
            }
        }
        assertThat(Float16.fromDouble(1e300)).isEqualTo((short) 0x7C00);
        assertThat(Float16.fromDouble(-Double.MAX_VALUE)).isEqualTo((short) 0xFC00);
        assertThat(Float16.fromDouble(-Double.MIN_VALUE)).isEqualTo((short) 0x8000);
    }
}
