package io.kohakuvault.internal.sqlite;

import io.kohakuvault.VaultCall;
import io.kohakuvault.VaultException;
import io.kohakuvault.VaultIoException;
import io.kohakuvault.VaultOptions;
import io.kohakuvault.VaultTask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A database file: one write connection and read connections that are kept for reuse. Thread-safe. */
public final class SqliteFile implements ReadAccess, AutoCloseable {
    private static final long BETWEEN_ATTEMPTS_NANOS = 10_000_000;

    private final String path;
    private final VaultOptions options;
    private final @Nullable Writer writer;
    private final Readers readers;
    private final List<Runnable> pins = new CopyOnWriteArrayList<>();

    private SqliteFile(String path, VaultOptions options, @Nullable Writer writer) {
        this.path = path;
        this.options = options;
        this.writer = writer;
        this.readers = new Readers(path, () -> connect(true));
    }

    /** Opens a file, and creates it when it is missing and may be written. */
    public static SqliteFile open(Path file, VaultOptions options, OpenMode mode) {
        String path = file.toAbsolutePath().toString();
        if (path.indexOf('?') >= 0) {
            throw new IllegalArgumentException("the path of a vault must not hold '?', but was " + path);
        }
        if (Files.isDirectory(file)) {
            throw new VaultIoException(path + ": this is a folder; give the path of a file", null);
        }
        if (mode == OpenMode.READ) {
            if (!Files.exists(file)) {
                throw new VaultIoException(path + ": no such file; it is opened read-only and so not created", null);
            }
            SqliteFile result = new SqliteFile(path, options, null);
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
        Session session = Connections.connect(path, options, false);
        try {
            // Only a statement of its own, before the first table and before WAL, sets the page size of a new file.
            session.execute("PRAGMA page_size = " + options.pageSizeBytes());
            Connections.checkFormat(session); // before anything changes the file
            session.journalMode(mode == OpenMode.LOAD ? "persist" : "wal");
            if (mode == OpenMode.LOAD) {
                session.execute("PRAGMA synchronous = OFF");
            }
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
        return new SqliteFile(path, options, new Writer(session));
    }

    private Session connect(boolean readOnly) {
        return Connections.connect(path, options, readOnly);
    }

    public String path() {
        return path;
    }

    public boolean isReadOnly() {
        return writer == null;
    }

    /** The writer, or an exception that says that the file is open for reading only. */
    public Writer writer() {
        if (writer == null) {
            throw new UnsupportedOperationException(path + ": opened read-only");
        }
        return writer;
    }

    /** Runs the work in a write transaction, joining the one that the calling thread is in. */
    public <T, X extends Exception> T write(VaultCall<T, X> work) throws X {
        return writer().run(work);
    }

    /** {@link #write} for a transaction of the caller's own: a batch commits what it has gathered first. */
    public <T, X extends Exception> T writeAlone(VaultCall<T, X> work) throws X {
        return writer().runAlone(work);
    }

    /** {@link #write} without an answer. */
    public <X extends Exception> void run(VaultTask<X> task) throws X {
        this.<Boolean, X>write(() -> {
            task.run();
            return Boolean.TRUE;
        });
    }

    /** Whether a read of the calling thread sees just what is committed: neither a transaction of its own nor a batch. */
    public boolean readsCommitted() {
        Writer own = writer;
        return own == null || !(own.isMine() || own.group().hasGathered());
    }

    /**
     * Registers what ends read transactions that are only kept for speed: run after each commit, and when the file is wanted alone or
     * closed.
     */
    public void onUnpin(Runnable unpin) {
        pins.add(unpin);
        if (writer != null) {
            writer.onCommit(unpin);
        }
    }

    /**
     * Copies the log back beside the writer from now on.
     *
     * @param frames how long the log is
     */
    public void checkpointBeside(LogLength frames) {
        writer().checkpointer(new Checkpointer(() -> connect(false), frames));
    }

    private void unpin() {
        pins.forEach(Runnable::run);
    }

    /** The newest state; inside a transaction of the calling thread, what that has written so far. */
    @Override
    public <T> T read(Function<Session, T> work) {
        return read(work, true);
    }

    @Override
    public <T> T readOne(Function<Session, T> work) {
        return read(work, false);
    }

    private <T> T read(Function<Session, T> work, boolean transaction) {
        Writer own = writer;
        if (own != null) {
            if (own.isMine()) {
                return own.read(work);
            }
            Optional<Supplier<T>> gathered = own.group().read(work);
            if (gathered.isPresent()) {
                return gathered.get().get();
            }
        }
        Session session = acquire();
        boolean finished = false;
        try {
            if (transaction) {
                session.update("BEGIN");
            }
            T result = work.apply(session);
            if (transaction) {
                session.update("COMMIT");
            }
            finished = true;
            return result;
        } catch (Throwable t) {
            if (transaction) {
                abandon(session, t);
            } else {
                release(session); // a statement that has failed leaves no transaction behind
            }
            throw t;
        } finally {
            if (finished) {
                release(session);
            }
        }
    }

    private void abandon(Session session, Throwable reason) {
        try {
            session.update("ROLLBACK");
        } catch (RuntimeException e) {
            reason.addSuppressed(e);
            discard(session);
            return;
        }
        release(session);
    }

    /**
     * Copies the write-ahead log back and empties it, waiting for readers and other writers up to the busy timeout. Writers of this
     * vault go on between the attempts.
     *
     * @return false when a reader or another writer kept a part of it
     */
    public boolean checkpoint() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(options.busyTimeoutMillis());
        while (!emptyLog()) {
            if (System.nanoTime() >= deadline || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(BETWEEN_ATTEMPTS_NANOS);
        }
        return true;
    }

    private boolean emptyLog() {
        return writer().outside(session -> {
            unpin();
            session.execute("PRAGMA busy_timeout = 0");
            try (Rows rows = session.query("PRAGMA wal_checkpoint(TRUNCATE)")) {
                return rows.next() && rows.getLong(0) == 0;
            } finally {
                session.execute("PRAGMA busy_timeout = " + options.busyTimeoutMillis());
            }
        });
    }

    /** A read connection of one's own; give it back with {@link #release} or {@link #discard}. */
    public Session acquire() {
        return readers.acquire();
    }

    /**
     * A read transaction that outlives a call.
     *
     * @param what names it where somebody closes the file meanwhile
     * @throws IllegalStateException inside a transaction of the calling thread, whose writes it would not see
     */
    public ReadLease lease(String what) {
        Writer own = writer;
        if (own != null && own.isMine()) {
            throw new IllegalStateException(
                    path + ": " + what + " reads what is committed; open it outside of the transaction");
        }
        commitBeforeSnapshot();
        Session session = acquire();
        try {
            session.update("BEGIN");
            session.queryLong("SELECT count(*) FROM sqlite_master"); // BEGIN alone pins nothing
            ReadLease lease = new ReadLease(this, session, what);
            readers.begun(lease);
            return lease;
        } catch (RuntimeException e) {
            discard(session);
            throw e;
        }
    }

    /** What a batch has gathered is committed, so that whoever reads what is committed sees it. */
    public void commitBeforeSnapshot() {
        if (writer != null) {
            writer.group().commitBeforeSnapshot();
        }
    }

    /**
     * Writes a whole, compacted copy of the newest state into a file that does not exist.
     *
     * @param goesOn asked several times a second; false cancels, and the copy is to be deleted
     */
    public void copyInto(Path target, BooleanSupplier goesOn) {
        Session session = acquire();
        boolean finished = false;
        try {
            session.interruptible(goesOn, () -> session.update("VACUUM INTO ?", target.toString()));
            finished = true;
        } finally {
            if (finished) {
                release(session);
            } else {
                discard(session);
            }
        }
    }

    /** Makes a file that was loaded one like others; what is left to be done is to sync it. */
    public void endLoad() {
        writer().outside(session -> {
            session.journalMode("wal");
            return null;
        });
    }

    /** Makes sure that nobody else has the file open just now, by having it alone for a moment. */
    public void takeAlone() {
        writer().outside(session -> {
            checkAlone();
            session.journalMode("delete");
            session.journalMode("wal");
            return null;
        });
    }

    /** Throws when this vault has a read open: then the file cannot be had for oneself. */
    public void checkAlone() {
        unpin();
        writer().releaseCheckpointer();
        readers.closeIdle();
    }

    /**
     * Rewrites the file without unused pages.
     *
     * @param pageSize the page size afterwards, 0 to keep it
     */
    public void vacuum(int pageSize) {
        writer().outside(session -> {
            if (pageSize == 0) {
                session.execute("VACUUM");
                unpin();
                try (Rows rows = session.query("PRAGMA wal_checkpoint(PASSIVE)")) {
                    rows.next(); // else the smaller file stands in the log
                }
                return null;
            }
            checkAlone();
            // In WAL mode VACUUM keeps the page size, so the mode is left for a moment: nobody else may have the file
            // open.
            session.journalMode("delete");
            try {
                session.execute("PRAGMA page_size = " + pageSize);
                session.execute("VACUUM");
            } finally {
                session.journalMode("wal");
            }
            return null;
        });
    }

    void ended(ReadLease lease, Session session) {
        readers.ended(lease);
        endRead(session);
    }

    /** Ends a read transaction and takes its connection back. What a read has told before, a damaged page, is not told again. */
    public void endRead(Session session) {
        try {
            session.update("COMMIT");
        } catch (VaultException e) {
            discard(session); // it has only read: nothing can be lost
            return;
        }
        release(session);
    }

    /** Read transactions that are open beyond a call. */
    public List<String> leases() {
        return readers.leases();
    }

    /** Takes back a read connection that is in no transaction. */
    public void release(Session session) {
        readers.release(session);
    }

    /** Closes a read connection that cannot be used again. */
    public void discard(Session session) {
        readers.discard(session);
    }

    /**
     * Closes all connections, after the reads that are under way have ended: whoever closes descriptors of the file next must not drop
     * the locks of one that is still open.
     */
    @Override
    public void close() {
        if (writer != null && writer.isMine()) {
            throw new IllegalStateException(path + ": close() inside a transaction; leave it first");
        }
        readers.refuse();
        unpin();
        try {
            readers.close();
        } finally {
            if (writer != null) {
                writer.close();
            }
        }
    }
}
