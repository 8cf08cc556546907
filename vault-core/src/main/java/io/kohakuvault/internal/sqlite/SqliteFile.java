package io.kohakuvault.internal.sqlite;

import io.kohakuvault.VaultException;
import io.kohakuvault.VaultOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A database file: one write connection and read connections that are kept for reuse. Thread-safe. */
public final class SqliteFile implements ReadAccess, AutoCloseable {
    private final String path;
    private final VaultOptions options;
    private final OpenMode mode;
    private final @Nullable Session writing;
    private final @Nullable Writer writer;
    private final FileIdentity identity;
    private final @Nullable Unlocked unlocked;
    private final Readers readers;
    private final WholeFile whole;
    private final List<Runnable> pins = new CopyOnWriteArrayList<>();
    private final AtomicInteger logSwitches = new AtomicInteger();

    /** @param writing the write connection, null where nothing is written */
    SqliteFile(String path, VaultOptions options, OpenMode mode, FileIdentity identity, @Nullable Session writing) {
        this.path = path;
        this.options = options;
        this.mode = mode;
        this.identity = identity;
        // The log stands beside the file and not beside a link to it.
        Path real = identity.realPath();
        this.unlocked = writing == null && Unlocked.suits(real) ? Unlocked.of(real) : null;
        this.writing = writing;
        this.writer = writing == null ? null : new Writer(writing, identity);
        this.readers = new Readers(path, options, this::reader);
        this.whole = new WholeFile(this, readers, options, mode);
        if (writer != null) {
            writer.ifOutOfLog(whole::returnAfterCommit);
        }
    }

    /** Opens a file, and creates it when it is missing and may be written. */
    public static SqliteFile open(Path file, VaultOptions options, OpenMode mode) {
        return Opening.open(file, options, mode);
    }

    private Session reader() {
        if (mode != OpenMode.LOAD) {
            return connect(unlocked == null ? Connections.Access.READ : Connections.Access.UNLOCKED);
        }
        // Without a log, one that may only read cannot tell a journal in use from one that was left.
        Session session = connect(Connections.Access.WRITE);
        session.execute("PRAGMA query_only = ON");
        return session;
    }

