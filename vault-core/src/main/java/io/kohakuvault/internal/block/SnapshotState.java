package io.kohakuvault.internal.block;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kohakuvault.internal.page.MappedTable;
import io.kohakuvault.internal.page.Moment;
import io.kohakuvault.internal.page.PageFile;
import io.kohakuvault.internal.page.SnapshotPages;
import io.kohakuvault.internal.sqlite.KeyLookup;
import io.kohakuvault.internal.sqlite.ReadAccess;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.SqliteFile;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A read transaction on a connection of its own, and the mapped blocks as that transaction sees them. It ends when it has been
 * closed and every hold on it has been given back: until then a checkpoint changes no page that a held buffer points into. Each read
 * of blocks has a hold of its own, so that threads read mapped blocks beside each other; one at a time uses the connection.
 * Thread-safe.
 */
public final class SnapshotState implements BlockAccess {
    private static final int MOST_LOOKS = 4;

    private final SqliteFile file;
    private final PageFile pages;
    private final Runnable onEnd;
    private final Session session;
    private final @Nullable Moment moment;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private Optional<SnapshotPages> keyPages = Optional.empty();

    @GuardedBy("lock")
    private int keyLooks;

    private final AtomicLong holds = new AtomicLong(1);
    private final SnapshotCache ownCache = new SnapshotCache();
    private final ReadAccess held = new ReadAccess() {
        @Override
        public <T> T read(Function<Session, T> work) {
            synchronized (lock) {
                checkOpen(holds.get() > 0);
                T result = work.apply(session);
                file.checkUnlocked();
                return result;
            }
        }
    };

    private volatile @Nullable BlockReader reader;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile boolean closed;

    /**
     * Begins the transaction.
     *
     * @param onEnd run once, after the transaction has ended
     */
    public SnapshotState(SqliteFile file, PageFile pages, Runnable onEnd) {
        this.file = file;
        this.pages = pages;
        this.onEnd = onEnd;
        // Read-only, the -shm that SQLite uses may be one in memory.
        Moment before = file.hasLog() ? Moment.now(pages) : null;
        file.checkSame();
        this.session = file.acquire();
        try {
            session.update("BEGIN");
            // BEGIN alone pins nothing: the first read of the database does.
            session.queryLong("SELECT count(*) FROM sqlite_master");
        } catch (RuntimeException e) {
            file.discard(session);
            throw e;
        }
        this.moment = before != null && before.isNewest(pages) ? before : null;
    }

    /**
     * The pages that keys are looked up in, for all tables; nothing where the file cannot be followed just now, which is tried a few times.
     */
    Optional<SnapshotPages> keyPages(Session s) {
        synchronized (lock) {
            Optional<SnapshotPages> known = keyPages;
            if (known.isEmpty() && keyLooks < MOST_LOOKS) {
                keyLooks++;
                known = KeyRoots.pages(s, pages, moment);
                keyPages = known;
            }
            return known;
        }
    }

    /** The state that is seen; null where it cannot be told from its neighbours. */
    @Nullable
    Moment moment() {
        return moment;
    }

    @Override
    public <T> T read(Function<Session, T> work) {
        file.checkSame();
        synchronized (lock) {
            checkOpen(!closed);
            T result = work.apply(session);
            file.checkUnlocked();
            return result;
        }
    }

    @Override
    public <T> T blocks(Function<BlockReader, T> work) {
        checkOpen(!closed);
        file.checkSame();
        acquireHold();
        try {
            T result = work.apply(reader(ownCache));
            file.checkUnlocked();
            return result;
        } catch (InternalError e) {
            throw PageFile.shortened(file.path(), e);
        } finally {
            release();
        }
    }

    @Override
    public KeyLookup keys(String table) {
        return new SnapshotKeys(this, table);
    }

    /** Before something is read of the mapped file: see {@link SqliteFile#checkSame}. */
    void checkSame() {
        file.checkSame();
    }

    /** After something was read of the mapped file by whoever has a hold. */
    void checkUnlocked() {
        file.checkUnlocked();
    }

    /** {@link #read} for whoever has a hold. */
    <T> T heldRead(Function<Session, T> work) {
        return held.read(work);
    }

    /** {@link #blocks} for whoever has a hold: the transaction is open beyond {@link #close} then. */
    <T> T heldBlocks(Function<BlockReader, T> work) {
        return heldBlocks(ownCache, work);
    }

    /**
     * {@link #heldBlocks(Function)}, remembering columns together with other transactions that see the same state.
     *
     * @param shared always the same for this one
     */
    <T> T heldBlocks(SnapshotCache shared, Function<BlockReader, T> work) {
        checkOpen(holds.get() > 0);
        try {
            T result = work.apply(reader(shared));
            file.checkUnlocked();
            return result;
        } catch (InternalError e) {
            throw PageFile.shortened(file.path(), e);
        }
    }

    /**
     * A column's whole directory. Reading blocks from here on looks at the -wal now, not when the first block is read: what is written
     * until then stays mapped.
     */
    Directory directory(ColumnRecord column) {
        return blocks(r -> ownCache.load(column, held));
    }

    private void checkOpen(boolean open) {
        if (!open) {
            throw new IllegalStateException(file.path() + ": this snapshot is closed");
        }
    }

    private BlockReader reader(SnapshotCache cache) {
        BlockReader known = reader;
        return known != null ? known : held.read(session -> look(session, cache));
    }

    private BlockReader look(Session s, SnapshotCache cache) {
        BlockReader known = reader;
        if (known != null) {
            return known;
        }
        MappedTable mapped = null;
        Long root = s.queryLong("SELECT rootpage FROM sqlite_master WHERE type = 'table' AND name = 'kvault_col_data'");
        Long pageSize = s.queryLong("PRAGMA page_size");
        if (root != null && pageSize != null) {
            mapped = cache.mapped(() -> MappedTable.open(pages, pageSize.intValue(), root, moment));
        }
        BlockReader made = BlockReader.of(held, mapped, cache);
        reader = made;
        return made;
    }

    /** Keeps the transaction open until the answer is run, also beyond {@link #close}. */
    public Runnable hold() {
        checkOpen(!closed);
        return holdMore();
    }

    /** {@link #hold} for one who gives it back with {@link #release}. */
    void use() {
        checkOpen(!closed);
        file.checkSame();
        acquireHold();
    }

    /** {@link #use}, or false when it is closed. */
    boolean tryUse() {
        return !closed && holds.getAndUpdate(n -> n == 0 ? 0 : n + 1) > 0;
    }

    /** {@link #hold} for whoever has one already. */
    Runnable holdMore() {
        acquireHold();
        return this::release;
    }

    private void acquireHold() {
        checkOpen(holds.getAndUpdate(n -> n == 0 ? 0 : n + 1) > 0);
    }

    public boolean isClosed() {
        return closed;
    }

    /** Holds that are out: buffers that keep the transaction open, and reads that are under way. */
    public long liveHolds() {
        return holds.get() - (closed ? 0 : 1);
    }

    /** Ends the transaction now, or when the last hold is given back. Does nothing the second time. */
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
