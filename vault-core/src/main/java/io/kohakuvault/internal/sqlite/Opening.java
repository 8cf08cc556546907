package io.kohakuvault.internal.sqlite;

import io.kohakuvault.VaultOptions;
import java.nio.file.Path;

/**
 * Opens files: refuses what is none, looks at the format before anything is changed, and remembers which file it was.
 */
final class Opening {
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
            session.journalMode(mode.journal());
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
}
