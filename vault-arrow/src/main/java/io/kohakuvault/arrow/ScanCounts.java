package io.kohakuvault.arrow;

/** What the public type stands for, as it was read. */
record ScanCounts(long rows, long batches, long mappedBlocks, long copiedBlocks, long joinedBytes)
        implements ScanStats {}
