package io.kohakuvault.vector;

import java.util.Optional;

/**
 * A vector that a search found. Only this library makes one.
 */
public interface VectorHit {
    /** {@return the vector} */
    long id();

    /** {@return by the table's metric, smaller is nearer} */
    double distance();

    /** {@return what was stored with it; empty for null} */
    Optional<Object> value();
}
