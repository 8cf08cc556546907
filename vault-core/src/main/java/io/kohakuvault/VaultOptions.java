package io.kohakuvault;

import io.kohakuvault.codec.NumberGuess;
import java.util.Objects;

/**
 * How a file is opened. Immutable; start from {@link #defaults()}.
 *
 * @param pageSizeBytes page size of a file that is created, a power of two from 4096 to 65536. Existing files keep theirs.
 *     32768 suits columns; 4096 suits files that are mostly small key-values
 * @param synchronous what a commit waits for
 * @param busyTimeoutMillis how long a call waits for a lock that another connection holds, at least 0
 * @param mmapSizeBytes how much of the file SQLite itself maps per connection, at least 0. 0 is right nearly always: blocks and keys are
 *     mapped by this library anyhow, and a program that shortens the file in place ({@code cp} over it) ends a JVM whose SQLite has it mapped
 * @param cacheSizeKib SQLite's page cache per connection in KiB, at least 0
 * @param numberGuess how eight bytes of a self-describing value are told to be an integer or a float
 * @param segmentThresholdBytes how large a value that is put as a stream may be to be stored as one BLOB; a larger one is stored in
 *     segments, of which KohakuVault sees only how many there are. From 0 to 999,000,000, the largest BLOB that it reads
 * @param guardNewFiles whether a file that is created is guarded: KohakuVault reads its columns but cannot write them, so that range
 *     scans may skip blocks by their statistics and damage to full blocks is noticed. {@link
 *     io.kohakuvault.maintenance.Maintenance#guardColumns} switches it later
 */
public record VaultOptions(
        int pageSizeBytes,
        Synchronous synchronous,
        int busyTimeoutMillis,
        long mmapSizeBytes,
        int cacheSizeKib,
        NumberGuess numberGuess,
        long segmentThresholdBytes,
        boolean guardNewFiles) {

    /** What a commit waits for. */
    public enum Synchronous {
        /** A commit survives a crash of the process; the last ones may be lost, never torn, on power loss. */
        NORMAL,
        /** A commit survives power loss as well: one fsync each. */
        FULL
    }

    private static final VaultOptions DEFAULTS =
            new VaultOptions(32 * 1024, Synchronous.NORMAL, 5_000, 0, 100_000, NumberGuess.BETTER, 16L << 20, false);

    /** Checks the ranges. */
    public VaultOptions {
        Objects.requireNonNull(synchronous, "synchronous");
        Objects.requireNonNull(numberGuess, "numberGuess");
        if (Integer.bitCount(pageSizeBytes) != 1 || pageSizeBytes < 4096 || pageSizeBytes > 65536) {
            throw new IllegalArgumentException(
                    "pageSizeBytes must be a power of two from 4096 to 65536, but was " + pageSizeBytes);
        }
        if (busyTimeoutMillis < 0 || mmapSizeBytes < 0 || cacheSizeKib < 0) {
            throw new IllegalArgumentException(
                    "busyTimeoutMillis, mmapSizeBytes and cacheSizeKib must be at least 0, but were "
                            + busyTimeoutMillis + ", " + mmapSizeBytes + ", " + cacheSizeKib);
        }
        if (segmentThresholdBytes < 0 || segmentThresholdBytes > 999_000_000) {
            throw new IllegalArgumentException(
                    "segmentThresholdBytes must be from 0 to 999,000,000, but was " + segmentThresholdBytes);
        }
    }

    /**
     * The settings that KohakuVault uses too: 32 KiB pages, NORMAL, 5 s, 100 MB of cache. What differs: nothing is mapped by SQLite, numbers are
     * guessed better, and values are stored in segments from 16 MiB on.
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
        return new VaultOptions(
                bytes,
                synchronous,
                busyTimeoutMillis,
                mmapSizeBytes,
                cacheSizeKib,
                numberGuess,
                segmentThresholdBytes,
                guardNewFiles);
    }

    /**
     * These options with another promise of durability.
     *
     * @param value what a commit waits for
     * @return a changed copy
     */
    public VaultOptions withSynchronous(Synchronous value) {
        return new VaultOptions(
                pageSizeBytes,
                value,
                busyTimeoutMillis,
                mmapSizeBytes,
                cacheSizeKib,
                numberGuess,
                segmentThresholdBytes,
                guardNewFiles);
    }

    /**
     * These options with another busy timeout.
     *
     * @param millis how long to wait for a lock
     * @return a changed copy
     */
    public VaultOptions withBusyTimeoutMillis(int millis) {
        return new VaultOptions(
                pageSizeBytes,
                synchronous,
                millis,
                mmapSizeBytes,
                cacheSizeKib,
                numberGuess,
                segmentThresholdBytes,
                guardNewFiles);
    }

    /**
     * These options with another guess of numbers.
     *
     * @param guess how an integer is told from a float
     * @return a changed copy
     */
    public VaultOptions withNumberGuess(NumberGuess guess) {
        return new VaultOptions(
                pageSizeBytes,
                synchronous,
                busyTimeoutMillis,
                mmapSizeBytes,
                cacheSizeKib,
                guess,
                segmentThresholdBytes,
                guardNewFiles);
    }

    /**
     * These options with another threshold of segments.
     *
     * @param bytes how large a streamed value may be to be one BLOB
     * @return a changed copy
     */
    public VaultOptions withSegmentThresholdBytes(long bytes) {
        return new VaultOptions(
                pageSizeBytes,
                synchronous,
                busyTimeoutMillis,
                mmapSizeBytes,
                cacheSizeKib,
                numberGuess,
                bytes,
                guardNewFiles);
    }

    /**
     * These options with or without guarding new files.
     *
     * @param guarded whether a file that is created is guarded
     * @return a changed copy
     */
    public VaultOptions withGuardNewFiles(boolean guarded) {
        return new VaultOptions(
                pageSizeBytes,
                synchronous,
                busyTimeoutMillis,
                mmapSizeBytes,
                cacheSizeKib,
                numberGuess,
                segmentThresholdBytes,
                guarded);
    }
}
