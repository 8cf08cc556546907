package io.kohakuvault.tabular.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumberTextTest {
    private final NumberText number = new NumberText();

    private boolean parse(String text) {
        byte[] bytes = ("x" + text + "y").getBytes(StandardCharsets.UTF_8);
        return number.parse(bytes, 1, bytes.length - 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "+",
                ".",
                "-.",
                "007",
                "-01",
                "+7",
                "1d",
                "1f",
                "0x1p3",
                "1e",
                "1e+",
                "1_000",
                "1,5",
                "--1",
                "1.2.3",
                " 1",
                "1 ",
                "٣",
                "NaN1",
                "-NaN",
                "Inf",
                "e5",
                "1e5e",
                "infinity",
                "+Infinity"
            })
    void whatIsNoNumberIsNone(String text) {
        assertThat(parse(text)).as(text).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "0, true, true, true",
        "-0, false, false, true",
        "7, true, true, true",
        "-7, true, false, true",
        "9223372036854775807, true, true, false",
        "9223372036854775808, false, true, false",
        "-9223372036854775808, true, false, false",
        "-9223372036854775809, false, false, false",
        "18446744073709551615, false, true, false",
        "18446744073709551616, false, false, false",
        "99999999999999999999, false, false, false",
        "9007199254740992, true, true, true",
        "9007199254740993, true, true, false",
        "0.1, false, false, true",
        ".5, false, false, true",
        "5., false, false, true",
        "+1.5, false, false, true",
        "1e-05, false, false, true",
        "1e400, false, false, false",
        "1e-400, false, false, false",
        "4.9e-324, false, false, true",
        "0.14285714285714285, false, false, true",
        "0.10000000000000001, false, false, true",
        "0.1000000000000000055511151231257827021181583404541015625, false, false, true",
        "0.10000000000000000001, false, false, false",
        "123456789.123456789012, false, false, false",
        "NaN, false, false, true",
        "-Infinity, false, false, true"
    })
    void eachTypeKeepsWhatItWritesAgain(String text, boolean asLong, boolean asUnsigned, boolean asDouble) {
        assertThat(parse(text)).isTrue();
        assertThat(number.isLong()).as("i64").isEqualTo(asLong);
        assertThat(number.isUnsignedLong()).as("u64").isEqualTo(asUnsigned);
        assertThat(number.isDouble()).as("f64").isEqualTo(asDouble);
        if (asLong) {
            assertThat(number.longValue()).isEqualTo(Long.parseLong(text));
        }
        if (asUnsigned) {
            assertThat(number.unsignedValue()).isEqualTo(new BigInteger(text).longValue());
        }
    }

    @Test
    void whatJavaWritesOfADoubleIsThatDouble() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 300_000; i++) {
            double value = i % 2 == 0
                    ? Double.longBitsToDouble(random.nextLong())
                    : random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20);
            if (!Double.isFinite(value)) {
                continue;
            }
            // As C and Python's repr write it.
            String text = i % 3 == 0
                    ? new BigDecimal(value).round(new MathContext(17)).toString()
                    : Double.toString(value);
            if (!text.contains(".") && !text.contains("E")) {
                continue; // written as a whole number
            }
            assertThat(parse(text)).as(text).isTrue();
            assertThat(number.doubleValue()).as(text + ", seed " + seed).isEqualTo(Double.parseDouble(text));
            assertThat(number.isDouble()).as(text + ", seed " + seed).isTrue();
        }
    }

    /** The rule as it is written: the nearest double, rounded where the digits end, is the digits. */
    private static boolean isKept(String text) {
        BigDecimal written = new BigDecimal(text);
        double nearest = written.doubleValue();
        if (written.signum() == 0) {
            return true;
        } else if (nearest == 0 || Double.isInfinite(nearest)) {
            return false;
        }
        BigDecimal exact = new BigDecimal(nearest);
        return exact.setScale(written.scale(), RoundingMode.HALF_UP).compareTo(written) == 0
                || exact.setScale(written.scale(), RoundingMode.HALF_DOWN).compareTo(written) == 0
                || new BigDecimal(Double.toString(nearest)).compareTo(written) == 0;
    }

    @Test
    void fractionsOfAnyLengthAreReadToTheNearestDoubleAndKeptByTheRule() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int kept = 0;
        int lost = 0;
        for (int i = 0; i < 200_000; i++) {
            StringBuilder digits = new StringBuilder();
            for (int n = 1 + random.nextInt(22); n > 0; n--) {
                digits.append((char) ('0' + random.nextInt(10)));
            }
            int point = random.nextInt(digits.length() + 1);
            String whole = digits.substring(0, point).replaceFirst("^0+(?=.)", "");
            String text = (random.nextBoolean() ? "-" : "") + whole + "." + digits.substring(point)
                    + (random.nextInt(4) == 0 ? "e" + (random.nextInt(650) - 325) : "");
            assertThat(parse(text)).as(text).isTrue();
            assertThat(number.doubleValue()).as(text + ", seed " + seed).isEqualTo(Double.parseDouble(text));
            boolean keeps = isKept(text);
            assertThat(number.isDouble()).as(text + ", seed " + seed).isEqualTo(keeps);
            kept += keeps ? 1 : 0;
            lost += keeps ? 0 : 1;
        }
        assertThat(kept).isPositive();
        assertThat(lost).isPositive();
    }
}
