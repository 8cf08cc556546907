package io.kohakuvault.connect;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.table.ColumnWriter;
import io.kohakuvault.table.SchemaColumn;
import org.jspecify.annotations.Nullable;

/**
 * A column of many records at once, as an array of what it stores: three times as fast as value by value, where all of
 * them are numbers or truth values that need no look.
 */
enum ColumnArray {
    LONGS {
        @Override
        boolean add(ColumnWriter to, String column, @Nullable Object[] values) {
            long[] array = new long[values.length];
            for (int i = 0; i < array.length; i++) {
                if (values[i] instanceof Long number) {
                    array[i] = number;
                } else if (values[i] instanceof Integer number) {
                    array[i] = number;
                } else {
                    return false;
                }
            }
            to.set(column, array);
            return true;
        }
    },
    INTS {
        @Override
        boolean add(ColumnWriter to, String column, @Nullable Object[] values) {
            int[] array = new int[values.length];
            for (int i = 0; i < array.length; i++) {
                if (values[i] instanceof Long number && number == number.intValue()) {
                    array[i] = number.intValue();
                } else if (values[i] instanceof Integer number) {
                    array[i] = number;
                } else {
                    return false;
                }
            }
            to.set(column, array);
            return true;
        }
    },
    DOUBLES {
        @Override
        boolean add(ColumnWriter to, String column, @Nullable Object[] values) {
            double[] array = new double[values.length];
            for (int i = 0; i < array.length; i++) {
                if (!(values[i] instanceof Double number)) {
                    return false;
                }
                array[i] = number;
            }
            to.set(column, array);
            return true;
        }
    },
    TRUTHS {
        @Override
        boolean add(ColumnWriter to, String column, @Nullable Object[] values) {
            boolean[] array = new boolean[values.length];
            for (int i = 0; i < array.length; i++) {
                if (!(values[i] instanceof Boolean truth)) {
                    return false;
                }
                array[i] = truth;
            }
            to.set(column, array);
            return true;
        }
    },
    /** Values are to be added one by one. */
    NONE {
        @Override
        boolean add(ColumnWriter to, String column, @Nullable Object[] values) {
            return false;
        }
    };

    /** What a column can be given of. */
    static ColumnArray of(SchemaColumn column) {
        LogicalType logical = column.logicalType().orElse(null);
        if (logical != null && !(logical instanceof LogicalType.Timestamp)) {
            return NONE;
        }
        DType dtype = column.dtype();
        if (dtype instanceof DType.IntegerType type && type.element() != ElementType.U64) {
            return type.element() == ElementType.I32 && logical == null ? INTS : LONGS;
        } else if (dtype instanceof DType.FloatingType) {
            return DOUBLES;
        }
        return dtype instanceof DType.BooleanType ? TRUTHS : NONE;
    }

    /**
     * Adds a value for each record.
     *
     * @return false, with nothing added, where one of the values is none that the array holds as it is
     * @throws IllegalArgumentException when one is not in the column's range
     */
    abstract boolean add(ColumnWriter to, String column, @Nullable Object[] values);
}
