package io.kohakuvault.arrow;

import io.kohakuvault.spi.ColumnBlocks;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.jspecify.annotations.Nullable;

/** Fills one vector with ranges of one column, forwards. Not thread-safe; must be closed. */
final class ColumnFeed implements AutoCloseable {
    private final ColumnBlocks column;
    private final ColumnMapping mapping;
    private final int elementSize;
    private final BufferAllocator allocator;
    private @Nullable BlockBuffers current;

    long mappedBlocks;
    long copiedBlocks;
    long joinedBytes;

    ColumnFeed(ColumnBlocks column, ColumnMapping mapping, BufferAllocator allocator) {
        this.column = column;
        this.mapping = mapping;
        this.elementSize = column.dtype().elementSizeBytes();
        this.allocator = allocator;
    }

    /** The block that holds a row; the one before is let go. */
    BlockBuffers at(long row) {
        BlockBuffers block = current;
        // Backwards only where a batch is loaded once more, after one that failed.
        if (block == null || row < block.firstRow() || row >= block.endRow()) {
            close();
            block = BlockBuffers.of(column.block(row), ArrowFields.alignment(column), allocator);
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
            switch (mapping.layout()) {
                case FIXED -> vector.loadFieldBuffers(node, List.of(nulls.bits(), numbers(from, count, whole, own)));
                case BITS -> vector.loadFieldBuffers(node, List.of(nulls.bits(), packBits(from, count, own)));
                case FIXED_LIST -> {
                    vector.loadFieldBuffers(node, List.of(nulls.bits()));
                    loadItems(vector, from, count, whole, ones, own);
                }
                case LIST -> {
                    vector.loadFieldBuffers(node, List.of(nulls.bits(), listOffsets(count, own)));
                    loadItems(vector, from, count, whole, ones, own);
                }
                case VARIABLE -> {
                    if (mapping.texts() == null) {
                        loadVariable(vector, node, nulls, from, count, whole, own);
                    } else {
                        loadConverted(vector, node, nulls, from, count, own);
                    }
                }
            }
        } finally {
            own.forEach(ArrowBuf::close); // the vector has retained what it took
        }
    }

    /** Items need no bitmap of their own: without one, Arrow would allocate it. */
    private void loadItems(FieldVector vector, long from, int count, boolean whole, ArrowBuf ones, List<ArrowBuf> own) {
        int items = Math.multiplyExact(count, mapping.perRow());
        ArrowBuf data = mapping.hasBits() ? packBits(from, count, own) : numbers(from, count, whole, own);
        vector.getChildrenFromFields()
                .get(0)
                .loadFieldBuffers(new ArrowFieldNode(items, 0), List.of(ones(items, ones, own), data));
    }

    private ArrowBuf listOffsets(int count, List<ArrowBuf> own) {
        ArrowBuf offsets = own(own, allocator.buffer(4L * (count + 1)));
        for (int i = 0; i <= count; i++) {
            offsets.setInt(4L * i, Math.multiplyExact(i, mapping.perRow()));
        }
        return offsets;
    }

    /** The numbers of elements of one size, by address where they are one block's and Arrow's as they are. */
    private ArrowBuf numbers(long from, int count, boolean whole, List<ArrowBuf> own) {
        NumberConversion conversion = mapping.numbers();
        if (conversion == null) {
            BlockBuffers block = at(from);
            return whole
                    ? block.payload().slice((from - block.firstRow()) * elementSize, (long) count * elementSize)
                    : join(from, count, own);
        }
        long targetBytes = (long) mapping.perRow() * conversion.targetBytes();
        ArrowBuf data = own(own, allocator.buffer(count * targetBytes));
        int row = 0;
        while (row < count) {
            BlockBuffers b = at(from + row);
            int n = (int) Math.min(count - row, b.endRow() - from - row);
            long at = (from + row - b.firstRow()) * elementSize;
            try {
                conversion.convert(b.payload(), at, data, row * targetBytes, (long) n * mapping.perRow());
            } catch (ArithmeticException e) {
                convertPresent(conversion, b, from + row, n, data, row * targetBytes);
            }
            row += n;
        }
        joinedBytes += count * targetBytes;
        return data;
    }

    /** One by one, leaving out nulls, in whose place anything may stand. */
    private void convertPresent(
            NumberConversion conversion, BlockBuffers block, long from, int count, ArrowBuf data, long target) {
        for (int i = 0; i < count; i++) {
            int inBlock = (int) (from + i - block.firstRow());
            long to = target + (long) i * conversion.targetBytes();
            try {
                if (block.isPresent(inBlock)) {
                    conversion.convert(block.payload(), (long) inBlock * elementSize, data, to);
                } else {
                    data.setZero(to, conversion.targetBytes());
                }
            } catch (ArithmeticException e) {
                throw new IllegalArgumentException(
                        "column '" + column.name() + "', row " + (from + i) + ": the number does not fit "
                                + mapping.field().getType(),
                        e);
            }
        }
    }

