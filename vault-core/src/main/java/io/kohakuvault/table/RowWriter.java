package io.kohakuvault.table;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One row on its way into a table. Each setter names a column; setting it twice or naming one that is not there is an
 * {@link IllegalArgumentException}, as is a value that does not fit the column. A null object is the same as {@link
 * #setNull}. Valid only inside the call that hands it out.
 */
public interface RowWriter {
    /**
     * An integer; floating-point columns take it too where they hold exactly that number.
     *
     * @param column name within the table
     * @param value the value, in the dtype's range; of u64 the bits
     * @return this
     */
    RowWriter set(String column, long value);

    /**
     * A floating-point number: {@code f32} and {@code f16} take the nearest they have, but refuse a finite one beyond
     * their range; integers take one without a fraction.
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
     * Bytes: of a bytes column, or an element of a msgpack, cbor or vec column as it is stored, which must be one whole
     * value that this library reads.
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
     * A decimal number: a floating-point column takes the nearest number within its range, a decimal one refuses what
     * it cannot hold exactly, others refuse it.
     *
     * @param column name within the table
     * @param value the value
     * @return this
     */
    default RowWriter set(String column, @Nullable BigDecimal value) {
        return setObject(column, value);
    }

    /**
     * A day.
     *
     * @param column name within the table, of a date
     * @param value the value
     * @return this
     */
    default RowWriter set(String column, @Nullable LocalDate value) {
        return setObject(column, value);
    }

    /**
     * A time of day, cut to the column's unit.
     *
     * @param column name within the table, of a time
     * @param value the value
     * @return this
     */
    default RowWriter set(String column, @Nullable LocalTime value) {
        return setObject(column, value);
    }

    /**
     * A list of values.
     *
     * @param column name within the table, of msgpack or cbor
     * @param value the values
     * @return this
     */
    default RowWriter set(String column, @Nullable List<?> value) {
        return setObject(column, value);
    }

    /**
     * A map of values.
     *
     * @param column name within the table, of msgpack or cbor
     * @param value from names to values
     * @return this
     */
    default RowWriter set(String column, @Nullable Map<String, ?> value) {
        return setObject(column, value);
    }

    /**
     * No value. The same as not setting the column.
     *
     * @param column name within the table, of a nullable column
     * @return this
     */
    RowWriter setNull(String column);

    /**
     * A value by its runtime class: one of the types above, a number (Byte to Long, BigInteger, Float, Double,
     * BigDecimal), java.util.Date, UUID, NumericArray, what a msgpack or cbor column takes, or null. A number that the
     * column cannot hold is refused; of u64 a Long is the bits, as rows give them, and a narrower one a number.
     *
     * @param column name within the table
     * @param value the value
     * @return this
     */
    RowWriter setObject(String column, @Nullable Object value);

    /**
     * {@link #set(String, long)} by the column's place, which spares looking for its name.
     *
     * @param column its place in the schema, from 0
     * @param value the value
     * @return this
     * @throws IndexOutOfBoundsException when there is no such place
     */
    RowWriter set(int column, long value);

    /**
     * {@link #set(String, double)} by the column's place.
     *
     * @param column its place in the schema, from 0
     * @param value the value
     * @return this
     * @throws IndexOutOfBoundsException when there is no such place
     */
    RowWriter set(int column, double value);

    /**
     * {@link #set(String, boolean)} by the column's place.
     *
     * @param column its place in the schema, from 0
     * @param value the value
     * @return this
     * @throws IndexOutOfBoundsException when there is no such place
     */
    RowWriter set(int column, boolean value);

    /**
     * {@link #set(String, String)} by the column's place.
     *
     * @param column its place in the schema, from 0
     * @param value the value
     * @return this
     * @throws IndexOutOfBoundsException when there is no such place
     */
    RowWriter set(int column, @Nullable String value);

    /**
     * {@link #setObject(String, Object)} by the column's place.
     *
     * @param column its place in the schema, from 0
     * @param value the value
     * @return this
     * @throws IndexOutOfBoundsException when there is no such place
     */
    RowWriter setObject(int column, @Nullable Object value);
}
