package io.kohakuvault.tabular.internal;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.table.RowWriter;
import io.kohakuvault.table.SchemaColumn;
import org.jspecify.annotations.Nullable;

/** Puts cells of an input into one column. Not thread-safe: converters keep what they parse with. */
interface CellConverter {
    /**
     * Sets the column in a row.
     *
     * @param cell not null
     * @throws RecordException when the value does not fit
     */
    void put(Cell cell, RowWriter row);

    /**
     * The converter of a column.
     *
     * @param inferred how its type was inferred; null when it was said, and then what can be read as the type is
     */
    static CellConverter of(SchemaColumn column, @Nullable InferredType inferred) {
        LogicalType logical = column.logicalType().orElse(null);
        DType dtype = column.dtype();
        String name = column.name();
        if (inferred == InferredType.JSON) {
            return (cell, row) ->
                    row.set(name, cell.kind() == Cell.Kind.STRING ? JsonTree.text(cell.text()) : cell.text());
        } else if (logical instanceof LogicalType.Timestamp type) {
            return new TimeConverters.Timestamps(name, type.unit());
        } else if (logical instanceof LogicalType.Date) {
            return new TimeConverters.Dates(name);
        } else if (logical instanceof LogicalType.Time type) {
            return new TimeConverters.Times(name, type.unit());
        } else if (logical instanceof LogicalType.Decimal) {
            return new NumberConverters.Decimals(name);
        } else if (logical instanceof LogicalType.Uuid) {
            return TextConverters.uuids(name);
        } else if (logical instanceof LogicalType.Json) {
            return (cell, row) -> row.set(name, cell.text());
        } else if (dtype instanceof DType.IntegerType type) {
            return new NumberConverters.Integers(name, type);
        } else if (dtype instanceof DType.FloatingType type) {
            return new NumberConverters.Floats(name, type);
        } else if (dtype instanceof DType.BooleanType) {
            return TextConverters.booleans(name);
        } else if (dtype instanceof DType.StringType) {
            return TextConverters.texts(name);
        } else if (dtype instanceof DType.BytesType) {
            return TextConverters.bytes(name);
        } else if (dtype instanceof DType.VectorType type) {
            return new StructureConverters.Vectors(name, type);
        } else if (dtype instanceof DType.PackedType type) {
            return new StructureConverters.Packed(name, type, logical, inferred == null);
        }
        throw new IllegalArgumentException("column '" + name + "' (" + column + ") cannot be imported");
    }

    /**
     * Whether an empty field in quotes is a value of the column; else it stands for a null. JSON has a word for that.
     */
    static boolean holdsEmpty(SchemaColumn column) {
        boolean plain = column.logicalType().isEmpty()
                || column.logicalType().get() instanceof LogicalType.Json
                || column.logicalType().get() instanceof LogicalType.Other;
        return plain && (column.dtype() instanceof DType.StringType || column.dtype() instanceof DType.BytesType);
    }
}
