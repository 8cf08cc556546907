package io.kohakuvault.sql;

import com.fasterxml.jackson.databind.JsonNode;
import io.kohakuvault.table.Filter;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * A range that a query wants of a column, by which blocks are left out. DuckDB filters all the same, so the range may
 * be too wide but never too narrow: bounds are closed, those of times wider by what time zones and roundings can make
 * of them, and where DuckDB compares otherwise than exactly (floats of 32 bits, NaN, which is the greatest there) there
 * is none.
 *
 * @param field the column
 * @param low the least value, as an expression of the query; null for none
 * @param high the greatest value; null for none
 */
record BlockHint(
        Field field, @Nullable JsonNode low, @Nullable JsonNode high) {
    private static final Pattern TIME = Pattern.compile(
            "(\\d{4})-(\\d{2})-(\\d{2})(?:[ T](\\d{2}):(\\d{2})(?::(\\d{2})(?:\\.\\d{1,9})?)?)?(Z|[+-]\\d{2}(?::?\\d{2})?)?");
    private static final Set<String> TIME_TYPES = Set.of(
            "DATE",
            "TIMESTAMP",
            "TIMESTAMPTZ",
            "DATETIME",
            "TIMESTAMP_S",
            "TIMESTAMP_MS",
            "TIMESTAMP_NS",
            "TIMESTAMP_US",
            "TIMESTAMP WITH TIME ZONE");
    private static final Duration ROUNDING = Duration.ofSeconds(2);
    private static final Duration ZONES = Duration.ofDays(2);

    /**
     * The filter, or none where the bounds are not known.
     *
     * @param parameters values of a prepared statement's parameters, by number
     * @param withTexts whether DuckDB compares texts by their bytes, as it does unless it was told otherwise
     */
    Filter filter(Map<Integer, Object> parameters, boolean withTexts) {
        Object least = low == null ? null : value(low, parameters, withTexts, true);
        Object greatest = high == null ? null : value(high, parameters, withTexts, false);
        return least == null && greatest == null ? Filter.all() : Filter.whereThrough(field.getName(), least, greatest);
    }

    private @Nullable Object value(
            JsonNode expression, Map<Integer, Object> parameters, boolean withTexts, boolean isLow) {
        ArrowType type = field.getType();
        Object operand = operand(expression, parameters);
        if (operand == null) {
            return null;
        } else if (type instanceof ArrowType.Int || type instanceof ArrowType.Decimal) {
            return number(operand);
        } else if (type instanceof ArrowType.FloatingPoint floating) {
            BigDecimal number = number(operand);
            boolean exact = floating.getPrecision() == FloatingPointPrecision.DOUBLE && !isLow;
            return exact && number != null ? (Object) above(number.doubleValue()) : null;
        } else if (type instanceof ArrowType.Date) {
            Instant time = time(operand);
            return time == null
                    ? null
                    : moved(time, ZONES, isLow).atOffset(ZoneOffset.UTC).toLocalDate();
        } else if (type instanceof ArrowType.Timestamp zoned) {
            Instant time = time(operand);
            boolean zones = zoned.getTimezone() != null || hasZoneOrDate(expression) || !(operand instanceof String);
            return time == null ? null : moved(time, zones ? ZONES : ROUNDING, isLow);
        } else if (type instanceof ArrowType.Utf8 || type instanceof ArrowType.LargeUtf8) {
            boolean plain = withTexts && !field.getMetadata().containsKey("ARROW:extension:name");
            return plain && operand instanceof String ? operand : null;
        }
        return null;
    }

    /** More than DuckDB makes of the number, which it may round otherwise than Java. */
    private static double above(double bound) {
        return bound + Math.abs(bound) * 1e-12 + Double.MIN_NORMAL;
    }

    private static Instant moved(Instant time, Duration by, boolean down) {
        return down ? time.minus(by) : time.plus(by);
    }

    /** Whether a text becomes a time by a type that time zones or days have a part in. */
    private static boolean hasZoneOrDate(JsonNode expression) {
        String type = castType(expression);
        String text = expression
                .path("child")
                .path("literal")
                .path("text")
                .asText(expression.path("literal").path("text").asText());
        return type.equals("DATE") || type.contains("Z") || text.matches(".*([Z+]|:.*-).*");
    }

    private static String castType(JsonNode expression) {
        return expression.path("type_expr").path("type_name").asText().toUpperCase(java.util.Locale.ROOT);
    }

    /** A String, a BigDecimal or what was set for a parameter; null for another expression. */
    private static @Nullable Object operand(JsonNode expression, Map<Integer, Object> parameters) {
        return switch (expression.path("type").asText()) {
            case "VALUE_CONSTANT" -> literal(expression.path("literal"));
            case "VALUE_PARAMETER" -> {
                String name = expression.path("identifier").asText();
                yield name.matches("[1-9]\\d{0,4}") ? parameters.get(Integer.valueOf(name)) : null;
            }
            case "OPERATOR_CAST" ->
                TIME_TYPES.contains(castType(expression))
                                && expression
                                        .path("child")
                                        .path("literal")
                                        .path("kind")
                                        .asText()
                                        .equals("STRING")
                        ? literal(expression.path("child").path("literal"))
                        : null;
            default -> null;
        };
    }

    private static @Nullable Object literal(JsonNode literal) {
        String text = literal.path("text").asText();
        return switch (literal.path("kind").asText()) {
            case "STRING" -> text;
            case "INTEGER", "NUMERIC" -> isExact(text) ? new BigDecimal(text) : null;
            default -> null;
        };
    }

    /** Whether a number stays a decimal: with an exponent or more digits DuckDB rounds the column to a DOUBLE. */
    private static boolean isExact(String text) {
        return text.matches("-?\\d{0,18}(\\.\\d{0,18})?|-?\\d{1,38}") && text.matches(".*\\d.*");
    }

    private static @Nullable BigDecimal number(Object operand) {
        if (operand instanceof BigDecimal number) {
            return isExact(number.toPlainString()) ? number : null;
        }
        boolean whole = operand instanceof Integer
                || operand instanceof Long
                || operand instanceof Short
                || operand instanceof Byte;
        return whole ? BigDecimal.valueOf(((Number) operand).longValue()) : null;
    }

    private static @Nullable Instant time(Object operand) {
        if (operand instanceof String text) {
            return parse(text);
        } else if (operand instanceof Instant time) {
            return time;
        } else if (operand instanceof OffsetDateTime time) {
            return time.toInstant();
        } else if (operand instanceof LocalDateTime time) {
            return time.toInstant(ZoneOffset.UTC);
        } else if (operand instanceof LocalDate day) {
            return day.atStartOfDay().toInstant(ZoneOffset.UTC);
        } else if (operand instanceof java.sql.Timestamp time) {
            // Not its instant, which counts by the Julian calendar before 1582; bounds are wide enough for any zone
            return time.toLocalDateTime().toInstant(ZoneOffset.UTC);
        } else if (operand instanceof java.sql.Date day) {
            return day.toLocalDate().atStartOfDay().toInstant(ZoneOffset.UTC);
        }
        return null;
    }

    /** Whether an offset is more than time zones have, and bounds are widened by. */
    private static boolean isFar(@Nullable String offset) {
        return offset != null && !offset.equals("Z") && Integer.parseInt(offset.substring(1, 3)) > 18;
    }

    private static @Nullable Instant parse(String text) {
        Matcher parts = TIME.matcher(text.strip());
        if (!parts.matches() || isFar(parts.group(7))) {
            return null;
        }
        try {
            LocalDate day = LocalDate.of(
                    Integer.parseInt(parts.group(1)),
                    Integer.parseInt(parts.group(2)),
                    Integer.parseInt(parts.group(3)));
            LocalTime clock = parts.group(4) == null
                    ? LocalTime.MIDNIGHT
                    : LocalTime.of(
                            Integer.parseInt(parts.group(4)),
                            Integer.parseInt(parts.group(5)),
                            parts.group(6) == null ? 0 : Integer.parseInt(parts.group(6)));
            return day.atTime(clock).toInstant(ZoneOffset.UTC);
        } catch (java.time.DateTimeException e) {
            return null;
        }
    }
}
