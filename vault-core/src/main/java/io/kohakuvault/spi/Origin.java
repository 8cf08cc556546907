package io.kohakuvault.spi;

/** Where the bytes of a {@link BlockView} come from. */
public enum Origin {
    /** From the mapped file, not copied. The buffers are direct. */
    MAPPED,
    /** Put together from several pages of the mapped file, one copy. */
    GATHERED,
    /** Read through SQLite, one copy on the heap. */
    COPIED
}
