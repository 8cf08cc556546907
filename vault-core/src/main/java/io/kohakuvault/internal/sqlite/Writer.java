package io.kohakuvault.internal.sqlite;

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
    private final WriteBuffers pending;
    private final StaleSchema schema;
    private final List<Runnable> afterCommit = new CopyOnWriteArrayList<>();
    private final Group group = new Group(this);
    private volatile Consumer<Session> ifOutOfLog = session -> {};
    private volatile boolean closed;

    // With the write lock held.
    private @Nullable Checkpointer checkpointer;

    /** The transaction of which a call is under way. */
    private @Nullable Transaction current;

    Writer(Session session, FileIdentity identity) {
        this.session = session;
        this.identity = identity;
        this.lock = new WriterLock(session.file());
        this.schema = new StaleSchema(session);
        this.pending = new WriteBuffers(session);
    }

    /**
     * See {@link Transaction#onRollback}: of the transaction that is open just now, the calling thread's or a group's,
     * if there is one.
     */
    void onRollback(Consumer<Session> task) {
        if (lock.isMine() && current != null) {
            current.onRollback(task);
        } else if (group.hasGathered()) {
            lock.acquireUninterruptibly();
            try {
                Transaction open = group.transaction();
                if (open != null) {
                    open.onRollback(task);
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

    /**
     * What is run after each commit with the write connection, and throws nothing: {@link WholeFile#returnAfterCommit}.
     */
    void ifOutOfLog(Consumer<Session> task) {
        ifOutOfLog = task;
    }

    /** From now on the log is copied back by this and not by SQLite. */
    void checkpointer(Checkpointer made) {
        outside(own -> {
            own.execute("PRAGMA wal_autocheckpoint = 0");
            checkpointer = made;
            return made;
        });
    }

    /**
     * Ends what runs beside the writer, and closes its connection until it is needed again. With the write lock held.
     */
    void releaseCheckpointer() {
        if (checkpointer != null) {
            checkpointer.release();
        }
    }

    /** Adds what is flushed before each commit. */
    public void register(WriteBuffer buffer) {
        pending.add(buffer);
    }

    /** What was registered, of the kind of which there is one. */
    public <B extends WriteBuffer> B buffer(Class<B> kind) {
        return pending.buffer(kind);
    }

    /** Whether the calling thread is inside a transaction of this writer. */
    public boolean isMine() {
        return lock.isMine() && current != null;
    }

    /** See {@link Transaction#epoch}. With the write lock held. */
    long epoch() {
        return pending.epoch();
    }

    /** Group commit over this writer. */
    public Group group() {
        return group;
    }

    /** Reads inside the transaction of the calling thread. */
    <T> T read(Function<Session, T> work) {
        return own().read(work);
    }

    private Transaction own() {
        Transaction own = lock.isMine() ? current : null;
        if (own == null) {
            throw new IllegalStateException("no transaction of this thread is open");
        }
        return own;
    }

    /**
     * Runs the work in a transaction: the outermost call begins and commits, nested ones join. A throw rolls back. When
     * a nested call has thrown while it was writing and the outer one goes on, the commit is refused, because part of
     * it may have been written. While a group is open, the work becomes a part of it.
     */
    <T, X extends Exception> T run(TransactionCall<T, X> work) throws X {
        lock.acquire();
        try {
            checkOpen();
            Transaction open = current;
            if (open != null) {
                return open.call(work);
            }
            return group.isActive() ? group.run(work) : outermost(work);
        } finally {
            lock.release();
        }
    }

    /** {@link #run}, but never as a part of a group: what a group has gathered is committed first. */
    <T, X extends Exception> T runAlone(TransactionCall<T, X> work) throws X {
        lock.acquire();
        try {
            checkOpen();
            Transaction open = current;
            if (open != null) {
                return open.call(work);
            }
            group.commitGathered();
            return outermost(work);
        } finally {
            lock.release();
        }
    }

    /**
     * {@link #run}, but only as a part of the transaction that the calling thread is in; else an IllegalStateException.
     */
    <T, X extends Exception> T join(TransactionCall<T, X> work) throws X {
        return own().call(work);
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
            if (current != null) {
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

    private <T, X extends Exception> T outermost(TransactionCall<T, X> work) throws X {
        Transaction begun = begin();
        T result;
        current = begun;
        try {
            result = begun.call(work);
            begun.commit(identity);
        } catch (Throwable t) {
            begun.rollback(t);
            throw t;
        } finally {
            current = null;
        }
        committed();
        return result;
    }

    /** Begins a transaction. For the thread that has the lock. */
    Transaction begin() {
        return Transaction.begin(session, lock, pending, schema);
    }

    private void committed() {
        afterCommit.forEach(Runnable::run);
        schema.reloadQuietly();
        ifOutOfLog.accept(session);
        checkpoint();
    }

    private void checkpoint() {
        if (checkpointer != null && checkpointer.committed(session)) {
            afterCommit.forEach(Runnable::run);
            checkpointer.awaitReaders(session);
        }
    }

    /**
     * Runs a call as a part of the transaction that a group keeps open. When that is spoilt by it, all the group's
     * calls are lost.
     */
    <T, X extends Exception> T runGathered(Transaction open, TransactionCall<T, X> work) throws X {
        current = open;
        try {
            T result = open.call(work);
            open.checkActive();
            return result;
        } catch (Throwable t) {
            if (open.isDoomed()) {
                open.rollback(t);
                throw group.lost(t);
            }
            throw t;
        } finally {
            current = null;
        }
    }

    /** Commits the transaction that a group keeps open. */
    void commitGathered(Transaction open) {
        try {
            open.commitShielded(identity);
        } catch (Throwable t) {
            open.rollback(t);
            throw group.lost(t);
        }
        group.ended(); // before what comes after a commit, which may fail
        committed();
    }

    String file() {
        return session.file();
    }

    WriterLock lock() {
        return lock;
    }

    /** Whether the thread that has the lock is inside a call of a transaction. */
    boolean isInside() {
        return current != null;
    }

    void close() {
        lock.acquireUninterruptibly();
        try {
            if (current != null) {
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
