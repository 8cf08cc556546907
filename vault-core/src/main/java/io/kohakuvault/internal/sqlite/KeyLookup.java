package io.kohakuvault.internal.sqlite;

import org.jspecify.annotations.Nullable;

/** A way to the entries of one key-value table without SQL. Thread-safe. */
public interface KeyLookup {
    /** Answered, as this very object, where there is no such key. */
    @SuppressWarnings("MutablePublicArray") // empty
    byte[] ABSENT = new byte[0];

    /** The state of the file that a read of the calling thread sees now, to be closed; null when SQL must be asked. */
    @Nullable
    View open();

    /** Says how long SQL took to answer where this did not. */
    void spent(long nanos);

    /** One state of the file. Its {@link #read} runs SQL against the same state. */
    interface View extends ReadAccess, AutoCloseable {
        /** The stored bytes, {@link KeyLookup#ABSENT}, or null when SQL must be asked. */
        byte @Nullable [] find(byte[] key);

        /** Visits a range in order; true at its end or where the visitor wants no more, false where SQL must go on. */
        boolean scan(Range range, Visitor visitor);

        @Override
        void close();
    }

    /**
     * Which entries.
     *
     * @param low null where there is no bound; so with {@code high}
     * @param values whether values are wanted
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Range(
            byte @Nullable [] low,
            boolean lowInclusive,
            byte @Nullable [] high,
            boolean highInclusive,
            boolean descending,
            boolean values) {}

    /** Takes entries in order. */
    @FunctionalInterface
    interface Visitor {
        /**
         * Takes an entry.
         *
         * @param stored null where keys alone are wanted
         * @return whether there shall be more
         */
        boolean accept(byte[] key, byte @Nullable [] stored);
    }
}
