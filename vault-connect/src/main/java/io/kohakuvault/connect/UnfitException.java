package io.kohakuvault.connect;

/**
 * A record cannot be written. The message says why without showing what the record holds: it goes to logs and to the
 * headers of dead letters.
 */
final class UnfitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnfitException(String message) {
        super(message);
    }

    /** What a value is, for a message that must not show it. */
    static String kindOf(Object value) {
        return value instanceof java.util.Map
                ? "a map"
                : value instanceof java.util.List
                        ? "a list"
                        : value.getClass().isArray()
                                ? "an array"
                                : "a " + value.getClass().getSimpleName();
    }
}