    /** A connection to the very file that was opened first. */
    private Session connect(Connections.Access access) {
        identity.check();
        Session session = Connections.connect(path, options, access);
        try {
            identity.check();
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
        return session;
    }

    /**
     * Before something is read otherwise than through {@link #read}: throws when the path has come to name another
     * file, which is noticed a fraction of a millisecond later at most.
     */
    public void checkSame() {
        identity.checkSoon();
        checkUnlocked();
    }

    /** After something was read, of a file that is read without locks: throws when it was written to meanwhile. */
    public void checkUnlocked() {
        if (unlocked != null) {
            unlocked.check();
        }
    }

    public String path() {
        return path;
    }

    /** The file behind the links of {@link #path}: its log stands beside it, under its name. */
    public Path realPath() {
        return identity.realPath();
    }

    /**
     * Whether a session sees what is committed and nothing else: what the write connection sees may yet be rolled back.
     */
    public boolean isReader(Session session) {
        return session != writing;
    }

    public boolean isReadOnly() {
        return writer == null;
    }

    /** Whether there is a log beside which others read, and whose index says what the newest state is. */
    public boolean hasLog() {
        return mode == OpenMode.WRITE;
    }

    /** The file as a whole. */
    public WholeFile whole() {
        return whole;
    }

    /** The writer, or an exception that says that the file is open for reading only. */
    public Writer writer() {
        if (writer == null) {
            throw new UnsupportedOperationException(path + ": opened read-only");
        }
        return writer;
    }

    /** Runs the work in a write transaction, joining the one that the calling thread is in. */
    public <T, X extends Exception> T write(TransactionCall<T, X> work) throws X {
        return writer().run(work);
    }

    /** {@link #write} for a transaction of the caller's own: a batch commits what it has gathered first. */
    public <T, X extends Exception> T writeAlone(TransactionCall<T, X> work) throws X {
        return writer().runAlone(work);
    }

    /** {@link #write} without an answer. */
    public <X extends Exception> void run(TransactionTask<X> task) throws X {
        this.<Boolean, X>write(transaction -> {
            task.run(transaction);
            return Boolean.TRUE;
        });
    }

    /**
     * Whether a read of the calling thread sees just what is committed: neither a transaction of its own nor a batch.
     */
    public boolean readsCommitted() {
        Writer own = writer;
        return own == null || !(own.isMine() || own.group().hasGathered());
    }

    /**
     * The writer's epoch where the calling thread keeps its transaction, its own or a batch's, from ending, so that
     * nobody else can change the file; -1 elsewhere.
     */
    public long heldEpoch() {
        Writer own = writer;
        boolean held = own != null
                && own.lock().isMine()
                && (own.isInside() || own.group().hasGathered());
        return own != null && held ? own.epoch() : -1;
    }

    /**
     * Whether a transaction of the calling thread, a batch or a load has kept everybody else out of the file since an
     * epoch of the writer, and has itself changed no table or column. Waits for the writer as reads do then.
     */
    public boolean isUnchangedSince(long epoch) {
        Writer own = writer;
        if (own == null || (mode != OpenMode.LOAD && readsCommitted())) {
            return false;
        }
        own.lock().acquire();
        try {
            own.checkOpen();
            return (mode == OpenMode.LOAD || heldEpoch() >= 0) && own.epoch() == epoch;
        } finally {
            own.lock().release();
        }
    }

    /**
     * Registers what ends read transactions that are only kept for speed: run after each commit, and when the file is
     * wanted alone or closed.
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
        writer().checkpointer(new Checkpointer(() -> connect(Connections.Access.WRITE), frames));
    }

    /**
     * Counts when the file leaves the write-ahead log, which deletes its index, and when it is back at a new one: odd
     * in between. What the old index said stands in its mapping for ever, so it counts only while this number is the
     * same.
     */
    public int logSwitches() {
        return logSwitches.get();
    }

    /** Before leaving the log and after it is back. With the write lock held. */
    void switchLog() {
        logSwitches.incrementAndGet();
    }

    void unpin() {
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

    private <T> T read(Function<Session, T> work, boolean inTransaction) {
        Writer own = writer;
        if (own != null) {
            if (own.isMine()) {
                return own.read(work);
            }
            Optional<Supplier<T>> gathered = own.group().read(work);
            if (gathered.isPresent()) {
                return gathered.get().get();
            }
            if (mode == OpenMode.LOAD) {
                return own.<T, RuntimeException>runAlone(
                        transaction -> transaction.read(work)); // a reader would be in its way
            }
        }
        checkSame();
        Session session = acquire();
        boolean finished = false;
        try {
            if (inTransaction) {
                session.update("BEGIN");
            }
            T result = work.apply(session);
            if (inTransaction) {
                session.end("COMMIT");
            }
            checkUnlocked();
            finished = true;
            return result;
        } catch (Throwable t) {
            if (inTransaction) {
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
            session.end("ROLLBACK");
        } catch (RuntimeException e) {
            reason.addSuppressed(e);
            discard(session);
            return;
        }
        release(session);
    }

    /** A read connection for the caller alone; give it back with {@link #release} or {@link #discard}. */
    public Session acquire() {
        return readers.acquire();
    }

    /**
     * {@link #acquire} of one that is kept for as long as a user wants: who needs the file without readers does not
     * wait for it.
     */
    public Session acquireLasting() {
        return readers.acquireLasting();
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
        checkSame();
        Session session = acquireLasting();
        try {
            session.update("BEGIN");
            session.queryLong("SELECT count(*) FROM sqlite_master"); // BEGIN alone pins nothing
            ReadLease lease = new ReadLease(this, session, what);
            readers.begun(lease);
            return lease;
        } catch (RuntimeException | Error e) {
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

    void ended(ReadLease lease, Session session) {
        readers.ended(lease);
        endRead(session);
    }

    /**
     * Ends a read transaction and takes its connection back. What a read has reported already, a damaged page, is not
     * reported again.
     */
    public void endRead(Session session) {
        try {
            session.end("COMMIT");
        } catch (VaultException e) {
            discard(session); // it has only read: nothing can be lost
            return;
        }
        release(session);
    }

    /** Ends the read transactions that are open beyond a call. */
    public void endLeases() {
        readers.open().forEach(ReadLease::close);
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
     * Closes all connections, after the reads that are under way have ended: whoever closes descriptors of the file
     * next must not drop the locks of one that is still open.
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
                whole.leaveNoLog();
                writer.close();
            }
        }
    }
}