    /** Elements that become others, one by one. */
    private void loadConverted(
            FieldVector vector, ArrowFieldNode node, Nulls nulls, long from, int count, List<ArrowBuf> own) {
        ElementConversion conversion = Objects.requireNonNull(mapping.texts());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Offsets offsets = new Offsets(count, own);
        int row = 0;
        while (row < count) {
            BlockBuffers b = at(from + row);
            int first = (int) (from + row - b.firstRow());
            int n = (int) Math.min(count - row, b.endRow() - from - row);
            for (int i = 0; i < n; i++, row++) {
                if (!column.nullable() || b.isPresent(first + i)) {
                    long start = b.start(first + i, elementSize);
                    byte[] element = new byte[(int) (b.start(first + i + 1, elementSize) - start)];
                    b.payload().getBytes(start, element);
                    bytes.writeBytes(converted(conversion, element, from + row));
                }
                offsets.set(row + 1, bytes.size());
            }
        }
        ArrowBuf data = own(own, allocator.buffer(Math.max(1, bytes.size())));
        data.setBytes(0, bytes.toByteArray());
        joinedBytes += bytes.size();
        vector.loadFieldBuffers(node, List.of(nulls.bits(), offsets.buffer, data));
    }

    private byte[] converted(ElementConversion conversion, byte[] element, long row) {
        try {
            return conversion.convert(element);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("column '" + column.name() + "', row " + row + ": " + e.getMessage(), e);
        }
    }

    /** Offsets of 32 or 64 bits. */
    private final class Offsets {
        private final ArrowBuf buffer;
        private final int bytes = mapping.shortOffsets() ? 4 : 8;

        Offsets(int count, List<ArrowBuf> own) {
            buffer = own(own, allocator.buffer((long) bytes * (count + 1)));
            set(0, 0);
        }

        void set(int row, long offset) {
            if (bytes == 8) {
                buffer.setLong(8L * row, offset);
            } else {
                buffer.setInt(4L * row, Math.toIntExact(offset));
            }
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
        if (whole && blockOffsets != null && mapping.shortOffsets()) {
            Offsets offsets = new Offsets(count, own);
            int first = (int) (from - block.firstRow());
            long start = block.start(first, 0);
            for (int i = 1; i <= count; i++) {
                offsets.set(i, block.start(first + i, 0) - start);
            }
            long size = block.start(first + count, 0) - start;
            vector.loadFieldBuffers(
                    node, List.of(nulls.bits(), offsets.buffer, block.payload().slice(start, size)));
            return;
        }
        if (whole && blockOffsets != null) {
            ArrowBuf offsets = blockOffsets.slice(8 * (from - block.firstRow()), 8L * (count + 1));
            vector.loadFieldBuffers(node, List.of(nulls.bits(), offsets, block.payload()));
            return;
        }
        Offsets offsets = new Offsets(count, own);
        List<ArrowBuf> pieces = new ArrayList<>();
        long bytes = 0;
        int row = 0;
        // Two passes over the blocks: sizes first, so that the payload is allocated once.
        while (row < count) {
            BlockBuffers b = at(from + row);
            int first = (int) (from + row - b.firstRow());
            int n = (int) Math.min(count - row, b.endRow() - from - row);
            long start = b.start(first, 0);
            for (int i = 1; i <= n; i++) {
                offsets.set(row + i, bytes + b.start(first + i, 0) - start);
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
        vector.loadFieldBuffers(node, List.of(nulls.bits(), offsets.buffer, data));
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
        int perRow = mapping.perRow();
        long items = (long) count * perRow;
        ArrowBuf bits = own(own, allocator.buffer((items + 7) / 8));
        long item = 0;
        int pending = 0;
        while (item < items) {
            long row = from + item / perRow;
            BlockBuffers b = at(row);
            long at = (row - b.firstRow()) * perRow;
            long end = item + Math.min(items - item, (b.endRow() - row) * perRow);
            ArrowBuf bytes = b.payload();
            for (; item < end; item++) {
                pending |= (bytes.getByte(at++) == 0 ? 0 : 1) << (int) (item & 7);
                if ((item & 7) == 7) {
                    bits.setByte(item >> 3, pending);
                    pending = 0;
                }
            }
        }
        if ((items & 7) != 0) {
            bits.setByte(items >> 3, pending);
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
        try (ColumnFeed ahead = new ColumnFeed(column, mapping, allocator)) {
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
