package io.kohakuvault.internal.sqlite;

/**
 * Work inside a write transaction, with an answer.
 *
 * @param <T> what it answers
 * @param <X> what it may throw
 */
@FunctionalInterface
public interface TransactionCall<T, X extends Exception> {
    /** Does it. */
    T call(Transaction transaction) throws X;
}
