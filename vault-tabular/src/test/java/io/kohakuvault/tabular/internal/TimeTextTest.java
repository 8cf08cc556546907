package io.kohakuvault.tabular.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.codec.LogicalType.TimeUnit;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeTextTest {
    private final TimeText time = new TimeText();

    private TimeText.Kind parse(String text) {
        byte[] bytes = ("x" + text + "y").getBytes(StandardCharsets.UTF_8);
        return time.parse(bytes, 1, bytes.length - 1);
    }

    @Test
    void daysAndInstantsAreThoseOfJava() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 200_000; i++) {
            LocalDate day = LocalDate.ofEpochDay(i % 3 == 0 ? random.nextInt() : random.nextInt(200_000) - 100_000);
            assertThat(parse(day.toString())).as(day + ", seed " + seed).isEqualTo(TimeText.Kind.DATE);
            assertThat(time.day()).as(day + ", seed " + seed).isEqualTo(day.toEpochDay());
            Instant instant = Instant.ofEpochSecond(
                    i % 3 == 0 ? random.nextLong() >> 9 : random.nextInt() * 4L, random.nextInt(1_000_000_000));
            if (instant.isAfter(Instant.MAX) || instant.getEpochSecond() < Instant.MIN.getEpochSecond()) {
                continue;
            }
            assertThat(parse(instant.toString())).as(instant + ", seed " + seed).isEqualTo(TimeText.Kind.UTC);
            assertThat(time.instant()).isEqualTo(instant);
            ZoneOffset offset = ZoneOffset.ofTotalSeconds(60 * (1 + random.nextInt(18 * 60)));
            Instant usual = Instant.ofEpochSecond(random.nextInt() * 4L);
            String text = usual.atOffset(offset).toString();
            assertThat(parse(text)).as(text).isEqualTo(TimeText.Kind.OFFSET);
            assertThat(time.instant()).as(text).isEqualTo(usual);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2024-02-29, DATE",
        "2024-01-02 03:04, LOCAL",
        "2024-01-02t03:04:05.5, LOCAL",
        "2024-01-02T03:04:05z, UTC",
        "2024-01-02T03:04:05+00:00, UTC",
        "2024-01-02T03:04:05+0530, OFFSET",
        "2024-01-02T03:04:05-08, OFFSET",
        "+12024-01-02, DATE",
        "-0001-12-31, DATE"
    })
    void theSpellingsOfIso8601AreKnown(String text, TimeText.Kind kind) {
        assertThat(parse(text)).isEqualTo(kind);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2023-02-29",
                "2024-13-01",
                "2024-00-01",
                "2024-01-32",
                "2024-1-2",
                "20240102",
                "24-01-02",
                "+2024-01-02",
                "-0000-01-01",
                "+012024-01-02",
                "2024-01-02T",
                "2024-01-02T24:00",
                "2024-01-02T03:60",
                "2024-01-02T03:04:60",
                "2024-01-02T03:04:05.",
                "2024-01-02T03:04:05.1234567890",
                "2024-01-02T03:04:05+19:00",
                "2024-01-02T03:04:05ZZ",
                "2024-01-02X03:04",
                "2024-01-02T03:04:05+1",
                "2024-01-02T03:04:05 Z",
                "2024/01/02"
            })
    void whatIsNoTimeIsNone(String text) {
        assertThat(parse(text)).as(text).isEqualTo(TimeText.Kind.NONE);
    }

    @Test
    void unitsReachAsFarAs64Bits() {
        for (TimeUnit unit : new TimeUnit[] {TimeUnit.MS, TimeUnit.US, TimeUnit.NS}) {
            long perSecond = TimeText.perSecond(unit);
            for (long units : new long[] {Long.MIN_VALUE, Long.MAX_VALUE, -1, 0}) {
                Instant instant = Instant.ofEpochSecond(
                        Math.floorDiv(units, perSecond), Math.floorMod(units, perSecond) * (1_000_000_000 / perSecond));
                assertThat(parse(instant.toString())).isEqualTo(TimeText.Kind.UTC);
                assertThat(time.fits(unit)).as(instant.toString()).isTrue();
                assertThat(time.units(unit)).isEqualTo(units);
            }
            Instant beyond = Instant.ofEpochSecond(Math.floorDiv(Long.MAX_VALUE, perSecond) + 1);
            parse(beyond.toString());
            assertThat(time.fits(unit)).isFalse();
        }
        parse("2024-01-02T03:04:05.0000005Z");
        assertThat(time.fits(TimeUnit.US)).isFalse();
        assertThat(time.fits(TimeUnit.NS)).isTrue();
    }
}
