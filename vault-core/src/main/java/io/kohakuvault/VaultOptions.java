package io.kohakuvault;

import io.kohakuvault.codec.NumberGuess;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How a file is opened. Immutable; start from {@link #defaults()}. */
public final class VaultOptions {
    private static final VaultOptions DEFAULTS = new VaultOptions(new Draft());

    private final int pageSizeBytes;
    private final Synchronous synchronous;
    private final Duration busyTimeout;
    private final long mmapSizeBytes;
    private final long cacheSizeBytes;
    private final NumberGuess numberGuess;
    private final long segmentThresholdBytes;
    private final boolean guardNewFiles;

    /** What a commit waits for. */
    public enum Synchronous {
        /** A commit survives a crash of the process; the last ones may be lost, never torn, on power loss. */
        NORMAL,
        /** A commit survives power loss as well: one fsync each. */
        FULL
    }

    /** Options in the making, at first the defaults. */
    private static final class Draft {
        private int pageSizeBytes = 32 << 10;
        private Synchronous synchronous = Synchronous.NORMAL;
        private Duration busyTimeout = Duration.ofSeconds(5);
        private long mmapSizeBytes;
        private long cacheSizeBytes = 100_000L << 10;
        private NumberGuess numberGuess = NumberGuess.BETTER;
        private long segmentThresholdBytes = 16L << 20;
        private boolean guardNewFiles;
    }

    /**
     * All options at once.
     *
     * @param pageSizeBytes page size of files that are created
     * @param synchronous what a commit waits for
     * @param busyTimeoutMillis how long a call waits for a lock
     * @param mmapSizeBytes how much SQLite maps
     * @param cacheSizeKib SQLite's page cache
     * @param numberGuess how an integer is distinguished from a float
     * @param segmentThresholdBytes how large a streamed value may be to be one BLOB
     * @param guardNewFiles whether files that are created are guarded
     * @deprecated start from {@link #defaults()}; goes with 1.0
     */
    @Deprecated(forRemoval = true)
    public VaultOptions(
            int pageSizeBytes,
            Synchronous synchronous,
            int busyTimeoutMillis,
            long mmapSizeBytes,
            int cacheSizeKib,
            NumberGuess numberGuess,
            long segmentThresholdBytes,
            boolean guardNewFiles) {
        this(DEFAULTS.withPageSizeBytes(pageSizeBytes)
                .withSynchronous(synchronous)
                .withBusyTimeout(Duration.ofMillis(busyTimeoutMillis))
                .withMmapSizeBytes(mmapSizeBytes)
                .withCacheSizeBytes((long) cacheSizeKib << 10)
                .withNumberGuess(numberGuess)
                .withSegmentThresholdBytes(segmentThresholdBytes)
                .withGuardNewFiles(guardNewFiles)
                .draft());
    }

    private VaultOptions(Draft draft) {
        this.pageSizeBytes = draft.pageSizeBytes;
        this.synchronous = Objects.requireNonNull(draft.synchronous, "synchronous");
        this.busyTimeout = Objects.requireNonNull(draft.busyTimeout, "busyTimeout");
        this.mmapSizeBytes = draft.mmapSizeBytes;
        this.cacheSizeBytes = draft.cacheSizeBytes;
        this.numberGuess = Objects.requireNonNull(draft.numberGuess, "numberGuess");
        this.segmentThresholdBytes = draft.segmentThresholdBytes;
        this.guardNewFiles = draft.guardNewFiles;
        if (Integer.bitCount(pageSizeBytes) != 1 || pageSizeBytes < 4096 || pageSizeBytes > 65536) {
            throw new IllegalArgumentException(
                    "pageSizeBytes must be a power of two from 4096 to 65536, but was " + pageSizeBytes);
        }
        if (busyTimeout.isNegative() || busyTimeout.compareTo(Duration.ofMillis(Integer.MAX_VALUE)) > 0) {
            throw new IllegalArgumentException(
                    "busyTimeout must be from 0 to " + Integer.MAX_VALUE + " ms, but was " + busyTimeout);
        }
        if (mmapSizeBytes < 0 || cacheSizeBytes < 0 || cacheSizeBytes >> 10 > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "mmapSizeBytes and cacheSizeBytes must be at least 0, the latter less than 2 TiB, but were "
                            + mmapSizeBytes + " and " + cacheSizeBytes);
        }
        if (segmentThresholdBytes < 0 || segmentThresholdBytes > 999_000_000) {
            throw new IllegalArgumentException(
                    "segmentThresholdBytes must be from 0 to 999,000,000, but was " + segmentThresholdBytes);
        }
    }

    private VaultOptions with(Consumer<Draft> change) {
        Draft draft = draft();
        change.accept(draft);
        return new VaultOptions(draft);
    }

    private Draft draft() {
        Draft draft = new Draft();
        draft.pageSizeBytes = pageSizeBytes;
        draft.synchronous = synchronous;
        draft.busyTimeout = busyTimeout;
        draft.mmapSizeBytes = mmapSizeBytes;
        draft.cacheSizeBytes = cacheSizeBytes;
        draft.numberGuess = numberGuess;
        draft.segmentThresholdBytes = segmentThresholdBytes;
        draft.guardNewFiles = guardNewFiles;
        return draft;
    }

    /**
     * The settings that KohakuVault uses too: 32 KiB pages, NORMAL, 5 s, 100 MB of cache. What differs: nothing is
     * mapped by SQLite, numbers are guessed better, and values are stored in segments from 16 MiB on.
     *
     * @return the defaults
     */
    public static VaultOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Page size of a file that is created. Existing files keep theirs.
     *
     * @return bytes, 32 KiB by default
     */
    public int pageSizeBytes() {
        return pageSizeBytes;
    }

    /**
     * These options with another page size of files that are created: 32 KiB suits columns, 4 KiB files that are mostly
     * small key-values.
     *
     * @param bytes a power of two from 4096 to 65536
     * @return a changed copy
     */
    public VaultOptions withPageSizeBytes(int bytes) {
        return with(draft -> draft.pageSizeBytes = bytes);
    }

    /**
     * What a commit waits for.
     *
     * @return {@link Synchronous#NORMAL} by default
     */
    public Synchronous synchronous() {
        return synchronous;
    }

    /**
     * These options with another promise of durability.
     *
     * @param value what a commit waits for
     * @return a changed copy
     */
    public VaultOptions withSynchronous(Synchronous value) {
        return with(draft -> draft.synchronous = value);
    }

    /**
     * How long a call waits for a lock that another connection holds.
     *
     * @return five seconds by default
     */
    public Duration busyTimeout() {
        return busyTimeout;
    }

    /**
     * These options with another busy timeout.
     *
     * @param timeout how long to wait for a lock; from 0 to 2³¹-1 milliseconds
     * @return a changed copy
     */
    public VaultOptions withBusyTimeout(Duration timeout) {
        return with(draft -> draft.busyTimeout = timeout);
    }

    /**
     * See {@link #busyTimeout()}.
     *
     * @return milliseconds
     * @deprecated goes with 1.0
     */
    @Deprecated(forRemoval = true)
    public int busyTimeoutMillis() {
        return (int) busyTimeout.toMillis();
    }

    /**
     * See {@link #withBusyTimeout}.
     *
     * @param millis how long to wait for a lock
     * @return a changed copy
     * @deprecated goes with 1.0
     */
    @Deprecated(forRemoval = true)
    @SuppressWarnings("InlineMeSuggester") // it goes soon
    public VaultOptions withBusyTimeoutMillis(int millis) {
        return withBusyTimeout(Duration.ofMillis(millis));
    }

    /**
     * How much of the file SQLite itself maps for each connection.
     *
     * @return bytes, 0 by default
     */
    public long mmapSizeBytes() {
        return mmapSizeBytes;
    }

    /**
     * These options with another size of what SQLite maps. 0 is right nearly always: blocks and keys are mapped by this
     * library anyhow, and a program that shortens the file in place ({@code cp} over it) ends a JVM whose SQLite has it
     * mapped.
     *
     * @param bytes at least 0
     * @return a changed copy
     */
    public VaultOptions withMmapSizeBytes(long bytes) {
        return with(draft -> draft.mmapSizeBytes = bytes);
    }

    /**
     * SQLite's page cache of each connection, which takes memory outside of the Java heap as it is filled.
     *
     * @return bytes, 100,000 KiB by default
     */
    public long cacheSizeBytes() {
        return cacheSizeBytes;
    }

    /**
     * These options with another page cache.
     *
     * @param bytes at least 0, for each connection; rounded down to KiB
     * @return a changed copy
     */
    public VaultOptions withCacheSizeBytes(long bytes) {
        return with(draft -> draft.cacheSizeBytes = bytes);
    }

    /**
     * How eight bytes of a self-describing value are recognised as an integer or a float.
     *
     * @return {@link NumberGuess#BETTER} by default
     */
    public NumberGuess numberGuess() {
        return numberGuess;
    }

    /**
     * These options with another guess of numbers.
     *
     * @param guess how an integer is distinguished from a float
     * @return a changed copy
     */
    public VaultOptions withNumberGuess(NumberGuess guess) {
        return with(draft -> draft.numberGuess = guess);
    }

    /**
     * How large a value that is put as a stream may be to be stored as one BLOB; a larger one is stored in segments, of
     * which KohakuVault sees only how many there are.
     *
     * @return bytes, 16 MiB by default
     */
    public long segmentThresholdBytes() {
        return segmentThresholdBytes;
    }

    /**
     * These options with another threshold of segments.
     *
     * @param bytes from 0 to 999,000,000, the largest BLOB that KohakuVault reads
     * @return a changed copy
     */
    public VaultOptions withSegmentThresholdBytes(long bytes) {
        return with(draft -> draft.segmentThresholdBytes = bytes);
    }

    /**
     * Whether a file that is created is guarded: KohakuVault reads its columns but cannot write them, so that range
     * scans may skip blocks by their statistics and damage to full blocks is noticed. {@link
     * io.kohakuvault.maintenance.Maintenance#guardColumns} switches it later.
     *
     * @return false by default
     */
    public boolean guardNewFiles() {
        return guardNewFiles;
    }

    /**
     * These options with or without guarding new files.
     *
     * @param guarded whether a file that is created is guarded
     * @return a changed copy
     */
    public VaultOptions withGuardNewFiles(boolean guarded) {
        return with(draft -> draft.guardNewFiles = guarded);
    }

    private List<Object> values() {
        return List.of(
                pageSizeBytes,
                synchronous,
                busyTimeout,
                mmapSizeBytes,
                cacheSizeBytes,
                numberGuess,
                segmentThresholdBytes,
                guardNewFiles);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof VaultOptions o && values().equals(o.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "VaultOptions[pageSizeBytes=%s, synchronous=%s, busyTimeout=%s, mmapSizeBytes=%s, cacheSizeBytes=%s,"
                        + " numberGuess=%s, segmentThresholdBytes=%s, guardNewFiles=%s]",
                values().toArray());
    }
}
