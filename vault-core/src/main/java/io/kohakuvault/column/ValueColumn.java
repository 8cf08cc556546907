package io.kohakuvault.column;

import org.jspecify.annotations.Nullable;

/**
 * A column of MessagePack or CBOR values: String, Long, BigInteger beyond its range, Double, Boolean, List, Map or
 * null. Reading may answer byte[], BigDecimal (a CBOR decimal that no Double says), Instant and {@link
 * io.kohakuvault.codec.OpaqueValue} too, which others wrote.
 */
public interface ValueColumn extends ValueReader, ElementColumn<@Nullable Object> {}
