package io.kohakuvault.internal.state;

import io.kohakuvault.internal.page.Moment;
import io.kohakuvault.internal.page.PageFile;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.SqliteFile;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One state of the file: a read transaction on a connection of its own, and what is known of the pages that it sees.
 * The transaction ends when the state has been closed and every {@link Hold} on it. Threads read mapped pages beside
 * each other; one at a time uses the connection. Thread-safe.
 */
public final class FileState implements StateAccess {
    private final SqliteFile file;
    private final PageFile pages;
    private final Runnable onEnd;
    private final Session session;
    private final Known known;
    private final @Nullable Moment seen;
    private final Object lock = new Object();
    private final AtomicLong holds = new AtomicLong(1);
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile boolean closed;

    /**
     * Begins the transaction.
     *
     * @param onEnd run once, after the transaction has ended
     */
    public FileState(SqliteFile file, PageFile pages, Runnable onEnd) {
        this(file, pages, onEnd, true, moment -> new Known(moment, file.logSwitches()));
    }

    /**
     * Begins the transaction.
     *
     * @param lasting whether it is open for as long as a user wants
     * @param known what is known of the state that the transaction sees, whose moment is null where it is not known
     */
    FileState(
            SqliteFile file, PageFile pages, Runnable onEnd, boolean lasting, Function<@Nullable Moment, Known> known) {
        this.file = file;
        this.pages = pages;
        this.onEnd = onEnd;
        file.checkSame();
        this.session = lasting ? file.acquireLasting() : file.acquire();
        try {
            // With the connection, which keeps the vault from being closed.
            Moment before = Moment.now(pages);
            session.update("BEGIN");
            // BEGIN alone pins nothing: the first read of the database does.
            session.queryLong("SELECT count(*) FROM sqlite_master");
            this.seen = before != null && before.isNewest(pages) ? before : null;
            // Read-only, the -shm that SQLite uses may be one in memory: what the one beside the file says is then not
            // what the transaction sees, though all who commit write to it.
            this.known = known.apply(file.hasLog() ? seen : null);
        } catch (RuntimeException | Error e) {
            file.discard(session);
            throw e;
        }
    }

    Known known() {
        return known;
    }

    PageFile pageFile() {
        return pages;
    }

    String path() {
        return file.path();
    }

    void checkSame() {
        file.checkSame();
    }

    void checkUnlocked() {
        file.checkUnlocked();
    }

    @Override
    public <T> T read(Function<Session, T> work) {
        checkOpen(!closed);
        file.checkSame();
        return query(() -> !closed, work);
    }

    /** {@link #read} for a caller that has a hold: the transaction is open beyond {@link #close} then. */
    <T> T heldRead(Function<Session, T> work) {
        return query(() -> holds.get() > 0, work);
    }

    private <T> T query(BooleanSupplier open, Function<Session, T> work) {
        synchronized (lock) {
            checkOpen(open.getAsBoolean());
            T result = work.apply(session);
            file.checkUnlocked();
            return result;
        }
    }

    @Override
    public @Nullable Hold hold(Payoff payoff) {
        return payoff.pays() ? hold() : null;
    }

    @Override
    public Hold holdAtOnce() {
        return hold();
    }

    @Override
    public void spent(Payoff payoff, long nanos) {
        payoff.spent(nanos);
    }

    @Override
    public Payoff payoff() {
        return Payoff.ofKeys();
    }

    @Override
    public <T> Remembered<T> remembered(@Nullable Remembered<T> earlier, Function<Session, T> work) {
        return earlier != null ? earlier : new Remembered<>(read(work), null, 0); // one state for ever
    }

    /**
     * Keeps the transaction open until the answer is closed.
     *
     * @throws IllegalStateException when this is closed
     */
    public Hold hold() {
        checkOpen(!closed);
        file.checkSame();
        return holdMore();
    }

    /** {@link #hold}, or null when this is closed. */
    @Nullable
    Hold tryHold() {
        return !closed && holds.getAndUpdate(n -> n == 0 ? 0 : n + 1) > 0 ? new Hold(this) : null;
    }

    /** {@link #hold} for a caller that has one already: also when this is closed. */
    public Hold holdMore() {
        checkOpen(holds.getAndUpdate(n -> n == 0 ? 0 : n + 1) > 0);
        return new Hold(this);
    }

    private void checkOpen(boolean open) {
        if (!open) {
            throw new IllegalStateException(file.path() + ": this snapshot is closed");
        }
    }

    public boolean isClosed() {
        return closed;
    }

    /** Whether no commit has returned since, also when this is closed; false where that is not known. */
    public boolean isNewest() {
        file.checkSame();
        return seen != null && seen.isNewest(pages);
    }

    /** Holds that are out: buffers that keep the transaction open, and reads that are under way. */
    public long liveHolds() {
        return holds.get() - (closed ? 0 : 1);
    }

    /** Ends the transaction now, or when the last hold is closed. Does nothing the second time. */
    public void close() {
        if (ended.compareAndSet(false, true)) { // whoever reads just now is not waited for: the last hold ends it
            closed = true;
            release();
        }
    }

    void release() {
        if (holds.decrementAndGet() > 0) {
            return;
        }
        synchronized (lock) {
            file.endRead(session);
            onEnd.run();
        }
    }
}
