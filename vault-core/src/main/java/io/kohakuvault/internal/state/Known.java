package io.kohakuvault.internal.state;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kohakuvault.internal.page.Moment;
import io.kohakuvault.internal.page.PageFile;
import io.kohakuvault.internal.page.StatePages;
import io.kohakuvault.internal.sqlite.Session;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one state of the file: its pages, and what keys and columns have found in them. It outlives the
 * transaction that found it, for the next one that sees the same moment. Thread-safe.
 */
final class Known {
    /** How often the -wal is looked at: it may not stand still just then. */
    private static final int MOST_LOOKS = 4;

    private final @Nullable Moment moment;
    private final int logSwitches;
    private final Map<Class<?>, Object> memos = new ConcurrentHashMap<>();
    private final AtomicLong lookingNanos = new AtomicLong();

    @GuardedBy("this")
    private int looks;

    private volatile @Nullable StatePages pages;

    /**
     * Nothing yet.
     *
     * @param moment null where the state cannot be distinguished from its neighbours
     * @param logSwitches {@link io.kohakuvault.internal.sqlite.SqliteFile#logSwitches} while the transaction is open
     */
    Known(@Nullable Moment moment, int logSwitches) {
        this.moment = moment;
        this.logSwitches = logSwitches;
    }

    /**
     * Whether a transaction sees this state: the header of an empty log's index says the same of every state with such
     * a log.
     */
    boolean isOf(@Nullable Moment other, int switches) {
        return moment != null && moment.equals(other) && logSwitches == switches;
    }

    @Nullable
    Moment moment() {
        return moment;
    }

    /** Whether it is the newest state still. */
    boolean isNewest() {
        return moment != null && moment.isNewest();
    }

    /** The pages, for a transaction that sees the state; null where they cannot be followed. */
    @Nullable
    StatePages pages(Session session, PageFile file) {
        StatePages known = pages;
        return known != null ? known : look(session, file);
    }

    private synchronized @Nullable StatePages look(Session session, PageFile file) {
        if (pages == null && looks < MOST_LOOKS) {
            looks++;
            Long pageSize = session.queryLong("PRAGMA page_size");
            pages = pageSize == null ? null : StatePages.of(file, pageSize.intValue(), moment);
        }
        return pages;
    }

    /** Whether the pages are known, or given up. */
    synchronized boolean isLooked() {
        return pages != null || looks >= MOST_LOOKS;
    }

    @SuppressWarnings("unchecked") // put there under its class
    <T> T memo(Class<T> type, Supplier<T> make) {
        Object known = memos.get(type);
        return (T) (known != null ? known : memos.computeIfAbsent(type, t -> make.get()));
    }

    /** Counts what it takes to find something in the state. */
    void took(long nanos) {
        lookingNanos.addAndGet(nanos);
    }

    /** What finding things has taken. */
    long lookingNanos() {
        return lookingNanos.get();
    }
}
