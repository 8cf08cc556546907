package io.kohakuvault.codec;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a table's column means beyond its physical {@link DType}: KohakuVault, which does not know it, reads the
 * physical values.
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

    /** A day without a time: days since 1970-01-01 in an {@code i32}; {@link java.time.LocalDate}. */
    record Date() implements LogicalType {
        @Override
        public String token() {
            return "date";
        }
    }

    /**
     * A time of day: units since midnight, in an {@code i32} for milliseconds, else an {@code i64}; {@link
     * java.time.LocalTime}.
     *
     * @param unit any but seconds
     */
    record Time(TimeUnit unit) implements LogicalType {
        /** Checks the unit. */
        public Time {
            if (unit == TimeUnit.S) {
                throw new IllegalArgumentException("a time of day is in MS, US or NS");
            }
        }

        @Override
        public String token() {
            return "time:" + unit.name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A decimal number: its unscaled value in an {@code i64}, or beyond 18 digits in {@code bytes:16} as two's
     * complement, little-endian; {@link java.math.BigDecimal}.
     *
     * @param precision digits in all, from 1 to 38
     * @param scale digits behind the point, from 0 to the precision
     */
    record Decimal(int precision, int scale) implements LogicalType {
        /** Checks the ranges. */
        public Decimal {
            if (precision < 1 || precision > 38 || scale < 0 || scale > precision) {
                throw new IllegalArgumentException(
                        "a decimal has 1 to 38 digits, of them 0 to all behind the point, but was given " + precision
                                + " and " + scale);
            }
        }

        @Override
        public String token() {
            return "decimal:" + precision + ":" + scale;
        }
    }

    /** A JSON text in {@code str}; {@link String}. */
    record Json() implements LogicalType {
        @Override
        public String token() {
            return "json";
        }
    }

    /** A list of values in {@code msgpack}; {@link java.util.List}. */
    record ListOf() implements LogicalType {
        @Override
        public String token() {
            return "list";
        }
    }

    /** A map from text to values in {@code msgpack}; {@link java.util.Map}. */
    record MapOf() implements LogicalType {
        @Override
        public String token() {
            return "map";
        }
    }

    /** A UUID, most significant byte first, in {@code bytes:16}; {@link UUID}. */
    record Uuid() implements LogicalType {
        private static final int LENGTH = 36;

        @Override
        public String token() {
            return "uuid";
        }

        /**
         * The UUID that a text is, in hexadecimal digits of either case. {@link UUID#fromString} takes shorter parts
         * too, and of longer ones the last digits.
         *
         * @param text such as 123e4567-e89b-12d3-a456-426614174000
         * @return the UUID
         * @throws IllegalArgumentException when it is none; the message does not show it
         */
        public static UUID parse(String text) {
            UUID uuid = null;
            try {
                uuid = text.length() == LENGTH ? UUID.fromString(text) : null;
            } catch (IllegalArgumentException e) {
                // said below
            }
            if (uuid == null || !uuid.toString().equalsIgnoreCase(text)) {
                throw new IllegalArgumentException("it is no UUID, as 123e4567-e89b-12d3-a456-426614174000 is");
            }
            return uuid;
        }
    }

    /**
     * A type that this release does not interpret; the column reads as its physical type.
     *
     * @param token the string in the file
     */
    record Other(String token) implements LogicalType {}

    /**
     * The physical type that carries this one.
     *
     * @return the type, empty for {@link Other}
     */
    default Optional<DType> physical() {
        if (this instanceof Timestamp) {
            return Optional.of(DType.I64);
        } else if (this instanceof Date) {
            return Optional.of(DType.I32);
        } else if (this instanceof Time time) {
            return Optional.of(time.unit() == TimeUnit.MS ? DType.I32 : DType.I64);
        } else if (this instanceof Decimal decimal) {
            return Optional.of(decimal.precision() <= 18 ? DType.I64 : new DType.BytesType(16));
        } else if (this instanceof Json) {
            return Optional.of(DType.STR);
        } else if (this instanceof ListOf || this instanceof MapOf) {
            return Optional.of(DType.MSGPACK);
        } else if (this instanceof Uuid) {
            return Optional.of(new DType.BytesType(16));
        }
        return Optional.empty();
    }

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
        try {
            return Optional.of(known(token));
        } catch (IllegalArgumentException e) {
            return Optional.of(new Other(token));
        }
    }

    private static LogicalType known(String token) {
        String[] parts = token.split(":", 3);
        return switch (parts[0] + (parts.length > 1 ? ":" : "")) {
            case "timestamp:" -> new Timestamp(unit(parts[1]), parts.length == 3 ? parts[2] : null);
            case "date" -> new Date();
            case "time:" -> new Time(unit(parts[1]));
            case "decimal:" ->
                new Decimal(Integer.parseInt(parts[1]), Integer.parseInt(parts.length == 3 ? parts[2] : ""));
            case "json" -> new Json();
            case "list" -> new ListOf();
            case "map" -> new MapOf();
            case "uuid" -> new Uuid();
            default -> throw new IllegalArgumentException(token);
        };
    }

    private static TimeUnit unit(String token) {
        return TimeUnit.valueOf(token.toUpperCase(Locale.ROOT));
    }
}
