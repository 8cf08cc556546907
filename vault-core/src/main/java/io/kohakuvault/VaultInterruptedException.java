package io.kohakuvault;

import org.jspecify.annotations.Nullable;

/**
 * The calling thread was interrupted while it waited for the write lock of the file or while SQLite worked for it. The
 * thread's interrupt status is still set. Nothing of the call is in the file; clear the status and call again, or stop.
 */
public final class VaultInterruptedException extends VaultException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message what was interrupted, on which file
     * @param cause the engine's own exception, or null
     */
    public VaultInterruptedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
