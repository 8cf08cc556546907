package io.kohakuvault.internal.block.guard;

import io.kohakuvault.codec.DType;
import io.kohakuvault.internal.block.BlockData;
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

    /** Bytes that are compared one by one. */
    private static final int NEAR = 16;

    /** What comparing says of elements that have no order. */
    private static final int UNORDERED = 2;

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
        if (dtype instanceof DType.IntegerType type) {
            return ofIntegers(column, type, block, present);
        }
        int least = -1;
        int greatest = -1;
        for (int i = 0; i < block.entry().rowCount(); i++) {
            if (present != null && (present[i >> 3] >> (i & 7) & 1) == 0) {
                continue;
            }
            if (dtype instanceof DType.FloatingType type && Double.isNaN(Numbers.getDouble(block, type, i))) {
                continue; // no range holds it
            }
            if (least < 0) {
                least = i;
                greatest = i;
                if (compare(dtype, block, i, i) == UNORDERED) {
                    return null;
                }
            } else {
                least = compare(dtype, block, i, least) < 0 ? i : least;
                greatest = compare(dtype, block, i, greatest) > 0 ? i : greatest;
            }
        }
        if (least < 0) {
            return null;
        }
        byte[] min = element(column, block, least);
        byte[] max = element(column, block, greatest);
        return min.length > LONGEST_BOUND || max.length > LONGEST_BOUND ? null : new byte[][] {min, max};
    }

    /** In one pass, for this is done for each block that fills up or is corrected. */
    private static byte @Nullable [][] ofIntegers(
            ColumnRecord column, DType.IntegerType type, BlockData block, byte @Nullable [] present) {
        long flip = type.equals(DType.U64) ? Long.MIN_VALUE : 0; // unsigned numbers in the order of signed ones
        int least = -1;
        int greatest = -1;
        long min = Long.MAX_VALUE;
        long max = Long.MIN_VALUE;
        int rows = block.entry().rowCount();
        for (int i = 0; i < rows; i++) {
            if (present != null && (present[i >> 3] >> (i & 7) & 1) == 0) {
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
        return least < 0 ? null : new byte[][] {element(column, block, least), element(column, block, greatest)};
    }

    private static int compare(DType dtype, BlockData block, int a, int b) {
        if (dtype instanceof DType.FloatingType type) {
            return Double.compare(Numbers.getDouble(block, type, a), Numbers.getDouble(block, type, b));
        } else if (dtype.equals(DType.STR) || dtype.equals(DType.BYTES)) {
            return Integer.signum(compareBytes(block, a, b));
        }
        return UNORDERED;
    }

    private static int compareBytes(BlockData block, int a, int b) {
        ByteBuffer payload = block.payload();
        int from = block.start(a);
        int fromOther = block.start(b);
        int length = block.start(a + 1) - from;
        int lengthOther = block.start(b + 1) - fromOther;
        for (int i = 0; i < Math.min(NEAR, Math.min(length, lengthOther)); i++) { // most differ soon
            int difference = (payload.get(from + i) & 0xFF) - (payload.get(fromOther + i) & 0xFF);
            if (difference != 0) {
                return difference;
            }
        }
        ByteBuffer x = payload.slice(from, length);
        ByteBuffer y = payload.slice(fromOther, lengthOther);
        int at = x.mismatch(y);
        return at < 0
                ? 0
                : at == x.limit() || at == y.limit()
                        ? Integer.compare(x.limit(), y.limit())
                        : Integer.compare(x.get(at) & 0xFF, y.get(at) & 0xFF);
    }

    private static byte[] element(ColumnRecord column, BlockData block, int i) {
        int from = column.isFixed() ? i * column.elemSize() : block.start(i);
        byte[] bytes = new byte[(column.isFixed() ? from + column.elemSize() : block.start(i + 1)) - from];
        block.payload().get(from, bytes);
        return bytes;
    }
}
