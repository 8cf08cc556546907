package io.kohakuvault.internal.block.guard;

import io.kohakuvault.codec.DType;
import io.kohakuvault.internal.block.BlockData;
import io.kohakuvault.internal.block.BlockReader;
import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.internal.block.Numbers;
import io.kohakuvault.internal.sqlite.Session;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What is derived from the bytes of a full block in a guarded file: the least and the greatest value, as they are
 * stored, and a checksum.
 */
public final class Derived {
    /** Longer values are not worth a place in the directory. */
    private static final int LONGEST_BOUND = 64;

    private Derived() {}

    /** Over the used payload and then the used offsets. */
    public static int checksum(ByteBuffer payload, @Nullable ByteBuffer offsets) {
        CRC32C crc = new CRC32C();
        crc.update(payload.duplicate());
        if (offsets != null) {
            crc.update(offsets.duplicate());
        }
        return (int) crc.getValue();
    }

    /**
     * Writes what is derived from a block.
     *
     * @param present which rows are, null for all; the bitmap itself has been written
     */
    public static void write(Session session, ColumnRecord column, BlockData block, byte @Nullable [] present) {
        byte[][] bounds = bounds(column, block, present);
        session.update(
                "INSERT INTO vault_block_ext (block_id, row_count, null_count, min_value, max_value, crc32c) VALUES (?, ?, 0, ?, ?, ?) "
                        + "ON CONFLICT(block_id) DO UPDATE SET row_count = excluded.row_count, min_value = excluded.min_value, "
                        + "max_value = excluded.max_value, crc32c = excluded.crc32c"
                        // A bitmap that is left over describes fewer rows than there are now.
                        + (present == null ? ", validity = NULL, null_count = 0" : ""),
                block.entry().blockId(),
                block.entry().rowCount(),
                bounds == null ? null : bounds[0],
                bounds == null ? null : bounds[1],
                checksum(block.payload(), block.offsets()) & 0xFFFFFFFFL);
    }

    /**
     * The least and the greatest value of the rows that are present; null where there is no order, no value, or too
     * long a one.
     */
    public static byte @Nullable [][] bounds(ColumnRecord column, BlockData block, byte @Nullable [] present) {
        DType dtype;
        try {
            dtype = DType.parse(column.dtype());
        } catch (IllegalArgumentException e) {
            return null;
        }
        int[] ends;
        if (dtype instanceof DType.IntegerType type) {
            ends = ofIntegers(type, block, present);
        } else if (dtype instanceof DType.FloatingType type) {
            ends = ofFloatings(type, block, present);
        } else if (dtype.equals(DType.STR) || dtype.equals(DType.BYTES)) {
            ends = ByteBounds.of(block, present);
        } else {
            return null;
        }
        if (ends == null) {
            return null;
        }
        byte[] min = element(column, block, ends[0]);
        byte[] max = element(column, block, ends[1]);
        return min.length > LONGEST_BOUND || max.length > LONGEST_BOUND ? null : new byte[][] {min, max};
    }

    /** In one pass, for this is done for each block that fills up or is corrected. */
    private static int @Nullable [] ofIntegers(DType.IntegerType type, BlockData block, byte @Nullable [] present) {
        long flip = type.equals(DType.U64) ? Long.MIN_VALUE : 0; // unsigned numbers in the order of signed ones
        int least = -1;
        int greatest = -1;
        long min = Long.MAX_VALUE;
        long max = Long.MIN_VALUE;
        int rows = block.entry().rowCount();
        for (int i = 0; i < rows; i++) {
            if (!BlockReader.isPresent(present, i)) {
                continue;
            }
            long value = Numbers.getLong(block, type, i) ^ flip;
            if (least < 0 || value < min) {
                min = value;
                least = i;
            }
            if (greatest < 0 || value > max) {
                max = value;
                greatest = i;
            }
        }
        return least < 0 ? null : new int[] {least, greatest};
    }

    /** No range holds a NaN, and -0.0 is less than 0.0. */
    private static int @Nullable [] ofFloatings(DType.FloatingType type, BlockData block, byte @Nullable [] present) {
        int least = -1;
        int greatest = -1;
        double min = 0;
        double max = 0;
        int rows = block.entry().rowCount();
        for (int i = 0; i < rows; i++) {
            double value = Numbers.getDouble(block, type, i);
            if (Double.isNaN(value) || !BlockReader.isPresent(present, i)) {
                continue;
            }
            if (least < 0 || Double.compare(value, min) < 0) {
                min = value;
                least = i;
            }
            if (greatest < 0 || Double.compare(value, max) > 0) {
                max = value;
                greatest = i;
            }
        }
        return least < 0 ? null : new int[] {least, greatest};
    }

    private static byte[] element(ColumnRecord column, BlockData block, int i) {
        int from = column.isFixed() ? i * column.elemSize() : block.start(i);
        byte[] bytes = new byte[(column.isFixed() ? from + column.elemSize() : block.start(i + 1)) - from];
        block.payload().get(from, bytes);
        return bytes;
    }
}
