package io.kohakuvault.vector;

import org.jspecify.annotations.Nullable;

/**
 * A vector to be added, as bytes.
 *
 * @param vector as {@link VectorKVault#insert(byte[], Object)} takes it; not copied
 * @param value what to store with it; as {@link io.kohakuvault.kv.KVault#putValue(byte[], Object)} takes it
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record NewByteVector(byte[] vector, @Nullable Object value) {}
