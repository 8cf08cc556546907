package io.kohakuvault.vector;

import org.jspecify.annotations.Nullable;

/**
 * A vector to be added.
 *
 * @param vector as many numbers as the table has dimensions; not copied
 * @param value what to store with it; as {@link io.kohakuvault.kv.KVault#putValue(byte[], Object)} takes it
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record NewVector(float[] vector, @Nullable Object value) {}
