package io.kohakuvault.internal.sqlite;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A read transaction of its own that stays open until it is closed. Thread-safe: one thread at a time reads. */
public final class ReadLease implements ReadAccess, AutoCloseable {
    private final SqliteFile file;
    private final String what;

    @GuardedBy("this")
    private @Nullable Session session;

    ReadLease(SqliteFile file, Session session, String what) {
        this.file = file;
        this.session = session;
        this.what = what;
    }

    @Override
    public synchronized <T> T read(Function<Session, T> work) {
        Session s = session;
        if (s == null) {
            throw new IllegalStateException(file.path() + ": " + what + " is closed");
        }
        return work.apply(s);
    }

    /** Ends the transaction. Does nothing the second time. */
    @Override
    public synchronized void close() {
        Session s = session;
        if (s != null) {
            session = null;
            file.ended(this, s);
        }
    }

    @Override
    public String toString() {
        return what;
    }
}
