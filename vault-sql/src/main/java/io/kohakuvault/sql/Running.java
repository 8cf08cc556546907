package io.kohakuvault.sql;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Statements that are executed, and results that are written to tables and files, and how others end them. Thread-safe.
 */
final class Running {
    private final Set<Statement> statements = ConcurrentHashMap.newKeySet();
    private final Set<StreamedResult.Cancellable> read = ConcurrentHashMap.newKeySet();

    /** Shared by those who read, from whom nothing may be taken away meanwhile. */
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    /** To be held from before the query is executed until its result is closed. */
    Lock lock() {
        return lock.readLock();
    }

    void began(StreamedResult.Cancellable result) {
        read.add(result);
    }

    void ended(StreamedResult.Cancellable result) {
        read.remove(result);
    }

    void began(Statement statement) {
        statements.add(statement);
    }

    void ended(Statement statement) {
        statements.remove(statement);
    }

    /** What there is fails, results at their next batch. */
    void cancel() {
        for (Statement statement : statements) {
            try {
                statement.cancel();
            } catch (SQLException e) {
                // it has ended meanwhile
            }
        }
        read.forEach(StreamedResult.Cancellable::cancel);
    }

    /**
     * Cancels until no result is read any more: a statement is not cancelled before it has begun. Interrupts are put
     * off and handed on.
     */
    void endReadings() {
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = lock.writeLock().tryLock(10, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
            if (!ended) {
                cancel();
            }
        }
        lock.writeLock().unlock();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
