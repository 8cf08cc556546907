package io.kohakuvault.codec;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a table's column means beyond its physical {@link DType}: KohakuVault, which does not know it, reads the physical values.
 */
public sealed interface LogicalType {
    /**
     * The string that stands in the file.
     *
     * @return for example {@code timestamp:ms}
     */
    String token();

    /** Units of time. */
    enum TimeUnit {
        /** Seconds. */
        S,
        /** Milliseconds. */
        MS,
        /** Microseconds. */
        US,
        /** Nanoseconds. */
        NS
    }

    /**
     * A point in time: units since 1970-01-01T00:00:00 UTC in an {@code i64}.
     *
     * @param unit the unit
     * @param zone the zone in which to show it, or null
     */
    record Timestamp(TimeUnit unit, @Nullable String zone) implements LogicalType {
        /** Checks the zone. */
        public Timestamp {
            if (zone != null) {
                try {
                    ZoneId.of(zone);
                } catch (DateTimeException e) {
                    throw new IllegalArgumentException("unknown time zone '" + zone + "'", e);
                }
            }
        }

        @Override
        public String token() {
            return "timestamp:" + unit.name().toLowerCase(Locale.ROOT) + (zone == null ? "" : ":" + zone);
        }
    }

    /**
     * A type that this release does not interpret; the column reads as its physical type.
     *
     * @param token the string in the file
     */
    record Other(String token) implements LogicalType {}

    /**
     * Reads the string in the file.
     *
     * @param token the string, or null for none
     * @return the type, empty for null
     */
    static Optional<LogicalType> parse(@Nullable String token) {
        if (token == null) {
            return Optional.empty();
        }
        String[] parts = token.split(":", 3);
        if (parts[0].equals("timestamp") && parts.length >= 2) {
            try {
                return Optional.of(new Timestamp(
                        TimeUnit.valueOf(parts[1].toUpperCase(Locale.ROOT)), parts.length == 3 ? parts[2] : null));
            } catch (IllegalArgumentException e) {
                return Optional.of(new Other(token));
            }
        }
        return Optional.of(new Other(token));
    }
}
