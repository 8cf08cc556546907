package io.kohakuvault;

import org.jspecify.annotations.Nullable;

/** The file is no vault: not a SQLite database, or written by a newer or unknown version of the format. */
public final class VaultFormatException extends VaultException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message what happened, to which file, and what to do
     * @param cause the engine's own exception, or null
     */
    public VaultFormatException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
