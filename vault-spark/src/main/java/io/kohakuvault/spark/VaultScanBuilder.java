package io.kohakuvault.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.connector.expressions.aggregate.Aggregation;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.SupportsPushDownAggregates;
import org.apache.spark.sql.connector.read.SupportsPushDownLimit;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.connector.read.SupportsPushDownV2Filters;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** What Spark asks of a scan before it is planned. Not thread-safe. */
final class VaultScanBuilder
        implements SupportsPushDownRequiredColumns,
                SupportsPushDownV2Filters,
                SupportsPushDownLimit,
                SupportsPushDownAggregates {
    private final TableFiles files;
    private final StructType schema;
    private StructType required;
    private final List<Predicate> pushed = new ArrayList<>();
    private long limit = Long.MAX_VALUE;
    private @Nullable AnswerScan answer;

    VaultScanBuilder(TableFiles files, StructType schema) {
        this.files = files;
        this.schema = schema;
        this.required = schema;
    }

    @Override
    public void pruneColumns(StructType requiredSchema) {
        required = requiredSchema;
    }

    /** Blocks are left out by them; the rows of those that are read are compared by Spark. */
    @Override
    public Predicate[] pushPredicates(Predicate[] predicates) {
        for (Predicate predicate : predicates) {
            if (BlockFilter.isUseful(predicate, schema)) {
                pushed.add(predicate);
            }
        }
        return predicates;
    }

    @Override
    public Predicate[] pushedPredicates() {
        return pushed.toArray(Predicate[]::new);
    }

    @Override
    public boolean pushLimit(int most) {
        limit = most;
        return true;
    }

    @Override
    public boolean isPartiallyPushed() {
        return true; // by files and blocks; Spark counts the rows
    }

    /** Spark asks where no condition is left to be looked at. */
    @Override
    public boolean pushAggregation(Aggregation aggregation) {
        answer = AnswerScan.of(aggregation, files, schema);
        return answer != null;
    }

    @Override
    public boolean supportCompletePushDown(Aggregation aggregation) {
        return true; // what is pushed is answered here
    }

    @Override
    public Scan build() {
        AnswerScan known = answer;
        if (known != null) {
            return known;
        }
        return new VaultScan(files, schema, required, new BlockFilter(pushed, ColumnNames.ofSession()), limit);
    }
}
