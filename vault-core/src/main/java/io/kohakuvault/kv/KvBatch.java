package io.kohakuvault.kv;

import io.kohakuvault.codec.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Entries and deletions gathered in memory, to be written in one call of {@link KVault#write}, which is several times
 * as fast as a call for each. Values are encoded while they are added, so that one that cannot be stored is refused
 * then. The order of calls counts: the last one for a key wins. Not thread-safe. Only this library makes one.
 */
public interface KvBatch {
    /**
     * {@link KVault#put(byte[], byte[])}, later.
     *
     * @param key the key; the array is kept, not copied
     * @param value the bytes; the array is kept, not copied
     * @throws IllegalArgumentException when they are larger than a row can be
     */
    void put(byte[] key, byte[] value);

    /**
     * {@link KVault#putValue(byte[], Object)}, later.
     *
     * @param key the key; the array is kept, not copied
     * @param value the value
     * @throws IllegalArgumentException for what cannot be stored
     */
    void putValue(byte[] key, @Nullable Object value);

    /**
     * {@link KVault#delete(byte[])}, later.
     *
     * @param key the key; the array is kept, not copied
     */
    void delete(byte[] key);

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
     * {@link #putValue(byte[], Object)} for a key of text.
     *
     * @param key the key
     * @param value the value
     */
    default void putValue(String key, @Nullable Object value) {
        putValue(Utf8.encode(key), value);
    }

    /**
     * {@link #delete(byte[])} for a key of text.
     *
     * @param key the key
     */
    default void delete(String key) {
        delete(Utf8.encode(key));
    }

    /**
     * How many calls it holds.
     *
     * @return at least 0
     */
    int size();

    /**
     * How many bytes its keys and values take.
     *
     * @return at least 0
     */
    long sizeBytes();

    /**
     * Forgets the last calls.
     *
     * @param size how many of the first ones stay
     * @throws IllegalArgumentException when there are not so many
     */
    void truncate(int size);

    /** Forgets all. */
    default void clear() {
        truncate(0);
    }
}
