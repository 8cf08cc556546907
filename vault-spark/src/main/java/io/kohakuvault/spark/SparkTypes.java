package io.kohakuvault.spark;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.table.SchemaColumn;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;

/** What columns are in Spark. */
final class SparkTypes {
    /** Unsigned integers of 64 bits. */
    static final DecimalType U64 = new DecimalType(20, 0);

    private SparkTypes() {}

    /** The type that a column has where nobody asks for another. */
    static DataType of(SchemaColumn column) {
        LogicalType logical = column.logicalType().orElse(null);
        if (logical instanceof LogicalType.Decimal decimal) {
            return new DecimalType(decimal.precision(), decimal.scale());
        } else if (logical instanceof LogicalType.Timestamp timestamp) {
            return timestamp.zone() == null ? DataTypes.TimestampNTZType : DataTypes.TimestampType;
        } else if (logical instanceof LogicalType.Date) {
            return DataTypes.DateType;
        } else if (logical instanceof LogicalType.Uuid
                || logical instanceof LogicalType.Json
                || logical instanceof LogicalType.ListOf
                || logical instanceof LogicalType.MapOf) {
            return DataTypes.StringType;
        }
        return of(column.dtype()); // times of day too: the integer that is stored
    }

    private static DataType of(DType dtype) {
        if (dtype instanceof DType.BooleanType) {
            return DataTypes.BooleanType;
        } else if (dtype instanceof DType.IntegerType integer) {
            return of(integer.element());
        } else if (dtype instanceof DType.FloatingType floating) {
            return of(floating.element());
        } else if (dtype instanceof DType.StringType || dtype instanceof DType.PackedType) {
            return DataTypes.StringType;
        } else if (dtype instanceof DType.VectorType vector && vector.isFixedSize()) {
            return DataTypes.createArrayType(of(vector.element()), false);
        }
        return DataTypes.BinaryType;
    }

    static DataType of(ElementType element) {
        return switch (element) {
            case BOOL -> DataTypes.BooleanType;
            case I8 -> DataTypes.ByteType;
            case U8, I16 -> DataTypes.ShortType;
            case U16, I32 -> DataTypes.IntegerType;
            case U32, I64 -> DataTypes.LongType;
            case U64 -> U64;
            case F16, F32 -> DataTypes.FloatType;
            case F64 -> DataTypes.DoubleType;
        };
    }

    /** Whether a column can be read as a type that somebody asks for. */
    static boolean canRead(SchemaColumn column, DataType wanted) {
        DataType natural = of(column);
        if (natural.equals(wanted) || (isPointInTime(natural) && isPointInTime(wanted))) {
            return true;
        }
        LogicalType logical = column.logicalType().orElse(null);
        if (column.dtype() instanceof DType.PackedType
                || logical instanceof LogicalType.ListOf
                || logical instanceof LogicalType.MapOf) {
            return wanted.equals(DataTypes.BinaryType) || isNested(wanted);
        }
        if (natural instanceof ArrayType mine && wanted instanceof ArrayType theirs) {
            return mine.elementType().equals(theirs.elementType());
        }
        int mine = rank(natural);
        int theirs = rank(wanted);
        return (mine > 0 && theirs > mine)
                || (natural.equals(DataTypes.FloatType) && wanted.equals(DataTypes.DoubleType));
    }

    private static boolean isPointInTime(DataType type) {
        return type.equals(DataTypes.TimestampType) || type.equals(DataTypes.TimestampNTZType);
    }

    private static boolean isNested(DataType type) {
        return type instanceof ArrayType || type instanceof MapType || type instanceof StructType;
    }

    /** How wide an integer is, 0 for what is none. */
    private static int rank(DataType type) {
        return type.equals(DataTypes.ByteType)
                ? 1
                : type.equals(DataTypes.ShortType)
                        ? 2
                        : type.equals(DataTypes.IntegerType) ? 3 : type.equals(DataTypes.LongType) ? 4 : 0;
    }
}
