package io.kohakuvault;

/** Calls that a {@link VaultBatch} had accepted were not committed, and are not in the file: make them again. */
public final class VaultBatchException extends VaultException {
    private static final long serialVersionUID = 1L;

    private final long lostCalls;

    /**
     * Made by the engine.
     *
     * @param message what was lost and why
     * @param lostCalls how many accepted calls were not committed
     * @param cause what went wrong
     */
    public VaultBatchException(String message, long lostCalls, Throwable cause) {
        super(message, cause);
        this.lostCalls = lostCalls;
    }

    /**
     * The accepted calls that were not committed: all since the last commit. The call that failed is not among them.
     *
     * @return how many, at least 0
     */
    public long lostCalls() {
        return lostCalls;
    }
}
