package io.kohakuvault.tabular.internal;

/**
 * A record of an input cannot be read, or a value of it does not fit. The message says what is wrong, and not where.
 */
final class RecordException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    RecordException(String why) {
        super(why);
    }
}
