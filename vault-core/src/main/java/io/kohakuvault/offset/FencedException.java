package io.kohakuvault.offset;

import io.kohakuvault.VaultException;

/**
 * Somebody else has claimed the partition since: what this transaction wrote must not be committed. The transaction is
 * rolled back, also when the exception is caught inside of it.
 */
public final class FencedException extends VaultException {
    private static final long serialVersionUID = 1L;

    /**
     * Made by {@link OffsetLedger#advance}.
     *
     * @param message which partition, whose epoch
     */
    public FencedException(String message) {
        super(message, null);
    }
}
