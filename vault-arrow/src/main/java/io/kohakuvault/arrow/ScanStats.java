package io.kohakuvault.arrow;

/**
 * How a scan has read so far.
 *
 * @param rows rows handed out
 * @param batches batches handed out
 * @param mappedBlocks blocks whose bytes stand in the mapped file and were not copied to be read
 * @param copiedBlocks blocks read through SQLite
 * @param joinedBytes bytes copied to put short blocks together into one batch
 */
public record ScanStats(long rows, long batches, long mappedBlocks, long copiedBlocks, long joinedBytes) {}
