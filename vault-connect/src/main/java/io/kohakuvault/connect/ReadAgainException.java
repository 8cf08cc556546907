package io.kohakuvault.connect;

/** A batch cannot be written as it is, and its records are not kept: Kafka has them, and they are read again. */
final class ReadAgainException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ReadAgainException(String message) {
        super(message);
    }

    ReadAgainException(RuntimeException cause) {
        super("a batch is read again, and written record by record if need be: " + cause.getMessage(), cause);
    }
}
