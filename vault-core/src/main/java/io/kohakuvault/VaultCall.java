package io.kohakuvault;

/**
 * What {@link Vault#compute} runs.
 *
 * @param <T> what it answers
 * @param <X> what it may throw
 */
@FunctionalInterface
public interface VaultCall<T, X extends Exception> {
    /**
     * Does the work; a throw rolls all of it back.
     *
     * @return the answer, handed on to the caller
     * @throws X any failure, handed on to the caller
     */
    T call() throws X;
}
