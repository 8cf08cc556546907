package io.kohakuvault.internal.sqlite;

import io.kohakuvault.VaultCall;
import io.kohakuvault.VaultException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The write connection behind a fair lock. Calls of the thread that owns it join its transaction. Thread-safe. */
public final class Writer {
    private final Session session;
    private final FileIdentity identity;
    private final WriterLock lock;
    private final Pending pending;
    private int depth;
    private @Nullable Throwable doomed;
    private final StaleSchema schema;
    private final List<Consumer<Session>> afterRollback = new ArrayList<>();
    private final List<Runnable> afterCommit = new CopyOnWriteArrayList<>();
    private volatile boolean closed;
    private @Nullable Checkpointer checkpointer;
    private final Group group = new Group(this);

    Writer(Session session, FileIdentity identity) {
        this.session = session;
        this.identity = identity;
        this.lock = new WriterLock(session.file());
        this.schema = new StaleSchema(session);
        this.pending = new Pending(session);
    }

    /**
     * Runs something with the write connection right after the transaction that is open, if there is one, was rolled back: before anybody
     * else can be given the ids that it had taken. It must not throw.
     */
    public void onRollback(Consumer<Session> task) {
        if (isMine()) {
            afterRollback.add(task);
        } else if (group.hasGathered()) {
            lock.acquireUninterruptibly();
            try {
                if (group.isOpen()) {
                    afterRollback.add(task);
                }
            } finally {
                lock.release();
            }
        }
    }

    /** Runs something after each commit. It must not throw. */
    void onCommit(Runnable task) {
        afterCommit.add(task);
    }

    /** From now on the log is copied back by this and not by SQLite. */
    void checkpointer(Checkpointer made) {
        outside(own -> {
            own.execute("PRAGMA wal_autocheckpoint = 0");
            checkpointer = made;
            return made;
        });
    }

    /** Ends what runs beside the writer, and closes its connection until it is needed again. With the write lock held. */
    void releaseCheckpointer() {
        if (checkpointer != null) {
            checkpointer.release();
        }
    }

    /** Adds what is flushed before each commit. */
    public void register(WriteBuffer buffer) {
        pending.add(buffer);
    }

    /** Whether the calling thread is inside a transaction of this writer. */
    public boolean isMine() {
        return lock.isMine() && depth > 0;
    }

    /**
     * Changes whenever what this process remembers of the file may no longer hold: another connection has committed, or a transaction of
     * this one was rolled back. For the thread that is inside a transaction.
     */
    public long epoch() {
        return pending.epoch();
    }

    /** Says that a table or column that others may remember was changed by this transaction. */
    public void schemaChanged() {
        pending.schemaChanged();
    }

    /** Group commit over this writer. */
    public Group group() {
        return group;
    }

    /** The write connection, for the thread that is inside a transaction. */
    public Session session() {
        if (!isMine()) {
            throw new IllegalStateException("no transaction of this thread is open");
        }
        checkNotDoomed();
        return session;
    }

    /** The write connection with everything gathered so far written to it, for reads inside the transaction. */
    Session flushed() {
        checkNotDoomed();
        try {
            pending.flush();
            return session;
        } catch (Throwable t) {
            doomed = t;
            throw t;
        }
    }

    /** Reads inside the transaction. A failure of the engine may have ended it, also that of a read. */
    <T> T read(Function<Session, T> work) {
        Session s = flushed();
        try {
            return work.apply(s);
        } catch (VaultException e) {
            if (isOfTheEngine(e)) {
                doomed = e;
            }
            throw e;
        }
    }

    static boolean isOfTheEngine(VaultException e) {
        return e.getCause() instanceof SQLException;
    }

    /**
     * After a failure nothing more is written: SQLite ends the transaction by itself when the disk is full or cannot be read, and what came
     * then would be committed statement by statement.
     */
    private void checkNotDoomed() {
        Throwable cause = doomed;
        if (cause != null) {
            throw new VaultException(
                    session.file() + ": the transaction is rolled back because a call inside it has failed: " + cause,
                    cause);
        }
    }

    /** Has SQLite read the schema anew when the transaction has ended, either way: it was changed behind SQLite's back. */
    public void reloadSchemaAfterwards() {
        schema.mark();
    }

    /**
     * Runs the work in a transaction: the outermost call begins and commits, nested ones join. A throw rolls back. When a nested
     * call has thrown while it was writing and the outer one goes on, the commit is refused, because part of it may have been written.
     * While a group is open, the work becomes a part of it.
     */
    public <T, X extends Exception> T run(VaultCall<T, X> work) throws X {
        lock.acquire();
        try {
            checkOpen();
            if (depth > 0) {
                return join(work);
            }
            return group.isActive() ? group.run(work) : outermost(work);
        } finally {
            lock.release();
        }
    }

