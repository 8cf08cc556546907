package io.kohakuvault.table;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One row on its way into a table. Each setter names a column; setting it twice or naming one that is not there is an
 * {@link IllegalArgumentException}, as is a value that does not fit the column. A null object is the same as {@link #setNull}. Valid only inside the call that hands it out.
 */
public interface RowWriter {
    /**
     * An integer; floating-point columns take it too.
     *
     * @param column name within the table
     * @param value the value, in the dtype's range
     * @return this
     */
    RowWriter set(String column, long value);

    /**
     * A floating-point number.
     *
     * @param column name within the table
     * @param value the value
     * @return this
     */
    RowWriter set(String column, double value);

    /**
     * A truth value.
     *
     * @param column name within the table
     * @param value the value
     * @return this
     */
    RowWriter set(String column, boolean value);

    /**
     * A text.
     *
     * @param column name within the table
     * @param value the value
     * @return this
     */
    RowWriter set(String column, @Nullable String value);

    /**
     * Bytes: of a bytes column, or an element of a msgpack, cbor or vec column as it is stored.
     *
     * @param column name within the table
     * @param value the value
     * @return this
     */
    RowWriter set(String column, byte @Nullable [] value);

    /**
     * A vector for a column of {@code vec:f32:…}.
     *
     * @param column name within the table
     * @param value as many floats as the shape says
     * @return this
     */
    RowWriter set(String column, float @Nullable [] value);

    /**
     * A point in time, cut to the column's unit.
     *
     * @param column name within the table, of a timestamp
     * @param value the value
     * @return this
     */
    RowWriter set(String column, @Nullable Instant value);

    /**
     * No value. The same as not setting the column.
     *
     * @param column name within the table, of a nullable column
     * @return this
     */
    RowWriter setNull(String column);

    /**
     * A value by its runtime class: one of the types above, any Number, or null.
     *
     * @param column name within the table
     * @param value the value
     * @return this
     */
    RowWriter setObject(String column, @Nullable Object value);
}
