package io.kohakuvault.arrow.duckdb;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.table.SchemaColumn;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/**
 * What the columns of a table were, in the metadata of a Parquet file or of Arrow's fields: several of a table's types
 * are one of theirs. Thread-safe.
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
     * The field of a result's column with what the column was: the inverse of {@link #column}, by which an import makes
     * it again.
     *
     * @param field of the result
     * @param column what it was
     * @return the field with its metadata; whether it takes nulls stays as it is
     */
    public static Field field(Field field, SchemaColumn column) {
        Map<String, String> metadata = new HashMap<>(field.getMetadata());
        metadata.put(OF_FIELD, column.typeToken());
        return new Field(
                field.getName(),
                new FieldType(field.isNullable(), field.getType(), field.getDictionary(), metadata),
                field.getChildren());
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
                    .append(column.typeToken())
                    .append(column.nullable() ? "\n" : " not null\n");
        }
        return types.toString();
    }
}
