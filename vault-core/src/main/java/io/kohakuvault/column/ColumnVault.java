package io.kohakuvault.column;

import io.kohakuvault.codec.DType;
import java.util.Optional;

/**
 * The columns of a vault. What exists is opened as what it is: {@code longs(name)}, {@code strings(name)} …, or {@link
 * #column} where the dtype is not known. {@code ensure} answers the column of that name and creates it where it is
 * missing; it throws {@link IllegalArgumentException} when the column exists with another dtype or belongs to a table.
 * {@link #create} refuses a name that is taken.
 *
 * <p>A column of a table is read by its full name, but written through its table only: writing to its handle throws
 * {@link UnsupportedOperationException}, as all writing does on a vault that was opened read-only. Thread-safe.
 *
 * <pre>{@code
 * DoubleColumn losses = vault.columns().ensure("losses", DType.F64); // made where it is missing
 * losses.append(0.25);
 * StrColumn names = vault.columns().strings("names"); // one that is there
 * names.set(0, "first");
 * Column any = vault.columns().ensure("embeddings", DType.parse("vec:f32:384")); // a dtype known at run time
 * }</pre>
 */
public interface ColumnVault extends ColumnCatalog {
    @Override
    LongColumn longs(String name);

    @Override
    DoubleColumn doubles(String name);

    @Override
    BooleanColumn booleans(String name);

    @Override
    StrColumn strings(String name);

    @Override
    FloatVectorColumn floatVectors(String name);

    @Override
    ArrayColumn arrays(String name);

    @Override
    ValueColumn values(String name);

    @Override
    BytesColumn bytes(String name);

    @Override
    Optional<Column> find(String name);

    @Override
    Column column(String name);

    /**
     * The column of that name, created where it is missing, for a dtype that is known at run time only.
     *
     * @param name any text but the empty one
     * @param dtype any dtype, for example {@code DType.parse("vec:f32:384")}
     * @return what {@link #column} answers for it
     */
    Column ensure(String name, DType dtype);

    /**
     * Creates a column.
     *
     * @param name any text but the empty one
     * @param dtype any dtype
     * @return what {@link #column} answers for it
     * @throws IllegalArgumentException when there is a column of that name
     */
    Column create(String name, DType dtype);

    /**
     * A column of integers.
     *
     * @param name any text but the empty one
     * @param dtype for example {@link DType#I64}
     * @return the column
     */
    LongColumn ensure(String name, DType.IntegerType dtype);

    /**
     * A column of floating-point numbers.
     *
     * @param name any text but the empty one
     * @param dtype for example {@link DType#F64}
     * @return the column
     */
    DoubleColumn ensure(String name, DType.FloatingType dtype);

    /**
     * A column of truth values.
     *
     * @param name any text but the empty one
     * @param dtype {@link DType#BOOL}
     * @return the column
     */
    BooleanColumn ensure(String name, DType.BooleanType dtype);

    /**
     * A column of text.
     *
     * @param name any text but the empty one
     * @param dtype for example {@link DType#STR}
     * @return the column
     */
    StrColumn ensure(String name, DType.StringType dtype);

    /**
     * A column of byte strings.
     *
     * @param name any text but the empty one
     * @param dtype for example {@link DType#BYTES}
     * @return the column
     */
    BytesColumn ensure(String name, DType.BytesType dtype);

    /**
     * A column of f32 vectors of one shape.
     *
     * @param name any text but the empty one
     * @param dtype for example {@code DType.vector(F32, 384)}; others go through {@link #ensureArrays}
     * @return the column
     */
    FloatVectorColumn ensure(String name, DType.VectorType dtype);

    /**
     * A column of vectors of any element type or, for a type without dimensions, of arrays of any shape.
     *
     * @param name any text but the empty one
     * @param dtype for example {@code DType.vector(I16, 3, 3)}
     * @return the column
     */
    ArrayColumn ensureArrays(String name, DType.VectorType dtype);

    /**
     * A column of MessagePack or CBOR values.
     *
     * @param name any text but the empty one
     * @param dtype for example {@link DType#MSGPACK}
     * @return the column
     */
    ValueColumn ensure(String name, DType.PackedType dtype);

    /**
     * A column of any dtype, its elements given and taken as the bytes that are stored: numbers little-endian.
     *
     * @param name any text but the empty one
     * @param dtype any dtype
     * @return the column
     */
    BytesColumn ensureRaw(String name, DType dtype);

    /**
     * Deletes a column and its elements.
     *
     * @param name full name; a table's column cannot be deleted alone
     * @return false when there was none
     */
    boolean delete(String name);

    /**
     * Gives a column another name. Handles of it go on to work.
     *
     * @param name full name; a table's column is renamed through its table
     * @param newName any text but the empty one
     * @throws java.util.NoSuchElementException when there is no such column
     * @throws IllegalArgumentException when there is one of the new name
     */
    void rename(String name, String newName);
}
