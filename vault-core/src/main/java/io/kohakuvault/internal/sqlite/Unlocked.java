package io.kohakuvault.internal.sqlite;

import io.kohakuvault.VaultIoException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/**
 * A file that is read without locks ({@code immutable=1}), because the user of this process may not write it or its
 * folder: SQLite would need a {@code -shm} beside it, and one that another user has made keeps the owner out. Without
 * locks nothing says that a writer has come, so before and after each read it is looked whether the file is as it was.
 * A file with a log, or with the journal of a process that died while it wrote, is not read so: without locks SQLite
 * would pass over both. Thread-safe.
 */
final class Unlocked {
    private final Path file;
    private final FileTime modified;
    private final long bytes;

    private Unlocked(Path file) throws IOException {
        this.file = file;
        this.modified = Files.getLastModifiedTime(file);
        this.bytes = Files.size(file);
    }

    /**
     * Whether a file is to be read so: it, or its folder, may not be written, and nothing of it stands elsewhere.
     *
     * @param file without links
     */
    static boolean suits(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        boolean locked =
                !Files.isWritable(file) || (folder != null && !Files.isWritable(folder) && !exists(file, "-shm"));
        return locked && !hasLog(file) && !hasJournal(file);
    }

    static boolean hasLog(Path file) {
        try {
            Path log = Path.of(file + "-wal");
            return Files.exists(log) && Files.size(log) > 0;
        } catch (IOException e) {
            return true;
        }
    }

    /**
     * Whether a journal can undo what stands in the file: one that is done with begins with zeros
     * (https://sqlite.org/lockingv3.html).
     */
    private static boolean hasJournal(Path file) {
        try (InputStream journal = Files.newInputStream(Path.of(file + "-journal"))) {
            return journal.read() > 0;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static boolean exists(Path file, String suffix) {
        return Files.exists(Path.of(file + suffix));
    }

    static Unlocked of(Path file) {
        try {
            return new Unlocked(file);
        } catch (IOException e) {
            throw new VaultIoException(file + ": cannot be looked at: " + e, e);
        }
    }

    void check() {
        try {
            if (!hasLog(file)
                    && !hasJournal(file)
                    && Files.size(file) == bytes
                    && Files.getLastModifiedTime(file).equals(modified)) {
                return;
            }
        } catch (IOException e) {
            throw new VaultIoException(file + ": cannot be looked at any more: " + e, e);
        }
        throw new VaultIoException(
                file
                        + ": somebody writes to it. It was opened without locks, because this user may not write to it or its folder;"
                        + " open it again to read what it has now",
                null);
    }
}
