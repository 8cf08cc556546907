package io.kohakuvault.arrow.duckdb;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.table.SchemaColumn;
import java.util.Collection;
import java.util.Optional;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * What the columns of a table were, in the metadata of a Parquet file: several of a table's types are one of Parquet's.
 * Thread-safe.
 */
public final class ParquetTypes {
    /** The key of the metadata. */
    public static final String KEY = "kohakuvault:types";

    private static final String OF_FIELD = "kohakuvault:type";

    private ParquetTypes() {}

    /**
     * The column that a vector of a scan was, as its field tells it.
     *
     * @param name the column's name, which may be another than the field's
     * @param field of a scan's schema
     * @return the column; none when the field does not tell, or tells of a type that only a later release knows
     */
    public static Optional<SchemaColumn> column(String name, Field field) {
        String type = field.getMetadata().get(OF_FIELD);
        if (type == null) {
            return Optional.empty();
        }
        try {
            LogicalType logical = LogicalType.parse(type).orElseThrow();
            return Optional.of(
                    logical instanceof LogicalType.Other
                            ? SchemaColumn.of(name, DType.parse(type), field.isNullable())
                            : SchemaColumn.of(name, logical, field.isNullable()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * The value of the metadata: a line for each column, {@code "name"=type} or {@code "name"=type not null}, quotes in
     * names doubled; as {@code vault schema} prints them, and {@code vault import --types} takes them.
     *
     * @param columns those whose types are known
     * @return lines, none for no columns
     */
    public static String text(Collection<SchemaColumn> columns) {
        StringBuilder types = new StringBuilder();
        for (SchemaColumn column : columns) {
            types.append('"')
                    .append(column.name().replace("\"", "\"\""))
                    .append("\"=")
                    .append(column.logicalType()
                            .map(LogicalType::token)
                            .orElseGet(() -> column.dtype().token()))
                    .append(column.nullable() ? "\n" : " not null\n");
        }
        return types.toString();
    }
}
