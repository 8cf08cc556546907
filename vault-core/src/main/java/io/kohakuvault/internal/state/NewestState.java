package io.kohakuvault.internal.state;

import io.kohakuvault.internal.page.Moment;
import io.kohakuvault.internal.page.PageFile;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.SqliteFile;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The newest state of the file: each call reads in a transaction of its own, in one that is kept open for many, or in
 * the write transaction of its thread.
 *
 * <p>A {@link FileState} is kept open as a <em>pin</em>: what it sees is the newest state for as long as the mapped
 * header of the wal-index says so, which each hold asks. A pin ends at the first commit that is noticed, and in any
 * case soon, because the write-ahead log cannot start over under it. Following the file costs as much as some queries,
 * so after each change SQL answers until it has taken as long as that. One thread follows it, the others ask SQL
 * meanwhile. Thread-safe.
 */
public final class NewestState implements StateAccess {
    private static final long LIFE_MILLIS = 100;
    private static final long IDLE_MILLIS = 1_000;

    /** Somebody is waiting for a moment without readers, in which so long a log can start over. */
    private static final long LONG_LOG_FRAMES = 1000;

    private static final long REST_NANOS = 300_000_000;

    private static final ScheduledThreadPoolExecutor EXPIRY = expiry();

    private final SqliteFile file;
    private final PageFile pages;
    private final Payoff payoff = Payoff.ofNewest();
    private final ReentrantLock following = new ReentrantLock();
    private final AtomicReference<@Nullable Pin> current = new AtomicReference<>();
    private final AtomicReference<@Nullable Known> last = new AtomicReference<>();
    private volatile long rest = System.nanoTime();

    public NewestState(SqliteFile file, PageFile pages) {
        this.file = file;
        this.pages = pages;
        file.onUnpin(this::unpin);
    }

