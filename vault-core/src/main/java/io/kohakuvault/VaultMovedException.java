package io.kohakuvault;

import org.jspecify.annotations.Nullable;

/**
 * The path of an open vault no longer names the file that was opened: it was renamed, deleted or replaced. What was
 * begun is rolled back; the vault reads and writes nothing more until the file is in its place again.
 */
public final class VaultMovedException extends VaultIoException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message what happened, to which file, and what to do
     * @param cause the system's own exception, or null
     */
    public VaultMovedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
