package io.kohakuvault.internal.sqlite;

/** Tells how long the write-ahead log is. */
@FunctionalInterface
public interface LogLength {
    /**
     * How many frames of it are committed, -1 where that is not known.
     *
     * @param lookAgain whether it may be another log than the last time
     */
    long frames(boolean lookAgain);
}
