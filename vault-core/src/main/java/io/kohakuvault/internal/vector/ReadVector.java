package io.kohakuvault.internal.vector;

import io.kohakuvault.vector.StoredVector;
import java.util.Optional;

/** What the public type stands for, as it was read. */
@SuppressWarnings("ArrayRecordComponent") // a holder on its way to the caller, never compared
public record ReadVector(long id, float[] vector, Optional<Object> value) implements StoredVector {}
