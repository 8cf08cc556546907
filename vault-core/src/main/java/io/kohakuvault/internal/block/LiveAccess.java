package io.kohakuvault.internal.block;

import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.SqliteFile;
import java.util.function.Function;

/** The newest state of the file: each call reads in a transaction of its own, or in the write transaction of its thread. */
public final class LiveAccess implements BlockAccess {
    private final SqliteFile file;

    public LiveAccess(SqliteFile file) {
        this.file = file;
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
        return file.read(session -> work.apply(BlockReader.of(session)));
    }
}
