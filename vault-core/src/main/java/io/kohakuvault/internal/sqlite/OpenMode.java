package io.kohakuvault.internal.sqlite;

/** What a file is opened for. */
public enum OpenMode {
    /** Nothing is changed, nothing is created. */
    READ(""),

    /** Beside other readers and writers, with a write-ahead log. */
    WRITE("wal"),

    /**
     * A new file that nobody else knows of. Pages are written to their place, once; a journal can undo a transaction of
     * this process, but nothing is synced, so that only {@link WholeFile#endLoad} makes it a file that can be trusted.
     */
    LOAD("persist");

    private final String journal;

    OpenMode(String journal) {
        this.journal = journal;
    }

    /** SQLite's journal mode. */
    String journal() {
        return journal;
    }
}
