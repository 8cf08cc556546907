package io.kohakuvault.internal.sqlite;

import java.util.function.Function;

/** Runs reads against one consistent state of the file: the newest one, or that of a snapshot. Thread-safe. */
public interface ReadAccess {
    /** Runs the work in one read transaction. */
    <T> T read(Function<Session, T> work);
}
