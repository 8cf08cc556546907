package io.kohakuvault.table;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The columns of a table, in order. Immutable.
 *
 * @param columns at least one, with different names
 */
public record Schema(List<SchemaColumn> columns) {
    /** Checks the names. */
    public Schema {
        columns = List.copyOf(columns);
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("a table needs at least one column");
        }
        Set<String> names = new HashSet<>();
        for (SchemaColumn column : columns) {
            if (!names.add(column.name())) {
                throw new IllegalArgumentException("two columns of the table are named '" + column.name() + "'");
            }
        }
    }

    /**
     * Starts a schema.
     *
     * @return an empty builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Gathers columns. Not thread-safe. */
    public static final class Builder {
        private final List<SchemaColumn> columns = new ArrayList<>();

        private Builder() {}

        /**
         * A column that every row has.
         *
         * @param name within the table
         * @param dtype physical type
         * @return this
         */
        public Builder column(String name, DType dtype) {
            return add(SchemaColumn.of(name, dtype, false));
        }

        /**
         * A column that rows may lack.
         *
         * @param name within the table
         * @param dtype physical type
         * @return this
         */
        public Builder nullable(String name, DType dtype) {
            return add(SchemaColumn.of(name, dtype, true));
        }

        /**
         * A point in time that every row has, in UTC.
         *
         * @param name within the table
         * @param unit the unit it is stored in
         * @return this
         */
        public Builder timestamp(String name, LogicalType.TimeUnit unit) {
            return add(SchemaColumn.of(name, new LogicalType.Timestamp(unit, "UTC"), false));
        }

        /**
         * A point in time that rows may lack, in UTC.
         *
         * @param name within the table
         * @param unit the unit it is stored in
         * @return this
         */
        public Builder nullableTimestamp(String name, LogicalType.TimeUnit unit) {
            return add(SchemaColumn.of(name, new LogicalType.Timestamp(unit, "UTC"), true));
        }

        /**
         * A column of a logical type that every row has: a date, a decimal, a list.
         *
         * @param name within the table
         * @param type for example {@code new LogicalType.Decimal(10, 2)}
         * @return this
         */
        public Builder column(String name, LogicalType type) {
            return add(SchemaColumn.of(name, type, false));
        }

        /**
         * A column of a logical type that rows may lack.
         *
         * @param name within the table
         * @param type for example {@code new LogicalType.Date()}
         * @return this
         */
        public Builder nullable(String name, LogicalType type) {
            return add(SchemaColumn.of(name, type, true));
        }

        /**
         * Any column.
         *
         * @param column the column
         * @return this
         */
        public Builder add(SchemaColumn column) {
            columns.add(column);
            return this;
        }

        /**
         * The schema.
         *
         * @return the columns gathered so far
         */
        public Schema build() {
            return new Schema(columns);
        }
    }
}