    /** {@link #run}, but never as a part of a group: what a group has gathered is committed first. */
    public <T, X extends Exception> T runAlone(VaultCall<T, X> work) throws X {
        lock.acquire();
        try {
            checkOpen();
            if (depth > 0) {
                return join(work);
            }
            group.commitGathered();
            return outermost(work);
        } finally {
            lock.release();
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** Throws when the vault is closed. */
    public void checkOpen() {
        if (closed) {
            throw new IllegalStateException(session.file() + ": this vault is closed");
        }
    }

    /** Runs what cannot be done in a transaction. */
    public <T> T outside(Function<Session, T> work) {
        lock.acquire();
        try {
            checkOpen();
            if (depth > 0) {
                throw new IllegalStateException(session.file() + ": not inside a transaction; leave it first");
            }
            group.commitGathered();
            if (checkpointer != null) {
                checkpointer.settle(); // two checkpoints do not wait for each other
            }
            identity.check();
            T result = work.apply(session);
            checkpoint(); // some of it writes
            return result;
        } finally {
            lock.release();
        }
    }

    private <T, X extends Exception> T join(VaultCall<T, X> work) throws X {
        checkNotDoomed();
        depth++;
        long before = session.changes();
        try {
            return work.call();
        } catch (Throwable t) {
            if (mayHaveWritten(t, before)) {
                doomed = t;
            }
            throw t;
        } finally {
            depth--;
        }
    }

    /** A failure of the engine may have ended the transaction; an exception of a caller's before anything was written has not. */
    private boolean mayHaveWritten(Throwable t, long changesBefore) {
        return t instanceof VaultException || session.changes() != changesBefore;
    }

    private <T, X extends Exception> T outermost(VaultCall<T, X> work) throws X {
        begin();
        boolean committed = false;
        try {
            T result = work.call();
            flushed();
            identity.check();
            session.end("COMMIT");
            committed = true;
            return result;
        } catch (Throwable t) {
            rollback(t);
            throw t;
        } finally {
            end(committed);
        }
    }

    private void begin() {
        schema.reload();
        session.update("BEGIN IMMEDIATE");
        depth = 1;
        doomed = null;
        try {
            pending.noticeOthers();
        } catch (Throwable t) {
            rollback(t);
            end(false);
            throw t;
        }
    }

    private void end(boolean committed) {
        depth = 0;
        doomed = null;
        afterRollback.clear();
        if (committed) {
            afterCommit.forEach(Runnable::run);
            schema.reloadQuietly();
            checkpoint();
        }
    }

    private void checkpoint() {
        if (checkpointer != null && checkpointer.committed(session)) {
            afterCommit.forEach(Runnable::run);
        }
    }

    /** Begins a transaction that a group keeps open between calls. For the thread that has the lock. */
    void beginGroup() {
        begin();
        depth = 0;
    }

    /** Runs a call as a part of the transaction that a group keeps open. */
    <T, X extends Exception> T runInGroup(VaultCall<T, X> work) throws X {
        depth = 1;
        long before = session.changes();
        try {
            T result = work.call();
            checkNotDoomed();
            return result;
        } catch (Throwable t) {
            if (mayHaveWritten(t, before)) {
                abandonGroup(t);
                throw group.lost(t);
            }
            throw t;
        } finally {
            depth = 0;
        }
    }

    /** Commits the transaction that a group keeps open. */
    void endGroup() {
        depth = 1;
        try {
            identity.check();
            // Others' calls were accepted: they are not lost because the thread that commits them is interrupted.
            session.shielded(this::flushed);
            session.end("COMMIT");
        } catch (Throwable t) {
            abandonGroup(t);
            throw group.lost(t);
        }
        end(true);
    }

    void abandonGroup(Throwable t) {
        rollback(t);
        end(false);
    }

    long bytes() {
        return session.bytes();
    }

    String file() {
        return session.file();
    }

    WriterLock lock() {
        return lock;
    }

    /** Whether the thread that has the lock is inside a call of a transaction. */
    boolean isInside() {
        return depth > 0;
    }

    private void rollback(Throwable reason) {
        pending.discard();
        try {
            session.end("ROLLBACK");
        } catch (VaultException e) {
            // SQLite rolls back by itself on some errors (full disk, I/O); then there is nothing left to roll back.
            reason.addSuppressed(e);
        }
        try {
            schema.reload();
        } catch (VaultException e) {
            reason.addSuppressed(e);
        }
        session.shielded(() -> {
            afterRollback.forEach(task -> task.accept(session));
            return null;
        });
    }

    void close() {
        lock.acquireUninterruptibly();
        try {
            if (depth > 0) {
                throw new IllegalStateException(session.file() + ": close() inside a transaction; leave it first");
            }
            if (!closed) {
                closed = true;
                try {
                    releaseCheckpointer();
                } finally {
                    session.close();
                }
            }
        } finally {
            lock.release();
        }
    }
}
