package io.kohakuvault.spark;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.aggregate.AggregateFunc;
import org.apache.spark.sql.connector.expressions.aggregate.Aggregation;
import org.apache.spark.sql.connector.expressions.aggregate.Count;
import org.apache.spark.sql.connector.expressions.aggregate.CountStar;
import org.apache.spark.sql.connector.expressions.aggregate.Max;
import org.apache.spark.sql.connector.expressions.aggregate.Min;
import org.apache.spark.sql.connector.read.LocalScan;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates of all rows, which are known when the files have been looked at: their number, how many values columns
 * have, the least and the greatest of them.
 *
 * @param readSchema a column for each aggregate
 * @param answer the only row
 */
record AnswerScan(StructType readSchema, InternalRow answer) implements LocalScan {
    @Override
    public InternalRow[] rows() {
        return new InternalRow[] {answer};
    }

    /**
     * Answers aggregates.
     *
     * @return null when they are others, or files do not tell without being read
     */
    static @Nullable AnswerScan of(Aggregation aggregation, TableFiles files, StructType schema) {
        AggregateFunc[] functions = aggregation.aggregateExpressions();
        if (aggregation.groupByExpressions().length > 0 || functions.length == 0) {
            return null;
        }
        Map<String, StructField> bounds = new HashMap<>();
        Set<String> counts = new HashSet<>();
        for (AggregateFunc function : functions) {
            StructField field = column(function, schema);
            if (field == null
                    ? !(function instanceof CountStar)
                    : files.options().ignoresCorruptFiles()) {
                return null;
            } else if (field != null && function instanceof Count) {
                counts.add(field.name());
            } else if (field != null) {
                bounds.put(field.name(), field);
            }
        }
        Rows rows = rows(files, schema, List.copyOf(bounds.values()), counts);
        return rows == null ? null : answer(functions, rows, schema);
    }

    private static AnswerScan answer(AggregateFunc[] functions, Rows rows, StructType schema) {
        StructType answered = new StructType();
        Object[] answers = new Object[functions.length];
        for (int i = 0; i < functions.length; i++) {
            StructField field = column(functions[i], schema);
            if (field == null || functions[i] instanceof Count) {
                answered = answered.add("count" + i, DataTypes.LongType, false);
                answers[i] = field == null ? rows.count : rows.counts.getOrDefault(field.name(), 0L);
                continue;
            }
            answered = answered.add("bound" + i, field.dataType(), true);
            ColumnExtremes.Found found = rows.extremes.getOrDefault(field.name(), ColumnExtremes.Found.NOTHING);
            if (found.isAny()) {
                answers[i] = found.value(functions[i] instanceof Max, field.dataType());
            }
        }
        return new AnswerScan(answered, new GenericInternalRow(answers));
    }

    /** The column whose least or greatest value is asked for, or how many it has; null when it is something else. */
    private static @Nullable StructField column(AggregateFunc function, StructType schema) {
        Expression of = function instanceof Min min
                ? min.column()
                : function instanceof Max max
                        ? max.column()
                        : function instanceof Count count && !count.isDistinct() ? count.column() : null;
        if (!(of instanceof NamedReference reference) || reference.fieldNames().length != 1) {
            return null;
        }
        return Arrays.stream(schema.fields())
                .filter(field -> field.name().equals(reference.fieldNames()[0]))
                .filter(field -> function instanceof Count || ColumnExtremes.isFor(field.dataType()))
                .findFirst()
                .orElse(null);
    }

    private record Rows(long count, Map<String, ColumnExtremes.Found> extremes, Map<String, Long> counts) {}

    /** Of all files; of each one all that is asked for out of one snapshot. */
    private static @Nullable Rows rows(
            TableFiles files, StructType schema, List<StructField> bounds, Set<String> counts) {
        List<FileInfo> infos = files.look();
        ColumnNames names = ColumnNames.ofSession();
        TableFiles.check(infos, schema, names);
        if (bounds.isEmpty() && counts.isEmpty()) {
            return new Rows(infos.stream().mapToLong(FileInfo::rows).sum(), Map.of(), Map.of());
        }
        Rows all = new Rows(0, new HashMap<>(), new HashMap<>());
        for (Optional<Rows> file : infos.parallelStream()
                .map(info -> rows(info, files.options().table(), bounds, counts, names))
                .toList()) {
            if (file.isEmpty()) {
                return null;
            }
            Rows of = file.get();
            Rows known = all;
            of.extremes.forEach((name, found) -> known.extremes.merge(name, found, ColumnExtremes.Found::and));
            of.counts.forEach((name, count) -> known.counts.merge(name, count, Long::sum));
            all = new Rows(all.count + of.count, all.extremes, all.counts);
        }
        return all;
    }

    /** Of one file; nothing when it does not tell of all without being read. */
    private static Optional<Rows> rows(
            FileInfo info, @Nullable String table, List<StructField> bounds, Set<String> counts, ColumnNames names) {
        try (OpenTable open = new OpenTable(info.path(), table)) {
            FileInfo here = new FileInfo(info.path(), info.identity(), info.stamp(), open.columns(), info.seen());
            Map<String, ColumnExtremes.Found> extremes = new HashMap<>();
            for (StructField column : bounds) {
                ColumnExtremes.Found found = ColumnExtremes.of(open, here, column, names);
                if (found == null) {
                    return Optional.empty();
                }
                extremes.put(column.name(), found);
            }
            Map<String, Long> values = new HashMap<>();
            for (String column : counts) {
                long count = ColumnCounts.of(open, column, names);
                if (count == ColumnCounts.UNKNOWN) {
                    return Optional.empty();
                }
                values.put(column, count);
            }
            return Optional.of(new Rows(open.rows(), extremes, values));
        }
    }
}
