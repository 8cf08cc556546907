package io.kohakuvault.internal.table;

import io.kohakuvault.codec.DType;
import io.kohakuvault.internal.block.Elements;
import io.kohakuvault.internal.block.edit.OpenBlocks;
import io.kohakuvault.internal.sqlite.Session;

/** Fills a column that is added to a table with nulls, piece by piece. */
final class Nulls {
    private static final int PIECE_BYTES = 1 << 20;

    private Nulls() {}

    static void append(Session session, OpenBlocks tails, long colId, DType dtype, long rows) {
        int size = Math.max(16, dtype.elementSizeBytes());
        for (long left = rows; left > 0; ) {
            int piece = (int) Math.min(left, Math.max(1, PIECE_BYTES / size));
            Elements nulls = new Elements(dtype.elementSizeBytes(), piece);
            for (int i = 0; i < piece; i++) {
                nulls.addNull();
            }
            tails.append(session, colId, true, nulls);
            left -= piece;
        }
    }
}
