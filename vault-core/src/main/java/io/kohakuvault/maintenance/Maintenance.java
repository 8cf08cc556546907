package io.kohakuvault.maintenance;

import java.nio.file.Path;
import java.util.List;

/**
 * Looking after a file. Thread-safe. What changes the file is not called inside a transaction.
 *
 * <pre>{@code
 * Maintenance maintenance = vault.maintenance();
 * if (!maintenance.verify(Progress.none()).isSound()) System.out.println(maintenance.repair());
 * maintenance.compact(32_768, (done, total) -> true); // gives free pages back
 * }</pre>
 */
public interface Maintenance {
    /**
     * See {@link ContentCatalog#list}.
     *
     * @return what the file holds
     * @deprecated goes with 1.0; use {@code vault.contents().list()}
     */
    @Deprecated(forRemoval = true)
    List<Content> contents();

    /**
     * Sizes, and what keeps the write-ahead log from shrinking.
     *
     * @return the numbers as they are now
     */
    VaultStats stats();

    /**
     * Looks at everything: SQLite's own structures, what KohakuVault demands of columns, checksums where there are any,
     * values, documents and vectors with what hangs on them. Reads one state of the file; writers go on meanwhile.
     *
     * @param progress hears how far it is, in blocks
     * @return what was found
     * @throws java.util.concurrent.CancellationException when the progress says so
     */
    VerifyReport verify(Progress progress);

    /**
     * Mends what can be rebuilt from what is there: indexes, missing statistics, left-over segments, values and blocks
     * that nothing names. Never removes anything that can be reached: where SQLite's own check finds damage, which
     * hides rows that are there, nothing is done. One transaction, which looks at every page first.
     *
     * <p>Documents and vectors of which a table is gone stay as they are, and so does what a trigger of another program
     * refuses: a line that begins with "could not mend" says which, and why. A table that this SQLite cannot look at,
     * since another program has its tokenizer, module or collation, has a line that begins with "left".
     *
     * @return what was done, empty for nothing
     * @throws io.kohakuvault.VaultCorruptException when SQLite's check finds damage; nothing has been changed
     */
    List<String> repair();

    /**
     * Copies the file as it is now to another one, whole and compacted, while it is read and written.
     *
     * @param target a file that does not exist; it appears when it is complete
     * @param progress hears how far it is, in bytes
     * @throws io.kohakuvault.VaultIoException when the target exists or cannot be written
     * @throws java.util.concurrent.CancellationException when the progress says so; nothing is left behind
     */
    void backup(Path target, Progress progress);

    /**
     * Gives unused pages back to the file system, and lays blocks of columns that others made larger than a page out
     * anew so that they are mapped without copying. Needs about as much free disk as the file is large.
     *
     * @param pageSizeBytes the page size afterwards, a power of two from 4096 to 65536, or 0 to keep it. To change
     *     it no other connection, of any process, may have the file open; reads of this vault that come meanwhile wait,
     *     up to the busy timeout
     * @param progress hears how far it is, in blocks
     * @throws io.kohakuvault.VaultBusyException when another connection stands in the way
     * @throws java.util.concurrent.CancellationException when the progress says so, between two columns
     */
    void compact(int pageSizeBytes, Progress progress);

    /** Merges the full-text indexes and refreshes what SQLite's planner knows. */
    void optimize();

    /**
     * Guards the columns of this file, or leaves them unguarded. KohakuVault reads the columns of a guarded file but
     * cannot write them, which it says; its key-values, documents and vectors it writes all the same. In return blocks
     * that are filled from now on keep their least and greatest values, by which range scans skip blocks, and a
     * checksum that {@link #verify} compares. Blocks that were full before get theirs by {@link #repair}. Unguarding
     * forgets all of that.
     *
     * @param guarded whether the columns are guarded from now on; {@link VaultStats#guarded()} tells
     */
    void guardColumns(boolean guarded);

    /**
     * Copies what the write-ahead log holds back into the file and empties the log, as far as readers allow. That
     * happens by itself every 1000 pages, beside the writer, and when the last vault on the file is closed; blocks that
     * are still in the log are read through SQLite and not mapped. Waits for them up to the busy timeout, while other
     * threads write.
     *
     * @return whether all of it was copied; false also when the thread is interrupted or the vault closed meanwhile
     */
    boolean checkpoint();

    /**
     * Takes columns in the layout of KohakuVault 0.x over into today's, names and values unchanged, in one transaction.
     * Does nothing where there are none.
     *
     * @return how many were taken over
     * @throws io.kohakuvault.VaultFormatException when a column of one of the names is in today's layout already;
     *     nothing is changed then
     * @throws io.kohakuvault.VaultCorruptException when one cannot be read; nothing is changed then
     */
    int migrateLegacyColumns();
}
