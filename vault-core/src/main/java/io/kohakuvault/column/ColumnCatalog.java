package io.kohakuvault.column;

import java.util.List;
import java.util.Optional;

/**
 * The columns of a file, for reading; those of tables by their full names, nulls in them as zero or empty. Each lookup
 * throws {@link java.util.NoSuchElementException} for a missing column and {@link IllegalArgumentException} when the
 * column's dtype is of another kind. Thread-safe.
 */
public interface ColumnCatalog {
    /**
     * All columns, those of tables included.
     *
     * @return in the order of their creation
     */
    List<ColumnInfo> list();

    /**
     * Whether there is a column.
     *
     * @param name full name
     * @return true when it exists
     */
    boolean contains(String name);

    /**
     * A column that may be missing.
     *
     * @param name full name
     * @return what {@link #column} answers for it; empty when there is none
     */
    Optional<? extends ColumnReader> find(String name);

    /**
     * A column of whatever it is.
     *
     * @param name full name
     * @return a {@link LongReader} for integers, a {@link DoubleReader} for floating-point numbers, a {@link
     *     BooleanReader}, a {@link StrReader} for text, a {@link FloatVectorReader} for {@code vec:f32:…}, an {@link
     *     ArrayReader} for other {@code vec}, a {@link ValueReader} for {@code msgpack} and {@code cbor}, a {@link
     *     BytesReader} for {@code bytes}
     */
    ColumnReader column(String name);

    /**
     * A column of integers.
     *
     * @param name full name
     * @return its reader
     */
    LongReader longs(String name);

    /**
     * A column of floating-point numbers.
     *
     * @param name full name
     * @return its reader
     */
    DoubleReader doubles(String name);

    /**
     * A column of truth values.
     *
     * @param name full name
     * @return its reader
     */
    BooleanReader booleans(String name);

    /**
     * A column of text.
     *
     * @param name full name
     * @return its reader
     */
    StrReader strings(String name);

    /**
     * A column of {@code vec:f32:…}.
     *
     * @param name full name
     * @return its reader
     */
    FloatVectorReader floatVectors(String name);

    /**
     * A column of {@code vec} of any element type, with or without dimensions.
     *
     * @param name full name
     * @return its reader
     */
    ArrayReader arrays(String name);

    /**
     * A column of {@code msgpack} or {@code cbor}.
     *
     * @param name full name
     * @return its reader
     */
    ValueReader values(String name);

    /**
     * A column of any dtype as the bytes that are stored for each element.
     *
     * @param name full name
     * @return its reader
     */
    BytesReader bytes(String name);
}
