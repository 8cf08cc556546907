package io.kohakuvault;

import org.jspecify.annotations.Nullable;

/**
 * Something is wrong with the file's bytes, the engine or the environment. Wrong arguments of the caller are the JDK's
 * own exceptions instead ({@link IllegalArgumentException}, {@link IndexOutOfBoundsException}, {@link
 * java.util.NoSuchElementException}). The kinds are its subclasses; they are chosen by SQLite's result code, never by
 * the text of a message. When a mutating call throws, nothing of it is in the file.
 */
public class VaultException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message what happened, to which file, and what to do
     * @param cause the engine's own exception, or null
     */
    public VaultException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
