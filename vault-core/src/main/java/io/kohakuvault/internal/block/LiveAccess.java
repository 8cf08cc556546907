package io.kohakuvault.internal.block;

import io.kohakuvault.internal.page.PageFile;
import io.kohakuvault.internal.sqlite.KeyLookup;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.SqliteFile;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The newest state of the file: each call reads in a transaction of its own, in one that is kept open for many, or in the write
 * transaction of its thread. */
public final class LiveAccess implements BlockAccess {
    private final SqliteFile file;
    private final LivePins pins;

    public LiveAccess(SqliteFile file, PageFile pages) {
        this.file = file;
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
}
