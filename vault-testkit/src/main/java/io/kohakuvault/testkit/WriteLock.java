package io.kohakuvault.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Who holds the write lock of a SQLite file in WAL mode, by the kernel's list of locks. Linux only. */
public final class WriteLock {
    private static final Path LOCKS = Path.of("/proc/locks");

    /** The byte of the -shm that a connection locks while it is in a write transaction (WAL_WRITE_LOCK). */
    private static final long BYTE = 120;

    private WriteLock() {}

    /** Whether the system has such a list. */
    public static boolean isTold() {
        return Files.isReadable(LOCKS);
    }

    /**
     * The process that is in a write transaction just now; empty when there is none.
     *
     * @param database the file
     */
    public static OptionalLong holder(Path database) throws IOException {
        Object inode = Files.getAttribute(Path.of(database + "-shm"), "unix:ino");
        for (String line : Files.readAllLines(LOCKS)) {
            // "1: POSIX  ADVISORY  WRITE 4711 fd:01:123456 120 120"; "1: -> …" is one that waits.
            String[] words = line.trim().split("\\s+", -1);
            if (words.length == 8
                    && words[1].equals("POSIX")
                    && words[3].equals("WRITE")
                    && words[5].endsWith(":" + inode)
                    && Long.parseLong(words[6]) <= BYTE
                    && (words[7].equals("EOF") || Long.parseLong(words[7]) >= BYTE)) {
                return OptionalLong.of(Long.parseLong(words[4]));
            }
        }
        return OptionalLong.empty();
    }
}
