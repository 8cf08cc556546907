package io.kohakuvault.internal.block;

import io.kohakuvault.internal.sqlite.ReadAccess;
import io.kohakuvault.internal.sqlite.Session;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads of blocks against one consistent state of the file. Thread-safe. */
public interface BlockAccess extends ReadAccess {
    /** Runs the work in one read transaction with a reader of that transaction's columns and blocks. */
    <T> T blocks(Function<BlockReader, T> work);

    /**
     * Reads what seldom changes: the work is run only when a commit may have changed the file since an earlier answer, and
     * each time for a thread that does not read what is committed, but what a transaction or batch has written.
     *
     * @param earlier what this has answered before, null at first
     */
    default <T> Remembered<T> remembered(@Nullable Remembered<T> earlier, Function<Session, T> work) {
        return read(session ->
                earlier != null ? earlier : new Remembered<>(work.apply(session), null, 0)); // one state for ever
    }
}
