package io.kohakuvault.notebook.internal;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/** What an axis of XChart's can show: beyond it, XChart throws, or looks for ticks without end. */
final class AxisLimits {
    /** The years that an axis of times shows, -9999 to 9999. */
    private static final Instant FIRST_TIME = Instant.parse("-9999-01-01T00:00:00Z");

    private static final Instant LAST_TIME = Instant.parse("9999-12-31T23:59:59Z");

    private AxisLimits() {}

    /** Whether the first values of rows are placed by their names: unless all are numbers, or all are times. */
    static boolean areTexts(List<Object[]> rows) {
        boolean numbers = false;
        boolean times = false;
        for (Object[] row : rows) {
            numbers |= row[0] instanceof Number;
            times |= place(row[0], false) instanceof Date;
            if (row[0] != null && !(row[0] instanceof Number) && place(row[0], false) == null) {
                return true;
            }
        }
        return numbers && times;
    }

    static boolean isOutside(Date date) {
        Instant time = date.toInstant();
        return time.isBefore(FIRST_TIME) || time.isAfter(LAST_TIME);
    }

    /** A value as a text, a Double or a Date; null for what is none. */
    static @Nullable Object place(@Nullable Object value, boolean text) {
        if (value == null) {
            return null;
        }
        if (text) {
            return Cells.shortText(value);
        }
        if (value instanceof Number number) {
            double d = number.doubleValue();
            return Double.isFinite(d) ? (Object) d : null;
        }
        if (value instanceof Instant instant) {
            return date(instant);
        }
        if (value instanceof LocalDate date) {
            return date(date.atStartOfDay(ZoneOffset.UTC).toInstant());
        }
        if (value instanceof LocalDateTime time) {
            return date(time.toInstant(ZoneOffset.UTC));
        }
        if (value instanceof OffsetDateTime time) {
            return date(time.toInstant());
        }
        if (value instanceof ZonedDateTime time) {
            return date(time.toInstant());
        }
        if (value instanceof java.sql.Date date) { // which has no instant
            return date(date.toLocalDate().atStartOfDay(ZoneOffset.UTC).toInstant());
        }
        return value instanceof Date date && !(value instanceof java.sql.Time) ? date(date.toInstant()) : null;
    }

    /** Milliseconds do not reach as far as instants do: what is beyond what is shown is just beyond it. */
    private static Date date(Instant instant) {
        return Date.from(
                instant.isBefore(FIRST_TIME)
                        ? FIRST_TIME.minusSeconds(1)
                        : instant.isAfter(LAST_TIME) ? LAST_TIME.plusSeconds(1) : instant);
    }

    /** Why numbers cannot be drawn, since there are no doubles between them for ticks; empty where they can. */
    static String undrawn(String label, DoubleStream numbers) {
        DoubleSummaryStatistics all = numbers.summaryStatistics();
        double low = all.getMin();
        double high = all.getMax();
        double most = Math.max(Math.abs(low), Math.abs(high));
        boolean drawn = most == 0 || (most < 1e300 && most > 1e-300 && (low == high || high - low > most * 1e-12));
        return drawn
                ? ""
                : "an axis cannot show " + label + " from " + low + " to " + high
                        + (most < 1e300 && most > 1e-300
                                ? ": draw how far the numbers are from one of them"
                                : ": draw the logarithm, or in another unit");
    }
}
