package io.kohakuvault.spark;

import io.kohakuvault.spi.BlockView;
import io.kohakuvault.spi.ColumnBlocks;
import io.kohakuvault.table.SchemaColumn;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * What the first rows of a table and those before a place hold, in short. It changes when rows are removed or inserted
 * before that place and when those rows are corrected; a correction elsewhere does not show.
 */
final class Fingerprint {
    private static final int ROWS = 16;

    private Fingerprint() {}

    /**
     * Of some columns, those of them that the table has.
     *
     * @param names of the columns, but for upper and lower case
     * @param rows before which place; 0 to the table's rows
     */
    static String of(OpenTable table, List<String> names, long rows) {
        CRC32C crc = new CRC32C();
        for (SchemaColumn column : table.columns()) {
            if (names.stream().anyMatch(column.name()::equalsIgnoreCase)) {
                ColumnBlocks blocks = table.blocks(column.name());
                add(crc, blocks, 0, Math.min(ROWS, rows));
                add(crc, blocks, Math.max(0, rows - ROWS), rows);
            }
        }
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    private static void add(CRC32C crc, ColumnBlocks blocks, long from, long to) {
        int size = blocks.dtype().elementSizeBytes();
        long row = from;
        while (row < to) {
            try (BlockView view = blocks.block(row)) {
                int first = (int) (row - view.firstRow());
                int last = (int) Math.min(view.rows(), to - view.firstRow());
                byte[] present = view.validity();
                for (int i = first; i < last; i++) {
                    if (present != null && (present[i >> 3] >> (i & 7) & 1) == 0) {
                        crc.update(1);
                        continue;
                    }
                    ByteBuffer offsets = view.offsets();
                    long start = (long) i * size;
                    long end = start + size;
                    if (offsets != null) {
                        ByteBuffer little = offsets.duplicate().order(ByteOrder.LITTLE_ENDIAN);
                        start = little.getLong(little.position() + 8 * i);
                        end = little.getLong(little.position() + 8 * i + 8);
                    }
                    ByteBuffer payload = view.payload().duplicate();
                    int base = payload.position();
                    crc.update(0);
                    crc.update(payload.limit(base + (int) end).position(base + (int) start));
                }
                row = view.firstRow() + last;
            }
        }
    }
}
