package io.kohakuvault.internal.vector;

import io.kohakuvault.vector.VectorHit;
import java.util.Optional;

/** What the public type stands for, as it was read. */
public record FoundVector(long id, double distance, Optional<Object> value, Optional<float[]> vector)
        implements VectorHit {}
