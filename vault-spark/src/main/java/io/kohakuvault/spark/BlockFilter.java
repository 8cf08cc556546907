package io.kohakuvault.spark;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.table.Filter;
import io.kohakuvault.table.SchemaColumn;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * What Spark's predicates say of blocks. It may say less than they do and never more: what they mean for NaN, for
 * nanoseconds that are cut, for types that are read as wider ones is kept in mind here.
 */
final class BlockFilter {
    private static final Set<String> COMPARISONS = Set.of("=", "<=>", "<", "<=", ">", ">=");

    private final List<Predicate> predicates;
    private final ColumnNames names;

    /**
     * A filter.
     *
     * @param predicates all of which hold for the rows that are wanted
     * @param names how files' columns are found
     */
    BlockFilter(List<Predicate> predicates, ColumnNames names) {
        this.predicates = List.copyOf(predicates);
        this.names = names;
    }

    boolean isEmpty() {
        return predicates.isEmpty();
    }

    /** Whether a predicate is one that bounds of blocks or nulls may decide. */
    static boolean isUseful(Predicate predicate, StructType schema) {
        Expression[] children = predicate.children();
        String column = children.length == 0 ? null : name(children[0]);
        if (column == null || !Arrays.asList(schema.fieldNames()).contains(column)) {
            return false;
        }
        return switch (predicate.name()) {
            case "IS_NULL", "IS_NOT_NULL" -> true;
            case "IN" -> Arrays.stream(children).skip(1).allMatch(BlockFilter::isValue);
            case "STARTS_WITH" -> children.length == 2 && isValue(children[1]);
            default ->
                COMPARISONS.contains(predicate.name())
                        && children.length == 2
                        && (isValue(children[1]) || isNullEqual(predicate));
        };
    }

    private static boolean isNullEqual(Predicate predicate) {
        return predicate.name().equals("<=>")
                && predicate.children()[1] instanceof Literal<?> literal
                && literal.value() == null;
    }

    private static boolean isValue(Expression expression) {
        return expression instanceof Literal<?> literal && literal.value() != null;
    }

    private static @Nullable String name(Expression expression) {
        return expression instanceof NamedReference reference && reference.fieldNames().length == 1
                ? reference.fieldNames()[0]
                : null;
    }

    /**
     * The conditions for a file's table.
     *
     * @return empty when no row of the file can be wanted
     */
    Optional<Filter> of(FileInfo file) {
        Filter filter = Filter.all();
        for (Predicate predicate : predicates) {
            String name = String.valueOf(name(predicate.children()[0]));
            Optional<SchemaColumn> column = names.find(file.columns(), name);
            String own = column.map(SchemaColumn::name).orElse(name);
            boolean wantsNulls = predicate.name().equals("IS_NULL") || isNullEqual(predicate);
            if (column.isEmpty()) {
                if (!wantsNulls) {
                    return Optional.empty(); // null in all rows, and null fulfils no condition
                }
            } else if (wantsNulls) {
                filter = filter.and(Filter.isNull(own));
            } else if (predicate.name().equals("IS_NOT_NULL")) {
                filter = filter.and(Filter.isNotNull(own));
            } else {
                Filter condition = condition(column.get(), predicate);
                if (condition != null) {
                    filter = filter.and(condition);
                }
            }
        }
        return Optional.of(filter);
    }

    private static @Nullable Filter condition(SchemaColumn column, Predicate predicate) {
        List<Object> values = new ArrayList<>();
        for (Expression child : Arrays.asList(predicate.children()).subList(1, predicate.children().length)) {
            Object value = child instanceof Literal<?> literal ? value(column, literal.value()) : null;
            if (value == null) {
                return null;
            }
            values.add(value);
        }
        if (values.isEmpty()) {
            return null;
        }
        boolean floating = column.dtype() instanceof DType.FloatingType;
        Object value = values.get(0);
        String name = column.name();
        if (value instanceof Instant instant) {
            return times(name, predicate.name(), values, instant);
        }
        return switch (predicate.name()) {
            case "=", "<=>" -> Filter.equal(name, value);
            case "<" -> Filter.where(name, null, value);
            case "<=" -> Filter.whereThrough(name, null, value);
            // NaN is greater than every number to Spark, and no bounds of a block tell of it.
            case ">", ">=" -> floating ? null : Filter.where(name, value, null);
            case "IN" -> span(name, values);
            case "STARTS_WITH" -> value instanceof String ? Filter.where(name, value, null) : null;
            default -> null;
        };
    }

