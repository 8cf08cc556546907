package io.kohakuvault.internal.sqlite;

import java.util.function.Function;

/** Runs reads against one consistent state of the file: the newest one, or that of a snapshot. Thread-safe. */
public interface ReadAccess {
    /** Runs the work in one read transaction. */
    <T> T read(Function<Session, T> work);

    /** {@link #read} for work that runs one statement, which is a transaction by itself. */
    default <T> T readOne(Function<Session, T> work) {
        return read(work);
    }
}
