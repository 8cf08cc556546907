package io.kohakuvault.internal.vector;

import io.kohakuvault.vector.StoredVector;
import io.kohakuvault.vector.VectorType;
import java.util.Optional;

/** What the public type stands for, as it was read. */
@SuppressWarnings("ArrayRecordComponent") // a holder on its way to the caller, never compared
record ReadVector(long id, VectorType type, byte[] stored, Optional<Object> value) implements StoredVector {
    @Override
    public float[] vector() {
        return StoredNumbers.of(type, stored);
    }

    @Override
    public byte[] bytes() {
        return stored.clone();
    }
}
