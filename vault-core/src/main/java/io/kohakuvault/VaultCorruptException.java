package io.kohakuvault;

import org.jspecify.annotations.Nullable;

/** The file's bytes contradict its format. The message names file, table and row. */
public final class VaultCorruptException extends VaultException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message what happened, to which file, and what to do
     * @param cause the engine's own exception, or null
     */
    public VaultCorruptException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
