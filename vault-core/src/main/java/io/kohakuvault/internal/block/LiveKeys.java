package io.kohakuvault.internal.block;

import io.kohakuvault.VaultException;
import io.kohakuvault.internal.page.MappedKeys;
import io.kohakuvault.internal.page.Moment;
import io.kohakuvault.internal.page.PageFile;
import io.kohakuvault.internal.sqlite.KeyLookup;
import io.kohakuvault.internal.sqlite.SqliteFile;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Key-values of the newest state by way of the mapped file. A read transaction is kept open as a <em>pin</em>: what it sees is the newest
 * state for as long as the mapped header of the wal-index says so, which each lookup asks. A pin ends at the first commit that is
 * noticed, and in any case soon, because the write-ahead log cannot start over under it.
 *
 * <p>Following the file costs as much as some queries, so after each change SQL answers until it has taken as long as that: a lookup
 * costs at most about twice what SQL alone would. Thread-safe.
 */
final class LiveKeys {
    private static final long LIFE_MILLIS = 100;
    private static final long LEAST_COST_NANOS = 50_000;

    private static final ScheduledThreadPoolExecutor EXPIRY = expiry();

    private final SqliteFile file;
    private final PageFile pages;
    private final AtomicReference<@Nullable Pin> current = new AtomicReference<>();
    private final AtomicLong spent = new AtomicLong();
    private volatile long cost = LEAST_COST_NANOS;
    private volatile @Nullable Followed last; // set by one who holds the monitor

    LiveKeys(SqliteFile file, PageFile pages) {
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
        return made;
    }

    KeyLookup table(String name) {
        return new Table(name);
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
            if (!pin.isNewest()) {
                spent.set(0);
            }
            try {
                pin.state.close();
            } catch (VaultException e) {
                // It has only read, and its connection is closed.
            }
        }
    }

    /** A pin at the newest state, when that is worth its cost. */
    private @Nullable Pin pinned() {
        Followed known = last;
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
        Followed known = last;
        // The same state again: where its entries are is known.
        if (known == null || !known.moment.equals(moment)) {
            known = new Followed(moment);
            known.cost.addAndGet(System.nanoTime() - start);
            last = known;
        }
        Pin made = new Pin(state, known);
        current.set(made);
        EXPIRY.schedule(() -> end(made), LIFE_MILLIS, TimeUnit.MILLISECONDS);
        return made;
    }

    /** What is known of one state of the file. */
    private static final class Followed {
        private final Moment moment;
        private final Map<String, Optional<MappedKeys>> tables = new ConcurrentHashMap<>();
        private final AtomicLong cost = new AtomicLong();

        Followed(Moment moment) {
            this.moment = moment;
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

        Pin(SnapshotState state, Followed followed) {
            this.state = state;
            this.followed = followed;
        }

        boolean isNewest() {
            return followed.isNewest();
        }

        /** For whoever has a hold. */
        @Nullable
        HeldKeys table(String name) {
            Optional<HeldKeys> known = tables.get(name);
            if (known == null) {
                known = followed.tables.computeIfAbsent(name, this::follow).map(keys -> new HeldKeys(state, keys));
                tables.put(name, known);
            }
            return known.orElse(null);
        }

        private Optional<MappedKeys> follow(String name) {
            long start = System.nanoTime();
            Optional<MappedKeys> keys = state.heldRead(session -> KeyRoots.open(session, pages, name, followed.moment));
            cost = Math.max(LEAST_COST_NANOS, followed.cost.addAndGet(System.nanoTime() - start));
            return keys;
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
            if (!file.readsCommitted()) {
                return null;
            }
            Pin pin = current.get();
            if (pin == null) {
                pin = pinned();
            }
            if (pin == null || !pin.state.tryUse()) {
                return null;
            }
            HeldKeys keys = null;
            try {
                // Asked with the hold: what is found from here on is of this state, and it is the newest now.
                if (pin.isNewest()) {
                    keys = pin.table(name);
                } else {
                    end(pin);
                }
                return keys;
            } finally {
                if (keys == null) {
                    pin.state.release();
                }
            }
        }

        @Override
        public void spent(long nanos) {
            if (current.get() == null) {
                spent.addAndGet(nanos);
            }
        }
    }
}
