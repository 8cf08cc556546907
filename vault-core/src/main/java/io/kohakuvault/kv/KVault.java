package io.kohakuvault.kv;

import io.kohakuvault.codec.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * A key-value table. Its table in the file is made by the first write. A mutating call is its own transaction unless the caller is in
 * one. Thread-safe.
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
     * @param value byte[], String, a number, Boolean, List, Map with String keys, an array of numbers, or null
     * @throws IllegalArgumentException for anything else
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
}