    /** Spark sees whole microseconds of what may have nanoseconds. */
    private static @Nullable Filter times(String name, String comparison, List<Object> values, Instant value) {
        Instant next = value.plus(1, ChronoUnit.MICROS);
        return switch (comparison) {
            case "=", "<=>" -> Filter.where(name, value, next);
            case "<" -> Filter.where(name, null, value);
            case "<=" -> Filter.where(name, null, next);
            case ">" -> Filter.where(name, next, null);
            case ">=" -> Filter.where(name, value, null);
            case "IN" -> {
                Instant least = value;
                Instant greatest = value;
                for (Object other : values) {
                    Instant instant = (Instant) other;
                    least = instant.isBefore(least) ? instant : least;
                    greatest = instant.isAfter(greatest) ? instant : greatest;
                }
                yield Filter.where(name, least, greatest.plus(1, ChronoUnit.MICROS));
            }
            default -> null;
        };
    }

    /** From the least to the greatest of some values. */
    @SuppressWarnings("unchecked")
    private static @Nullable Filter span(String name, List<Object> values) {
        Object least = values.get(0);
        Object greatest = least;
        if (!(least instanceof Long || least instanceof BigDecimal || least instanceof LocalDate)) {
            return values.size() == 1 ? Filter.equal(name, least) : null;
        }
        for (Object value : values) {
            least = ((Comparable<Object>) value).compareTo(least) < 0 ? value : least;
            greatest = ((Comparable<Object>) value).compareTo(greatest) > 0 ? value : greatest;
        }
        return Filter.whereThrough(name, least, greatest);
    }

    /** A literal as filters of the column take it; null where they take none. */
    private static @Nullable Object value(SchemaColumn column, @Nullable Object value) {
        LogicalType logical = column.logicalType().orElse(null);
        DType dtype = column.dtype();
        if (logical instanceof LogicalType.Timestamp) {
            return value instanceof Long micros ? Instant.EPOCH.plus(micros, ChronoUnit.MICROS) : null;
        } else if (logical instanceof LogicalType.Date) {
            return value instanceof Integer days ? LocalDate.ofEpochDay(days) : null;
        } else if (logical instanceof LogicalType.Decimal || dtype.equals(DType.U64)) {
            return dtype instanceof DType.IntegerType && value instanceof Decimal decimal
                    ? decimal.toJavaBigDecimal()
                    : null;
        } else if (dtype instanceof DType.IntegerType) {
            return value instanceof Byte || value instanceof Short || value instanceof Integer || value instanceof Long
                    ? (Object) ((Number) value).longValue()
                    : null;
        } else if (dtype instanceof DType.FloatingType) {
            double number =
                    value instanceof Float || value instanceof Double ? ((Number) value).doubleValue() : Double.NaN;
            return Double.isNaN(number) ? null : (Object) number;
        } else if (dtype instanceof DType.BooleanType) {
            return value instanceof Boolean ? value : null;
        }
        // Spark orders bytes that are no text as what they are: of these nothing is left out.
        return dtype.equals(DType.STR) && value instanceof UTF8String text ? Texts.decoded(text) : null;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof BlockFilter filter
                && predicates.equals(filter.predicates)
                && names.equals(filter.names);
    }

    @Override
    public int hashCode() {
        return predicates.hashCode();
    }

    @Override
    public String toString() {
        return predicates.toString();
    }
}
