package io.kohakuvault.vector;

import java.util.Optional;

/**
 * A vector that has been read.
 *
 * @param id its id
 * @param vector its numbers as they are stored; the array belongs to the caller
 * @param value what was inserted with it; empty for null
 */
@SuppressWarnings("ArrayRecordComponent") // a holder on its way to the caller, never compared
public record StoredVector(long id, float[] vector, Optional<Object> value) {}
