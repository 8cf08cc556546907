package io.kohakuvault.offset;

/** Somebody else has claimed the partition since: what this transaction wrote must not be committed, and is rolled back. */
public final class FencedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Made by {@link OffsetLedger#advance}.
     *
     * @param message which partition, whose epoch
     */
    public FencedException(String message) {
        super(message);
    }
}
