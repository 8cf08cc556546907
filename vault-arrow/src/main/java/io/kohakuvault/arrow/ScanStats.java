package io.kohakuvault.arrow;

import java.util.List;

/**
 * How a scan has read so far. A block counts as often as it was read. Only this library makes one.
 */
public interface ScanStats {
    /** {@return rows handed out} */
    long rows();

    /** {@return batches handed out} */
    long batches();

    /** {@return blocks whose bytes stand whole in the mapped file and were not copied to be read} */
    long mappedBlocks();

    /** {@return blocks put together from several pages of the mapped file} */
    long gatheredBlocks();

    /** {@return blocks read through SQLite} */
    long copiedBlocks();

    /** {@return bytes copied to put blocks together, to choose rows, to convert them, or because that was asked for} */
    long joinedBytes();

    /** {@return the same of each column, in the order of the batches' vectors, with why rows were copied} */
    List<ColumnScanStats> columns();
}
