package io.kohakuvault.internal.sqlite;

import io.kohakuvault.VaultInterruptedException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** The fair lock of a file's writer. Thread-safe, and reentrant for the thread that holds it. */
final class WriterLock {
    /** What was found to wait for each other waits so long at most. */
    private static final long LOOK_MILLIS = 50;

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
     * @throws IllegalStateException when the current thread helps the one that has the lock and waits for its call
     */
    void acquire() {
        if (Thread.currentThread().isInterrupted() && lock.tryLock()) {
            return;
        }
        try {
            HelperThread helper = HelperThread.current();
            if (helper == null) {
                lock.lockInterruptibly();
            } else {
                acquireBeside(helper);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VaultInterruptedException(
                    file
                            + ": the thread was interrupted while it waited for another thread's transaction; nothing was changed",
                    null);
        }
    }

    /** Waits as others do, and looks now and then whether the thread that has the lock waits for this one. */
    private void acquireBeside(HelperThread helper) throws InterruptedException {
        while (!lock.tryLock(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
            if (helper.isAwaited() && lock.isHeldBy(helper.operation())) {
                throw new IllegalStateException(
                        file
                                + ": a Progress cannot write, nor read within a load or a batch, while the thread of its operation is in a transaction; note what it hears and write it afterwards");
            }
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
