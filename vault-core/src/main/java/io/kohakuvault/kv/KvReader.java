package io.kohakuvault.kv;

import io.kohakuvault.codec.Utf8;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A key-value table, for reading. Keys are bytes and ordered as unsigned bytes; a String stands for its UTF-8 bytes. The empty key is
 * a key. Thread-safe.
 */
public interface KvReader {
    /**
     * The table's name.
     *
     * @return the name
     */
    String name();

    /**
     * The bytes that were put under a key; for a self-describing value its stored bytes, header included.
     *
     * @param key the key
     * @return the bytes, or null when there is no such key
     */
    byte @Nullable [] get(byte[] key);

    /**
     * {@link #get(byte[])} for a key of text.
     *
     * @param key the key
     * @return the bytes, or null when there is no such key
     */
    default byte @Nullable [] get(String key) {
        return get(Utf8.encode(key));
    }

    /**
     * A self-describing value: byte[] for raw bytes, String, Long, Double, BigInteger, Boolean, List, Map,
     * {@link io.kohakuvault.codec.NumericArray}, or {@link io.kohakuvault.codec.OpaqueValue} for a pickle.
     *
     * @param key the key
     * @return the value; empty when there is no such key or the value is null ({@link #exists} tells which)
     * @throws io.kohakuvault.VaultCorruptException when the value's header or payload is damaged
     */
    Optional<Object> getValue(byte[] key);

    /**
     * {@link #getValue(byte[])} for a key of text.
     *
     * @param key the key
     * @return the value
     */
    default Optional<Object> getValue(String key) {
        return getValue(Utf8.encode(key));
    }

    /**
     * Whether a key is there.
     *
     * @param key the key
     * @return true when it is
     */
    boolean exists(byte[] key);

    /**
     * {@link #exists(byte[])} for a key of text.
     *
     * @param key the key
     * @return true when it is there
     */
    default boolean exists(String key) {
        return exists(Utf8.encode(key));
    }

    /**
     * How many keys there are. Counts them: linear in their number.
     *
     * @return at least 0
     */
    long count();

    /**
     * All entries whose key begins with a prefix, in order of the keys. Entries are read page by page: on a live vault an entry put
     * behind the place already reached is seen, on a snapshot all pages are of one state. Nothing need be closed.
     *
     * @param prefix any bytes; empty for all entries
     * @return the entries; each iterator starts anew
     */
    Iterable<KvEntry> prefix(byte[] prefix);

    /**
     * {@link #prefix(byte[])} for text.
     *
     * @param prefix the text
     * @return the entries
     */
    default Iterable<KvEntry> prefix(String prefix) {
        return prefix(Utf8.encode(prefix));
    }
}
