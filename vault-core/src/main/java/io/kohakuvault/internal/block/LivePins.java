package io.kohakuvault.internal.block;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kohakuvault.internal.page.MappedKeys;
import io.kohakuvault.internal.page.Moment;
import io.kohakuvault.internal.page.PageFile;
import io.kohakuvault.internal.page.SnapshotPages;
import io.kohakuvault.internal.sqlite.KeyLookup;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.SqliteFile;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keys and blocks of the newest state by way of the mapped file. A read transaction is kept open as a <em>pin</em>: what it sees is the newest
 * state for as long as the mapped header of the wal-index says so, which each lookup asks. A pin ends at the first commit that is
 * noticed, and in any case soon, because the write-ahead log cannot start over under it.
 *
 * <p>Following the file costs as much as some queries, so after each change SQL answers until it has taken as long as that: a read
 * costs at most about twice what SQL alone would. Thread-safe.
 */
final class LivePins {
    private static final long LIFE_MILLIS = 100;
    private static final long IDLE_MILLIS = 1_000;
    private static final long LEAST_COST_NANOS = 50_000;

    /** Somebody is waiting for a moment without readers, in which so long a log can start over. */
    private static final long LONG_LOG_FRAMES = 1000;

    private static final long REST_NANOS = 300_000_000;

    private static final ScheduledThreadPoolExecutor EXPIRY = expiry();

    private final SqliteFile file;
    private final PageFile pages;
    private final AtomicReference<@Nullable Pin> current = new AtomicReference<>();
    private final AtomicLong spent = new AtomicLong();
    private volatile long cost = LEAST_COST_NANOS;
    private volatile long rest = System.nanoTime();
    private final AtomicReference<@Nullable Followed> last = new AtomicReference<>();

