package io.kohakuvault.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.SupportsPushDownV2Filters;
import org.apache.spark.sql.types.StructType;

/** What Spark asks of key-values or documents before they are planned: which keys. Not thread-safe. */
final class EntryScanBuilder implements SupportsPushDownV2Filters {
    private final SourceOptions options;
    private final StructType schema;
    private final List<Predicate> pushed = new ArrayList<>();
    private KeyRanges keys = KeyRanges.all();

    EntryScanBuilder(SourceOptions options, StructType schema) {
        this.options = options;
        this.schema = schema;
    }

    /** Keys are left out by them; the rows of those that are read are compared by Spark. */
    @Override
    public Predicate[] pushPredicates(Predicate[] predicates) {
        if (options.kind() == SourceOptions.Kind.KV) {
            for (Predicate predicate : predicates) {
                KeyRanges left = KeyRanges.of(predicate, EntryTable.KEY);
                if (left != null) {
                    pushed.add(predicate);
                    keys = keys.and(left);
                }
            }
        }
        return predicates;
    }

    @Override
    public Predicate[] pushedPredicates() {
        return pushed.toArray(Predicate[]::new);
    }

    @Override
    public Scan build() {
        return new EntryScan(options, schema, keys, List.copyOf(pushed));
    }
}
