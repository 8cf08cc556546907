package io.kohakuvault.internal.sqlite;

import io.kohakuvault.VaultBusyException;
import io.kohakuvault.VaultException;
import io.kohakuvault.VaultOptions;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What concerns a file as a whole: emptying its log, copying and rewriting it. Thread-safe. */
public final class WholeFile {
    private static final long LEAST_WAIT_NANOS = 1_000_000;
    private static final long MOST_WAIT_NANOS = 100_000_000;
    private static final int VACUUM_CACHE_KIB = 2000;

    private final SqliteFile file;
    private final Readers readers;
    private final VaultOptions options;
    private final OpenMode mode;

    /** Whether the file is in no log, or could not be brought back into it. Written with the write lock held. */
    private volatile boolean outOfLog;

    WholeFile(SqliteFile file, Readers readers, VaultOptions options, OpenMode mode) {
        this.file = file;
        this.readers = readers;
        this.options = options;
        this.mode = mode;
    }

    /**
     * Copies the write-ahead log back and empties it, waiting for readers and other writers up to the busy timeout.
     * Writers of this vault go on between the attempts.
     *
     * @return false when a reader or another writer kept a part of it, or the vault was closed meanwhile
     */
    public boolean checkpoint() {
        long deadline = System.nanoTime() + options.busyTimeout().toNanos();
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
                try {
                    returnToLog(session);
                } catch (VaultBusyException e) {
                    return false;
                }
                try (Rows rows = session.query("PRAGMA wal_checkpoint(TRUNCATE)")) {
                    return rows.next() && rows.getLong(0) == 0;
                }
            });
        });
    }

    /**
     * Before closing: SQLite copies the log back for the last connection, but not when that is one which only reads.
     */
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
        Session session = file.acquireLasting();
        try {
            // The copy is synced as the connection says, and one that reads says nothing by itself.
            session.execute("PRAGMA synchronous = " + options.synchronous().name());
            vacuum(session, "VACUUM INTO ?", goesOn, target.toString());
            file.checkUnlocked();
        } finally {
            file.discard(session); // its page cache is a small one
        }
    }

    /**
     * Every page goes through the page cache once, so that a large one only costs memory: both files have one of that
     * size, and what the C library was given for them it keeps after they are closed.
     */
    private void vacuum(Session session, String sql, BooleanSupplier goesOn, Object... args) {
        session.execute("PRAGMA cache_size = -" + VACUUM_CACHE_KIB);
        try {
            int unused = session.cancellable(goesOn, () -> session.update(sql, args));
        } finally {
            Connections.limitCache(session, options);
        }
    }

    /**
     * Makes sure that nobody else has the file open just now, by having it alone for a moment.
     *
     * @throws VaultBusyException when somebody has, or comes just then
     */
    public void takeAlone() {
        boolean back = file.writer().outside(session -> {
            boolean unused = withoutLog(session, () -> true);
            return !outOfLog;
        });
        if (!back) {
            throw new VaultBusyException(
                    file.path() + ": another program has begun to read it; nothing was changed, try again later", null);
        }
    }

    /**
     * Runs the work while the file is in no log, which nobody else can have open then. With the write lock held. A
     * program that begins to read before the file is back keeps it out: then that is done after the next commit, or
     * when the log is asked for.
     *
     * @throws VaultBusyException when this vault has a read open, or somebody else the file
     */
    private <T> T withoutLog(Session session, Supplier<T> work) {
        file.writer().releaseCheckpointer();
        return readers.without(file::unpin, () -> {
            T done;
            try {
                leaveLog(session);
                done = work.get();
            } catch (RuntimeException | Error e) {
                try {
                    returnToLog(session);
                } catch (VaultException again) {
                    e.addSuppressed(again);
                }
                throw e;
            }
            try {
                returnToLog(session);
            } catch (VaultBusyException e) {
                // The work is done, and what is left is tried again.
            }
            return done;
        });
    }

    /** After a commit, for a file that is still out of its log. Throws nothing. */
    void returnAfterCommit(Session session) {
        if (outOfLog) {
            try {
                session.withoutWaiting(() -> {
                    returnToLog(session);
                    return null;
                });
            } catch (VaultException e) {
                // Somebody reads it still.
            }
        }
    }

    private void leaveLog(Session session) {
        if (!outOfLog) {
            file.switchLog();
            outOfLog = true;
        }
        session.journalMode("delete");
    }

    /**
     * A program that has begun to read just now may be in the way: then this is done before the log is asked for next.
     */
    private void returnToLog(Session session) {
        if (outOfLog) {
            session.shielded(() -> {
                session.journalMode(mode.journal());
                return null;
            });
            outOfLog = false;
            file.switchLog();
            file.writer().releaseCheckpointer(); // there is another log to look at
        }
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
            // In WAL mode VACUUM keeps the page size, so the mode is left for a moment.
            boolean unused = withoutLog(session, () -> {
                session.execute("PRAGMA page_size = " + pageSize);
                vacuum(session, "VACUUM", goesOn);
                return true;
            });
            Long now = session.queryLong("PRAGMA page_size");
            if (now == null || now != pageSize) {
                throw new VaultBusyException(
                        file.path() + ": another program has opened it just then, so that the page size is what it was;"
                                + " try again when nobody else has it open",
                        null);
            }
            session.shielded(() -> {
                Connections.limitCache(session, options); // by the new page size
                return null;
            });
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
