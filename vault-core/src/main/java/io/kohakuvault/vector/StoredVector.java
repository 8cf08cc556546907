package io.kohakuvault.vector;

import java.util.Optional;

/**
 * A vector that has been read. Only this library makes one.
 */
public interface StoredVector {
    /** {@return its id} */
    long id();

    /** {@return its numbers as they are stored; the array belongs to the caller} */
    float[] vector();

    /** {@return what was inserted with it; empty for null} */
    Optional<Object> value();
}
