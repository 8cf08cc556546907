package io.kohakuvault.internal.vec0;

/** A declaration that is not one of vec0's as this library knows them; the message says what it does not understand. */
final class DeclarationException extends Exception {
    private static final long serialVersionUID = 1L;

    DeclarationException(String message) {
        super(message);
    }
}
