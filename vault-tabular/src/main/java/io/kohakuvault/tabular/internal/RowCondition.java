package io.kohakuvault.tabular.internal;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.codec.Utf8;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.Schema;
import io.kohakuvault.table.SchemaColumn;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What rows are asked for: {@code column=value}, also with == != &lt; &lt;= &gt; &gt;=, which a null fulfils none of;
 * {@code column is null} and {@code column is not null}. Immutable.
 */
public final class RowCondition {
    /** How a value is compared. */
    enum Operator {
        NOT_EQUAL("!="),
        AT_MOST("<="),
        AT_LEAST(">="),
        EQUAL("="),
        LESS("<"),
        GREATER(">"),
        NULL(""),
        NOT_NULL("");

        private final String sign;

        Operator(String sign) {
            this.sign = sign;
        }

        boolean holds(int comparison) {
            return switch (this) {
                case EQUAL -> comparison == 0;
                case NOT_EQUAL -> comparison != 0;
                case LESS -> comparison < 0;
                case AT_MOST -> comparison <= 0;
                case GREATER -> comparison > 0;
                case AT_LEAST -> comparison >= 0;
                case NULL, NOT_NULL -> throw new IllegalStateException(name()); // compare nothing
            };
        }
    }

    private static final Pattern PRESENCE =
            Pattern.compile("(.*\\S)\\s+is\\s+(not\\s+)?null\\s*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** What seems to be the name, where no column is called so. */
    private static final Pattern COMPARED = Pattern.compile("^([^=<>!]+)[=<>!]", Pattern.DOTALL);

    private final SchemaColumn column;
    private final Operator operator;
    private final Object value;

    private RowCondition(SchemaColumn column, Operator operator, Object value) {
        this.column = column;
        this.operator = operator;
        this.value = value;
    }

    /**
     * Reads a condition.
     *
     * @param text for example {@code loss<0.5}; a name that holds such a sign is found all the same
     * @param schema the table's columns
     * @return the condition
     * @throws IllegalArgumentException when it is none, or the value none of the column's
     */
    public static RowCondition parse(String text, Schema schema) {
        for (int i = 1; i < text.length(); i++) {
            for (Operator operator : Operator.values()) {
                if (!operator.sign.isEmpty() && text.startsWith(operator.sign, i)) {
                    SchemaColumn column = find(text.substring(0, i), schema);
                    if (column != null) {
                        String value = text.substring(i + operator.sign.length());
                        boolean twice = operator == Operator.EQUAL && value.startsWith("="); // as programs write it
                        return of(column, operator, twice ? value.substring(1) : value);
                    }
                    break;
                }
            }
        }
        Matcher presence = PRESENCE.matcher(text);
        if (presence.matches()) {
            SchemaColumn column = find(presence.group(1), schema);
            if (column != null) {
                return new RowCondition(column, presence.group(2) == null ? Operator.NULL : Operator.NOT_NULL, "");
            }
        }
        Matcher name = COMPARED.matcher(text);
        boolean compared = name.find() && find(name.group(1), schema) == null;
        throw new IllegalArgumentException("'" + text
                + (compared || presence.matches()
                        ? "': there is no column '" + (presence.matches() ? presence.group(1) : name.group(1)).strip()
                                + "'"
                        : "' does not compare a column, as 'name=value' does or 'name is null'")
                + "; columns are "
                + schema.columns().stream().map(SchemaColumn::name).toList());
    }

    private static @Nullable SchemaColumn find(String name, Schema schema) {
        for (String spelled : new String[] {name, name.strip()}) {
            for (SchemaColumn column : schema.columns()) {
                if (column.name().equals(spelled)) {
                    return column;
                }
            }
        }
        return null;
    }

    private static RowCondition of(SchemaColumn column, Operator operator, String text) {
        boolean ordered = operator != Operator.EQUAL && operator != Operator.NOT_EQUAL;
        LogicalType logical = column.logicalType().orElse(null);
        boolean truth = column.dtype() instanceof DType.BooleanType;
        if (ordered && (truth || logical instanceof LogicalType.Uuid)) {
            throw new IllegalArgumentException(
                    "column '" + column.name() + "' (" + column + ") is compared by = and != alone");
        }
        try {
            return new RowCondition(column, operator, literal(column, logical, text));
        } catch (NumberFormatException | DateTimeException | RecordException e) {
            throw new IllegalArgumentException("column '" + column.name() + "' (" + column
                    + ") is not compared with '" + text + "'"
                    + (e instanceof RecordException ? ": " + e.getMessage() : ""));
        }
    }

    private static Object literal(SchemaColumn column, @Nullable LogicalType logical, String text) {
        String stripped = text.strip();
        if (logical instanceof LogicalType.Timestamp) {
            return instant(stripped);
        } else if (logical instanceof LogicalType.Date) {
            return LocalDate.parse(stripped);
        } else if (logical instanceof LogicalType.Time) {
            return LocalTime.parse(stripped);
        } else if (logical instanceof LogicalType.Uuid) {
            try {
                return LogicalType.Uuid.parse(stripped);
            } catch (IllegalArgumentException e) {
                throw new RecordException("it is no UUID");
            }
        } else if (logical instanceof LogicalType.Decimal || column.dtype() instanceof DType.IntegerType) {
            return new BigDecimal(stripped);
        } else if (column.dtype() instanceof DType.FloatingType type) {
            return floating(stripped, type.element());
        } else if (column.dtype() instanceof DType.BooleanType) {
            return switch (stripped.toLowerCase(Locale.ROOT)) {
                case "true", "1" -> true;
                case "false", "0" -> false;
                default -> throw new RecordException("it is neither true nor false");
            };
        } else if (column.dtype() instanceof DType.StringType) {
            return text;
        } else if (column.dtype() instanceof DType.BytesType) {
            try {
                return Base64.getDecoder().decode(stripped);
            } catch (IllegalArgumentException e) {
                throw new RecordException("bytes are compared in Base64");
            }
        }
        throw new RecordException("columns of this type are not compared");
    }

    /** As the column holds it: 0.1 is the nearest number of 32 bits in a column of f32. */
    private static Object floating(String text, ElementType element) {
        NumberText number = new NumberText();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (!number.parse(bytes, 0, bytes.length)) {
            throw new RecordException("it is no number");
        }
        double value = switch (element) {
            case F16 -> (double) HalfFloat.value(HalfFloat.bits(number.doubleValue()));
            case F32 -> (double) number.floatValue();
            default -> number.doubleValue();
        };
        if (Double.isInfinite(value) && text.chars().anyMatch(Character::isDigit)) {
            throw new RecordException("it is beyond the column's numbers; say Infinity or -Infinity");
        }
        return value;
    }

    private static Instant instant(String text) {
        TimeText time = new TimeText();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return switch (time.parse(bytes, 0, bytes.length)) {
            case NONE -> throw new RecordException("it is no time in ISO 8601, as 2024-01-02T03:04:05Z is");
            case DATE -> Instant.ofEpochSecond(time.day() * 86_400);
            case LOCAL, UTC, OFFSET -> time.instant();
        };
    }

    /** The column that is compared. */
    SchemaColumn column() {
        return column;
    }

    Operator operator() {
        return operator;
    }

    /**
     * What it is compared with, an empty text for nulls: BigDecimal, Double, Instant, LocalDate, LocalTime, UUID,
     * Boolean, String or byte[].
     */
    Object value() {
        return value;
    }

    /** Whether it asks if there is a value, and not what it is. */
    boolean asksForNulls() {
        return operator == Operator.NULL || operator == Operator.NOT_NULL;
    }

    boolean holds(Row row) {
        Object own = row.get(column.name());
        if (asksForNulls()) {
            return (own == null) == (operator == Operator.NULL);
        }
        if (own == null) {
            return false;
        } else if (own instanceof Double number && value instanceof Double other) {
            if (number.isNaN() || other.isNaN()) {
                boolean both = number.isNaN() && other.isNaN();
                return (operator == Operator.EQUAL && both) || (operator == Operator.NOT_EQUAL && !both);
            }
            return operator.holds(number.doubleValue() == other ? 0 : Double.compare(number, other));
        } else if (own instanceof Long number && value instanceof BigDecimal other) {
            boolean unsigned = column.dtype().equals(DType.U64) && number < 0;
            BigDecimal whole = unsigned
                    ? new BigDecimal(new BigInteger(Long.toUnsignedString(number)))
                    : BigDecimal.valueOf(number);
            return operator.holds(whole.compareTo(other));
        } else if (own instanceof String text && value instanceof String other) {
            return operator.holds(Arrays.compareUnsigned(Utf8.encode(text), Utf8.encode(other)));
        } else if (own instanceof byte[] bytes && value instanceof byte[] other) {
            return operator.holds(Arrays.compareUnsigned(bytes, other));
        }
        return operator.holds(compare(own, value));
    }

    @SuppressWarnings("unchecked") // both are of the class that the column's type has
    private static int compare(Object own, Object other) {
        return own.getClass() == other.getClass()
                ? Comparator.<Comparable<Object>>naturalOrder()
                        .compare((Comparable<Object>) own, (Comparable<Object>) other)
                : own.equals(other) ? 0 : 1;
    }
}
