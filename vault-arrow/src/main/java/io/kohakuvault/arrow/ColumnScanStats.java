package io.kohakuvault.arrow;

import java.util.Map;

/** How a scan has read one column so far. Only this library makes one. */
public interface ColumnScanStats {
    /** {@return the column's name in the scan} */
    String name();

    /** {@return blocks that stand whole in the mapped file} */
    long mappedBlocks();

    /** {@return blocks that were put together from several pages of the mapped file} */
    long gatheredBlocks();

    /** {@return blocks that were read through SQLite} */
    long copiedBlocks();

    /** {@return rows that were handed out by address} */
    long rowsByAddress();

    /** {@return rows that were copied, by why; without those that had no row} */
    Map<CopyReason, Long> rowsCopied();
}
