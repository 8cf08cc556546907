package io.kohakuvault.internal.sqlite;

import io.kohakuvault.VaultInterruptedException;
import java.util.concurrent.locks.ReentrantLock;

/** The fair lock of a file's writer. Thread-safe, and reentrant for the thread that holds it. */
final class WriterLock {
    private final String file;
    private final ReentrantLock lock = new ReentrantLock(true);

    WriterLock(String file) {
        this.file = file;
    }

    /** Waits for the lock. A thread that is interrupted while it waits gives up; one that need not wait goes on. */
    void acquire() {
        if (Thread.currentThread().isInterrupted() && lock.tryLock()) {
            return;
        }
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VaultInterruptedException(
                    file
                            + ": the thread was interrupted while it waited for another thread's transaction; nothing was changed",
                    null);
        }
    }

    /** Waits for the lock, whatever the thread's interrupt status: for what must be done before something is closed. */
    void acquireUninterruptibly() {
        lock.lock();
    }

    void release() {
        lock.unlock();
    }

    boolean isMine() {
        return lock.isHeldByCurrentThread();
    }
}
