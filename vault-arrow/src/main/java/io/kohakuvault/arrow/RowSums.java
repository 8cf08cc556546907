package io.kohakuvault.arrow;

import io.kohakuvault.spi.BlockView;
import io.kohakuvault.spi.ColumnBlocks;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Checksums of what rows hold, however blocks divide them. Not thread-safe. */
final class RowSums {
    /** Rows of a checksum. */
    static final int ROWS = 1024;

    private final long base;
    private long end;

    /** By name and type: a column that has come to be of another type is another column. */
    private final Map<String, long[]> columns = new HashMap<>();

    /** Of no row yet. */
    RowSums(long base) {
        this.base = base;
        this.end = base;
    }

    /**
     * Where the first rows stand that are others than those summed up, in the columns that there are still.
     *
     * @param length how many rows there are now
     * @return the first of the 1,024 rows that differ somewhere, or the length where only rows behind it are missing;
     *     -1 when nothing is different
     */
    long firstDifference(List<ColumnBlocks> now, long length) {
        long until = Math.min(end, length);
        long first = length < end ? length : -1;
        for (ColumnBlocks column : now) {
            long[] before = columns.get(key(column));
            if (before == null) {
                continue;
            }
            long stop = first < 0 ? until : Math.min(first, until);
            for (long row = base; row < stop; row += ROWS) {
                long last = Math.min(row + ROWS, end);
                if (last > until || sum(column, row, last) != before[(int) ((row - base) / ROWS)]) {
                    first = row;
                    break;
                }
            }
        }
        return first;
    }

    /** Sums up rows behind those that were, too. */
    void extend(List<ColumnBlocks> now, long length) {
        int count = Math.toIntExact((length - base + ROWS - 1) / ROWS);
        Map<String, long[]> extended = new HashMap<>();
        for (ColumnBlocks column : now) {
            long[] before = columns.get(key(column));
            long[] sums = before == null ? new long[count] : Arrays.copyOf(before, count);
            int from = before == null ? 0 : (int) ((end - base) / ROWS);
            for (int i = from; i < count; i++) {
                long row = base + (long) i * ROWS;
                sums[i] = sum(column, row, Math.min(row + ROWS, length));
            }
            extended.put(key(column), sums);
        }
        columns.clear();
        columns.putAll(extended);
        end = length;
    }

    /**
     * The sums of the rows before one.
     *
     * @param now where rows are read that have to be summed up anew
     * @param row up to which; of no rows when it is not among those summed up
     * @param same the first row that may be another by now; negative when any may
     */
    RowSums before(List<ColumnBlocks> now, long row, long same) {
        if (row <= base || row > end) {
            return new RowSums(row);
        }
        RowSums sums = new RowSums(base);
        int kept = (int) ((Math.max(base, Math.min(row, same)) - base) / ROWS);
        for (ColumnBlocks column : now) {
            long[] before = columns.get(key(column));
            if (before != null) {
                sums.columns.put(key(column), Arrays.copyOf(before, kept));
            }
        }
        sums.end = base + (long) kept * ROWS;
        sums.extend(now, row);
        return sums;
    }

    private static String key(ColumnBlocks column) {
        return column.dtype().token() + ' ' + column.name();
    }

    private static long sum(ColumnBlocks column, long from, long to) {
        CRC32C bytes = new CRC32C();
        CRC32C sizes = new CRC32C();
        long row = from;
        while (row < to) {
            try (BlockView block = column.block(row)) {
                int first = (int) (row - block.firstRow());
                int count = (int) Math.min(to - row, block.rows() - first);
                add(bytes, sizes, block, column.dtype().elementSizeBytes(), first, count);
                row += count;
            }
        }
        return sizes.getValue() << 32 | bytes.getValue();
    }

    /** Each row as its bytes, and as its presence and how many those are; nulls have none. */
    private static void add(CRC32C bytes, CRC32C sizes, BlockView block, int size, int first, int count) {
        byte[] validity = block.validity();
        ByteBuffer offsets = block.offsets();
        ByteBuffer heads = ByteBuffer.allocate(5 * count).order(ByteOrder.LITTLE_ENDIAN);
        boolean all = true;
        for (int i = first; i < first + count; i++) {
            boolean present = isPresent(validity, i);
            all &= present;
            heads.put((byte) (present ? 1 : 0));
            heads.putInt(present ? (int) (start(offsets, size, i + 1) - start(offsets, size, i)) : 0);
        }
        int from = (int) start(offsets, size, first);
        if (all) {
            bytes.update(block.payload().slice(from, (int) start(offsets, size, first + count) - from));
        } else {
            for (int i = first; i < first + count; i++) {
                if (isPresent(validity, i)) {
                    int at = (int) start(offsets, size, i);
                    bytes.update(block.payload().slice(at, (int) start(offsets, size, i + 1) - at));
                }
            }
        }
        sizes.update(heads.flip());
    }

    private static boolean isPresent(byte @Nullable [] validity, int i) {
        return validity == null || (validity[i >> 3] >> (i & 7) & 1) != 0;
    }

    private static long start(@Nullable ByteBuffer offsets, int size, int i) {
        return offsets == null ? (long) i * size : offsets.getLong(8 * i);
    }
}
