package io.kohakuvault.column;

import org.jspecify.annotations.Nullable;

/** A column of MessagePack or CBOR values: String, Long, BigInteger beyond its range, Double, Boolean, List, Map, byte[] or null. */
public interface ValueColumn extends ValueReader, ElementColumn<@Nullable Object> {}
