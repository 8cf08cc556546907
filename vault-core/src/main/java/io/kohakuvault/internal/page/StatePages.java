package io.kohakuvault.internal.page;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The pages of one state of the file, which an open read transaction sees. A page that has no frame in the -wal, or
 * none that belongs to the state, is the database file's: a checkpoint copies back only what the oldest reader sees.
 * Where it is known which moment the transaction sees, the other pages are copies of their newest frames then; where it
 * is not, SQLite must be asked for them. Thread-safe.
 */
public final class StatePages {
    /** Of copies; more pages than that are left to SQLite, which has a cache of its own. */
    private static final int MAX_COPIED_BYTES = 16 << 20;

    private final PageFile file;
    private final WalScan wal;
    private final int pageSize;

    /**
     * Pages that the transaction sees or, where that is not known, that the file had when it was looked at: damage may
     * name others.
     */
    private final long pageCount;

    /** Whether pages in the -wal are known to be the state's. */
    private final boolean exact;

    private final Map<Long, ByteBuffer> copies = new ConcurrentHashMap<>();

    private StatePages(PageFile file, WalScan wal, int pageSize, long pageCount, boolean exact) {
        this.file = file;
        this.wal = wal;
        this.pageSize = pageSize;
        this.pageCount = pageCount;
        this.exact = exact;
    }

    /**
     * Looks at the -wal for a reader whose transaction has begun and has read something.
     *
     * @param moment what the transaction sees, null where that is not known
     * @return null when the -wal cannot be read, or not now
     */
    public static @Nullable StatePages of(PageFile file, int pageSize, @Nullable Moment moment) {
        try {
            return look(file, pageSize, moment);
        } catch (IOException | IndexOutOfBoundsException | InternalError e) {
            return null; // what SQLite cannot follow either has its own error when it is read through SQLite
        }
    }

    private static @Nullable StatePages look(PageFile file, int pageSize, @Nullable Moment moment) throws IOException {
        if (hasReservedBytes(file, pageSize)) {
            return null;
        }
        if (moment != null && moment.copiedBack()) {
            // No checkpoint changes the file under the reader, and the -wal has nothing that it has not.
            return new StatePages(
                    file, WalScan.nothing(file, pageSize), pageSize, pageCount(file, pageSize, moment), false);
        }
        WalScan wal = WalScan.of(file, pageSize, moment);
        return new StatePages(file, wal, pageSize, pageCount(file, pageSize, moment), moment != null);
    }

    /** An empty log says 0: then it is the file that says it. */
    private static long pageCount(PageFile file, int pageSize, @Nullable Moment moment) throws IOException {
        long said = moment == null ? 0 : moment.pages();
        return said > 0 ? said : file.sizeBytes() / pageSize;
    }

    /** Whether pages keep bytes at their end for something else, a checksum or a cipher: then records lie otherwise. */
    private static boolean hasReservedBytes(PageFile file, int pageSize) throws IOException {
        ByteBuffer first = file.page(1, pageSize);
        return first == null || first.get(20) != 0;
    }

    int pageSize() {
        return pageSize;
    }

    /** Bytes of the database file. */
    long fileBytes() throws IOException {
        return file.sizeBytes();
    }

    /** A page of the state, or null when SQLite must be asked. */
    @Nullable
    ByteBuffer page(long number) throws IOException {
        if (number < 1 || number > pageCount) {
            return null;
        }
        return !wal.has(number) ? file.page(number, pageSize) : exact ? copied(number) : null;
    }

    /** A page of the state that stands in the mapped file itself; null otherwise. */
    @Nullable
    ByteBuffer mapped(long number) throws IOException {
        return wal.has(number) ? null : file.page(number, pageSize);
    }

    /**
     * A page of the state or, where its moment is not known, of the newest one when the -wal was looked at; null when
     * it cannot be had. For the way down to pages that are looked at again: see {@link MappedTable}.
     */
    @Nullable
    ByteBuffer latest(long number) throws IOException {
        return wal.has(number) ? copied(number) : file.page(number, pageSize);
    }

    private @Nullable ByteBuffer copied(long number) throws IOException {
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
