package io.kohakuvault.arrow;

import io.kohakuvault.codec.DType;
import io.kohakuvault.spi.ColumnBlocks;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.jspecify.annotations.Nullable;

/** Fills one vector with ranges of one column, forwards. Not thread-safe; must be closed. */
final class ColumnFeed implements AutoCloseable {
    private final ColumnBlocks column;
    private final DType dtype;
    private final int elementSize;
    private final BufferAllocator allocator;
    private @Nullable BlockBuffers current;

    long mappedBlocks;
    long copiedBlocks;
    long joinedBytes;

    ColumnFeed(ColumnBlocks column, BufferAllocator allocator) {
        this.column = column;
        this.dtype = column.dtype();
        this.elementSize = dtype.elementSizeBytes();
        this.allocator = allocator;
    }

    /** The block that holds a row; the one before is let go. */
    BlockBuffers at(long row) {
        BlockBuffers block = current;
        if (block == null || row >= block.endRow()) {
            close();
            block = BlockBuffers.of(column.block(row), ArrowFields.alignment(dtype), allocator);
            current = block;
            if (block.mapped()) {
                mappedBlocks++;
            } else {
                copiedBlocks++;
            }
        }
        return block;
    }

    @Override
    public void close() {
        BlockBuffers block = current;
        current = null;
        if (block != null) {
            block.close();
        }
    }

    /**
     * Loads rows [from, from + count) into the vector.
     *
     * @param ones a buffer of at least count bits, all 1
     */
    void fill(FieldVector vector, long from, int count, ArrowBuf ones) {
        List<ArrowBuf> own = new ArrayList<>();
        try {
            BlockBuffers block = at(from);
            boolean whole = from + count <= block.endRow();
            Nulls nulls = column.nullable() && !(whole && !block.hasValidity())
                    ? nulls(from, count, own)
                    : new Nulls(ones, 0);
            ArrowFieldNode node = new ArrowFieldNode(count, nulls.count());
            if (dtype instanceof DType.BooleanType) {
                vector.loadFieldBuffers(node, List.of(nulls.bits(), packBits(from, count, own)));
            } else if (elementSize > 0) {
                ArrowBuf data = whole
                        ? block.payload().slice((from - block.firstRow()) * elementSize, (long) count * elementSize)
                        : join(from, count, own);
                if (dtype instanceof DType.VectorType type) {
                    int numbers = Math.multiplyExact(count, type.elementCount());
                    vector.loadFieldBuffers(node, List.of(nulls.bits()));
                    // Items need no bitmap of their own: without one, Arrow would allocate it.
                    vector.getChildrenFromFields()
                            .get(0)
                            .loadFieldBuffers(new ArrowFieldNode(numbers, 0), List.of(ones(numbers, ones, own), data));
                } else {
                    vector.loadFieldBuffers(node, List.of(nulls.bits(), data));
                }
            } else {
                loadVariable(vector, node, nulls, from, count, whole, own);
            }
        } finally {
            own.forEach(ArrowBuf::close); // the vector has retained what it took
        }
    }

