package io.kohakuvault.vector;

import java.util.Optional;

/**
 * A vector that a search found.
 *
 * @param id the vector
 * @param distance by the table's metric, smaller is nearer
 * @param value what was stored with it; empty for null
 */
public record VectorHit(long id, double distance, Optional<Object> value) {}
