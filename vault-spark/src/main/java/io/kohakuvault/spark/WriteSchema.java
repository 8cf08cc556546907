package io.kohakuvault.spark;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.table.Schema;
import io.kohakuvault.table.SchemaColumn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** What the columns of a DataFrame become in a table. */
final class WriteSchema {
    private static final String COLUMN_TYPES = "columnTypes";

    private WriteSchema() {}

    /**
     * The columns of the table.
     *
     * @param existing what files of the same table have, which are added to; empty for none
     * @throws IllegalArgumentException when a column cannot be written; names it
     */
    static Schema of(StructType schema, SourceOptions options, List<FileInfo> existing) {
        ColumnNames names = ColumnNames.ofSession();
        Map<String, String> given = given(options);
        Set<String> lower = new HashSet<>();
        List<SchemaColumn> columns = new ArrayList<>();
        for (StructField field : schema.fields()) {
            if (!lower.add(field.name().toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException(
                        "two columns are named '" + field.name() + "', but for upper and lower case");
            }
            String token = given.remove(field.name());
            Optional<SchemaColumn> before = existing.stream()
                    .flatMap(file -> names.find(file.columns(), field.name()).stream())
                    .findFirst();
            SchemaColumn column = token != null
                    ? checked(field, parse(field, token), "option " + COLUMN_TYPES)
                    : before.isPresent()
                            ? checked(field, before.get(), "the files that are there")
                            : remembered(field).orElseGet(() -> usual(field));
            columns.add(new SchemaColumn(field.name(), column.dtype(), column.logicalType(), field.nullable()));
        }
        if (!given.isEmpty()) {
            throw new IllegalArgumentException(
                    "option " + COLUMN_TYPES + " names columns that are not written: " + given.keySet());
        }
        for (FileInfo file : existing) {
            for (SchemaColumn column : columns) {
                SchemaColumn there = names.find(file.columns(), column.name()).orElse(column);
                if (!SparkTypes.of(there).equals(SparkTypes.of(column))) {
                    throw new IllegalArgumentException("column '" + column.name() + "' would be written as " + column
                            + ", but is " + there + " in " + file.path());
                }
            }
        }
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("a table needs at least one column");
        }
        return new Schema(columns);
    }

    private static Map<String, String> given(SourceOptions options) {
        Map<String, String> types = new HashMap<>();
        String text = options.get(COLUMN_TYPES);
        if (text == null || text.isBlank()) {
            return types;
        }
        for (String part : text.split(",", -1)) {
            String stripped = part.strip();
            int space = stripped.lastIndexOf(' ');
            if (space < 1) {
                throw new IllegalArgumentException("option " + COLUMN_TYPES
                        + " is a list of names and types, as in 'embedding vec:f32:384, port u16', but has '" + part
                        + "'");
            }
            types.put(stripped.substring(0, space).strip(), stripped.substring(space + 1));
        }
        return types;
    }

    private static SchemaColumn parse(StructField field, String token) {
        try {
            return SchemaColumn.of(field.name(), DType.parse(token), field.nullable());
        } catch (IllegalArgumentException e) {
            LogicalType type = LogicalType.parse(token).orElseThrow();
            if (type.physical().isEmpty()) {
                throw new IllegalArgumentException("column '" + field.name() + "': '" + token + "' is no type", e);
            }
            return SchemaColumn.of(field.name(), type, field.nullable());
        }
    }

    /** What a column was when it was read from a vault, where it still is of that type. */
    private static Optional<SchemaColumn> remembered(StructField field) {
        if (!field.metadata().contains(TableFiles.TYPE)) {
            return Optional.empty();
        }
        try {
            SchemaColumn column = parse(field, field.metadata().getString(TableFiles.TYPE));
            return fits(field.dataType(), column) ? Optional.of(column) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static SchemaColumn checked(StructField field, SchemaColumn column, String who) {
        if (!fits(field.dataType(), column)) {
            throw new IllegalArgumentException("column '" + field.name() + "' is "
                    + field.dataType().simpleString() + ", which is not written as " + column.typeToken()
                    + ", as " + who + " would have it");
        }
        return column;
    }

    /** Whether values of a type are written into a column. */
    private static boolean fits(DataType type, SchemaColumn column) {
        DType dtype = column.dtype();
        if (dtype instanceof DType.VectorType vector
                && (!vector.isFixedSize() || vector.element() == ElementType.F16)) {
            return false;
        } else if (dtype instanceof DType.PackedType) {
            return type instanceof StringType || isValue(type);
        } else if (type instanceof ArrayType mine && SparkTypes.of(column) instanceof ArrayType theirs) {
            return mine.elementType().equals(theirs.elementType());
        }
        return SparkTypes.of(column).equals(type);
    }

    private static SchemaColumn usual(StructField field) {
        DataType type = field.dataType();
        String name = field.name();
        boolean nullable = field.nullable();
        if (type instanceof DecimalType decimal && decimal.scale() >= 0) {
            return SchemaColumn.of(name, new LogicalType.Decimal(decimal.precision(), decimal.scale()), nullable);
        } else if (type.equals(DataTypes.DateType)) {
            return SchemaColumn.of(name, new LogicalType.Date(), nullable);
        } else if (type.equals(DataTypes.TimestampType)) {
            return SchemaColumn.of(name, new LogicalType.Timestamp(LogicalType.TimeUnit.US, "UTC"), nullable);
        } else if (type.equals(DataTypes.TimestampNTZType)) {
            return SchemaColumn.of(name, new LogicalType.Timestamp(LogicalType.TimeUnit.US, null), nullable);
        } else if (type instanceof ArrayType && isValue(type)) {
            return SchemaColumn.of(name, new LogicalType.ListOf(), nullable);
        } else if (isValue(type) && (type instanceof MapType || type instanceof StructType)) {
            return SchemaColumn.of(name, new LogicalType.MapOf(), nullable);
        }
        DType dtype = plain(type);
        if (dtype == null) {
            throw new IllegalArgumentException(
                    "column '" + name + "' is " + type.simpleString() + ", which vaults do not hold; cast it");
        }
        return SchemaColumn.of(name, dtype, nullable);
    }

    private static @Nullable DType plain(DataType type) {
        if (type instanceof StringType) {
            return DType.STR;
        }
        Map<DataType, DType> plain = Map.of(
                DataTypes.BooleanType, DType.BOOL,
                DataTypes.ByteType, DType.I8,
                DataTypes.ShortType, DType.I16,
                DataTypes.IntegerType, DType.I32,
                DataTypes.LongType, DType.I64,
                DataTypes.FloatType, DType.F32,
                DataTypes.DoubleType, DType.F64,
                DataTypes.BinaryType, DType.BYTES);
        return plain.get(type);
    }

    /** What stands within lists and maps. */
    private static boolean isValue(DataType type) {
        if (type instanceof ArrayType array) {
            return isValue(array.elementType());
        } else if (type instanceof MapType map) {
            return map.keyType() instanceof StringType && isValue(map.valueType());
        } else if (type instanceof StructType struct) {
            return java.util.Arrays.stream(struct.fields()).allMatch(field -> isValue(field.dataType()));
        }
        return plain(type) != null;
    }
}
