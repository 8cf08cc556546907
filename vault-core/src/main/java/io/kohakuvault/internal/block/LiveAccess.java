package io.kohakuvault.internal.block;

import io.kohakuvault.internal.page.Moment;
import io.kohakuvault.internal.page.PageFile;
import io.kohakuvault.internal.sqlite.KeyLookup;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.SqliteFile;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The newest state of the file: each call reads in a transaction of its own, in one that is kept open for many, or in the write
 * transaction of its thread. */
public final class LiveAccess implements BlockAccess {
    private final SqliteFile file;
    private final LivePins pins;
    private final PageFile pages;

    public LiveAccess(SqliteFile file, PageFile pages) {
        this.file = file;
        this.pages = pages;
        this.pins = new LivePins(file, pages);
        file.onUnpin(pins::unpin);
    }

    @Override
    public @Nullable KeyLookup keys(String table) {
        return file.hasLog() ? pins.table(table) : null; // else no wal-index says what is the newest state
    }

    @Override
    public <T> T read(Function<Session, T> work) {
        return file.read(work);
    }

    @Override
    public <T> T readOne(Function<Session, T> work) {
        return file.readOne(work);
    }

    @Override
    public <T> T blocks(Function<BlockReader, T> work) {
        return pins.blocks(work);
    }

    @Override
    public <T> Remembered<T> remembered(@Nullable Remembered<T> earlier, Function<Session, T> work) {
        if (!file.hasLog() || !file.readsCommitted()) {
            return new Remembered<>(file.read(work), null, 0);
        }
        file.writer().checkOpen();
        file.checkSame();
        int logSwitches = file.logSwitches(); // before the index is looked at
        if (earlier != null && earlier.logSwitches() == logSwitches) {
            Moment known = earlier.moment();
            if (known != null && known.isNewest()) {
                return earlier;
            }
        }
        // Taken before the read: when a commit comes between, it is not the newest at the next call and never again.
        Moment before = logSwitches % 2 == 0 ? Moment.now(pages) : null;
        AtomicBoolean committed = new AtomicBoolean();
        T value = file.read(session -> {
            committed.set(file.heldEpoch() < 0); // else of a batch that another thread has begun just now
            return work.apply(session);
        });
        return new Remembered<>(value, committed.get() ? before : null, logSwitches);
    }
}
