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

    /**
     * A column whose values are given one by one, where there is no array of them.
     *
     * @param column name within the table
     * @return takes the values, as many as the other columns have
     */
    ValueAppender column(String column);

    /**
     * {@link #column(String)} by the column's place, which spares looking for its name.
     *
     * @param column its place in the schema, from 0
     * @return takes the values, as many as the other columns have
     * @throws IndexOutOfBoundsException when there is no such place
     */
    ValueAppender column(int column);
}
