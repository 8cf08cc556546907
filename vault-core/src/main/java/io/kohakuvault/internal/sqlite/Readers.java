package io.kohakuvault.internal.sqlite;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kohakuvault.VaultBusyException;
import io.kohakuvault.VaultException;
import io.kohakuvault.VaultInterruptedException;
import io.kohakuvault.VaultOptions;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Read connections that are kept for reuse, and the read transactions on them that outlive a call. Thread-safe. */
final class Readers {
    /** Kept open between uses; more are opened when more are needed at once. */
    private static final int IDLE = 4;

    private static final long UNPIN_NANOS = 5_000_000;

    private final String path;
    private final Supplier<Session> connect;
    private final long patienceNanos;
    /** Also the lock of what follows. */
    private final ArrayDeque<Session> idle = new ArrayDeque<>();

    @GuardedBy("idle")
    private final Set<ReadLease> leases = new LinkedHashSet<>();

    /** How many of those that are lent nobody waits for, and which, as soon as they are connected. */
    @GuardedBy("idle")
    private int lastingLent;

    @GuardedBy("idle")
    private final Set<Session> lasting = Collections.newSetFromMap(new IdentityHashMap<>());

    @GuardedBy("idle")
    private boolean closed;

    @GuardedBy("idle")
    private int lent;

    /** Whether the file is wanted without readers just now. */
    @GuardedBy("idle")
    private boolean heldBack;

    Readers(String path, VaultOptions options, Supplier<Session> connect) {
        this.path = path;
        this.patienceNanos = options.busyTimeout().toNanos();
        this.connect = connect;
    }

    /**
     * A connection for the caller alone; give it back with {@link #release} or {@link #discard}.
     *
     * @throws VaultBusyException when the file was wanted without readers for longer than the busy timeout
     */
    Session acquire() {
        return acquire(false);
    }

    /** {@link #acquire} of one that is kept for as long as a user wants. */
    Session acquireLasting() {
        return acquire(true);
    }

    private Session acquire(boolean lasts) {
        Session session;
        synchronized (idle) {
            awaitLeave();
            if (closed) {
                throw new IllegalStateException(path + ": this vault is closed");
            }
            lent++;
            lastingLent += lasts ? 1 : 0;
            session = idle.pollFirst();
        }
        try {
            session = session == null ? connect.get() : session;
        } catch (RuntimeException | Error e) {
            synchronized (idle) {
                lastingLent -= lasts ? 1 : 0;
            }
            returned();
            throw e;
        }
        if (lasts) {
            synchronized (idle) {
                lasting.add(session);
            }
        }
        return session;
    }

    /** Takes back a connection that is in no transaction. */
    void release(Session session) {
        synchronized (idle) {
            lastingLent -= lasting.remove(session) ? 1 : 0;
            if (!closed && idle.size() < IDLE) {
                idle.addFirst(session);
                returned();
                return;
            }
        }
        discard(session);
    }

    /** Closes a connection that cannot be used again. */
    void discard(Session session) {
        synchronized (idle) {
            lastingLent -= lasting.remove(session) ? 1 : 0;
        }
        try {
            session.close();
        } catch (VaultException e) {
            // It has only read: nothing can be lost, and its descriptors are gone either way.
        }
        returned();
    }

    private void returned() {
        synchronized (idle) {
            lent--;
            idle.notifyAll();
        }
    }

    void begun(ReadLease lease) {
        synchronized (idle) {
            leases.add(lease);
        }
    }

    void ended(ReadLease lease) {
        synchronized (idle) {
            leases.remove(lease);
        }
    }

    /** The read transactions that are open beyond a call. */
    List<ReadLease> open() {
        synchronized (idle) {
            return List.copyOf(leases);
        }
    }

    /** What {@link #open} are called. */
    List<String> leases() {
        synchronized (idle) {
            return leases.stream().map(ReadLease::toString).toList();
        }
    }

    @GuardedBy("idle")
    private void awaitLeave() {
        long deadline = System.nanoTime() + patienceNanos;
        while (heldBack && !closed) {
            if (!awaitChange(deadline)) {
                throw new VaultBusyException(
                        path + ": the page size is being changed, during which nothing is read; try again", null);
            }
        }
    }

    /** Waits for something to change here; false when it is later than that. */
    @GuardedBy("idle")
    private boolean awaitChange(long deadline) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            return false;
        }
        try {
            TimeUnit.NANOSECONDS.timedWait(idle, Math.max(1_000_000, left));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VaultInterruptedException(path + ": interrupted while the page size is being changed", e);
        }
        return true;
    }

    /**
     * Runs the work while nobody reads through this: those who come wait meanwhile, and those who read just now are
     * waited for.
     *
     * @param unpin ends reads that are kept open for speed alone; one that has just begun may be among them
     * @throws VaultBusyException when something is open that lasts, or a read goes on for longer than the busy timeout
     */
    <T> T without(Runnable unpin, Supplier<T> work) {
        try {
            holdBack(unpin);
            return work.get();
        } finally {
            synchronized (idle) {
                heldBack = false;
                idle.notifyAll();
            }
        }
    }

    private void holdBack(Runnable unpin) {
        long deadline = System.nanoTime() + patienceNanos;
        synchronized (idle) {
            heldBack = true;
        }
        boolean waiting = true;
        while (waiting) {
            unpin.run();
            synchronized (idle) {
                waiting = lent > 0 && lastingLent == 0 && System.nanoTime() < deadline;
                if (waiting) {
                    boolean unused = awaitChange(Math.min(deadline, System.nanoTime() + UNPIN_NANOS));
                }
            }
        }
        synchronized (idle) {
            if (lent > 0) {
                throw new VaultBusyException(
                        path + ": this vault has " + lent + " reads or snapshots open"
                                + (leases.isEmpty() ? "" : ", among them " + leases)
                                + "; close them to change the page size (maintenance().stats() says where snapshots were opened), and let backups end",
                        null);
            }
            closeAll();
        }
    }

    /** Closes all, also when one of them cannot be closed. */
    private void closeAll() {
        VaultException failed = null;
        for (Session session = idle.pollFirst(); session != null; session = idle.pollFirst()) {
            try {
                session.close();
            } catch (VaultException e) {
                failed = e;
            }
        }
        if (failed != null) {
            throw failed;
        }
    }

    /** From now on none is given out. */
    void refuse() {
        synchronized (idle) {
            closed = true;
            idle.notifyAll();
        }
    }

    /**
     * {@link #refuse}, then waits for those that are in use, and closes them all. Interrupts are put off and handed on.
     */
    void close() {
        refuse();
        boolean interrupted = false;
        synchronized (idle) {
            while (lent > 0) {
                try {
                    idle.wait();
                } catch (InterruptedException e) {
                    interrupted = true; // reads end soon
                }
            }
        }
        try {
            closeAll();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
