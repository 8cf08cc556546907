package io.kohakuvault;

/**
 * How a file is opened. Immutable; start from {@link #defaults()}.
 *
 * @param pageSizeBytes page size of a file that is created, a power of two from 4096 to 65536. Existing files keep theirs.
 *     32768 suits columns; 4096 suits files that are mostly small key-values
 * @param synchronous what a commit waits for
 * @param busyTimeoutMillis how long a call waits for a lock that another connection holds, at least 0
 * @param mmapSizeBytes how much of the file SQLite itself maps per connection, at least 0
 * @param cacheSizeKib SQLite's page cache per connection in KiB, at least 0
 */
public record VaultOptions(
        int pageSizeBytes, Synchronous synchronous, int busyTimeoutMillis, long mmapSizeBytes, int cacheSizeKib) {

    /** What a commit waits for. */
    public enum Synchronous {
        /** A commit survives a crash of the process; the last ones may be lost, never torn, on power loss. */
        NORMAL,
        /** A commit survives power loss as well: one fsync each. */
        FULL
    }

    private static final VaultOptions DEFAULTS =
            new VaultOptions(32 * 1024, Synchronous.NORMAL, 5_000, 256L << 20, 100_000);

    /** Checks the ranges. */
    public VaultOptions {
        if (Integer.bitCount(pageSizeBytes) != 1 || pageSizeBytes < 4096 || pageSizeBytes > 65536) {
            throw new IllegalArgumentException(
                    "pageSizeBytes must be a power of two from 4096 to 65536, but was " + pageSizeBytes);
        }
        if (busyTimeoutMillis < 0 || mmapSizeBytes < 0 || cacheSizeKib < 0) {
            throw new IllegalArgumentException(
                    "busyTimeoutMillis, mmapSizeBytes and cacheSizeKib must be at least 0, but were "
                            + busyTimeoutMillis + ", " + mmapSizeBytes + ", " + cacheSizeKib);
        }
    }

    /**
     * The settings that KohakuVault uses too: 32 KiB pages, NORMAL, 5 s, 256 MiB mapped, 100 MB of cache.
     *
     * @return the defaults
     */
    public static VaultOptions defaults() {
        return DEFAULTS;
    }

    /**
     * These options with another page size.
     *
     * @param bytes page size in bytes
     * @return a changed copy
     */
    public VaultOptions withPageSizeBytes(int bytes) {
        return new VaultOptions(bytes, synchronous, busyTimeoutMillis, mmapSizeBytes, cacheSizeKib);
    }

    /**
     * These options with another promise of durability.
     *
     * @param value what a commit waits for
     * @return a changed copy
     */
    public VaultOptions withSynchronous(Synchronous value) {
        return new VaultOptions(pageSizeBytes, value, busyTimeoutMillis, mmapSizeBytes, cacheSizeKib);
    }

    /**
     * These options with another busy timeout.
     *
     * @param millis how long to wait for a lock
     * @return a changed copy
     */
    public VaultOptions withBusyTimeoutMillis(int millis) {
        return new VaultOptions(pageSizeBytes, synchronous, millis, mmapSizeBytes, cacheSizeKib);
    }
}
