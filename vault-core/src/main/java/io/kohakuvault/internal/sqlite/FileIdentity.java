package io.kohakuvault.internal.sqlite;

import io.kohakuvault.VaultIoException;
import io.kohakuvault.VaultMovedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which file a path named when it was opened: device and inode where the system has them. SQLite goes on with a file
 * that was renamed, deleted or replaced, so that what is committed then is in a file that nobody finds. Thread-safe.
 */
final class FileIdentity {
    /** Reads look this often at most: a look costs as much as finding a key. */
    private static final long READS_NANOS = 200_000;

    private final Path path;
    private final Path realPath;
    private final @Nullable Object key;
    private volatile long checked = System.nanoTime();

    private FileIdentity(Path path, Path realPath, @Nullable Object key) {
        this.path = path;
        this.realPath = realPath;
        this.key = key;
    }

    /** What the path names now. */
    static FileIdentity of(Path path) {
        try {
            return new FileIdentity(path, path.toRealPath(), keyOf(path));
        } catch (IOException e) {
            throw new VaultIoException(path + ": cannot be looked at: " + e, e);
        }
    }

    private static @Nullable Object keyOf(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    Path realPath() {
        return realPath;
    }

    /** Before a commit and for each new connection. */
    void check() {
        Object now;
        try {
            now = keyOf(path);
        } catch (NoSuchFileException e) {
            throw changed("was deleted or renamed", e);
        } catch (IOException e) {
            throw new VaultIoException(path + ": cannot be looked at any more: " + e, e);
        }
        if (!Objects.equals(now, key)) {
            throw changed("is another file now (replaced, or a link that was changed)", null);
        }
        checked = System.nanoTime();
    }

    /** Before a read. */
    void checkSoon() {
        if (System.nanoTime() - checked > READS_NANOS) {
            check();
        }
    }

    private VaultMovedException changed(String how, @Nullable IOException cause) {
        return new VaultMovedException(
                path + ": " + how
                        + " since this vault was opened; nothing more is read or written. Close the vault, put the file"
                        + " that is meant in its place while nobody has it open, and open it again",
                cause);
    }
}
