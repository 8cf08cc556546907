package io.kohakuvault.table;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Many rows on their way into a table, column by column. All columns given must be of one length; a nullable column
 * that is left out is null in all rows. Valid only inside the call that hands it out; a mistake is an {@link
 * IllegalArgumentException}, and nothing is added then.
 */
public interface ColumnWriter {
    /**
     * Integers; also timestamps, dates and times in the units that are stored.
     *
     * @param column name within the table
     * @param values one for each row
     * @return this
     */
    ColumnWriter set(String column, long[] values);

    /**
     * Integers.
     *
     * @param column name within the table
     * @param values one for each row
     * @return this
     */
    ColumnWriter set(String column, int[] values);

    /**
     * Floating-point numbers: {@code f32} and {@code f16} take the nearest they have, and refuse finite ones beyond
     * their range.
     *
     * @param column name within the table
     * @param values one for each row
     * @return this
     */
    ColumnWriter set(String column, double[] values);

    /**
     * Floating-point numbers, or vectors of a {@code vec:f32:…} column one after the other.
     *
     * @param column name within the table
     * @param values one for each row, or as many for each as a vector has
     * @return this
     */
    ColumnWriter set(String column, float[] values);

    /**
     * Truth values.
     *
     * @param column name within the table
     * @param values one for each row
     * @return this
     */
    ColumnWriter set(String column, boolean[] values);

    /**
     * Objects as {@link RowWriter#setObject} takes them, nulls among them.
     *
     * @param column name within the table
     * @param values one for each row
     * @return this
     */
    ColumnWriter set(String column, List<? extends @Nullable Object> values);
}
