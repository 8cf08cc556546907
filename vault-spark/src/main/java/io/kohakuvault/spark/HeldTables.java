package io.kohakuvault.spark;

import com.google.errorprone.annotations.concurrent.GuardedBy;
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

    /** Files that stay open without a task at most; each has some descriptors. */
    private static final int MOST_IDLE = 64;

    private static final HeldTables ALL = new HeldTables();

    private record Key(String reading, String path) {}

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
        return ALL.use(new Key(reading, planned.path()), planned, table);
    }

    /**
     * Closes what nobody uses, as one must who deletes files where open ones cannot be deleted.
     *
     * @return whether there was anything
     */
    static boolean closeIdle() {
        return ALL.close((Long) null);
    }

    /** How many tables nobody uses that are open still. */
    static long idle() {
        synchronized (ALL.tables) {
            return ALL.tables.values().stream().filter(entry -> entry.uses == 0).count();
        }
    }

    private Held use(Key key, SeenTable planned, @Nullable String name) {
        Entry entry;
        synchronized (tables) {
            entry = tables.computeIfAbsent(key, k -> new Entry());
            entry.uses++;
        }
        try {
            synchronized (entry) {
                OpenTable table = entry.table;
                if (table == null) {
                    table = open(planned, name);
                    entry.table = table;
                }
                return new Held(key, entry, table);
            }
        } catch (RuntimeException | Error e) {
            release(key, entry);
            throw e;
        }
    }

    private static OpenTable open(SeenTable planned, @Nullable String name) {
        OpenTable table = new OpenTable(Path.of(planned.path()), name);
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
                long idle = tables.values().stream().filter(e -> e.uses == 0).count();
                if (entry.table == null || idle > MOST_IDLE) {
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
            executor.schedule(this::sweep, IDLE_NANOS, TimeUnit.NANOSECONDS);
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
                if (entry.uses == 0 && (now == null || now - entry.idleSince >= IDLE_NANOS)) {
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
