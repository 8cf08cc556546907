package io.kohakuvault.codec;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Values to bytes and back by dtype, without a file: for messages, caches and files of one's own, and for the bytes of
 * columns. What is written are the bytes of KohakuVault's {@code DataPacker}; what is refused is what a column of the
 * dtype refuses. Numbers are little-endian. Immutable and thread-safe.
 *
 * <pre>{@code
 * DataPacker prices = DataPacker.of("f64");
 * byte[] packed = prices.packDoubles(new double[] {9.5, 12.25});
 * double[] unpacked = prices.unpackDoubles(packed);
 *
 * DataPacker events = DataPacker.of(DType.MSGPACK);
 * int[] offsets = new int[2];
 * byte[] two = events.packMany(List.of(Map.of("kind", "click"), Map.of("kind", "key")), offsets);
 * List<Object> read = events.unpackMany(two, offsets);
 * }</pre>
 *
 * <p>What a value is, by dtype; what is read is the first one named:
 *
 * <ul>
 *   <li>{@code i8} to {@code u64}: Long, also Integer, Short, Byte and BigInteger, within the range. A Long of u64 is
 *       the bits, any other integer the number.
 *   <li>{@code f16} to {@code f64}: Double, also Float, of which the nearest number is taken; an integer only where the
 *       type has it. A finite number that would become infinite is refused.
 *   <li>{@code bool}: Boolean. {@code str}: String. {@code bytes}: byte[].
 *   <li>{@code msgpack}, {@code cbor}: null, Boolean, integers, Double, String, List, Map with String keys. Reading
 *       answers byte[], Instant, BigDecimal, {@link OpaqueValue} and other keys too, where somebody else wrote them.
 *   <li>{@code vec}: {@link NumericArray}, also lists and arrays of what the element is, one in another for further
 *       dimensions. Of vectors of any shape what is read may be of another element: the bytes say which.
 * </ul>
 *
 * <p>There may be more bytes than are read: what stands behind an element of a fixed size, one MessagePack or CBOR
 * value, or one array of any shape is not looked at. Values that do not fit
 * and bytes that are none of the dtype are an IllegalArgumentException.
 */
public interface DataPacker {
    /**
     * The packer of a dtype. Vectors of one shape have a byte in front that says the element, as KohakuVault's packer
     * writes them and its columns do not; those of bool and f16, which have no such byte, are written without.
     *
     * @param dtype what the values are
     * @return the packer
     * @throws IllegalArgumentException for text in an encoding that is not {@linkplain TextEncoding#isSupported()
     *     supported}
     */
    static DataPacker of(DType dtype) {
        return PackerProvider.get().packer(Objects.requireNonNull(dtype, "dtype"), false);
    }

    /**
     * The packer of a dtype by its string.
     *
     * @param dtype for example {@code i64}, {@code str:16:latin1} or {@code vec:f32:384}
     * @return the packer, as {@link #of(DType)} answers it
     * @throws IllegalArgumentException when it is no dtype that this library knows
     */
    static DataPacker of(String dtype) {
        return of(DType.parse(Objects.requireNonNull(dtype, "dtype")));
    }

    /**
     * The packer of the bytes that a column of the dtype holds: as {@link #of(DType)}, but no byte stands in front of
     * vectors of one shape.
     *
     * @param dtype of the column
     * @return the packer
     * @throws IllegalArgumentException for text in an encoding that is not {@linkplain TextEncoding#isSupported()
     *     supported}
     */
    static DataPacker ofColumn(DType dtype) {
        return PackerProvider.get().packer(Objects.requireNonNull(dtype, "dtype"), true);
    }

    /**
     * What the values are.
     *
     * @return the dtype
     */
    DType dtype();

    /**
     * Bytes of one element.
     *
     * @return the size, or 0 when elements differ in size
     */
    int elementBytes();

    /**
     * Whether elements differ in size, so that reading several needs offsets.
     *
     * @return true when {@link #elementBytes()} is 0
     */
    boolean isVariableSize();

    /**
     * Packs a value.
     *
     * @param value what the dtype takes
     * @return its bytes
     * @throws IllegalArgumentException when it does not fit; says why
     */
    byte[] pack(@Nullable Object value);

    /**
     * Packs values, one behind the other. Where they differ in size only the bytes themselves can say where one ends
     * (MessagePack, CBOR): {@link #packMany(Collection, int[])} keeps it.
     *
     * @param values what the dtype takes
     * @return their bytes
     * @throws IllegalArgumentException when one does not fit; says which and why. So does a result of more than 2 GiB
     */
    byte[] packMany(Collection<? extends @Nullable Object> values);

    /**
     * Packs values, one behind the other, and says where each begins.
     *
     * @param values what the dtype takes
     * @param offsets as long as there are values; becomes where each begins, the first at 0
     * @return their bytes
     * @throws IllegalArgumentException when one does not fit; says which and why. So does a result of more than 2 GiB,
     *     and an array of another length
     */
    byte[] packMany(Collection<? extends @Nullable Object> values, int[] offsets);

    /**
     * Reads the value at the beginning.
     *
     * @param bytes the element; one of any size ends where they end
     * @return the value
     * @throws IllegalArgumentException when they are too few, or none of the dtype
     */
    @Nullable
    Object unpack(byte[] bytes);

    /**
     * Reads a value.
     *
     * @param bytes where it is; an element of any size ends where they end
     * @param offset where it begins, from 0 to the length
     * @return the value
     * @throws IndexOutOfBoundsException for an offset outside of the bytes
     * @throws IllegalArgumentException when the bytes are too few, or none of the dtype
     */
    @Nullable
    Object unpack(byte[] bytes, int offset);

