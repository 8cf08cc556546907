package io.kohakuvault.internal.table;

import io.kohakuvault.internal.block.BlockReader;
import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.internal.column.ValueTest;
import io.kohakuvault.table.Filter;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;

/** The conditions of a filter with the columns that they are asked of, checked before anything is read. Immutable. */
final class PreparedFilter {
    private final List<Prepared> conditions;

    private PreparedFilter(List<Prepared> conditions) {
        this.conditions = conditions;
    }

    private record Prepared(TableColumn column, Filter.Kind kind, ValueTest test) {}

    /**
     * A filter of columns.
     *
     * @param columns finds a column by its name, or throws
     * @throws IllegalArgumentException when a condition cannot be asked of its column
     */
    static PreparedFilter of(Function<String, TableColumn> columns, Filter filter) {
        List<Prepared> prepared = new ArrayList<>();
        for (Filter.Condition condition : filter.conditions()) {
            TableColumn column = columns.apply(condition.column());
            prepared.add(new Prepared(column, condition.kind(), test(column, condition)));
        }
        return new PreparedFilter(prepared);
    }

    private static ValueTest test(TableColumn column, Filter.Condition condition) {
        return switch (condition.kind()) {
            case RANGE, RANGE_THROUGH ->
                ValueTests.range(
                        column.schema(),
                        condition.value().orElse(null),
                        condition.upper().orElse(null),
                        condition.kind() == Filter.Kind.RANGE_THROUGH);
            case EQUAL -> ValueTests.equal(column.schema(), condition.value().orElseThrow());
            case IS_NULL, IS_NOT_NULL -> new ValueTest.Truth(true); // nulls are looked for, no values
        };
    }

    /** The rows of [from, to) for which all conditions hold, counted from the first. */
    BitSet matching(BlockReader reader, Function<TableColumn, ColumnRecord> records, long from, long to) {
        BitSet left = all(from, to);
        for (Prepared condition : conditions) {
            if (left.isEmpty()) {
                break;
            }
            ColumnReads reads = new ColumnReads(reader, records.apply(condition.column), condition.column);
            switch (condition.kind) {
                case IS_NULL -> left = reads.absent(left, from, to);
                case IS_NOT_NULL -> left.andNot(reads.absent(left, from, to));
                default -> left = reads.holding(condition.test, left, from, to);
            }
        }
        return left;
    }

    /** The rows of [from, to) that what is known of their blocks does not rule out, counted from the first. */
    BitSet possible(BlockReader reader, Function<TableColumn, ColumnRecord> records, long from, long to) {
        BitSet left = all(from, to);
        for (Prepared condition : conditions) {
            if (left.isEmpty()) {
                break;
            }
            ColumnReads reads = new ColumnReads(reader, records.apply(condition.column), condition.column);
            switch (condition.kind) {
                case IS_NULL -> left.and(reads.possiblyAbsent(from, to));
                case IS_NOT_NULL -> {} // that a block has nothing but nulls is not known
                default -> left.and(reads.possible(condition.test, from, to));
            }
        }
        return left;
    }

    private static BitSet all(long from, long to) {
        BitSet all = new BitSet((int) (to - from));
        all.set(0, (int) (to - from));
        return all;
    }
}
