package io.kohakuvault.internal.sqlite;

import io.kohakuvault.VaultException;
import io.kohakuvault.VaultOptions;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** What concerns a file as a whole: emptying its log, copying and rewriting it. Thread-safe. */
public final class WholeFile {
    private static final long LEAST_WAIT_NANOS = 1_000_000;
    private static final long MOST_WAIT_NANOS = 100_000_000;
    private static final int VACUUM_CACHE_KIB = 2000;

    private final SqliteFile file;
    private final Readers readers;
    private final VaultOptions options;
    private final OpenMode mode;

    WholeFile(SqliteFile file, Readers readers, VaultOptions options, OpenMode mode) {
        this.file = file;
        this.readers = readers;
        this.options = options;
        this.mode = mode;
    }

    /**
     * Copies the write-ahead log back and empties it, waiting for readers and other writers up to the busy timeout. Writers of this
     * vault go on between the attempts.
     *
     * @return false when a reader or another writer kept a part of it, or the vault was closed meanwhile
     */
    public boolean checkpoint() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(options.busyTimeoutMillis());
        long wait = LEAST_WAIT_NANOS;
        boolean emptied = emptyLog();
        while (!emptied
                && System.nanoTime() < deadline
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(wait);
            wait = Math.min(MOST_WAIT_NANOS, 2 * wait);
            try {
                emptied = emptyLog();
            } catch (IllegalStateException e) {
                if (file.writer().isClosed()) {
                    return false;
                }
                throw e;
            }
        }
        return emptied;
    }

    private boolean emptyLog() {
        return file.writer().outside(session -> {
            file.unpin();
            return session.withoutWaiting(() -> {
                try (Rows rows = session.query("PRAGMA wal_checkpoint(TRUNCATE)")) {
                    return rows.next() && rows.getLong(0) == 0;
                }
            });
        });
    }

    /** Before closing: SQLite copies the log back for the last connection, but not when that is one which only reads. */
    void leaveNoLog() {
        try {
            boolean unused = emptyLog();
        } catch (VaultException e) {
            // Nothing is lost: the log keeps what it has.
        }
    }

    /**
     * Writes a whole, compacted copy of the newest state into a file that does not exist.
     *
     * @param goesOn asked several times a second; false cancels, and the copy is to be deleted
     * @throws java.util.concurrent.CancellationException when it was cancelled
     */
    public void copyInto(Path target, BooleanSupplier goesOn) {
        if (mode == OpenMode.LOAD) { // a reader may not even write another file
            boolean unused = file.writer().outside(session -> {
                vacuum(session, "VACUUM INTO ?", goesOn, target.toString());
                return true;
            });
            return;
        }
        file.checkSame();
        Session session = file.acquire();
        try {
            vacuum(session, "VACUUM INTO ?", goesOn, target.toString());
            file.checkUnlocked();
        } finally {
            file.discard(session); // its page cache is a small one
        }
    }

    /**
     * Every page goes through the page cache once, so that a large one only costs memory: both files have one of that size, and what the C
     * library was given for them it keeps after they are closed.
     */
    private void vacuum(Session session, String sql, BooleanSupplier goesOn, Object... args) {
        session.execute("PRAGMA cache_size = -" + VACUUM_CACHE_KIB);
        try {
            int unused = session.cancellable(goesOn, () -> session.update(sql, args));
        } finally {
            Connections.limitCache(session, options);
        }
    }

    /** Makes sure that nobody else has the file open just now, by having it alone for a moment. */
    public void takeAlone() {
        file.writer().outside(session -> {
            prepareAlone();
            file.switchLog();
            try {
                session.journalMode("delete");
                session.journalMode(mode.journal());
            } finally {
                file.switchLog();
            }
            return null;
        });
    }

    /** Throws when this vault has a read open: then the file cannot be had for oneself. */
    private void prepareAlone() {
        file.unpin();
        file.writer().releaseCheckpointer();
        readers.closeIdle();
    }

    /**
     * Rewrites the file without unused pages.
     *
     * @param pageSize the page size afterwards, 0 to keep it
     * @param goesOn asked several times a second; false cancels, and the file stays as it is
     * @throws java.util.concurrent.CancellationException when it was cancelled
     */
    public void vacuum(int pageSize, BooleanSupplier goesOn) {
        file.writer().outside(session -> {
            if (pageSize == 0) {
                vacuum(session, "VACUUM", goesOn);
                file.unpin();
                try (Rows rows = session.query("PRAGMA wal_checkpoint(PASSIVE)")) {
                    rows.next(); // else the smaller file stands in the log
                }
                return null;
            }
            prepareAlone();
            // In WAL mode VACUUM keeps the page size, so the mode is left for a moment: nobody else may have the file
            // open.
            file.switchLog();
            try {
                session.journalMode("delete");
                try {
                    session.execute("PRAGMA page_size = " + pageSize);
                    vacuum(session, "VACUUM", goesOn);
                } finally {
                    session.shielded(() -> {
                        session.journalMode(mode.journal());
                        Connections.limitCache(session, options);
                        return null;
                    });
                }
            } finally {
                file.switchLog();
            }
            return null;
        });
    }

    /** Makes a file that was loaded one like others; what is left to be done is to sync it. */
    public void endLoad() {
        file.writer().outside(session -> {
            session.journalMode(OpenMode.WRITE.journal());
            return null;
        });
    }
}
