package io.kohakuvault.arrow;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/** Elements of variable size, gathered: their bytes and offsets. Not thread-safe; must be closed. */
final class GatheredBytes implements AutoCloseable {
    private final BufferAllocator allocator;
    private final String column;
    private final boolean shortOffsets;
    private final int rows;

    /** Where each element begins in the bytes gathered, and how long it is; null while they come in order. */
    private final long @Nullable [] starts;

    private final ArrowBuf offsets;
    private @Nullable ArrowBuf bytes;
    private long size;

    /**
     * Nothing yet.
     *
     * @param column the column's name
     * @param inOrder whether elements come in the order in which they stand in the batch
     */
    GatheredBytes(BufferAllocator allocator, String column, int rows, boolean inOrder, boolean shortOffsets) {
        this.allocator = allocator;
        this.column = column;
        this.shortOffsets = shortOffsets;
        this.rows = rows;
        this.starts = inOrder ? null : new long[rows];
        this.offsets = allocator.buffer((shortOffsets ? 4L : 8L) * (rows + 1));
        setOffset(0, 0);
    }

    /**
     * Adds elements that stand together.
     *
     * @param elementOffsets where they begin, unsigned 64-bit numbers; null for elements of one size
     * @param first which of the block's elements is the first
     * @param place where in the batch it goes
     */
    void add(
            ByteBuffer payload, @Nullable ByteBuffer elementOffsets, int elementSize, int first, int count, int place) {
        long start = start(elementOffsets, elementSize, first);
        long length = start(elementOffsets, elementSize, first + count) - start;
        ArrowBuf target = room(length, count);
        target.setBytes(size, payload.duplicate(), (int) start, (int) length);
        if (elementOffsets != null && !shortOffsets) {
            move(elementOffsets, first, count, place, size - start);
        } else {
            for (int i = 1; i <= count; i++) {
                long end = size + start(elementOffsets, elementSize, first + i) - start;
                placed(place + i - 1, end);
            }
        }
        size += length;
        if (starts != null) {
            long at = size - length;
            for (int i = 0; i < count; i++) {
                starts[place + i] = at + start(elementOffsets, elementSize, first + i) - start;
            }
        }
    }

    /** Where elements end, by views of the offsets: each number that is set on its own is checked anew. */
    private void move(ByteBuffer elementOffsets, int first, int count, int place, long by) {
        LongBuffer from = elementOffsets
                .slice(8 * (first + 1), 8 * count)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asLongBuffer();
        LongBuffer to = offsets.nioBuffer(8L * (place + 1), 8 * count)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asLongBuffer();
        for (int i = 0; i < count; i++) {
            to.put(i, from.get(i) + by);
        }
    }

    private static long start(@Nullable ByteBuffer offsets, int elementSize, int i) {
        return offsets == null ? (long) i * elementSize : offsets.getLong(8 * i);
    }

    /** Adds one element; null adds none. */
    void add(byte @Nullable [] element, int place) {
        int length = element == null ? 0 : element.length;
        if (element != null) {
            room(length, 1).setBytes(size, element);
        }
        if (starts != null) {
            starts[place] = size;
        }
        size += length;
        placed(place, size);
    }

    /** Where the element ends among the bytes gathered, until the last of them is there. */
    private void placed(int place, long end) {
        setOffset(place + 1, end);
    }

    private void setOffset(int i, long offset) {
        if (shortOffsets) {
            offsets.setInt(4L * i, shortOffset(column, offset));
        } else {
            offsets.setLong(8L * i, offset);
        }
    }

    /** An offset of 32 bits. Batches are cut by what blocks tell, which in those of others may be too little. */
    static int shortOffset(String column, long offset) {
        if (offset > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("column '" + column
                    + "' has more than 2 GiB in one batch, which offsets of 32 bits cannot say; ask for fewer rows with"
                    + " batchRows or copied, or take a profile with offsets of 64 bits");
        }
        return (int) offset;
    }

    private long offset(int i) {
        return shortOffsets ? offsets.getInt(4L * i) : offsets.getLong(8L * i);
    }

    /** The bytes with room for more; about as many for each of the rows that are still to come. */
    private ArrowBuf room(long length, int count) {
        ArrowBuf now = bytes;
        if (now == null) {
            long expected = Math.min(BatchRows.MOST_GATHERED_BYTES, length * rows / count);
            now = allocator.buffer(Math.max(1, Math.max(length, expected)));
            bytes = now;
        } else if (size + length > now.capacity()) {
            ArrowBuf larger = allocator.buffer(Math.max(size + length, 2 * now.capacity()));
            larger.setBytes(0, now, 0, size);
            now.close();
            bytes = larger;
            now = larger;
        }
        return now;
    }

    /** Puts elements that came in another order in theirs. To be called once, after the last. */
    void finish() {
        ArrowBuf gathered = bytes;
        if (gathered == null) {
            bytes = allocator.buffer(1);
        } else if (starts != null) {
            ArrowBuf ordered = allocator.buffer(Math.max(1, size));
            long at = 0;
            for (int i = 0; i < rows; i++) {
                long length = offset(i + 1) - starts[i];
                ordered.setBytes(at, gathered, starts[i], length);
                at += length;
                setOffset(i + 1, at);
            }
            gathered.close();
            bytes = ordered;
        }
    }

    ArrowBuf offsets() {
        return offsets;
    }

    ArrowBuf bytes() {
        ArrowBuf gathered = bytes;
        if (gathered == null) {
            throw new IllegalStateException("finish() comes first");
        }
        return gathered;
    }

    long size() {
        return size;
    }

    @Override
    public void close() {
        offsets.close();
        ArrowBuf gathered = bytes;
        bytes = null;
        if (gathered != null) {
            gathered.close();
        }
    }
}
