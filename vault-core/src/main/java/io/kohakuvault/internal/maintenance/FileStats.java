package io.kohakuvault.internal.maintenance;

import io.kohakuvault.maintenance.VaultStats;
import java.util.List;

/** What the public type stands for, as it was read. */
public record FileStats(
        long fileBytes,
        long walBytes,
        int pageSizeBytes,
        long pages,
        long freePages,
        long walFrames,
        long walFramesCopied,
        boolean guarded,
        List<String> readers)
        implements VaultStats {
    /** Keeps a copy. */
    public FileStats {
        readers = List.copyOf(readers);
    }
}
