package io.kohakuvault.spark;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kohakuvault.VaultException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables that readings have open in this JVM: all tasks of one see a file in one state, which on the driver's
 * machine is the one that was planned. Nobody tells an executor when a query ends: a table stays open for a second
 * behind its last task, for the next one, and no longer, so that a log can be copied back and started over while
 * queries follow each other. Thread-safe.
 */
final class HeldTables {
    private static final Logger LOG = LoggerFactory.getLogger(HeldTables.class);
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static volatile long idleNanos = IDLE_NANOS;

    /** Files that stay open without a task at most; each has some descriptors. */
    static final int MOST_IDLE = 64;

    /** For whichever reading comes next; those of tasks have names of their own. */
    private static final String LOOKED_AT = "";

    private static final HeldTables ALL = new HeldTables();

    private record Key(
            String reading, String path, @Nullable String table) {}

    /** An open table and who uses it. Its lock is held while it is opened, that of {@link #tables} for the counts. */
    private static final class Entry {
        private volatile @Nullable OpenTable table;
        private int uses;
        private long idleSince;
    }

    /** A use of a table. Must be closed, once; belongs to one thread. */
    final class Held implements AutoCloseable {
        private final Key key;
        private final Entry entry;
        private final OpenTable table;
        private boolean isOver;

        private Held(Key key, Entry entry, OpenTable table) {
            this.key = key;
            this.entry = entry;
            this.table = table;
        }

        OpenTable table() {
            return table;
        }

        @Override
        public void close() {
            if (!isOver) {
                isOver = true;
                release(key, entry);
            }
        }
    }

    @GuardedBy("tables")
    private final Map<Key, Entry> tables = new LinkedHashMap<>();

    @GuardedBy("tables")
    private @Nullable ScheduledThreadPoolExecutor closer;

    private HeldTables() {}

    /**
     * A file's table, for one who reads it.
     *
     * @param reading whose
     * @param planned what it was when the reading was planned
     * @param table its name, null for the only one of the file
     * @throws io.kohakuvault.VaultMovedException when its rows are not those any more
     */
    static Held take(String reading, SeenTable planned, @Nullable String table) {
        return ALL.use(new Key(reading, planned.path(), table), planned, false);
    }

    /** {@link #take} for whoever plans a reading, which may use the table that was looked at for it. */
    static Held takeToPlan(String reading, SeenTable planned, @Nullable String table) {
        return ALL.use(new Key(reading, planned.path(), table), planned, true);
    }

    /**
     * Takes a table that was looked at when a query was begun, and keeps it for a second: whoever plans the query needs
     * the file next. It is closed when there are many already.
     *
     * @param name as it was opened, null for the only one of the file
     */
    static void offer(OpenTable table, @Nullable String name) {
        ALL.keep(new Key(LOOKED_AT, table.path().toString(), name), table);
    }

    private void keep(Key key, OpenTable table) {
        OpenTable over = table;
        synchronized (tables) {
            Entry before = tables.get(key);
            if (before != null || countIdle() < MOST_IDLE) {
                Entry entry = new Entry();
                entry.table = table;
                entry.idleSince = System.nanoTime();
                tables.put(key, entry);
                over = before == null ? null : before.table;
                closeLater();
            }
        }
        if (over != null) {
            close(over);
        }
    }

    @GuardedBy("tables")
    private long countIdle() {
        return tables.values().stream().filter(entry -> entry.uses == 0).count();
    }

    /**
     * Closes what nobody uses, as one must who deletes files where open ones cannot be deleted.
     *
     * @return whether there was anything
     */
    static boolean closeIdle() {
        return ALL.close((Long) null);
    }

    /**
     * Sets for how long all readings keep what nobody uses.
     *
     * @param nanos negative for a second
     */
    static void keepIdle(long nanos) {
        idleNanos = nanos < 0 ? IDLE_NANOS : nanos;
        ALL.lookAnew();
    }

