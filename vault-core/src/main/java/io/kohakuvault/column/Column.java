package io.kohakuvault.column;

/** A column, for reading and writing. Thread-safe. A mutating call is its own transaction unless the caller is in one. */
public interface Column extends ColumnReader {
    /** Removes all elements. */
    void clear();
}
