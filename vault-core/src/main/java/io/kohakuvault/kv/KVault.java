package io.kohakuvault.kv;

import io.kohakuvault.codec.Codec;
import io.kohakuvault.codec.Utf8;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A key-value table. Its table in the file is made by the first write. A mutating call is its own transaction unless
 * the caller is in one. Thread-safe.
 *
 * <pre>{@code
 * KVault media = vault.kv("media");
 * media.putAll(Map.of("a", bytes, "b", bytes));
 * byte[] there = media.computeIfAbsent("c", key -> new byte[] {1});
 * media.deleteAll(KvRange.all().from("a").below("c"));
 * }</pre>
 */
public interface KVault extends KvReader {
    /**
     * Puts bytes under a key, replacing what is there.
     *
     * @param key the key
     * @param value the bytes, kept as they are
     */
    void put(byte[] key, byte[] value);

    /**
     * {@link #put(byte[], byte[])} for a key of text.
     *
     * @param key the key
     * @param value the bytes
     */
    default void put(String key, byte[] value) {
        put(Utf8.encode(key), value);
    }

    /**
     * Puts a value that describes itself, so that both languages read back what it is.
     *
     * @param key the key
     * @param value byte[], String, Boolean, List, Map with String keys, an array of numbers, null, or a number:
     *     Byte to Long, BigInteger of up to 4,300 digits (inside a List or Map from -2^63 to 2^64-1), Float, Double;
     *     or one of these {@linkplain io.kohakuvault.codec.ValueEncoding#of with its encoding}. Byte to Integer read
     *     back as Long, Float as Double
     * @throws IllegalArgumentException for anything else, with what to store instead, and for lists and maps nested
     *     deeper than 512
     */
    void putValue(byte[] key, @Nullable Object value);

    /**
     * {@link #putValue(byte[], Object)} for a key of text.
     *
     * @param key the key
     * @param value the value
     */
    default void putValue(String key, @Nullable Object value) {
        putValue(Utf8.encode(key), value);
    }

    /**
     * Removes a key.
     *
     * @param key the key
     * @return false when it was not there
     */
    boolean delete(byte[] key);

    /**
     * {@link #delete(byte[])} for a key of text.
     *
     * @param key the key
     * @return false when it was not there
     */
    default boolean delete(String key) {
        return delete(Utf8.encode(key));
    }

    /**
     * Puts an object as a value that describes itself.
     *
     * @param key the key
     * @param object the object
     * @param codec from objects to values
     * @param <T> what the object is
     * @throws IllegalArgumentException when the codec's value is none that can be stored
     */
    default <T> void put(byte[] key, T object, Codec<T> codec) {
        putValue(key, codec.encode(object));
    }

    /**
     * {@link #put(byte[], Object, Codec)} for a key of text.
     *
     * @param key the key
     * @param object the object
     * @param codec from objects to values
     * @param <T> what the object is
     */
    default <T> void put(String key, T object, Codec<T> codec) {
        put(Utf8.encode(key), object, codec);
    }

    /**
     * Puts bytes under a key that is not there yet.
     *
     * @param key the key
     * @param value the bytes
     * @return null when they were put, else the bytes that are there
     */
    byte @Nullable [] putIfAbsent(byte[] key, byte[] value);

    /**
     * {@link #putIfAbsent(byte[], byte[])} for a key of text.
     *
     * @param key the key
     * @param value the bytes
     * @return null when they were put, else the bytes that are there
     */
    default byte @Nullable [] putIfAbsent(String key, byte[] value) {
        return putIfAbsent(Utf8.encode(key), value);
    }

    /**
     * The bytes under a key, computed and put where it is not there. The function runs inside the write transaction, at
     * most once; it may use the vault, but not change this key.
     *
     * @param key the key
     * @param function from the key to its bytes
     * @return the bytes that are there then
     * @throws IllegalStateException when the function changes the key that it computes
     */
    byte[] computeIfAbsent(byte[] key, Function<byte[], byte[]> function);

    /**
     * {@link #computeIfAbsent(byte[], Function)} for a key of text.
     *
     * @param key the key
     * @param function from the key to its bytes
     * @return the bytes that are there then
     */
    default byte[] computeIfAbsent(String key, Function<String, byte[]> function) {
        return computeIfAbsent(Utf8.encode(key), k -> function.apply(key));
    }

    /**
     * Puts many entries, all or none; of two with one key the later stays. They are written some hundreds at a time: an
     * iterable that reads this table while it is asked for entries does not see its last ones yet.
     *
     * @param entries keys and bytes
     */
    void putAll(Iterable<KvEntry> entries);

    /**
     * Makes an empty batch for {@link #write}.
     *
     * @return the batch; it belongs to the caller
     */
    KvBatch newBatch();

    /**
     * Writes what a batch has gathered, all or nothing. The batch keeps it.
     *
     * @param batch made by a vault's {@link #newBatch}
     */
    void write(KvBatch batch);

    /**
     * {@link #putAll(Iterable)} for keys of text.
     *
     * @param entries keys and bytes
     */
    default void putAll(Map<String, byte[]> entries) {
        putAll(entries.entrySet().stream()
                .map(entry -> new KvEntry(Utf8.encode(entry.getKey()), entry.getValue()))
                .toList());
    }

    /**
     * Puts all bytes of a stream, however many, as one transaction that is open until the stream ends: it keeps other
     * writers waiting, so a slow source goes through {@link #newUpload} instead. When the stream fails the old value is
     * whole. At most {@link io.kohakuvault.VaultOptions#segmentThresholdBytes} of it, and a piece, are held in memory.
     *
     * @param key the key
     * @param value read to its end, not closed
     * @return how many bytes there were
     * @throws IOException what the stream throws
     */
    long put(byte[] key, InputStream value) throws IOException;

    /**
     * {@link #put(byte[], InputStream)} for a key of text.
     *
     * @param key the key
     * @param value read to its end, not closed
     * @return how many bytes there were
     * @throws IOException what the stream throws
     */
    default long put(String key, InputStream value) throws IOException {
        return put(Utf8.encode(key), value);
    }

    /**
     * Writes a value piece by piece: what is written is kept in a temporary file beside the vault and put by
     * {@link KvUpload#commit}, in one transaction.
     *
     * @param key the key
     * @return the upload, to be closed
     */
    KvUpload newUpload(byte[] key);

    /**
     * {@link #newUpload(byte[])} for a key of text.
     *
     * @param key the key
     * @return the upload, to be closed
     */
    default KvUpload newUpload(String key) {
        return newUpload(Utf8.encode(key));
    }

    /**
     * Removes all keys of a range, as one transaction.
     *
     * @param range which keys; it must have no limit
     * @return how many there were
     */
    long deleteAll(KvRange range);
}
