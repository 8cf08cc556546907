package io.kohakuvault.internal.sqlite;

import org.jspecify.annotations.Nullable;

/** Finds stored values by key without SQL. Thread-safe. */
public interface KeyLookup {
    /** Answered, as this very object, where there is no such key. */
    @SuppressWarnings("MutablePublicArray") // empty
    byte[] ABSENT = new byte[0];

    /** The stored bytes, {@link #ABSENT}, or null when SQL must be asked. */
    byte @Nullable [] find(byte[] key);
}
