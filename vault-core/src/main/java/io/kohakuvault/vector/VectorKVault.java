package io.kohakuvault.vector;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Vectors with values, in the tables that sqlite-vec's vec0 keeps: KohakuVault and sqlite-vec search what is written
 * here. Its tables in the file are made by the first write. A mutating call is its own transaction unless the caller is
 * in one. Thread-safe.
 *
 * <pre>{@code
 * VectorKVault images = vault.vectors("images", VectorOptions.l2(512));
 * images.insert(new float[512], Map.of("file", "a.png"));
 * images.search(new float[512], 3).forEach(hit -> System.out.println(hit.id() + " " + hit.distance()));
 * }</pre>
 */
public interface VectorKVault extends VectorReader {
    /**
     * Adds a vector.
     *
     * @param vector as many numbers as the table has dimensions: whole ones from -128 to 127 for a table of {@link
     *     VectorType#INT8}, 0 and 1 for one of {@link VectorType#BIT}
     * @param value what to store with it, as {@link io.kohakuvault.kv.KVault#putValue} takes it
     * @return the vector's id, never used again
     * @throws IllegalArgumentException for another length, a number that is not finite or that the table's type has
     *     not, which {@link Quantization} makes of floats, and, for cosine, no direction: such a vector makes searches
     *     of KohakuVault fail
     * @throws io.kohakuvault.VaultFormatException when sqlite-vec made the table with further columns that each row
     *     must fill; nothing is changed then. Auxiliary columns stay NULL.
     */
    long insert(float[] vector, @Nullable Object value);

    /**
     * Adds a vector of bytes, as sqlite-vec's {@code vec_int8} and {@code vec_bit} take them.
     *
     * @param vector a byte for each number of a table of {@link VectorType#INT8}; for one of {@link VectorType#BIT} a
     *     byte for eight bits, the first in the lowest place ({@link Quantization#bits(boolean[])} packs them); for one
     *     of floats the four of each, the lowest first
     * @param value what to store with it, as {@link io.kohakuvault.kv.KVault#putValue} takes it
     * @return the vector's id, never used again
     * @throws IllegalArgumentException for another number of bytes, and as {@link #insert(float[], Object)} throws it
     * @throws io.kohakuvault.VaultFormatException as {@link #insert(float[], Object)} throws it
     */
    long insert(byte[] vector, @Nullable Object value);

    /**
     * Adds many vectors of bytes in one transaction.
     *
     * @param vectors the vectors and values
     * @return their ids, rising, in the order of the vectors
     * @throws IllegalArgumentException when {@link #insert(byte[], Object)} would not take one; none is added then
     * @throws io.kohakuvault.VaultFormatException as {@link #insert(float[], Object)} throws it
     */
    long[] insertAllBytes(List<NewByteVector> vectors);

    /**
     * Adds many vectors in one transaction.
     *
     * @param vectors the vectors and values
     * @return their ids, rising, in the order of the vectors
     * @throws IllegalArgumentException when {@link #insert(float[], Object)} would not take one; none is added then
     * @throws io.kohakuvault.VaultFormatException as {@link #insert(float[], Object)} throws it
     */
    long[] insertAll(List<NewVector> vectors);

    /**
     * Adds many vectors in one transaction as they were read from a table, such as an export of one: under cosine,
     * {@link #insertAll} would divide each by its length once more and change its last bits. One whose length is 1 but
     * for what float numbers round is kept bit by bit, any other brought to length 1.
     * Whole numbers and bits are stored as they are in any case.
     *
     * @param vectors the vectors and values
     * @return their ids, rising, in the order of the vectors
     * @throws IllegalArgumentException when {@link #insert(float[], Object)} would not take one; none is added then
     * @throws io.kohakuvault.VaultFormatException as {@link #insert(float[], Object)} throws it
     */
    long[] restoreAll(List<NewVector> vectors);

    /**
     * Puts a vector in the place of the one that is stored with a value, or adds it: with a key as the value, vectors
     * by
     * key. Call {@link #indexValues} once for such a table.
     *
     * @param vector as many numbers as the table has dimensions
     * @param value what it is stored with
     * @return the vector's id; of several that are stored with the value, the first one's: the others are deleted
     * @throws IllegalArgumentException as {@link #insert(float[], Object)} throws it
     * @throws io.kohakuvault.VaultFormatException as {@link #insert(float[], Object)} throws it
     */
    long put(float[] vector, @Nullable Object value);

    /**
     * {@link #put(float[], Object)} of a vector of bytes.
     *
     * @param vector as {@link #insert(byte[], Object)} takes it
     * @param value what it is stored with
     * @return the vector's id; of several that are stored with the value, the first one's: the others are deleted
     * @throws IllegalArgumentException as {@link #insert(byte[], Object)} throws it
     * @throws io.kohakuvault.VaultFormatException as {@link #insert(float[], Object)} throws it
     */
    long put(byte[] vector, @Nullable Object value);

    /** Removes all vectors. The table stays, and no id is given again. */
    void clear();

    /**
     * Whether {@link #insert(float[], Object)} would take a vector, without touching the file.
     *
     * @param vector the vector
     * @throws IllegalArgumentException when it would not
     */
    void check(float[] vector);

    /**
     * Whether {@link #insert(byte[], Object)} would take a vector, without touching the file.
     *
     * @param vector the vector
     * @throws IllegalArgumentException when it would not
     */
    void check(byte[] vector);

    /**
     * Removes a vector and all that its row holds, also in columns that only sqlite-vec fills.
     *
     * @param id the vector
     * @return false when there was none
     * @throws io.kohakuvault.VaultCorruptException when it does not stand where the table says; nothing is changed then
     */
    boolean delete(long id);

    /**
     * Puts another vector in the place of one, under its id and with its value.
     *
     * @param id the vector
     * @param vector as many numbers as the table has dimensions
     * @return false when there was none
     * @throws IllegalArgumentException as {@link #insert(float[], Object)} throws it
     * @throws io.kohakuvault.VaultCorruptException when it does not stand where the table says; nothing is changed then
     */
    boolean updateVector(long id, float[] vector);

    /**
     * {@link #updateVector(long, float[])} with a vector of bytes.
     *
     * @param id the vector
     * @param vector as {@link #insert(byte[], Object)} takes it
     * @return false when there was none
     * @throws IllegalArgumentException as {@link #insert(byte[], Object)} throws it
     * @throws io.kohakuvault.VaultCorruptException when it does not stand where the table says; nothing is changed then
     */
    boolean updateVector(long id, byte[] vector);

    /**
     * Stores another value with a vector.
     *
     * @param id the vector
     * @param value what to store with it, as {@link io.kohakuvault.kv.KVault#putValue} takes it
     * @return false when there was none
     * @throws IllegalArgumentException for what cannot be stored
     * @throws io.kohakuvault.VaultCorruptException when it does not stand where the table says; nothing is changed then
     */
    boolean updateValue(long id, @Nullable Object value);

    /**
     * Makes an index of the vectors' values, by which {@link #idsWith} finds them without reading all. It takes about
     * as much room as the values; further writes keep it, those of other programs too. Makes the table where it is not
     * there yet; does nothing where the index is.
     */
    void indexValues();
}
