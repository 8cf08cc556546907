package io.kohakuvault.internal.sqlite;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What a handle is built on: the reads of one state of the file and, where that is the newest, writes. Whether
 * something can be written is said here and nowhere else. Thread-safe.
 *
 * @param <R> how it reads
 */
public abstract sealed class Access<R extends ReadAccess> implements ReadAccess {
    private final R reads;

    private Access(R reads) {
        this.reads = reads;
    }

    /** Of the newest state of a file, which is written when it was opened for that. */
    public static <R extends ReadAccess> Live<R> live(SqliteFile file, R reads) {
        return new Live<>(file, reads);
    }

    /**
     * Of a state that does not change.
     *
     * @param path names the file in messages
     * @param refusal what a write is answered with
     */
    public static <R extends ReadAccess> Access<R> frozen(R reads, String path, String refusal) {
        return new Frozen<>(reads, path, refusal);
    }

    /** The same reads for a handle that does not write. */
    public final Access<R> readOnly(String refusal) {
        return new Frozen<>(reads, path(), refusal);
    }

    /** Names the file in messages. */
    public abstract String path();

    /** The reads. */
    public final R reads() {
        return reads;
    }

    @Override
    public final <T> T read(Function<Session, T> work) {
        return reads.read(work);
    }

    @Override
    public final <T> T readOne(Function<Session, T> work) {
        return reads.readOne(work);
    }

    /**
     * Runs the work in a write transaction, joining the one that the calling thread is in.
     *
     * @throws UnsupportedOperationException when nothing is written through this
     */
    public abstract <T, X extends Exception> T write(TransactionCall<T, X> work) throws X;

    /** {@link #write} without an answer. */
    public final <X extends Exception> void run(TransactionTask<X> task) throws X {
        this.<Boolean, X>write(transaction -> {
            task.run(transaction);
            return Boolean.TRUE;
        });
    }

    /**
     * {@link #write} as a part of the transaction that the calling thread is in.
     *
     * @throws IllegalStateException when it is in none
     */
    public abstract <T, X extends Exception> T join(TransactionCall<T, X> work) throws X;

    /** Throws what a write would throw where nothing is written through this. */
    public abstract void checkWritable();

    /** Whether something can be written through this. */
    public abstract boolean isWritable();

    /** Whether the state never changes. */
    public abstract boolean isFrozen();

    /** Whether a session sees what is committed and nothing else. */
    public abstract boolean isReader(Session session);

    /**
     * Whether a read of the calling thread sees just what is committed: neither a transaction of its own nor a batch.
     */
    public abstract boolean readsCommitted();

    /** See {@link SqliteFile#heldEpoch}; -1 of a state that does not change. */
    public abstract long heldEpoch();

    /** See {@link SqliteFile#isUnchangedSince}. */
    public abstract boolean isUnchangedSince(long epoch);

    /** See {@link Transaction#onRollback}: of the transaction that the calling thread is in, if it is in one. */
    public abstract void onRollback(Consumer<Session> task);

    /** A read transaction that outlives a call; empty where the state does so by itself. */
    public abstract Optional<ReadLease> lease(String what);

    /** The newest state. */
    public static final class Live<R extends ReadAccess> extends Access<R> {
        private final SqliteFile file;

        private Live(SqliteFile file, R reads) {
            super(reads);
            this.file = file;
        }

        /** The file. */
        public SqliteFile file() {
            return file;
        }

        @Override
        public String path() {
            return file.path();
        }

        @Override
        public <T, X extends Exception> T write(TransactionCall<T, X> work) throws X {
            return file.write(work);
        }

        @Override
        public <T, X extends Exception> T join(TransactionCall<T, X> work) throws X {
            return file.writer().join(work);
        }

        @Override
        public void checkWritable() {
            file.writer().checkOpen();
        }

        @Override
        public boolean isFrozen() {
            return false;
        }

        @Override
        public boolean isReader(Session session) {
            return file.isReader(session);
        }

        @Override
        public boolean isWritable() {
            return !file.isReadOnly();
        }

        @Override
        public boolean readsCommitted() {
            return file.readsCommitted();
        }

        @Override
        public long heldEpoch() {
            return file.heldEpoch();
        }

        @Override
        public boolean isUnchangedSince(long epoch) {
            return file.isUnchangedSince(epoch);
        }

        @Override
        public void onRollback(Consumer<Session> task) {
            if (!file.isReadOnly()) {
                file.writer().onRollback(task);
            }
        }

        @Override
        public Optional<ReadLease> lease(String what) {
            return Optional.of(file.lease(what));
        }
    }

    /** A state that does not change, or one that is only read. */
    private static final class Frozen<R extends ReadAccess> extends Access<R> {
        private final String path;
        private final String refusal;

        private Frozen(R reads, String path, String refusal) {
            super(reads);
            this.path = path;
            this.refusal = refusal;
        }

        @Override
        public String path() {
            return path;
        }

        @Override
        public <T, X extends Exception> T write(TransactionCall<T, X> work) {
            throw new UnsupportedOperationException(refusal);
        }

        @Override
        public <T, X extends Exception> T join(TransactionCall<T, X> work) {
            throw new UnsupportedOperationException(refusal);
        }

        @Override
        public void checkWritable() {
            throw new UnsupportedOperationException(refusal);
        }

        @Override
        public boolean isFrozen() {
            return true;
        }

        @Override
        public boolean isReader(Session session) {
            return true;
        }

        @Override
        public boolean isWritable() {
            return false;
        }

        @Override
        public boolean readsCommitted() {
            return true;
        }

        @Override
        public long heldEpoch() {
            return -1;
        }

        @Override
        public boolean isUnchangedSince(long epoch) {
            return false;
        }

        @Override
        public void onRollback(Consumer<Session> task) {}

        @Override
        public Optional<ReadLease> lease(String what) {
            return Optional.empty();
        }
    }
}