    private void loadVariable(
            FieldVector vector,
            ArrowFieldNode node,
            Nulls nulls,
            long from,
            int count,
            boolean whole,
            List<ArrowBuf> own) {
        BlockBuffers block = at(from);
        ArrowBuf blockOffsets = block.offsets();
        if (whole && blockOffsets != null) {
            ArrowBuf offsets = blockOffsets.slice(8 * (from - block.firstRow()), 8L * (count + 1));
            vector.loadFieldBuffers(node, List.of(nulls.bits(), offsets, block.payload()));
            return;
        }
        ArrowBuf offsets = own(own, allocator.buffer(8L * (count + 1)));
        List<ArrowBuf> pieces = new ArrayList<>();
        long bytes = 0;
        int row = 0;
        offsets.setLong(0, 0);
        // Two passes over the blocks: sizes first, so that the payload is allocated once.
        while (row < count) {
            BlockBuffers b = at(from + row);
            int first = (int) (from + row - b.firstRow());
            int n = (int) Math.min(count - row, b.endRow() - from - row);
            long start = b.start(first, 0);
            for (int i = 1; i <= n; i++) {
                offsets.setLong(8L * (row + i), bytes + b.start(first + i, 0) - start);
            }
            long size = b.start(first + n, 0) - start;
            if (size > 0) {
                ArrowBuf piece = b.payload().slice(start, size);
                piece.getReferenceManager().retain();
                pieces.add(piece);
                own.add(piece);
            }
            bytes += size;
            row += n;
        }
        ArrowBuf data = own(own, allocator.buffer(Math.max(1, bytes)));
        long at = 0;
        for (ArrowBuf piece : pieces) {
            data.setBytes(at, piece, 0, piece.capacity());
            at += piece.capacity();
        }
        joinedBytes += bytes;
        vector.loadFieldBuffers(node, List.of(nulls.bits(), offsets, data));
    }

    private static ArrowBuf own(List<ArrowBuf> own, ArrowBuf buffer) {
        own.add(buffer);
        return buffer;
    }

    private ArrowBuf join(long from, int count, List<ArrowBuf> own) {
        ArrowBuf data = own(own, allocator.buffer((long) count * elementSize));
        int row = 0;
        while (row < count) {
            BlockBuffers b = at(from + row);
            int n = (int) Math.min(count - row, b.endRow() - from - row);
            data.setBytes(
                    (long) row * elementSize,
                    b.payload(),
                    (from + row - b.firstRow()) * elementSize,
                    (long) n * elementSize);
            row += n;
        }
        joinedBytes += (long) count * elementSize;
        return data;
    }

    /** Bytes 0 and not 0 to bits. */
    private ArrowBuf packBits(long from, int count, List<ArrowBuf> own) {
        ArrowBuf bits = own(own, allocator.buffer((count + 7) / 8));
        int row = 0;
        int pending = 0;
        while (row < count) {
            BlockBuffers b = at(from + row);
            long at = from + row - b.firstRow();
            int n = (int) Math.min(count - row, b.endRow() - from - row);
            ArrowBuf bytes = b.payload();
            for (int i = 0; i < n; i++, row++) {
                pending |= (bytes.getByte(at + i) == 0 ? 0 : 1) << (row & 7);
                if ((row & 7) == 7) {
                    bits.setByte(row >> 3, pending);
                    pending = 0;
                }
            }
        }
        if ((count & 7) != 0) {
            bits.setByte(count >> 3, pending);
        }
        return bits;
    }

    private record Nulls(ArrowBuf bits, int count) {}

    private Nulls nulls(long from, int count, List<ArrowBuf> own) {
        ArrowBuf bits = own(own, allocator.buffer((count + 7) / 8));
        bits.setZero(0, bits.capacity());
        int nulls = 0;
        int row = 0;
        // Bitmaps are read ahead of the payload: blocks are opened here, and again where the payload is joined.
        try (ColumnFeed ahead = new ColumnFeed(column, allocator)) {
            while (row < count) {
                BlockBuffers b = from + row < at(from).endRow() ? at(from) : ahead.at(from + row);
                int first = (int) (from + row - b.firstRow());
                int n = (int) Math.min(count - row, b.endRow() - from - row);
                for (int i = 0; i < n; i++, row++) {
                    if (b.isPresent(first + i)) {
                        int byteAt = row >> 3;
                        bits.setByte(byteAt, bits.getByte(byteAt) | 1 << (row & 7));
                    } else {
                        nulls++;
                    }
                }
            }
        }
        return new Nulls(bits, nulls);
    }

    private ArrowBuf ones(int bits, ArrowBuf shared, List<ArrowBuf> own) {
        if (shared.capacity() * 8 >= bits) {
            return shared;
        }
        ArrowBuf large = own(own, allocator.buffer((bits + 7) / 8));
        large.setOne(0, large.capacity());
        return large;
    }
}
