package io.kohakuvault.arrow;

/**
 * How a scan has read so far. Only this library makes one.
 */
public interface ScanStats {
    /** {@return rows handed out} */
    long rows();

    /** {@return batches handed out} */
    long batches();

    /** {@return blocks whose bytes stand in the mapped file and were not copied to be read} */
    long mappedBlocks();

    /** {@return blocks read through SQLite} */
    long copiedBlocks();

    /** {@return bytes copied to put short blocks together into one batch} */
    long joinedBytes();
}
