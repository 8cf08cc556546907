package io.kohakuvault.spark;

import io.kohakuvault.spi.BlockView;
import io.kohakuvault.spi.ColumnBlocks;
import io.kohakuvault.spi.Origin;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.spark.unsafe.Platform;
import org.jspecify.annotations.Nullable;

/**
 * Points one vector at ranges of one column, forwards: where they stand when one block has them all, else at a copy.
 * Not thread-safe; must be closed.
 */
final class ColumnFeed implements AutoCloseable {
    private final ColumnBlocks column;
    private final CellVector vector;
    private final int elementBytes;
    private @Nullable BlockView block;
    private @Nullable Memory payload;
    private @Nullable Memory offsets;
    private byte[] joined = new byte[0];
    private byte[] joinedOffsets = new byte[0];
    private byte[] joinedBits = new byte[0];

    long mappedBlocks;
    long copiedBlocks;

    ColumnFeed(ColumnBlocks column, CellVector vector) {
        this.column = column;
        this.vector = vector;
        this.elementBytes = vector.elementBytes();
    }

    ColumnBlocks column() {
        return column;
    }

    CellVector vector() {
        return vector;
    }

    private BlockView at(long row) {
        BlockView current = block;
        if (current == null || row >= current.firstRow() + current.rows()) {
            close();
            current = column.block(row);
            block = current;
            payload = Memory.of(current.payload());
            ByteBuffer starts = current.offsets();
            offsets = starts == null ? null : Memory.of(starts);
            if (current.origin() == Origin.MAPPED && Memory.isMappable()) {
                mappedBlocks++;
            } else {
                copiedBlocks++;
            }
        }
        return current;
    }

    private Memory payload() {
        Memory bytes = payload;
        if (bytes == null) {
            throw new IllegalStateException("no block");
        }
        return bytes;
    }

    /** Points the vector at rows [from, from + count), which are not before those of the call before. */
    void load(long from, int count) {
        BlockView at = at(from);
        int first = (int) (from - at.firstRow());
        if (first + count > at.rows()) {
            join(from, count);
            return;
        }
        Memory bytes = payload();
        Memory starts = offsets;
        if (starts == null) {
            vector.point(
                    new Memory(bytes.base(), bytes.offset() + (long) first * elementBytes),
                    null,
                    column.nullable() ? at.validity() : null,
                    first);
        } else {
            vector.point(
                    bytes,
                    new Memory(starts.base(), starts.offset() + 8L * first),
                    column.nullable() ? at.validity() : null,
                    first);
        }
    }

    private void join(long from, int count) {
        boolean variable = elementBytes == 0;
        if (variable) {
            joinedOffsets = room(joinedOffsets, 8L * (count + 1), 0);
        } else {
            joined = room(joined, (long) count * elementBytes, 0);
        }
        boolean hasNulls = false;
        long size = 0;
        int row = 0;
        while (row < count) {
            BlockView at = at(from + row);
            int first = (int) (from + row - at.firstRow());
            int rows = Math.min(count - row, at.rows() - first);
            long start = (long) first * elementBytes;
            long bytes = (long) rows * elementBytes;
            Memory starts = offsets;
            if (starts != null) {
                start = starts.getLong(8L * first);
                bytes = starts.getLong(8L * (first + rows)) - start;
                joined = room(joined, size + bytes, size);
                for (int i = 0; i <= rows; i++) {
                    Platform.putLong(
                            joinedOffsets,
                            Platform.BYTE_ARRAY_OFFSET + 8L * (row + i),
                            size + starts.getLong(8L * (first + i)) - start);
                }
            }
            payload().copy(start, Memory.of(joined), size, bytes);
            byte[] bits = column.nullable() ? at.validity() : null;
            if (bits != null && !hasNulls) {
                hasNulls = true;
                joinedBits = room(joinedBits, (count + 7) / 8, 0);
                Arrays.fill(joinedBits, (byte) 0xFF);
            }
            if (bits != null) {
                for (int i = 0; i < rows; i++) {
                    int of = first + i;
                    if ((bits[of >> 3] >> (of & 7) & 1) == 0) {
                        joinedBits[(row + i) >> 3] &= (byte) ~(1 << ((row + i) & 7));
                    }
                }
            }
            size += bytes;
            row += rows;
        }
        vector.point(Memory.of(joined), variable ? Memory.of(joinedOffsets) : null, hasNulls ? joinedBits : null, 0);
    }

    private static byte[] room(byte[] array, long bytes, long keep) {
        if (bytes <= array.length) {
            return array;
        } else if (bytes > Integer.MAX_VALUE - 64) {
            throw new IllegalStateException("a batch of " + bytes + " bytes");
        }
        byte[] larger = new byte[(int) Math.min(Integer.MAX_VALUE - 64, Math.max(bytes, array.length * 2L))];
        System.arraycopy(array, 0, larger, 0, (int) keep);
        return larger;
    }

    @Override
    public void close() {
        BlockView current = block;
        block = null;
        payload = null;
        offsets = null;
        if (current != null) {
            current.close();
        }
    }
}
