package io.kohakuvault.sql;

import io.kohakuvault.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * The state that a statement reads. What DuckDB binds on the thread that executes or prepares the statement belongs to
 * it; the scans, on DuckDB's threads, ask it for the snapshot.
 */
final class Execution {
    private static final ThreadLocal<@Nullable Execution> CURRENT = new ThreadLocal<>();

    private volatile @Nullable Snapshot snapshot;

    /** {@return the statement that this thread executes, if it does} */
    static @Nullable Execution current() {
        return CURRENT.get();
    }

    /** Calls DuckDB for this statement. */
    @Nullable
    Object call(SqlCall call) throws Throwable {
        Execution before = CURRENT.get();
        CURRENT.set(this);
        try {
            return call.call();
        } finally {
            CURRENT.set(before);
        }
    }

    void read(@Nullable Snapshot state) {
        snapshot = state;
    }

    @Nullable
    Snapshot snapshot() {
        return snapshot;
    }

    /** A call of the driver's. */
    @FunctionalInterface
    interface SqlCall {
        /** Calls it. */
        @Nullable
        Object call() throws Throwable;
    }
}
