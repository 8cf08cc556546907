package io.kohakuvault.tabular.internal;

/** How much of the heap a batch of rows may take: little enough that what is made of it on its way fits as well. */
final class MemoryShare {
    private static final long LEAST_BYTES = 2L << 20;
    private static final long MOST_BYTES = 32L << 20;

    private MemoryShare() {}

    static long batchBytes() {
        return Math.max(LEAST_BYTES, Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() / 32));
    }
}
