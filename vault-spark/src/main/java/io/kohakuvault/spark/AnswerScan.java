package io.kohakuvault.spark;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.aggregate.AggregateFunc;
import org.apache.spark.sql.connector.expressions.aggregate.Aggregation;
import org.apache.spark.sql.connector.expressions.aggregate.CountStar;
import org.apache.spark.sql.connector.expressions.aggregate.Max;
import org.apache.spark.sql.connector.expressions.aggregate.Min;
import org.apache.spark.sql.connector.read.LocalScan;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates of all rows, which are known when the files have been looked at: their number, the least and the greatest
 * value of columns.
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
        Map<String, StructField> columns = new HashMap<>();
        for (AggregateFunc function : functions) {
            if (!(function instanceof CountStar)) {
                StructField field = column(function, schema);
                if (field == null || files.options().ignoresCorruptFiles()) {
                    return null;
                }
                columns.put(field.name(), field);
            }
        }
        Rows rows = rows(files, schema, List.copyOf(columns.values()));
        return rows == null ? null : answer(functions, rows, schema);
    }

    private static AnswerScan answer(AggregateFunc[] functions, Rows rows, StructType schema) {
        StructType answered = new StructType();
        Object[] answers = new Object[functions.length];
        for (int i = 0; i < functions.length; i++) {
            StructField field = column(functions[i], schema);
            if (field == null) {
                answered = answered.add("count" + i, DataTypes.LongType, false);
                answers[i] = rows.count;
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

    /** The column whose least or greatest value is asked for; null when it is something else. */
    private static @Nullable StructField column(AggregateFunc function, StructType schema) {
        Expression of = function instanceof Min min ? min.column() : function instanceof Max max ? max.column() : null;
        if (!(of instanceof NamedReference reference) || reference.fieldNames().length != 1) {
            return null;
        }
        return Arrays.stream(schema.fields())
                .filter(field -> field.name().equals(reference.fieldNames()[0]))
                .filter(field -> ColumnExtremes.isFor(field.dataType()))
                .findFirst()
                .orElse(null);
    }

    private record Rows(long count, Map<String, ColumnExtremes.Found> extremes) {}

    /** Of all files; of each one all that is asked for out of one snapshot. */
    private static @Nullable Rows rows(TableFiles files, StructType schema, List<StructField> columns) {
        List<FileInfo> infos = files.look();
        TableFiles.check(infos, schema);
        if (columns.isEmpty()) {
            return new Rows(infos.stream().mapToLong(FileInfo::rows).sum(), Map.of());
        }
        long count = 0;
        Map<String, ColumnExtremes.Found> extremes = new HashMap<>();
        for (Rows of : infos.parallelStream()
                .map(info -> rows(info, files.options().table(), columns))
                .toList()) {
            if (of.extremes.size() < columns.size()) {
                return null;
            }
            count += of.count;
            of.extremes.forEach((name, found) -> extremes.merge(name, found, ColumnExtremes.Found::and));
        }
        return new Rows(count, extremes);
    }

    /** Of one file; without those columns that it does not tell of. */
    private static Rows rows(FileInfo info, @Nullable String table, List<StructField> columns) {
        try (OpenTable open = new OpenTable(info.path(), table)) {
            Map<String, ColumnExtremes.Found> extremes = new HashMap<>();
            for (StructField column : columns) {
                ColumnExtremes.Found found = ColumnExtremes.of(open, info.stamp(), column);
                if (found == null) {
                    break;
                }
                extremes.put(column.name(), found);
            }
            return new Rows(open.rows(), extremes);
        }
    }
}
