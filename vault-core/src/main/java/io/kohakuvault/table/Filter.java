package io.kohakuvault.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of a table are wanted: those for which all of its conditions hold. A null fulfils no condition but {@link
 * #isNull}. Immutable.
 *
 * <pre>{@code
 * Filter delays = Filter.where("departed", Instant.now().minus(Duration.ofDays(1)), null)
 *         .and(Filter.equal("carrier", "UA"));
 * for (Row row : flights.scan(delays, "departed", "delay")) {
 *     System.out.println(row.getInstant("departed") + " " + row.getLong("delay"));
 * }
 * }</pre>
 *
 * <p>Values are those that {@link RowWriter#setObject} takes for the column: an Instant for a timestamp, any number for
 * a column of numbers, which is compared exactly and not rounded to what the column holds. Text and bytes are ordered
 * by their bytes, unsigned, which for text is by code points. Conditions are looked at in the order given: one that
 * rules out most comes first. In a guarded file ({@link io.kohakuvault.maintenance.Maintenance#guardColumns}) blocks
 * whose least and greatest values rule them out are not read, nor are blocks in which no earlier condition left a row.
 */
public final class Filter {
    private static final Filter ALL = new Filter(List.of());

    private final List<Condition> conditions;

    private Filter(List<Condition> conditions) {
        this.conditions = conditions;
    }

    /**
     * All rows.
     *
     * @return the filter
     */
    public static Filter all() {
        return ALL;
    }

    /**
     * Rows whose value lies in a half-open range.
     *
     * @param column name within the table: numbers, timestamps, dates, times, decimals of up to 18 digits, {@code
     *     str} or {@code bytes} of variable size
     * @param atLeast the least value that is wanted; null for no such bound
     * @param below the least value that is not wanted any more; null for no such bound
     * @return the filter
     */
    public static Filter where(String column, @Nullable Object atLeast, @Nullable Object below) {
        return new Filter(List.of(new Condition(Kind.RANGE, column, atLeast, below)));
    }

    /**
     * {@link #where} with the greatest value in the range.
     *
     * @param column name within the table
     * @param atLeast the least value that is wanted; null for no such bound
     * @param through the greatest value that is wanted; null for no such bound
     * @return the filter
     */
    public static Filter whereThrough(String column, @Nullable Object atLeast, @Nullable Object through) {
        return new Filter(List.of(new Condition(Kind.RANGE_THROUGH, column, atLeast, through)));
    }

    /**
     * Rows with a value.
     *
     * @param column name within the table: what {@link #where} takes, booleans, UUIDs, decimals, text and bytes of any
     *     encoding and size
     * @param value the value, not null
     * @return the filter
     */
    public static Filter equal(String column, Object value) {
        return new Filter(List.of(new Condition(Kind.EQUAL, column, Objects.requireNonNull(value, "value"), null)));
    }

    /**
     * Rows that have no value in a column.
     *
     * @param column name within the table
     * @return the filter
     */
    public static Filter isNull(String column) {
        return new Filter(List.of(new Condition(Kind.IS_NULL, column, null, null)));
    }

    /**
     * Rows that have a value in a column.
     *
     * @param column name within the table
     * @return the filter
     */
    public static Filter isNotNull(String column) {
        return new Filter(List.of(new Condition(Kind.IS_NOT_NULL, column, null, null)));
    }

    /**
     * Rows that both want.
     *
     * @param other another filter
     * @return the conditions of this one and then of the other
     */
    public Filter and(Filter other) {
        List<Condition> both = new ArrayList<>(conditions);
        both.addAll(other.conditions);
        return new Filter(List.copyOf(both));
    }

    /**
     * What must hold.
     *
     * @return the conditions in their order; none for all rows
     */
    public List<Condition> conditions() {
        return conditions;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Filter filter && filter.conditions.equals(conditions);
    }

    @Override
    public int hashCode() {
        return conditions.hashCode();
    }

    @Override
    public String toString() {
        return conditions.isEmpty()
                ? "all rows"
                : String.join(
                        " and ", conditions.stream().map(Condition::toString).toList());
    }

    /** What a condition asks; there may be more in later versions. */
    public enum Kind {
        /** {@link Filter#where}. */
        RANGE,
        /** {@link Filter#whereThrough}. */
        RANGE_THROUGH,
        /** {@link Filter#equal}. */
        EQUAL,
        /** {@link Filter#isNull}. */
        IS_NULL,
        /** {@link Filter#isNotNull}. */
        IS_NOT_NULL
    }

    /** One condition on one column. Immutable. */
    public static final class Condition {
        private final Kind kind;
        private final String column;
        private final @Nullable Object value;
        private final @Nullable Object upper;

        private Condition(Kind kind, String column, @Nullable Object value, @Nullable Object upper) {
            this.kind = kind;
            this.column = Objects.requireNonNull(column, "column");
            this.value = value;
            this.upper = upper;
        }

        /** {@return what it asks} */
        public Kind kind() {
            return kind;
        }

        /** {@return the column's name within the table} */
        public String column() {
            return column;
        }

        /** {@return the value that is asked for, or the least of a range; empty where there is none} */
        public Optional<Object> value() {
            return Optional.ofNullable(value);
        }

        /**
         * {@return the upper bound of a range, which lies within it for {@link Kind#RANGE_THROUGH} alone; empty where
         * there is none}
         */
        public Optional<Object> upper() {
            return Optional.ofNullable(upper);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Condition condition
                    && condition.kind == kind
                    && condition.column.equals(column)
                    && Objects.deepEquals(condition.value, value)
                    && Objects.deepEquals(condition.upper, upper);
        }

        @Override
        public int hashCode() {
            return Objects.hash(kind, column);
        }

        @Override
        public String toString() {
            return switch (kind) {
                case RANGE, RANGE_THROUGH ->
                    (value == null ? "" : value + " <= ")
                            + column
                            + (upper == null ? "" : (kind == Kind.RANGE ? " < " : " <= ") + upper);
                case EQUAL -> column + " = " + value;
                case IS_NULL -> column + " is null";
                case IS_NOT_NULL -> column + " is not null";
            };
        }
    }
}
