package io.kohakuvault;

/**
 * What {@link Vault#transact} runs.
 *
 * @param <X> what it may throw
 */
@FunctionalInterface
public interface VaultTask<X extends Exception> {
    /**
     * Does the work; a throw rolls all of it back.
     *
     * @throws X any failure, handed on to the caller
     */
    void run() throws X;
}
