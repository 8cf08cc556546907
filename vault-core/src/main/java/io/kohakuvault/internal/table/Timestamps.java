package io.kohakuvault.internal.table;

import io.kohakuvault.codec.LogicalType.TimeUnit;
import java.time.Instant;
import java.util.Date;

/** Points in time to units since 1970 and back. */
@SuppressWarnings("JavaUtilDate") // it is what callers have: JDBC, Kafka Connect
final class Timestamps {
    private Timestamps() {}

    /** Dates of JDBC are dates of the JDK that refuse to be instants: a day, a time of day. */
    static Instant toInstant(Date date) {
        try {
            return date.toInstant();
        } catch (UnsupportedOperationException e) {
            return Instant.ofEpochMilli(date.getTime());
        }
    }

    /** Cuts towards the past; out of range is an IllegalArgumentException. */
    static long toUnits(Instant instant, TimeUnit unit) {
        long perSecond = perSecond(unit);
        long seconds = instant.getEpochSecond();
        long units = instant.getNano() / (1_000_000_000L / perSecond);
        if (seconds < 0 && units > 0) { // the first second that there is does not begin within the range
            seconds++;
            units -= perSecond;
        }
        try {
            return Math.addExact(Math.multiplyExact(seconds, perSecond), units);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(instant + " does not fit a timestamp in " + unit, e);
        }
    }

    static Instant toInstant(long units, TimeUnit unit) {
        long perSecond = perSecond(unit);
        return Instant.ofEpochSecond(
                Math.floorDiv(units, perSecond), Math.floorMod(units, perSecond) * (1_000_000_000L / perSecond));
    }

    static long nanosPer(TimeUnit unit) {
        return 1_000_000_000L / perSecond(unit);
    }

    private static long perSecond(TimeUnit unit) {
        return switch (unit) {
            case S -> 1;
            case MS -> 1_000;
            case US -> 1_000_000;
            case NS -> 1_000_000_000;
        };
    }
}
