package io.kohakuvault.maintenance;

import java.util.List;

/**
 * Sizes of a file, and what keeps its write-ahead log from shrinking.
 *
 * @param fileBytes size of the database file
 * @param walBytes size of the write-ahead log beside it
 * @param pageSizeBytes size of a page
 * @param pages how many pages the file has
 * @param freePages how many of them are unused: compacting gives them back
 * @param walFrames pages in the write-ahead log
 * @param walFramesCopied how many of them a checkpoint could copy back into the file; less than {@code walFrames} while a reader of an older
 *     state, of any process, holds them back
 * @param guarded whether the columns are guarded
 * @param readers snapshots and streams of this vault that are open, each with the place that opened it
 */
public record VaultStats(
        long fileBytes,
        long walBytes,
        int pageSizeBytes,
        long pages,
        long freePages,
        long walFrames,
        long walFramesCopied,
        boolean guarded,
        List<String> readers) {
    /** Keeps a copy. */
    public VaultStats {
        readers = List.copyOf(readers);
    }
}