    LivePins(SqliteFile file, PageFile pages) {
        this.file = file;
        this.pages = pages;
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

    KeyLookup table(String name) {
        return new Table(name);
    }

    /** Reads blocks of the newest state; of what the thread has written itself, where it has. */
    <T> T blocks(Function<BlockReader, T> work) {
        if (!file.hasLog() || !file.readsCommitted()) {
            return file.read(session -> work.apply(BlockReader.of(session)));
        }
        Pin pin = held();
        if (pin == null) {
            long start = System.nanoTime();
            T result = file.read(session -> work.apply(BlockReader.of(session)));
            spent(System.nanoTime() - start);
            return result;
        }
        try {
            return pin.blocks(work);
        } finally {
            pin.state.release();
        }
    }

    private void spent(long nanos) {
        if (current.get() == null) {
            spent.addAndGet(nanos);
        }
    }

    /** A pin at the newest state, with a hold on its transaction to be given back; null where SQL is to answer. */
    private @Nullable Pin held() {
        Pin pin = current.get();
        if (pin == null) {
            pin = pinned();
        }
        if (pin == null || !pin.state.tryUse()) {
            return null;
        }
        try {
            file.checkSame();
        } catch (RuntimeException e) {
            pin.state.release();
            throw e;
        }
        // Asked with the hold: what is found from here on is of this state, and it is the newest now.
        if (pin.isNewest()) {
            return pin;
        }
        end(pin);
        pin.state.release();
        return null;
    }

    /** Ends the pin. */
    void unpin() {
        Pin pin = current.get();
        if (pin != null) {
            end(pin);
        }
    }

    private void end(Pin pin) {
        if (current.compareAndSet(pin, null)) {
            Future<?> expiry = pin.expiry;
            if (expiry != null) {
                expiry.cancel(false);
            }
            if (!pin.isNewest()) {
                spent.set(0);
                last.compareAndSet(pin.followed, null); // no state comes again
            }
            Moment moment = pin.followed.moment;
            if (!moment.copiedBack() && moment.frames() > LONG_LOG_FRAMES) {
                rest = System.nanoTime() + REST_NANOS;
            }
            pin.state.close();
        }
    }

    /** A pin at the newest state, when that is worth its cost. */
    private @Nullable Pin pinned() {
        if (System.nanoTime() - rest < 0) {
            return null;
        }
        Followed known = last.get();
        if (spent.get() < cost && (known == null || !known.isNewest())) {
            return null;
        }
        synchronized (this) {
            Pin there = current.get();
            return there != null ? there : pin();
        }
    }

    private @Nullable Pin pin() {
        long start = System.nanoTime();
        SnapshotState state = new SnapshotState(file, pages, () -> {});
        Moment moment = state.moment();
        if (moment == null) {
            state.close(); // somebody is committing, or there is no wal-index to ask
            spent.set(0);
            return null;
        }
        Followed known = last.get();
        // The same state again: where its entries are is known.
        if (known == null || !known.moment.equals(moment)) {
            known = new Followed(moment);
            known.cost.addAndGet(System.nanoTime() - start);
            last.set(known);
        }
        Pin made = new Pin(state, known);
        current.set(made);
        made.expiry = EXPIRY.schedule(() -> expire(made), LIFE_MILLIS, TimeUnit.MILLISECONDS);
        return made;
    }

    private void expire(Pin pin) {
        end(pin);
        Future<?> unused = EXPIRY.schedule(() -> forget(pin.followed), IDLE_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Gives the memory of a state back that nobody has read since. */
    private void forget(Followed followed) {
        Pin pin = current.get();
        if (pin == null || pin.followed != followed) {
            last.compareAndSet(followed, null);
        }
    }

    /** What is known of one state of the file. */
    private static final class Followed {
        private final Moment moment;
        private final Map<String, Optional<MappedKeys>> tables = new ConcurrentHashMap<>();
        private final AtomicLong cost = new AtomicLong();
        private final SnapshotCache columns = new SnapshotCache();
        private volatile boolean looked;

        @GuardedBy("this")
        private Optional<SnapshotPages> pages = Optional.empty();

        Followed(Moment moment) {
            this.moment = moment;
        }

        synchronized Optional<SnapshotPages> pages(Session session, PageFile file) {
            if (pages.isEmpty()) {
                pages = KeyRoots.pages(session, file, moment);
            }
            return pages;
        }

        boolean isNewest() {
            return moment.isNewest();
        }
    }

    /** A read transaction that sees such a state. */
    private final class Pin {
        private final SnapshotState state;
        private final Followed followed;
        private final Map<String, Optional<HeldKeys>> tables = new ConcurrentHashMap<>();
        private volatile @Nullable Future<?> expiry;

        Pin(SnapshotState state, Followed followed) {
            this.state = state;
            this.followed = followed;
        }

        boolean isNewest() {
            return followed.isNewest();
        }

        /** For whoever has a hold. */
        <T> T blocks(Function<BlockReader, T> work) {
            if (!followed.looked) {
                followed.looked = true;
                long start = System.nanoTime();
                boolean unused = state.heldBlocks(followed.columns, BlockReader::isMapped);
                costs(System.nanoTime() - start);
            }
            return state.heldBlocks(followed.columns, work);
        }

        private void costs(long nanos) {
            cost = Math.max(LEAST_COST_NANOS, followed.cost.addAndGet(nanos));
        }

        /** For whoever has a hold. */
        @Nullable
        HeldKeys table(String name) {
            Optional<HeldKeys> known = tables.get(name);
            if (known == null) {
                Optional<MappedKeys> keys = followed.tables.get(name);
                if (keys == null) {
                    follow(name);
                    keys = followed.tables.get(name);
                    if (keys == null) {
                        return null;
                    }
                }
                known = keys.map(found -> new HeldKeys(state, found));
                tables.put(name, known);
            }
            return known.orElse(null);
        }

        /** Looks a table up, which leaves nothing known of it where it cannot be read so now. */
        private void follow(String name) {
            long start = System.nanoTime();
            boolean unused = state.heldRead(session -> {
                Optional<SnapshotPages> found = followed.pages(session, pages);
                found.ifPresent(known -> followed.tables.put(name, KeyRoots.open(session, known, name)));
                return found.isPresent();
            });
            costs(System.nanoTime() - start);
            if (!followed.tables.containsKey(name)) {
                end(this);
                spent.set(0);
            }
        }
    }

    /** One table. */
    private final class Table implements KeyLookup {
        private final String name;

        Table(String name) {
            this.name = name;
        }

        @Override
        public @Nullable View open() {
            Pin pin = file.readsCommitted() ? held() : null;
            if (pin == null) {
                return null;
            }
            HeldKeys keys = null;
            try {
                keys = pin.table(name);
                return keys;
            } finally {
                if (keys == null) {
                    pin.state.release();
                }
            }
        }

        @Override
        public void spent(long nanos) {
            LivePins.this.spent(nanos);
        }
    }
}
