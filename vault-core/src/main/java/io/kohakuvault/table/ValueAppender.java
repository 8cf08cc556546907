package io.kohakuvault.table;

import org.jspecify.annotations.Nullable;

/**
 * The values of one column on their way into a table, one after the other: one for each row. What {@link RowWriter}
 * says of values and columns holds here. Valid only inside the call of {@link RowBatch#addColumns} whose {@link
 * ColumnWriter} handed it out; a mistake is an {@link IllegalArgumentException}, and nothing of that call is added
 * then.
 */
public interface ValueAppender {
    /**
     * An integer; floating-point columns take it too where they hold exactly that number.
     *
     * @param value the value, in the dtype's range; of u64 the bits
     */
    void add(long value);

    /**
     * A floating-point number: {@code f32} and {@code f16} take the nearest they have, but refuse a finite one beyond
     * their range; integers take one without a fraction.
     *
     * @param value the value
     */
    void add(double value);

    /**
     * A truth value.
     *
     * @param value the value
     */
    void add(boolean value);

    /**
     * A text; null is no value.
     *
     * @param value the value
     */
    void add(@Nullable String value);

    /**
     * A value by its runtime class, as {@link RowWriter#setObject} takes it; null is no value.
     *
     * @param value the value
     */
    void addObject(@Nullable Object value);

    /** No value, in a nullable column. */
    void addNull();
}
