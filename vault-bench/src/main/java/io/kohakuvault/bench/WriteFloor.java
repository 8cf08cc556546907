package io.kohakuvault.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The file operations of one large commit through SQLite's write-ahead log and nothing else: each page is written
 * behind a frame header, the log is synced, the pages are read back, written to the database file, and that is synced.
 * No store that writes these pages through this log is faster.
 */
final class WriteFloor {
    private static final int FRAME_HEADER_BYTES = 24;
    private static final int LOG_HEADER_BYTES = 32;

    private WriteFloor() {}

    /** @param file beside which the two files are written and deleted again */
    static int run(Path file, long pages, int pageSize) throws IOException {
        Path log = Path.of(file + ".floor-log");
        Path database = Path.of(file + ".floor");
        ByteBuffer header = ByteBuffer.allocateDirect(FRAME_HEADER_BYTES);
        ByteBuffer page = ByteBuffer.allocateDirect(pageSize);
        try (FileChannel to = open(log);
                FileChannel back = open(database)) {
            for (long i = 0; i < pages; i++) {
                long at = LOG_HEADER_BYTES + i * (FRAME_HEADER_BYTES + (long) pageSize);
                to.write(header.clear(), at);
                to.write(page.clear(), at + FRAME_HEADER_BYTES);
            }
            to.force(true);
            for (long i = 0; i < pages; i++) {
                long at = LOG_HEADER_BYTES + i * (FRAME_HEADER_BYTES + (long) pageSize);
                to.read(page.clear(), at + FRAME_HEADER_BYTES);
                back.write(page.clear(), i * pageSize);
            }
            back.force(true);
        } finally {
            Files.deleteIfExists(log);
            Files.deleteIfExists(database);
        }
        return 0;
    }

    private static FileChannel open(Path path) throws IOException {
        return FileChannel.open(
                path,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
    }
}
