package io.kohakuvault.internal.page;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The pages of the database file that an open read transaction sees unchanged: all that have no frame in the -wal. */
record SnapshotPages(PageFile file, WalScan wal, int pageSize) {
    private static final int SCANS = 5;

    /** Looks at the -wal for a reader whose transaction has begun and has read something; null when it never stands still. */
    static @Nullable SnapshotPages of(PageFile file, int pageSize) throws IOException {
        if (hasReservedBytes(file, pageSize)) {
            return null;
        }
        for (int i = 0; i < SCANS; i++) {
            long size = file.sizeBytes();
            WalScan wal = WalScan.of(file, pageSize);
            if (wal.isCurrent() && file.sizeBytes() >= size) {
                return new SnapshotPages(file, wal, pageSize);
            }
        }
        return null;
    }

    /** Whether pages keep bytes at their end for something else, a checksum or a cipher: then records lie otherwise. */
    static boolean hasReservedBytes(PageFile file, int pageSize) throws IOException {
        ByteBuffer first = file.page(1, pageSize);
        return first == null || first.get(20) != 0;
    }

    /** A page, or null when SQLite must be asked. */
    @Nullable
    ByteBuffer page(long number) throws IOException {
        return wal.has(number) ? null : file.page(number, pageSize);
    }
}
