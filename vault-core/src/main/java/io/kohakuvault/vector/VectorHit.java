package io.kohakuvault.vector;

import java.util.Optional;

/**
 * A vector that a search found. Only this library makes one.
 */
public interface VectorHit {
    /** {@return the vector} */
    long id();

    /** {@return by the query's metric, smaller is nearer} */
    double distance();

    /** {@return what was stored with it; empty for null} */
    Optional<Object> value();

    /**
     * {@return its numbers as they are stored, as {@link StoredVector#vector} has them, the caller's own, where {@link
     * VectorQuery#withVectors} asked for them}
     */
    Optional<float[]> vector();

    /**
     * {@return its bytes as they are stored, as {@link StoredVector#bytes} has them, the caller's own, where {@link
     * VectorQuery#withVectors} asked for them}
     */
    Optional<byte[]> bytes();
}
