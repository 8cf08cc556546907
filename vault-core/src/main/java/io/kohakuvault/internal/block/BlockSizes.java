package io.kohakuvault.internal.block;

import io.kohakuvault.codec.DType;

/**
 * How large blocks are so that a row of kvault_col_data fits one leaf page: a cell of a table's leaf keeps at most
 * {@code pageSize - 35} bytes on its page (https://sqlite.org/fileformat2.html#b_tree_pages), less the record's header.
 */
public final class BlockSizes {
    /** Record header and cell overhead of a row with an offsets BLOB. */
    private static final int VARIABLE_OVERHEAD = 43;

    private BlockSizes() {}

    /** block_bytes of a new column. */
    public static long blockBytes(DType dtype, int pageSize) {
        return dtype.isFixedSize() ? fixed(pageSize) : variable(pageSize);
    }

    /** The largest multiple of 64 that fits: the payload then begins 64-byte aligned, as Arrow likes best. */
    static int fixed(int pageSize) {
        return (pageSize - 41) / 64 * 64;
    }

    /**
     * The largest multiple of 16 that fits together with the offsets that KohakuVault gives such a block, one per 16
     * bytes.
     */
    public static int variable(int pageSize) {
        int most = (pageSize - VARIABLE_OVERHEAD - 8) * 2 / 3;
        return most / 16 * 16;
    }

    /** Bytes for payload and offsets of a block of variable size that fills one page. */
    public static int variableRoom(int pageSize) {
        return pageSize - VARIABLE_OVERHEAD;
    }
}
