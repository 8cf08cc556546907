package io.kohakuvault.column;

import io.kohakuvault.codec.Codec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A column of MessagePack or CBOR values, for reading: String, Long, BigInteger beyond its range, Double, Boolean,
 * List, Map or null. Reading may answer byte[], BigDecimal (a CBOR decimal that no Double says), Instant and {@link
 * io.kohakuvault.codec.OpaqueValue} too, which others wrote.
 */
public interface ValueReader extends ElementReader<@Nullable Object> {
    /**
     * The column as a list of objects of the caller's.
     *
     * @param codec from values to objects and back
     * @param <V> what the objects are
     * @return a live view; of a column that can be written, one that can be changed
     */
    <V> List<V> asList(Codec<V> codec);
}