    /**
     * Reads values of a fixed size.
     *
     * @param bytes one element behind the other; there may be more than are read
     * @param count how many to read
     * @return a new list
     * @throws IllegalArgumentException when the dtype's elements differ in size, the count is negative, the bytes are
     *     too few, or an element is none of the dtype; says which
     */
    List<@Nullable Object> unpackMany(byte[] bytes, int count);

    /**
     * Reads values of any size.
     *
     * @param bytes one element behind the other
     * @param offsets where each begins, ascending; the last one ends where the bytes end
     * @return a new list
     * @throws IndexOutOfBoundsException for offsets outside of the bytes, or before the one in front of them
     * @throws IllegalArgumentException when the dtype's elements are of one size, or one is none of the dtype; says
     *     which
     */
    List<@Nullable Object> unpackMany(byte[] bytes, int[] offsets);

    /**
     * {@link #packMany(Collection)} of integers, without objects.
     *
     * @param values of u64 the bits
     * @return their bytes
     * @throws IllegalArgumentException when the dtype is no integer type, or one is outside of its range
     */
    byte[] packLongs(long[] values);

    /**
     * Reads integers.
     *
     * @param bytes whole elements
     * @return all of them; of u64 the bits
     * @throws IllegalArgumentException when the dtype is no integer type, or the bytes end within an element
     */
    long[] unpackLongs(byte[] bytes);

    /**
     * {@link #packMany(Collection)} of integers, without objects.
     *
     * @param values numbers, also of u64
     * @return their bytes
     * @throws IllegalArgumentException when the dtype is no integer type, or one is outside of its range
     */
    byte[] packInts(int[] values);

    /**
     * Reads integers.
     *
     * @param bytes whole elements
     * @return all of them
     * @throws IllegalArgumentException when the dtype is no integer type, one does not fit an int, or the bytes end
     *     within an element
     */
    int[] unpackInts(byte[] bytes);

    /**
     * {@link #packMany(Collection)} of floating-point numbers, without objects.
     *
     * @param values numbers, of which the nearest of the dtype is taken
     * @return their bytes
     * @throws IllegalArgumentException when the dtype is no floating-point type, or a finite number is outside of its
     *     range
     */
    byte[] packDoubles(double[] values);

    /**
     * Reads floating-point numbers.
     *
     * @param bytes whole elements
     * @return all of them
     * @throws IllegalArgumentException when the dtype is no floating-point type, or the bytes end within an element
     */
    double[] unpackDoubles(byte[] bytes);

    /**
     * {@link #packMany(Collection)} of floating-point numbers, without objects.
     *
     * @param values numbers, of which the nearest of the dtype is taken
     * @return their bytes
     * @throws IllegalArgumentException when the dtype is no floating-point type, or a finite number is outside of its
     *     range
     */
    byte[] packFloats(float[] values);

    /**
     * Reads floating-point numbers.
     *
     * @param bytes whole elements
     * @return all of them, of f64 the nearest floats
     * @throws IllegalArgumentException when the dtype is no floating-point type, a finite number is beyond what a float
     *     holds, or the bytes end within an element
     */
    float[] unpackFloats(byte[] bytes);

    /**
     * {@link #packMany(Collection)} of vectors of 32-bit floats, without objects.
     *
     * @param vectors the numbers of each, in C order where there are several dimensions
     * @return their bytes
     * @throws IllegalArgumentException when the dtype is not {@code vec:f32:d…}, or one has another number of floats
     */
    byte[] packVectors(float[][] vectors);

    /**
     * Reads vectors of 32-bit floats.
     *
     * @param bytes whole elements
     * @return the numbers of each
     * @throws IllegalArgumentException when the dtype is not {@code vec:f32:d…}, the bytes end within an element, or
     *     one is none of the dtype
     */
    float[][] unpackVectors(byte[] bytes);

    /**
     * A packer that takes and hands out only values that a JSON schema allows. It needs {@code
     * com.networknt:json-schema-validator} 2.0 on the class path, which vault-core does not bring.
     *
     * <p>Drafts 4 to 2020-12, by {@code $schema}; without one it is 2020-12. A {@code $ref} may lead within the schema
     * or to the drafts themselves: nothing is fetched from a network, a file or the class path. {@code format} is not
     * checked where the draft has it as an annotation. Schemas come from whom the program trusts: one can make
     * checking slow, or never end.
     *
     * <p>What JSON does not have (NaN, infinities, bytes, keys that are no text) is refused under any schema.
     *
     * @param schema the JSON text of a schema
     * @return another packer; a value that violates the schema is an IllegalArgumentException that names the path
     *     inside the value and the rule, on packing and on unpacking
     * @throws IllegalArgumentException when the dtype is neither {@code msgpack} nor {@code cbor}, or the text is no
     *     valid schema
     * @throws UnsupportedOperationException when the library is not there
     */
    DataPacker withJsonSchema(String schema);

    /**
     * Makes packers. This library has the only one, and finds it by {@link java.util.ServiceLoader}: users call {@link
     * DataPacker#of(DType)}.
     */
    interface Provider {
        /**
         * Makes a packer.
         *
         * @param dtype what the values are
         * @param asInColumns whether vectors of one shape are without the byte that says their element
         * @return the packer
         * @throws IllegalArgumentException for text in an encoding that is not supported
         */
        DataPacker packer(DType dtype, boolean asInColumns);
    }
}
