package io.kohakuvault.vector;

import java.util.Optional;

/**
 * A vector that has been read. Only this library makes one.
 */
public interface StoredVector {
    /** {@return its id} */
    long id();

    /**
     * {@return its numbers as they are stored, whole ones of a table of {@link VectorType#INT8}, 0 and 1 of one of
     * {@link VectorType#BIT}; the array belongs to the caller}
     */
    float[] vector();

    /**
     * {@return its bytes as they are stored: a byte a number, eight bits a byte with the first in the lowest place, or
     * the four of each float with the lowest first; the array belongs to the caller}
     */
    byte[] bytes();

    /** {@return what was inserted with it; empty for null} */
    Optional<Object> value();
}
