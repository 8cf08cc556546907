package io.kohakuvault.internal.sqlite;

import io.kohakuvault.VaultException;
import io.kohakuvault.VaultInterruptedException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A write transaction, from its begin to its end. It is handed to the calls that are parts of it, and is of no use to
 * them afterwards. Everything here is done by the thread that holds the write lock.
 */
public final class Transaction {
    /** How far it has come. */
    enum State {
        /** Takes calls, and can be committed. */
        ACTIVE,

        /** A call has failed that may have written a part of what it was to write: it can only be rolled back. */
        DOOMED,

        /** It is in the file. */
        COMMITTED,

        /** Nothing of it is in the file. */
        ROLLED_BACK
    }

    private final Session session;
    private final WriterLock lock;
    private final WriteBuffers pending;
    private final StaleSchema schema;
    private final List<Consumer<Session>> afterRollback = new ArrayList<>();
    private final long begunNanos = System.nanoTime();
    private final long bytesAtBegin;
    private State state = State.ACTIVE;
    private @Nullable Throwable failure;
    private int depth;

    private Transaction(Session session, WriterLock lock, WriteBuffers pending, StaleSchema schema) {
        this.session = session;
        this.lock = lock;
        this.pending = pending;
        this.schema = schema;
        this.bytesAtBegin = session.bytes();
    }

    static Transaction begin(Session session, WriterLock lock, WriteBuffers pending, StaleSchema schema) {
        schema.reload();
        try {
            session.update("BEGIN IMMEDIATE");
        } catch (Throwable t) {
            if (!endWhatHasBegun(session) || t instanceof VaultInterruptedException) {
                throw t;
            }
            session.update("BEGIN IMMEDIATE"); // one was left open before
        }
        Transaction begun = new Transaction(session, lock, pending, schema);
        try {
            pending.noticeOthers();
        } catch (Throwable t) {
            begun.rollback(t);
            throw t;
        }
        return begun;
    }

    /**
     * SQLite asks for the last time whether a statement goes on when it has done all of it: an interrupt then is
     * reported by a BEGIN that has begun, and whatever came later would fail, since a transaction is open. The driver
     * has such a BEGIN of its own behind statements outside of a transaction, and does not report it.
     *
     * @return whether there was one
     */
    private static boolean endWhatHasBegun(Session session) {
        try {
            session.end("ROLLBACK");
            return true;
        } catch (RuntimeException e) {
            return false; // as is usual: another connection writes
        }
    }

    /** The write connection, for a call that is a part of this. */
    public Session session() {
        if (depth == 0 || !lock.isMine()) {
            throw new IllegalStateException(session.file() + ": this call of a transaction has ended");
        }
        checkActive();
        return session;
    }

    /**
     * Changes whenever what this process remembers of the file may no longer hold: another connection has committed, a
     * transaction of this one was rolled back, or has changed a table or column.
     */
    public long epoch() {
        return pending.epoch();
    }

    /** Says that this has changed a table or column that others may remember. */
    public void schemaChanged() {
        pending.schemaChanged();
    }

    /** Has SQLite read the schema anew when this has ended, either way: it was changed behind SQLite's back. */
    public void reloadSchemaAfterwards() {
        schema.mark();
    }

    /** What is gathered before each commit, of the kind of which there is one. */
    public <B extends WriteBuffer> B buffer(Class<B> kind) {
        return pending.buffer(kind);
    }

    /**
     * Runs something with the write connection right after this was rolled back, if it is: before anybody else can be
     * given the ids that it had taken. It must not throw.
     */
    void onRollback(Consumer<Session> task) {
        afterRollback.add(task);
    }

    /**
     * Runs a call as a part of this. When it throws, and may have written something, this can no longer be committed,
     * whoever catches the exception.
     */
    <T, X extends Exception> T call(TransactionCall<T, X> work) throws X {
        checkActive();
        depth++;
        long changes = session.changes();
        try {
            return work.call(this);
        } catch (Throwable t) {
            // A failure of the engine may have ended the transaction; an exception of a caller's before anything was
            // written has not.
            if (t instanceof VaultException || session.changes() != changes) {
                doom(t);
            }
            throw t;
        } finally {
            depth--;
        }
    }

    /**
     * Reads what this has written so far. A failure of the engine may have ended the transaction, also that of a read.
     */
    <T> T read(Function<Session, T> work) {
        flush();
        try {
            return work.apply(session);
        } catch (VaultException e) {
            if (isOfTheEngine(e)) {
                doom(e);
            }
            throw e;
        }
    }

    static boolean isOfTheEngine(VaultException e) {
        return e.getCause() instanceof SQLException;
    }

    /** Writes everything that was gathered so far. */
    private void flush() {
        checkActive();
        try {
            pending.flush();
        } catch (Throwable t) {
            doom(t);
            throw t;
        }
    }

    private void doom(Throwable t) {
        if (state == State.ACTIVE) {
            state = State.DOOMED;
            failure = t;
            session.allow(this::checkActive); // nothing more is written, by any holder of the session
        }
    }

    boolean isDoomed() {
        return state == State.DOOMED;
    }

    /**
     * After a failure nothing more is written: SQLite ends the transaction by itself when the disk is full or cannot be
     * read, and what came then would be committed statement by statement.
     */
    void checkActive() {
        if (state == State.DOOMED) {
            throw new VaultException(
                    session.file() + ": the transaction is rolled back because a call inside it has failed: " + failure,
                    failure);
        } else if (state != State.ACTIVE) {
            throw new IllegalStateException(session.file() + ": the transaction has ended (" + state + ")");
        }
    }

    /** Commits; when that fails, {@link #rollback} is next. */
    void commit(FileIdentity identity) {
        flush();
        identity.check();
        session.end("COMMIT");
        state = State.COMMITTED;
    }

    /**
     * {@link #commit} of others' calls, which were accepted: they are not lost because the thread that commits them is
     * interrupted.
     */
    void commitShielded(FileIdentity identity) {
        identity.check();
        session.shielded(() -> {
            flush();
            return null;
        });
        session.end("COMMIT");
        state = State.COMMITTED;
    }

    void rollback(Throwable reason) {
        state = State.ROLLED_BACK;
        session.allow(null);
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

    /** Bytes that were written since the begin. */
    long bytes() {
        return session.bytes() - bytesAtBegin;
    }

    long ageNanos() {
        return System.nanoTime() - begunNanos;
    }
}