    private static ScheduledThreadPoolExecutor expiry() {
        ScheduledThreadPoolExecutor made = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "vault-unpin");
            thread.setDaemon(true);
            return thread;
        });
        made.setKeepAliveTime(5, TimeUnit.SECONDS);
        made.allowCoreThreadTimeOut(true);
        made.setRemoveOnCancelPolicy(true);
        return made;
    }

    /** A state that is held as long as it is the newest. */
    private static final class Pin {
        private final FileState state;
        private volatile @Nullable Future<?> expiry;

        Pin(FileState state) {
            this.state = state;
        }

        boolean isNewest() {
            return state.known().isNewest();
        }
    }

    @Override
    public <T> T read(Function<Session, T> work) {
        return file.read(work);
    }

    @Override
    public <T> T readOne(Function<Session, T> work) {
        return file.readOne(work);
    }

    /** {@inheritDoc} What a transaction reads of its own does not count: nothing else could answer. */
    @Override
    public void spent(Payoff unused, long nanos) {
        if (current.get() == null && file.hasLog() && file.readsCommitted()) {
            payoff.spent(nanos);
        }
    }

    @Override
    public Payoff payoff() {
        return payoff;
    }

    /**
     * {@inheritDoc} Null as well for a thread that sees more than what is committed, and where nothing says which state
     * is the newest.
     */
    @Override
    public @Nullable Hold hold(Payoff unused) {
        return hold(false);
    }

    @Override
    public @Nullable Hold holdAtOnce() {
        return hold(true);
    }

    private @Nullable Hold hold(boolean atOnce) {
        if (!file.hasLog() || !file.readsCommitted()) {
            return null;
        }
        Pin pin = current.get();
        if (pin == null) {
            pin = pinned(atOnce);
        }
        Hold hold = pin == null ? null : pin.state.tryHold();
        if (pin == null || hold == null) {
            return null;
        }
        try {
            file.checkSame();
        } catch (RuntimeException e) {
            hold.close();
            throw e;
        }
        // Asked with the hold: what is found from here on is of this state, and it is the newest now.
        if (pin.isNewest()) {
            return hold;
        }
        end(pin);
        hold.close();
        return null;
    }

    /** Ends the pin. */
    private void unpin() {
        Pin pin = current.get();
        if (pin != null) {
            end(pin);
        }
    }

    private void end(Pin pin) {
        if (!current.compareAndSet(pin, null)) {
            return;
        }
        try {
            ended(pin);
        } finally {
            pin.state.close(); // whatever happens: nobody else has it any more
        }
    }

    private void ended(Pin pin) {
        Future<?> expiry = pin.expiry;
        if (expiry != null) {
            expiry.cancel(false);
        }
        Known known = pin.state.known();
        payoff.costs(known.lookingNanos());
        if (known.isNewest()) {
            Future<?> unused = later(() -> forget(known), IDLE_MILLIS);
        } else {
            payoff.reset();
            last.compareAndSet(known, null); // no state comes again
        }
        Moment moment = known.moment();
        if (moment != null && !moment.copiedBack() && moment.frames() > LONG_LOG_FRAMES) {
            rest = System.nanoTime() + REST_NANOS;
        }
    }

    /**
     * A pin at the newest state, when that is worth its cost.
     *
     * @param atOnce whether it is known to be
     */
    private @Nullable Pin pinned(boolean atOnce) {
        if (System.nanoTime() - rest < 0 || file.logSwitches() % 2 != 0) {
            return null; // the log is needed without readers, or there is none
        }
        Known known = last.get();
        if ((!atOnce && !payoff.pays() && (known == null || !known.isNewest())) || !following.tryLock()) {
            return null;
        }
        try {
            Pin there = current.get();
            return there != null ? there : pin();
        } finally {
            following.unlock();
        }
    }

    private @Nullable Pin pin() {
        long start = System.nanoTime();
        FileState state = new FileState(file, pages, () -> {}, false, this::known);
        Known known = state.known();
        if (known.moment() == null) {
            state.close(); // somebody is committing, or there is no wal-index to ask
            payoff.reset();
            return null;
        }
        if (last.getAndSet(known) != known) {
            known.took(System.nanoTime() - start);
        }
        Pin made = new Pin(state);
        current.set(made);
        made.expiry = later(() -> end(made), LIFE_MILLIS);
        if (made.expiry == null) {
            end(made); // nobody would, and the log could not start over under it
            return null;
        }
        return made;
    }

    /** Runs something later; null where no thread can be had for it. */
    private static @Nullable Future<?> later(Runnable task, long millis) {
        try {
            return EXPIRY.schedule(task, millis, TimeUnit.MILLISECONDS);
        } catch (OutOfMemoryError e) {
            return null;
        }
    }

    /**
     * A state that stays open for as long as somebody wants: the newest one now, with what is known of it already.
     *
     * @param onEnd run once, after the transaction has ended
     */
    public FileState lasting(Runnable onEnd) {
        AtomicReference<@Nullable Known> known = new AtomicReference<>();
        Runnable ended = () -> {
            onEnd.run();
            left(known.get());
        };
        FileState state = new FileState(file, pages, ended, true, this::known);
        Known its = state.known();
        known.set(its);
        Known before = last.get();
        if (before != its && its.isNewest()) {
            last.compareAndSet(before, its);
        }
        return state;
    }

    /** After the end of a lasting state: the next one may be the same. */
    private void left(@Nullable Known known) {
        if (known == null || last.get() != known) {
            return;
        }
        if (!known.isNewest()) {
            last.compareAndSet(known, null);
        } else if (later(() -> forget(known), IDLE_MILLIS) == null) {
            forget(known);
        }
    }

    /** The same state again: where its entries are is known. */
    private Known known(@Nullable Moment moment) {
        Known known = last.get();
        int switches = file.logSwitches(); // none comes while the transaction is open
        return known != null && known.isOf(moment, switches) ? known : new Known(moment, switches);
    }

    /** Gives the memory of a state back that nobody has read since. */
    private void forget(Known known) {
        Pin pin = current.get();
        if (pin == null || pin.state.known() != known) {
            last.compareAndSet(known, null);
        }
    }

    @Override
    public <T> Remembered<T> remembered(@Nullable Remembered<T> earlier, Function<Session, T> work) {
        if (!file.hasLog() || !file.readsCommitted()) {
            return new Remembered<>(file.read(work), null, 0);
        }
        file.writer().checkOpen();
        file.checkSame();
        int logSwitches = file.logSwitches(); // before the index is looked at
        if (earlier != null && earlier.logSwitches() == logSwitches) {
            Moment known = earlier.moment();
            if (known != null && known.isNewest()) {
                return earlier;
            }
        }
        // Taken before the read: when a commit comes between, it is not the newest at the next call and never again.
        Moment before = logSwitches % 2 == 0 ? Moment.now(pages) : null;
        AtomicBoolean committed = new AtomicBoolean();
        T value = file.read(session -> {
            committed.set(file.heldEpoch() < 0); // else of a batch that another thread has begun just now
            return work.apply(session);
        });
        return new Remembered<>(value, committed.get() ? before : null, logSwitches);
    }
}
