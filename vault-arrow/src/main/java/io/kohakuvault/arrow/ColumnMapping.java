package io.kohakuvault.arrow;

import org.apache.arrow.vector.types.pojo.Field;
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
 */
record ColumnMapping(
        Field field,
        Layout layout,
        int perRow,
        @Nullable NumberConversion numbers,
        @Nullable ElementConversion texts,
        boolean shortOffsets) {
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
        VARIABLE
    }

    /** Whether what is stored becomes something else. */
    boolean isConverted() {
        return hasBits() || numbers != null || texts != null;
    }

    /** Whether items are bits. */
    boolean hasBits() {
        return layout == Layout.BITS || (numbers == NumberConversion.BITS);
    }
}
