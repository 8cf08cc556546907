package io.kohakuvault.arrow;

import io.kohakuvault.codec.DType;
import io.kohakuvault.spi.ColumnBlocks;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/** Fields that somebody asks for where values say themselves what they are, and Arrow wants to know before. */
final class NestedFields {
    private NestedFields() {}

    /** An IllegalArgumentException when a column's values do not say what they are. */
    static void checkColumn(ColumnBlocks column) {
        if (!(column.dtype() instanceof DType.PackedType)) {
            throw new IllegalArgumentException("column '" + column.name() + "' is " + ArrowFields.type(column)
                    + ", which has a type of its own; fields are given for list, map, msgpack and cbor");
        }
    }

    /** An IllegalArgumentException for a type that is not made of values of MessagePack. */
    static void checkField(String path, Field field) {
        List<Field> children = field.getChildren();
        if (field.getDictionary() != null) {
            throw new IllegalArgumentException(path + " has a dictionary, which nested values have not");
        }
        boolean fits = switch (field.getType().getTypeID()) {
            case Bool, Int, Utf8, LargeUtf8, Binary, LargeBinary -> children.isEmpty();
            case FloatingPoint ->
                children.isEmpty()
                        && ((ArrowType.FloatingPoint) field.getType()).getPrecision() != FloatingPointPrecision.HALF;
            case List, LargeList -> children.size() == 1;
            case Struct -> hasDifferentNames(children);
            case Map -> isMap(children);
            default -> false;
        };
        if (!fits) {
            throw new IllegalArgumentException(path + " cannot be " + field.getType()
                    + ": what MessagePack and CBOR hold becomes Bool, Int, FloatingPoint of 32 or 64 bits, Utf8,"
                    + " Binary, List of one field, Struct of fields that differ in name, or Map of keys and values");
        }
        for (Field child : children) {
            checkField(path + "." + child.getName(), child);
        }
    }

    private static boolean hasDifferentNames(List<Field> fields) {
        return fields.stream().map(Field::getName).distinct().count() == fields.size();
    }

    private static boolean isMap(List<Field> children) {
        return children.size() == 1
                && children.get(0).getType() instanceof ArrowType.Struct
                && children.get(0).getChildren().size() == 2
                && !children.get(0).getChildren().get(0).isNullable();
    }

    /** The field that was asked for, which also says what the column was. */
    static Field told(ColumnBlocks column, Field field) {
        Map<String, String> metadata = new HashMap<>(field.getMetadata());
        metadata.put(ArrowFields.TYPE, ArrowFields.type(column));
        return new Field(
                field.getName(),
                new FieldType(field.isNullable(), field.getType(), null, metadata),
                field.getChildren());
    }
}
