package io.kohakuvault.kv;

import io.kohakuvault.codec.Codec;
import io.kohakuvault.codec.Utf8;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * A key-value table, for reading. Keys are bytes and ordered as unsigned bytes; a String stands for its UTF-8 bytes.
 * The empty key is a key.
 *
 * <p>A table of key-values is a map, also as {@link #asMap()}: {@code get} answers null for a key that is not there, as
 * a {@link java.util.Map} does. {@code find} answers the same as an {@link Optional}. Thread-safe.
 */
public interface KvReader {
    /**
     * The table's name.
     *
     * @return the name
     */
    String name();

    /**
     * The bytes that were put under a key; for a self-describing value its stored bytes, header included. The whole
     * value is in memory, while it is read a second time: what may be large is read by {@link #newInputStream(byte[])}.
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
     * {@link #get(byte[])} as an Optional.
     *
     * @param key the key
     * @return the bytes; empty when there is no such key
     */
    default Optional<byte[]> find(byte[] key) {
        return Optional.ofNullable(get(key));
    }

    /**
     * {@link #find(byte[])} for a key of text.
     *
     * @param key the key
     * @return the bytes; empty when there is no such key
     */
    default Optional<byte[]> find(String key) {
        return find(Utf8.encode(key));
    }

    /**
     * A self-describing value: byte[] for raw bytes, String, Long, Double, BigInteger, Boolean, List, Map, {@link
     * io.kohakuvault.codec.NumericArray}, or {@link io.kohakuvault.codec.OpaqueValue} for a pickle; BigDecimal for a
     * decimal of JSON or CBOR that {@linkplain io.kohakuvault.codec.Decimals#toDouble no Double says}.
     *
     * @param key the key
     * @return the value; empty when there is no such key or the value is null ({@link #exists} tells which)
     * @throws io.kohakuvault.VaultCorruptException when the value's header or payload is damaged, or holds a number
     *     of more than 10,000 digits
     */
    Optional<Object> findValue(byte[] key);

    /**
     * {@link #findValue(byte[])} for a key of text.
     *
     * @param key the key
     * @return the value
     */
    default Optional<Object> findValue(String key) {
        return findValue(Utf8.encode(key));
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
     * A value as an object of the caller's.
     *
     * @param key the key
     * @param codec from what {@link #findValue} answers to the object
     * @param <T> what the object is
     * @return the object; empty when there is no such key
     * @throws IllegalArgumentException when the value is none of the codec's
     */
    <T> Optional<T> find(byte[] key, Codec<T> codec);

    /**
     * {@link #find(byte[], Codec)} for a key of text.
     *
     * @param key the key
     * @param codec from values to objects
     * @param <T> what the object is
     * @return the object; empty when there is no such key
     */
    default <T> Optional<T> find(String key, Codec<T> codec) {
        return find(Utf8.encode(key), codec);
    }

    /**
     * The bytes under many keys, all of one state of the file.
     *
     * @param keys the keys; one that is given twice is answered twice
     * @return for each key in turn what {@link #get(byte[])} answers, null where there is no such key
     */
    List<byte @Nullable []> getAll(Collection<byte[]> keys);

    /**
     * The bytes under many keys of text, all of one state of the file.
     *
     * @param keys the keys
     * @return the keys that are there with their bytes, in the order given
     */
    default Map<String, byte[]> getAllText(Collection<String> keys) {
        List<byte[]> encoded = keys.stream().map(Utf8::encode).toList();
        List<byte @Nullable []> values = getAll(encoded);
        Map<String, byte[]> found = new LinkedHashMap<>();
        int i = 0;
        for (String key : keys) {
            byte[] value = values.get(i++);
            if (value != null) {
                found.put(key, value);
            }
        }
        return found;
    }

    /**
     * The entries of a range, in order of the keys. Entries are read page by page: on a live vault an entry put behind
     * the place already reached is seen, on a snapshot all pages are of one state. Nothing need be closed. A scan is
     * resumed with {@link KvRange#resumeAfter}.
     *
     * @param range which keys
     * @return the entries; each iterator starts anew
     */
    Iterable<KvEntry> scan(KvRange range);

    /**
     * {@link #scan(KvRange)} with the values as objects of the caller's.
     *
     * @param range which keys
     * @param codec from values to objects
     * @param <V> what the objects are
     * @return keys and objects; each iterator starts anew and throws an IllegalArgumentException for a value that
     *     is none of the codec's
     */
    <V> Iterable<Map.Entry<byte[], V>> scan(KvRange range, Codec<V> codec);

    /**
     * The keys of a range without their values, as {@link #scan} visits them.
     *
     * @param range which keys
     * @return the keys; each iterator starts anew
     */
    Iterable<byte[]> keys(KvRange range);

    /**
     * How many keys a range holds. Counts them: linear in their number.
     *
     * @param range which keys; its limit counts
     * @return at least 0
     */
    long count(KvRange range);

    /**
     * All entries whose key begins with a prefix: a {@link #scan}.
     *
     * @param prefix any bytes; empty for all entries
     * @return the entries; each iterator starts anew
     */
    default Iterable<KvEntry> prefix(byte[] prefix) {
        return scan(KvRange.prefix(prefix));
    }

    /**
     * {@link #prefix(byte[])} for text.
     *
     * @param prefix the text
     * @return the entries
     */
    default Iterable<KvEntry> prefix(String prefix) {
        return prefix(Utf8.encode(prefix));
    }

    /**
     * A value as a stream, also one of many gigabytes: of a value in segments no more than a piece is held in memory,
     * any other is held whole. It is the value as it is now, whatever is put later. A stream of a live vault keeps a
     * read transaction open, as a snapshot does.
     *
     * @param key the key
     * @return the bytes that {@link #get(byte[])} would answer; to be closed
     * @throws java.util.NoSuchElementException when there is no such key
     * @throws IllegalStateException inside a transaction of this thread, whose writes a stream would not see
     */
    default InputStream newInputStream(byte[] key) {
        return Channels.newInputStream(newChannel(key));
    }

    /**
     * {@link #newInputStream(byte[])} for a key of text.
     *
     * @param key the key
     * @return the stream, to be closed
     */
    default InputStream newInputStream(String key) {
        return newInputStream(Utf8.encode(key));
    }

    /**
     * {@link #newInputStream(byte[])} with random access: reading at a position costs no more than a piece of the value
     * around it.
     *
     * @param key the key
     * @return a channel for reading, to be closed; for one thread at a time
     * @throws java.util.NoSuchElementException when there is no such key
     * @throws IllegalStateException inside a transaction of this thread, whose writes a channel would not see
     */
    SeekableByteChannel newChannel(byte[] key);

    /**
     * {@link #newChannel(byte[])} for a key of text.
     *
     * @param key the key
     * @return the channel, to be closed
     */
    default SeekableByteChannel newChannel(String key) {
        return newChannel(Utf8.encode(key));
    }

    /**
     * The table as a sorted map from text to the bytes that {@link #get(byte[])} answers. Keys are ordered as their
     * UTF-8 bytes are, which is by code points and not {@link String#compareTo}'s order. A live view: each call reads
     * or writes the table, iterators see what is committed as they go. Methods that compare values compare the bytes.
     *
     * @return the map; of a table that can be written, one that can be changed. A key that is no UTF-8 makes
     *     iterating it fail with a {@link io.kohakuvault.VaultException}
     */
    ConcurrentNavigableMap<String, byte[]> asMap();

    /**
     * {@link #asMap()} with objects of the caller's as values, which methods that compare them compare by {@code
     * equals}.
     *
     * @param codec from values to objects and back
     * @param <V> what the objects are
     * @return the map
     */
    <V> ConcurrentNavigableMap<String, V> asMap(Codec<V> codec);

    /**
     * What {@link #findValue(byte[])} was called before.
     *
     * @param key the key
     * @return the value
     * @deprecated goes with 1.0; use {@link #findValue(byte[])}
     */
    @Deprecated(forRemoval = true)
    default Optional<Object> getValue(byte[] key) {
        return findValue(key);
    }

    /**
     * What {@link #find(byte[], Codec)} was called before.
     *
     * @param key the key
     * @param codec from values to objects
     * @param <T> what the object is
     * @return the object
     * @deprecated goes with 1.0; use {@link #find(byte[], Codec)}
     */
    @Deprecated(forRemoval = true)
    default <T> Optional<T> get(byte[] key, Codec<T> codec) {
        return find(key, codec);
    }

    /**
     * What {@link #findValue(String)} was called before.
     *
     * @param key the key
     * @return the value
     * @deprecated goes with 1.0; use {@link #findValue(String)}
     */
    @Deprecated(forRemoval = true)
    default Optional<Object> getValue(String key) {
        return findValue(key);
    }

    /**
     * What {@link #find(String, Codec)} was called before.
     *
     * @param key the key
     * @param codec from values to objects
     * @param <T> what the object is
     * @return the object
     * @deprecated goes with 1.0; use {@link #find(String, Codec)}
     */
    @Deprecated(forRemoval = true)
    default <T> Optional<T> get(String key, Codec<T> codec) {
        return find(key, codec);
    }
}
