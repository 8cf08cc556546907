package io.kohakuvault.internal.sqlite;

import io.kohakuvault.VaultBusyException;
import io.kohakuvault.VaultOptions;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Opens files: refuses what is none, looks at the format before anything is changed, and remembers which file it was.
 */
final class Opening {
    private static final long MOST_WAIT_NANOS = 10_000_000;

    private Opening() {}

    static SqliteFile open(Path file, VaultOptions options, OpenMode mode) {
        String path = file.toAbsolutePath().toString();
        FileKinds.check(file, mode);
        return mode == OpenMode.READ
                ? openToRead(path, options, FileIdentity.of(Path.of(path)))
                : openToWrite(path, options, mode);
    }

    private static SqliteFile openToRead(String path, VaultOptions options, FileIdentity identity) {
        SqliteFile result = new SqliteFile(path, options, OpenMode.READ, identity, null);
        Session session = result.acquire();
        try {
            Connections.checkFormat(session);
        } catch (RuntimeException e) {
            result.discard(session);
            throw e;
        }
        result.release(session);
        return result;
    }

    private static SqliteFile openToWrite(String path, VaultOptions options, OpenMode mode) {
        Session session = Connections.connect(path, options, Connections.Access.WRITE);
        try {
            // Not before: a layered file system gives a file another inode when it is first opened for writing.
            FileIdentity identity = FileIdentity.of(Path.of(path));
            // Only a statement of its own, before the first table and before WAL, sets the page size of a new file.
            session.execute("PRAGMA page_size = " + options.pageSizeBytes());
            Connections.checkFormat(session); // before anything changes the file
            Connections.limitCache(session, options); // counted in pages of the size that a new file had before
            becomeLogged(session, options, mode);
            if (mode == OpenMode.LOAD) {
                session.execute("PRAGMA synchronous = OFF");
                session.update("BEGIN IMMEDIATE"); // writes the first page, from which readers know the page size
                session.end("COMMIT");
            }
            identity.check(); // the file may have been replaced while it was opened
            return new SqliteFile(path, options, mode, identity, session);
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /**
     * Of several that open a new file at once, each holds it shared and wants it alone: SQLite fails such a wait at
     * once, since neither would end. One of them gets it when the others let go.
     */
    private static void becomeLogged(Session session, VaultOptions options, OpenMode mode) {
        long deadline = System.nanoTime() + options.busyTimeout().toNanos();
        while (true) {
            try {
                session.journalMode(mode.journal());
                return;
            } catch (VaultBusyException e) {
                if (mode == OpenMode.LOAD
                        || System.nanoTime() >= deadline
                        || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(MOST_WAIT_NANOS));
            }
        }
    }
}
