package io.kohakuvault.arrow;

import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.jspecify.annotations.Nullable;

/**
 * How a column becomes an Arrow vector.
 *
 * @param field the vector's field
 * @param layout how its buffers are made
 * @param perRow numbers in an element: 1, or those of a vector of one shape
 * @param numbers how each number is converted; null where the bytes are Arrow's as they are
 * @param texts how each element becomes bytes of any size; null where it is bytes of any size already
 * @param shortOffsets whether offsets have 32 bits
 * @param dictionary the texts of which rows have numbers; null where they have the texts
 */
record ColumnMapping(
        Field field,
        Layout layout,
        int perRow,
        @Nullable NumberConversion numbers,
        @Nullable ElementConversion texts,
        boolean shortOffsets,
        @Nullable TextDictionary dictionary) {
    /** Kinds of Arrow vectors by their buffers. */
    enum Layout {
        /** Validity, data. */
        FIXED,
        /** Validity, bits. */
        BITS,
        /** Validity; items with data or bits. */
        FIXED_LIST,
        /** Validity, offsets; items with data or bits. */
        LIST,
        /** Validity, offsets, data. */
        VARIABLE,
        /** What vectors within each other have. */
        NESTED
    }

    /** A mapping without a dictionary. */
    ColumnMapping(
            Field field,
            Layout layout,
            int perRow,
            @Nullable NumberConversion numbers,
            @Nullable ElementConversion texts,
            boolean shortOffsets) {
        this(field, layout, perRow, numbers, texts, shortOffsets, null);
    }

    /** The same column as numbers of a dictionary. */
    ColumnMapping encoded(TextDictionary texts, long id) {
        FieldType type = new FieldType(
                field.isNullable(),
                field.getType(),
                new DictionaryEncoding(id, false, new ArrowType.Int(32, true)),
                field.getMetadata());
        return new ColumnMapping(new Field(field.getName(), type, null), Layout.FIXED, 1, null, null, false, texts);
    }

    /** Whether what is stored becomes something else. */
    boolean isConverted() {
        return hasBits() || numbers != null || texts != null || dictionary != null || layout == Layout.NESTED;
    }

    /** Whether items are bits. */
    boolean hasBits() {
        return layout == Layout.BITS || (numbers == NumberConversion.BITS);
    }
}
