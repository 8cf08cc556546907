package io.kohakuvault.internal.sqlite;

import io.kohakuvault.VaultException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Copies the write-ahead log back beside the writer, which SQLite would do within a commit: syncing tens of megabytes
 * takes as long as a hundred commits. When the bulk is done, the writer copies what it has added meanwhile, for the log
 * starts over only when all of it is copied back. With the write lock held.
 */
final class Checkpointer {
    /** SQLite's own default. */
    private static final long FRAMES = 1000;

    /** With so many frames the writer waits: the log must not grow faster than it is copied back. */
    private static final long MOST_FRAMES = 4 * FRAMES;

    /**
     * When a reader keeps so many frames from being copied back, they are left to the thread: within a commit they
     * would take as long as what the thread was made for.
     */
    private static final long MANY_KEPT = FRAMES / 2;

    /** The thread tries again when the log has grown by so much. */
    private static final long AGAIN_FRAMES = FRAMES / 8;

    /** A log that is so long although all of it is copied back is kept by readers; they are waited for. */
    private static final long KEPT_FRAMES = 16 * FRAMES;

    /** Reads that are kept open for speed alone end sooner, in other processes too; a snapshot may stay for hours. */
    private static final Duration LONGEST_WAIT = Duration.ofMillis(300);

    private static final ExecutorService THREADS = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "vault-checkpoint");
        thread.setDaemon(true);
        return thread;
    });

    private final Supplier<Session> connect;
    private final LogLength log;
    private @Nullable Session session;
    private @Nullable Future<Copied> running;
    private long seen;
    private long copied;

    /** At this length the thread begins, when it is not running. */
    private long beginAt = FRAMES;

    /** At this length the writer waits for the thread that is running. */
    private long joinAt;

    private boolean draining;
    private long drainedAt;
    private long waitAt = KEPT_FRAMES;
    private boolean lookAgain = true;

    /**
     * What a copy has found and done.
     *
     * @param frames how long the log was
     * @param copied how many of these are copied back, by it or before
     */
    private record Copied(long frames, long copied) {
        /** How many frames a reader has kept from being copied back: those that are newer than its state. */
        long kept() {
            return Math.max(0, frames - copied);
        }
    }

    /** @param connect opens a connection that may write */
    Checkpointer(Supplier<Session> connect, LogLength log) {
        this.connect = connect;
        this.log = log;
    }

    /**
     * After a commit; throws nothing.
     *
     * @return whether the log has been copied back by the writer itself: reads that have begun meanwhile keep it
     *     from starting over
     */
    boolean committed(Session writer) {
        long frames = log.frames(lookAgain);
        lookAgain = frames < 0; // there may be an index again
        if (frames < 0) {
            copyBack(writer); // rarely: then as often as it takes to be sure
            return true;
        }
        if (frames < seen) {
            copied = 0; // the log has started over
            beginAt = FRAMES;
            draining = false;
            drainedAt = 0;
            waitAt = KEPT_FRAMES;
        }
        seen = frames;
        if (running == null) {
            if (draining) {
                return drain(writer, frames);
            } else if (frames >= beginAt) {
                begin(writer, frames);
            }
        } else if (running.isDone() || frames >= joinAt) {
            return join(writer, frames);
        }
        return false;
    }

    /**
     * The writer copies what there is, at some commits in turn: a reader that had begun while the rest was copied kept
     * the log from starting over; the next may not.
     */
    private boolean drain(Session writer, long frames) {
        Copied result = copyBack(writer);
        beginAt = frames + FRAMES;
        draining = frames < drainedAt + MOST_FRAMES; // a snapshot may be open for hours: then not at each commit
        if (result != null) {
            copied = result.copied;
            if (result.kept() >= MANY_KEPT) {
                leaveToThread(frames);
            }
        }
        return true;
    }

    /** Goes on behind what the thread has done. */
    private boolean join(Session writer, long frames) {
        Copied result = awaitRunning();
        if (result != null) {
            long done = result.copied - copied;
            copied = result.copied;
            if (result.kept() >= MANY_KEPT) {
                leaveToThread(frames);
                if (result.kept() < result.frames / 2) {
                    drainedAt = frames; // readers come and go, at every moment one: else the log would never start over
                }
                return true;
            }
            long rest = frames - result.frames;
            if (rest >= MOST_FRAMES && rest < done - done / 4) {
                begin(writer, frames); // what is left becomes less: a commit may be larger than what was copied
                return false;
            }
        }
        drainedAt = frames;
        return drain(writer, frames);
    }

    /** A reader has the log: what it keeps is copied back beside once it has ended. */
    private void leaveToThread(long frames) {
        draining = false;
        beginAt = frames + AGAIN_FRAMES;
    }

    /** The writer may add half of what there is to copy: so the rest becomes less each time, however much was kept. */
    private void begin(Session writer, long frames) {
        joinAt = frames + Math.max(MOST_FRAMES - FRAMES, (frames - copied) / 2);
        try {
            running = THREADS.submit(this::copyBackBeside);
        } catch (RuntimeException | OutOfMemoryError e) { // no thread can be had
            copyBack(writer);
        }
    }

    private @Nullable Copied copyBackBeside() {
        Session own = session;
        if (own == null) {
            own = connect.get();
            session = own;
        }
        return copyBack(own);
    }

    /**
     * After {@link #committed} has copied the log back, and what this vault itself reads has ended: waits for the
     * others where the log has become long. Who begins to read when all of it is copied back does not read the log, so
     * that only those are waited for who have begun before. Throws nothing.
     */
    void awaitReaders(Session writer) {
        if (drainedAt >= waitAt) {
            waitAt = drainedAt + drainedAt / 2; // in vain, where there is a snapshot: then it costs ever less
            writer.waitingAtMost(LONGEST_WAIT, () -> {
                copyBack(writer, "PRAGMA wal_checkpoint(RESTART)");
                return true;
            });
        }
    }

    private static @Nullable Copied copyBack(Session session) {
        return copyBack(session, "PRAGMA wal_checkpoint(PASSIVE)");
    }

    /**
     * What cannot be copied now, because of a reader or a full disk, is tried again after later commits.
     *
     * @return null when it could not be tried
     */
    private static @Nullable Copied copyBack(Session session, String checkpoint) {
        try (Rows rows = session.query(checkpoint)) {
            // -1 while another process copies
            return rows.next() && rows.getLong(1) >= 0 ? new Copied(rows.getLong(1), rows.getLong(2)) : null;
        } catch (VaultException e) {
            return null; // The commit has happened, and the log keeps what it has.
        }
    }

    /** Waits for what runs beside. */
    void settle() {
        Copied result = awaitRunning();
        if (result != null) {
            copied = result.copied;
        }
    }

    /** What the thread has done; null when it does not run, or could not. */
    private @Nullable Copied awaitRunning() {
        Future<Copied> task = running;
        running = null;
        Copied result = null;
        boolean interrupted = false;
        while (task != null) {
            try {
                result = task.get();
                task = null;
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (ExecutionException e) {
                task = null; // as in copyBack
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return result;
    }

    /** Closes the connection, until it is needed again. */
    void release() {
        settle();
        lookAgain = true;
        Session own = session;
        session = null;
        if (own != null) {
            own.close();
        }
    }
}
