package io.kohakuvault.maintenance;

import java.util.List;

/**
 * Sizes of a file, and what keeps its write-ahead log from shrinking. Only this library makes one.
 */
public interface VaultStats {
    /** {@return size of the database file} */
    long fileBytes();

    /** {@return size of the write-ahead log beside it} */
    long walBytes();

    /** {@return size of a page} */
    int pageSizeBytes();

    /** {@return how many pages the file has} */
    long pages();

    /** {@return how many of them are unused: compacting gives them back} */
    long freePages();

    /** {@return pages in the write-ahead log} */
    long walFrames();

    /**
     * {@return how many of them a checkpoint could copy back into the file; less than {@code walFrames} while a reader
     * of an older state, of any process, holds them back}
     */
    long walFramesCopied();

    /** {@return whether the columns are guarded} */
    boolean guarded();

    /** {@return snapshots and streams of this vault that are open, each with the place that opened it} */
    List<String> readers();
}
