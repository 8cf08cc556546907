package io.kohakuvault.internal.sqlite;

/**
 * Work inside a write transaction, without an answer.
 *
 * @param <X> what it may throw
 */
@FunctionalInterface
public interface TransactionTask<X extends Exception> {
    /** Does it. */
    void run(Transaction transaction) throws X;
}
