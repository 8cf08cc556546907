package io.kohakuvault.internal.block;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kohakuvault.internal.page.SnapshotPages;
import io.kohakuvault.internal.sqlite.KeyLookup;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot's key-value table by way of the mapped file. Looking at the -wal costs as much as some queries, so the first ones are left to
 * SQL. Thread-safe.
 */
final class SnapshotKeys implements KeyLookup {
    private static final int FIRST_BY_SQL = 16;
    private static final int MOST_LOOKS = 4;
    private static final long FIRST_NANOS_BY_SQL = 200_000;

    private final SnapshotState snapshot;
    private final String table;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicLong spent = new AtomicLong();
    private volatile boolean looked;

    @GuardedBy("this")
    private int failed;

    private volatile @Nullable HeldKeys keys;

    SnapshotKeys(SnapshotState snapshot, String table) {
        this.snapshot = snapshot;
        this.table = table;
    }

    @Override
    public @Nullable View open() {
        HeldKeys known = keys;
        if (known == null && !looked) {
            // That many calls are enough to be sure, so that the count need not go on.
            boolean enough = calls.get() >= FIRST_BY_SQL
                    || calls.incrementAndGet() >= FIRST_BY_SQL
                    || spent.get() > FIRST_NANOS_BY_SQL;
            known = enough ? look() : null;
        }
        if (known != null) {
            snapshot.use();
        }
        return known;
    }

    @Override
    public void spent(long nanos) {
        if (keys == null) {
            spent.addAndGet(nanos);
        }
    }

    private synchronized @Nullable HeldKeys look() {
        if (!looked) {
            boolean followed = snapshot.read(session -> {
                Optional<SnapshotPages> pages = snapshot.keyPages(session);
                keys = pages.flatMap(p -> KeyRoots.open(session, p, table))
                        .map(found -> new HeldKeys(snapshot, found))
                        .orElse(null);
                return pages.isPresent();
            });
            looked = followed || ++failed >= MOST_LOOKS;
        }
        return keys;
    }
}
