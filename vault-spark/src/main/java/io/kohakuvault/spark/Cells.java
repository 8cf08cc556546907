package io.kohakuvault.spark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.DataPacker;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.codec.TextEncoding;
import io.kohakuvault.table.SchemaColumn;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.function.Function;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;

/** Makes the vector that reads a column as a type of Spark's. */
final class Cells {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Cells() {}

    /**
     * The vector of a column.
     *
     * @param type one that {@link SparkTypes#canRead} takes
     */
    static CellVector vector(SchemaColumn column, DataType type) {
        DType dtype = column.dtype();
        LogicalType logical = column.logicalType().orElse(null);
        if (logical instanceof LogicalType.Decimal decimal) {
            return dtype.equals(DType.I64)
                    ? new FixedVectors.SmallDecimals(type, decimal)
                    : new FixedVectors.LargeDecimals(type, decimal);
        } else if (logical instanceof LogicalType.Timestamp timestamp) {
            return new FixedVectors.Timestamps(type, timestamp.unit(), column.name());
        } else if (logical instanceof LogicalType.Uuid) {
            return new VariableVectors.ConvertedTexts(type, 16, Cells::uuid);
        } else if (dtype instanceof DType.BooleanType) {
            return new FixedVectors.Booleans(type);
        } else if (dtype instanceof DType.IntegerType integer) {
            return FixedVectors.numbers(integer.element(), type);
        } else if (dtype instanceof DType.FloatingType floating) {
            return FixedVectors.numbers(floating.element(), type);
        } else if (dtype instanceof DType.StringType text) {
            return text(column, text, type);
        } else if (dtype instanceof DType.PackedType) {
            return packed(column, type);
        } else if (dtype instanceof DType.VectorType vector && vector.isFixedSize()) {
            return new FixedVectors.Arrays(
                    type,
                    FixedVectors.numbers(vector.element(), SparkTypes.of(vector.element())),
                    vector.elementCount());
        } else if (dtype.isFixedSize()) {
            return new FixedVectors.Binaries(type, dtype.elementSizeBytes());
        }
        return new VariableVectors.Binaries(type, 0);
    }

    private static CellVector text(SchemaColumn column, DType.StringType text, DataType type) {
        boolean isUtf8 =
                text.encoding().equals(TextEncoding.UTF8) || text.encoding().equals(TextEncoding.ASCII);
        if (isUtf8 && !text.isFixedSize()) {
            return new VariableVectors.Texts(type);
        }
        DataPacker packer = DataPacker.ofColumn(text);
        return new VariableVectors.ConvertedTexts(
                type,
                text.elementSizeBytes(),
                named(column, bytes -> String.valueOf(packer.unpack(bytes)).getBytes(StandardCharsets.UTF_8)));
    }

    private static CellVector packed(SchemaColumn column, DataType type) {
        int size = column.dtype().elementSizeBytes();
        if (type.equals(DataTypes.BinaryType)) {
            return new VariableVectors.Binaries(type, size);
        }
        DataPacker packer = DataPacker.ofColumn(column.dtype());
        return type.equals(DataTypes.StringType)
                ? new VariableVectors.ConvertedTexts(type, size, named(column, bytes -> json(packer.unpack(bytes))))
                : new VariableVectors.Nested(column.name(), type, size, named(column, packer::unpack));
    }

    private static <T extends @Nullable Object> Function<byte[], T> named(
            SchemaColumn column, Function<byte[], T> conversion) {
        return bytes -> {
            try {
                return conversion.apply(bytes);
            } catch (RuntimeException e) {
                throw new IllegalArgumentException("column '" + column.name() + "': " + e.getMessage(), e);
            }
        };
    }

    /** A value as JSON: bytes in it as Base64, NaN and infinities as texts. */
    static byte[] json(@Nullable Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a value cannot be said in JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static byte[] uuid(byte[] bytes) {
        ByteBuffer halves = ByteBuffer.wrap(bytes);
        return new UUID(halves.getLong(), halves.getLong()).toString().getBytes(StandardCharsets.US_ASCII);
    }
}
