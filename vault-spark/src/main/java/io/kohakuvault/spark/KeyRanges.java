package io.kohakuvault.spark;

import io.kohakuvault.kv.KvRange;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.connector.expressions.Cast;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * Keys that conditions leave, as ranges that ascend and do not meet. Both Spark and a vault order bytes without a sign,
 * and the bytes of a text are those of the key. Immutable.
 *
 * @param ranges none when no key is left
 */
record KeyRanges(ArrayList<Range> ranges) implements Serializable {
    private static final byte[] FIRST = {};
    private static final KeyRanges ALL = new KeyRanges(List.of(new Range(FIRST, null)));

    /** A range of keys. Immutable; the arrays are not changed. */
    static final class Range implements Serializable {
        private static final long serialVersionUID = 1;
        private static final Comparator<byte[]> ORDER = Arrays::compareUnsigned;

        private final byte[] from;
        private final byte @Nullable [] to;

        private Range(byte[] from, byte @Nullable [] to) {
            this.from = from;
            this.to = to;
        }

        /** The first key. */
        byte[] from() {
            return from;
        }

        /** The first key behind; null when the range has no end. */
        byte @Nullable [] to() {
            return to;
        }

        boolean isEmpty() {
            return to != null && ORDER.compare(from, to) >= 0;
        }

        Range and(Range other) {
            byte[] later = ORDER.compare(from, other.from) >= 0 ? from : other.from;
            return new Range(later, endsBefore(other) ? to : other.to);
        }

        private boolean endsBefore(Range other) {
            return to != null && (other.to == null || ORDER.compare(to, other.to) < 0);
        }
    }

    private KeyRanges(List<Range> ranges) {
        this(new ArrayList<>(ranges));
    }

    static KeyRanges all() {
        return ALL;
    }

    boolean isAll() {
        return ranges.size() == 1 && ranges.get(0).from.length == 0 && ranges.get(0).to == null;
    }

    /**
     * The keys for which a condition of Spark may hold; all others it rules out.
     *
     * @param column the column of keys
     * @return null when the condition says nothing of keys
     */
    static @Nullable KeyRanges of(Predicate predicate, String column) {
        Expression[] children = predicate.children();
        if (predicate.name().equals("AND") || predicate.name().equals("OR")) {
            KeyRanges left = children[0] instanceof Predicate one ? of(one, column) : null;
            KeyRanges right = children[1] instanceof Predicate other ? of(other, column) : null;
            if (predicate.name().equals("OR")) {
                return left == null || right == null ? null : left.or(right);
            }
            return left == null ? right : right == null ? left : left.and(right);
        }
        if (children.length == 0 || !isKey(children[0], column)) {
            return null;
        }
        List<byte[]> values = new ArrayList<>();
        for (Expression child : Arrays.asList(children).subList(1, children.length)) {
            byte[] value = child instanceof Literal<?> literal ? bytes(literal.value()) : null;
            if (value == null) {
                return null;
            }
            values.add(value);
        }
        if (predicate.name().equals("IN")) {
            return union(values.stream().map(KeyRanges::only).toList());
        }
        return values.size() == 1 ? compared(predicate.name(), values.get(0)) : null;
    }

    private static @Nullable KeyRanges compared(String comparison, byte[] value) {
        Range range = switch (comparison) {
            case "=", "<=>" -> only(value);
            case "<" -> new Range(FIRST, value);
            case "<=" -> new Range(FIRST, next(value));
            case ">" -> new Range(next(value), null);
            case ">=" -> new Range(value, null);
            case "STARTS_WITH" -> new Range(value, KvRange.prefix(value).high());
            default -> null;
        };
        return range == null ? null : union(List.of(range));
    }

    /** The column itself, or as a text: a cast that changes no byte. */
    private static boolean isKey(Expression expression, String column) {
        Expression of = expression instanceof Cast cast && cast.dataType().equals(DataTypes.StringType)
                ? cast.expression()
                : expression;
        return of instanceof NamedReference reference && Arrays.equals(reference.fieldNames(), new String[] {column});
    }

    private static byte @Nullable [] bytes(@Nullable Object value) {
        return value instanceof byte[] bytes ? bytes : value instanceof UTF8String text ? text.getBytes() : null;
    }

    private static Range only(byte[] key) {
        return new Range(key, next(key));
    }

    /** The least key above one: with a byte 0 more. */
    private static byte[] next(byte[] key) {
        return Arrays.copyOf(key, key.length + 1);
    }

    KeyRanges and(KeyRanges other) {
        List<Range> both = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < ranges.size() && j < other.ranges.size()) {
            Range one = ranges.get(i);
            Range two = other.ranges.get(j);
            Range common = one.and(two);
            if (!common.isEmpty()) {
                both.add(common);
            }
            if (one.endsBefore(two)) {
                i++;
            } else {
                j++;
            }
        }
        return new KeyRanges(both);
    }

    private KeyRanges or(KeyRanges other) {
        List<Range> either = new ArrayList<>(ranges);
        either.addAll(other.ranges);
        return union(either);
    }

    private static KeyRanges union(List<Range> ranges) {
        List<Range> sorted = new ArrayList<>(ranges);
        sorted.removeIf(Range::isEmpty);
        sorted.sort(Comparator.comparing(Range::from, Range.ORDER));
        List<Range> apart = new ArrayList<>();
        for (Range range : sorted) {
            Range last = apart.isEmpty() ? null : apart.get(apart.size() - 1);
            byte[] end = last == null ? FIRST : last.to;
            if (last == null || (end != null && Range.ORDER.compare(range.from, end) > 0)) {
                apart.add(range);
            } else if (last.endsBefore(range)) {
                apart.set(apart.size() - 1, new Range(last.from, range.to));
            }
        }
        return new KeyRanges(apart);
    }
}
