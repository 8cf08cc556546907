package io.kohakuvault.internal.state;

import com.google.errorprone.annotations.Keep;
import io.kohakuvault.internal.page.PageFile;
import io.kohakuvault.internal.page.StatePages;
import io.kohakuvault.internal.sqlite.ReadAccess;
import io.kohakuvault.internal.sqlite.Session;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a state's read transaction open until it is closed, also when the state itself has been: until then a
 * checkpoint changes no page that a buffer of the state points into. Each read has one of its own, and each buffer that
 * is handed out. Thread-safe.
 */
public final class Hold implements ReadAccess, AutoCloseable {
    private static final AtomicIntegerFieldUpdater<Hold> CLOSED =
            AtomicIntegerFieldUpdater.newUpdater(Hold.class, "closed");

    private final FileState state;

    @Keep // through its updater
    private volatile int closed;

    Hold(FileState state) {
        this.state = state;
    }

    @Override
    public <T> T read(Function<Session, T> work) {
        return state.heldRead(work);
    }

    /** The pages of the state, null where they cannot be followed. With the session of a {@link #read}. */
    public @Nullable StatePages pages(Session session) {
        return state.known().pages(session, state.pageFile());
    }

    /** Whether {@link #pages} will answer the same from here on. */
    public boolean isLooked() {
        return state.known().isLooked();
    }

    /**
     * What has been found in the state, remembered with it.
     *
     * @param type under which class; must be thread-safe
     * @param make makes an empty one
     */
    public <T> T memo(Class<T> type, Supplier<T> make) {
        return state.known().memo(type, make);
    }

    /** Runs what looks something up for a memo, and counts how long it takes. */
    public <T> T looking(Supplier<T> work) {
        long start = System.nanoTime();
        try {
            return work.get();
        } finally {
            state.known().took(System.nanoTime() - start);
        }
    }

    /**
     * Runs what reads mapped pages; throws when the file was cut off, or written to although it is read without locks.
     */
    public <T> T mapped(Supplier<T> work) {
        try {
            T result = work.get();
            checkUnlocked();
            return result;
        } catch (InternalError e) {
            throw PageFile.shortened(state.path(), e);
        }
    }

    /**
     * After something was read of mapped pages: throws when a file that is read without locks was written to meanwhile.
     */
    public void checkUnlocked() {
        state.checkUnlocked();
    }

    /**
     * Before something is read of mapped pages a while after the hold was made: throws when the file has been replaced.
     */
    public void checkSame() {
        state.checkSame();
    }

    /** Lets the transaction go. Does nothing the second time. */
    @Override
    public void close() {
        if (CLOSED.compareAndSet(this, 0, 1)) {
            state.release();
        }
    }
}
