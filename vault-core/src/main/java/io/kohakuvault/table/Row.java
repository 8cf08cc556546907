package io.kohakuvault.table;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row that has been read. Values are Long, Double, Boolean, String, byte[], float[] for {@code vec:f32:…}, {@link
 * io.kohakuvault.codec.NumericArray} for other vectors, what is in a msgpack or cbor element, the Java class that its
 * {@link io.kohakuvault.codec.LogicalType} names (Instant, LocalDate, LocalTime, BigDecimal, UUID, List, Map), or null.
 * Immutable, but for the arrays, lists and maps in it, which are the caller's. Only this library implements it; it may
 * get further methods.
 *
 * <p>Every getter throws an {@link IllegalArgumentException} for a column that the row was read without, or whose value
 * is of another class; those of primitives throw an {@link IllegalStateException} for a null.
 */
public interface Row {
    /**
     * Its place in the table.
     *
     * @return from 0
     */
    long index();

    /**
     * The columns that it was read with.
     *
     * @return in the order that was asked for, or the table's
     */
    List<String> columns();

    /**
     * One value, of whatever class.
     *
     * @param column name within the table
     * @return the value, null for a null
     */
    @Nullable
    Object get(String column);

    /**
     * One value of a class.
     *
     * @param column name within the table
     * @param type what is expected
     * @param <T> what is expected
     * @return the value, null for a null
     */
    default <T> @Nullable T get(String column, Class<T> type) {
        Object value = get(column);
        if (value != null && !type.isInstance(value)) {
            throw new IllegalArgumentException("row " + index() + ": column '" + column + "' holds a "
                    + value.getClass().getSimpleName() + " and no " + type.getSimpleName());
        }
        return type.cast(value);
    }

    /**
     * Whether there is no value.
     *
     * @param column name within the table
     * @return true for a null
     */
    default boolean isNull(String column) {
        return get(column) == null;
    }

    private <T> T present(String column, Class<T> type) {
        T value = get(column, type);
        if (value == null) {
            throw new IllegalStateException("row " + index() + ": column '" + column + "' is null; ask isNull before");
        }
        return value;
    }

    /**
     * An integer; of {@code u64} the long of the same bits.
     *
     * @param column name within the table
     * @return the value
     */
    default long getLong(String column) {
        return present(column, Long.class);
    }

    /**
     * A floating-point number.
     *
     * @param column name within the table
     * @return the value
     */
    default double getDouble(String column) {
        return present(column, Double.class);
    }

    /**
     * A truth value.
     *
     * @param column name within the table
     * @return the value
     */
    default boolean getBoolean(String column) {
        return present(column, Boolean.class);
    }

    /**
     * A text.
     *
     * @param column name within the table
     * @return the value, null for a null
     */
    default @Nullable String getString(String column) {
        return get(column, String.class);
    }

    /**
     * Bytes.
     *
     * @param column name within the table
     * @return the value, which is not copied; null for a null
     */
    default byte @Nullable [] getBytes(String column) {
        return get(column, byte[].class);
    }

    /**
     * A vector of {@code vec:f32:…}, whose dimensions are fixed.
     *
     * @param column name within the table
     * @return the value, which is not copied; null for a null
     */
    default float @Nullable [] getFloats(String column) {
        return get(column, float[].class);
    }

    /**
     * A timestamp.
     *
     * @param column name within the table
     * @return the value, null for a null
     */
    default @Nullable Instant getInstant(String column) {
        return get(column, Instant.class);
    }

    /**
     * A date.
     *
     * @param column name within the table
     * @return the value, null for a null
     */
    default @Nullable LocalDate getDate(String column) {
        return get(column, LocalDate.class);
    }

    /**
     * A time of day.
     *
     * @param column name within the table
     * @return the value, null for a null
     */
    default @Nullable LocalTime getTime(String column) {
        return get(column, LocalTime.class);
    }

    /**
     * A decimal number.
     *
     * @param column name within the table
     * @return the value, null for a null
     */
    default @Nullable BigDecimal getDecimal(String column) {
        return get(column, BigDecimal.class);
    }

    /**
     * A UUID.
     *
     * @param column name within the table
     * @return the value, null for a null
     */
    default @Nullable UUID getUuid(String column) {
        return get(column, UUID.class);
    }

    /**
     * A list.
     *
     * @param column name within the table
     * @return the value, null for a null
     */
    default @Nullable List<?> getList(String column) {
        return get(column, List.class);
    }

    /**
     * A map.
     *
     * @param column name within the table
     * @return the value, null for a null
     */
    default @Nullable Map<?, ?> getMap(String column) {
        return get(column, Map.class);
    }

    /**
     * All values by the names of their columns, in their order.
     *
     * @return a map that cannot be changed
     */
    Map<String, @Nullable Object> toMap();

    /**
     * See {@link #toMap}.
     *
     * @return a map that cannot be changed
     * @deprecated goes with 1.0
     */
    @Deprecated(forRemoval = true)
    default Map<String, @Nullable Object> values() {
        return toMap();
    }
}
