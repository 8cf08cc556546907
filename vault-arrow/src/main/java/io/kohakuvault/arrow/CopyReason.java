package io.kohakuvault.arrow;

/** Why rows of a column were copied into a batch, and not handed out by address. Later versions may have more. */
public enum CopyReason {
    /** The column is stored as something else than what it becomes: bits of bytes, decimals, decoded texts. */
    CONVERTED,
    /** The scan asks for copies. */
    REQUESTED,
    /** A filter, or row numbers, chose rows that do not stand together. */
    SELECTED,
    /** Blocks of few rows were put together into one batch. */
    JOINED,
    /** The block goes on on further pages of the mapped file. */
    GATHERED,
    /**
     * The block was read through SQLite: it stands in the write-ahead log, or the file cannot be mapped.
     */
    THROUGH_SQLITE,
    /** The block does not stand where Arrow takes numbers of its size, as of files that others wrote. */
    UNALIGNED
}