    /** The look that is due was set by what held before. */
    private void lookAnew() {
        synchronized (tables) {
            if (closer != null && !closer.getQueue().isEmpty()) {
                closer.getQueue().clear();
                closeLater();
            }
        }
    }

    /** How many tables nobody uses that are open still. */
    static long idle() {
        synchronized (ALL.tables) {
            return ALL.countIdle();
        }
    }

    private Held use(Key key, SeenTable planned, boolean isToPlan) {
        Entry entry;
        synchronized (tables) {
            entry = tables.computeIfAbsent(key, k -> new Entry());
            entry.uses++;
        }
        try {
            synchronized (entry) {
                OpenTable table = entry.table;
                if (table == null) {
                    table = open(key, planned, isToPlan);
                    entry.table = table;
                }
                return new Held(key, entry, table);
            }
        } catch (RuntimeException | Error e) {
            release(key, entry);
            throw e;
        }
    }

    private OpenTable open(Key key, SeenTable planned, boolean isToPlan) {
        OpenTable lookedAt = isToPlan ? lookedAt(key) : null;
        if (lookedAt != null) {
            try {
                return checked(lookedAt, planned);
            } catch (VaultException e) {
                LOG.debug("not what was planned, opened again: {}", e.getMessage());
            }
        }
        return checked(new OpenTable(Path.of(planned.path()), key.table), planned);
    }

    private @Nullable OpenTable lookedAt(Key key) {
        synchronized (tables) {
            Entry entry = tables.remove(new Key(LOOKED_AT, key.path, key.table));
            return entry == null ? null : entry.table;
        }
    }

    private static OpenTable checked(OpenTable table, SeenTable planned) {
        try {
            planned.check(table);
            return table;
        } catch (RuntimeException | Error e) {
            table.close();
            throw e;
        }
    }

    private void release(Key key, Entry entry) {
        OpenTable over = null;
        synchronized (tables) {
            entry.uses--;
            if (entry.uses == 0) {
                if (entry.table == null || countIdle() > MOST_IDLE) {
                    tables.remove(key);
                    over = entry.table;
                } else {
                    entry.idleSince = System.nanoTime();
                    closeLater();
                }
            }
        }
        if (over != null) {
            close(over);
        }
    }

    @GuardedBy("tables")
    @SuppressWarnings("FutureReturnValueIgnored") // a sweep throws nothing
    private void closeLater() {
        ScheduledThreadPoolExecutor executor = closer;
        if (executor == null) {
            executor = new ScheduledThreadPoolExecutor(1, work -> {
                Thread thread = new Thread(work, "vault-spark-idle-tables");
                thread.setDaemon(true);
                return thread;
            });
            executor.setKeepAliveTime(10, TimeUnit.SECONDS);
            executor.allowCoreThreadTimeOut(true);
            closer = executor;
        }
        if (executor.getQueue().isEmpty()) {
            executor.schedule(this::sweep, idleNanos, TimeUnit.NANOSECONDS);
        }
    }

    private void sweep() {
        close(System.nanoTime());
        synchronized (tables) {
            if (tables.values().stream().anyMatch(entry -> entry.uses == 0)) {
                closeLater();
            }
        }
    }

    /** Closes what nobody has used for a second at a time; all of it without one. */
    private boolean close(@Nullable Long now) {
        List<OpenTable> over = new ArrayList<>();
        synchronized (tables) {
            Iterator<Entry> entries = tables.values().iterator();
            while (entries.hasNext()) {
                Entry entry = entries.next();
                if (entry.uses == 0 && (now == null || now - entry.idleSince >= idleNanos)) {
                    entries.remove();
                    OpenTable table = entry.table;
                    if (table != null) {
                        over.add(table);
                    }
                }
            }
        }
        over.forEach(HeldTables::close);
        return !over.isEmpty();
    }

    private static void close(OpenTable table) {
        try {
            table.close();
        } catch (RuntimeException e) {
            LOG.warn("{} could not be closed: {}", table.path(), e.getMessage());
        }
    }
}
