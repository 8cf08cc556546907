package io.kohakuvault;

import org.jspecify.annotations.Nullable;

/** The operating system refused: missing file, permissions, a full disk, a read-only file. */
public class VaultIoException extends VaultException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message what happened, to which file, and what to do
     * @param cause the engine's own exception, or null
     */
    public VaultIoException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
