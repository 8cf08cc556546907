package io.kohakuvault.internal.sqlite;

/**
 * What a feature gathers in memory during a write transaction so that many small writes become one. It is flushed
 * before the commit and before any read of the same transaction, so nobody can tell. Called with the write lock held.
 */
public interface WriteBuffer {
    /** Writes what has been gathered. */
    void flush(Session session);

    /** Forgets everything: the transaction was rolled back, or another connection has changed the file. */
    void discard();
}
