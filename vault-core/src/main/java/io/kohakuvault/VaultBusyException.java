package io.kohakuvault;

import org.jspecify.annotations.Nullable;

/** Another connection held the lock for longer than the busy timeout. Nothing was changed; try again. */
public final class VaultBusyException extends VaultException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message what happened, to which file, and what to do
     * @param cause the engine's own exception, or null
     */
    public VaultBusyException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
