package io.kohakuvault.internal.sqlite;

import io.kohakuvault.VaultInterruptedException;
import java.util.concurrent.locks.ReentrantLock;

/** The fair lock of a file's writer. Thread-safe, and reentrant for the thread that holds it. */
final class WriterLock {
    private final String file;
    private final OwnedLock lock = new OwnedLock();

    WriterLock(String file) {
        this.file = file;
    }

    /** Tells who holds it. */
    private static final class OwnedLock extends ReentrantLock {
        private static final long serialVersionUID = 1;

        OwnedLock() {
            super(true);
        }

        boolean isHeldBy(Thread thread) {
            return thread.equals(getOwner());
        }
    }

    /**
     * Waits for the lock. A thread that is interrupted while it waits gives up; one that need not wait goes on.
     *
     * @throws IllegalStateException when the current thread helps the one that holds the lock, and that waits for it
     */
    void acquire() {
        if (Thread.currentThread().isInterrupted() && lock.tryLock()) {
            return;
        }
        try {
            Thread helped = HelperThread.helped();
            if (helped == null) {
                lock.lockInterruptibly();
            } else {
                acquireBeside(helped);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VaultInterruptedException(
                    file
                            + ": the thread was interrupted while it waited for another thread's transaction; nothing was changed",
                    null);
        }
    }

    /** Looks again and again: the thread that is helped may take the lock while somebody else is waited for. */
    private void acquireBeside(Thread helped) throws InterruptedException {
        while (!lock.tryLock()) {
            if (lock.isHeldBy(helped)) {
                throw new IllegalStateException(
                        file
                                + ": a Progress cannot write, nor read within a load or a batch, while the thread of its operation is in a transaction; note what it hears and write it afterwards");
            }
            Thread.sleep(1);
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
