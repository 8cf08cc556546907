package io.kohakuvault.internal.page;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The pages that an open read transaction sees: of the database file all that have no frame in the -wal, for they are unchanged; and where
 * it is known which moment the transaction sees, copies of the frames that were the newest then. Thread-safe.
 */
public final class SnapshotPages {
    private static final int SCANS = 5;

    /** Of copies; more pages than that are left to SQLite, which has a cache of its own. */
    private static final int MAX_COPIED_BYTES = 16 << 20;

    private final PageFile file;
    private final WalScan wal;
    private final int pageSize;

    /** Pages that the transaction sees or, where that is not known, that the file had when it was looked at: damage may name others. */
    private final long pageCount;

    private final @Nullable Map<Long, ByteBuffer> copies;

    private SnapshotPages(PageFile file, WalScan wal, int pageSize, long pageCount, boolean copying) {
        this.file = file;
        this.wal = wal;
        this.pageSize = pageSize;
        this.pageCount = pageCount;
        this.copies = copying ? new ConcurrentHashMap<>() : null;
    }

    /**
     * Looks at the -wal for a reader whose transaction has begun and has read something; null when it never stands still, or pages are not
     * laid out as SQLite's own.
     *
     * @param moment what the transaction sees, null where that is not known
     */
    public static @Nullable SnapshotPages of(PageFile file, int pageSize, @Nullable Moment moment) throws IOException {
        if (hasReservedBytes(file, pageSize)) {
            return null;
        }
        if (moment != null && moment.copiedBack()) {
            // No checkpoint changes the file under the reader, and the -wal has nothing that it has not.
            return new SnapshotPages(
                    file, WalScan.nothing(file, pageSize), pageSize, pageCount(file, pageSize, moment), false);
        }
        for (int i = 0; i < SCANS; i++) {
            long size = file.sizeBytes();
            WalScan wal = WalScan.of(file, pageSize, moment);
            if (wal.isCurrent() && file.sizeBytes() >= size) {
                return new SnapshotPages(file, wal, pageSize, pageCount(file, pageSize, moment), moment != null);
            }
        }
        return null;
    }

    /** An empty log says 0: then it is the file that says it. */
    private static long pageCount(PageFile file, int pageSize, @Nullable Moment moment) throws IOException {
        long told = moment == null ? 0 : moment.pages();
        return told > 0 ? told : file.sizeBytes() / pageSize;
    }

    /** Whether pages keep bytes at their end for something else, a checksum or a cipher: then records lie otherwise. */
    static boolean hasReservedBytes(PageFile file, int pageSize) throws IOException {
        ByteBuffer first = file.page(1, pageSize);
        return first == null || first.get(20) != 0;
    }

    PageFile file() {
        return file;
    }

    WalScan wal() {
        return wal;
    }

    int pageSize() {
        return pageSize;
    }

    /** A page, or null when SQLite must be asked. */
    @Nullable
    ByteBuffer page(long number) throws IOException {
        if (number < 1 || number > pageCount) {
            return null;
        }
        return wal.has(number) ? copied(number) : file.page(number, pageSize);
    }

    private @Nullable ByteBuffer copied(long number) throws IOException {
        if (copies == null) {
            return null;
        }
        ByteBuffer known = copies.get(number);
        if (known != null || (copies.size() + 1L) * pageSize > MAX_COPIED_BYTES) {
            return known;
        }
        ByteBuffer read = wal.newest(number);
        // A writer that starts the -wal over changes its header first: unchanged now, the frame was whole.
        if (read == null || !wal.isCurrent()) {
            return null;
        }
        copies.put(number, read);
        return read;
    }
}
