package io.kohakuvault.internal.vector;

import io.kohakuvault.vector.VectorHit;
import io.kohakuvault.vector.VectorType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the public type stands for, as it was read.
 *
 * @param stored the vector, null where it is not wanted
 */
@SuppressWarnings("ArrayRecordComponent") // a holder on its way to the caller, never compared
record FoundVector(long id, double distance, Optional<Object> value, VectorType type, byte @Nullable [] stored)
        implements VectorHit {
    @Override
    public Optional<float[]> vector() {
        return Optional.ofNullable(stored).map(bytes -> StoredNumbers.of(type, bytes));
    }

    @Override
    public Optional<byte[]> bytes() {
        return Optional.ofNullable(stored).map(byte[]::clone);
    }
}
