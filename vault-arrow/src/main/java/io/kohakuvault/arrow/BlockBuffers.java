package io.kohakuvault.arrow;

import io.kohakuvault.spi.BlockView;
import io.kohakuvault.spi.Origin;
import java.nio.ByteBuffer;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.ForeignAllocation;
import org.apache.arrow.memory.util.MemoryUtil;
import org.jspecify.annotations.Nullable;

/**
 * One block as Arrow buffers: by address where it is mapped and aligned, else copied once. Not thread-safe; must be
 * closed.
 */
final class BlockBuffers implements AutoCloseable {
    private final long firstRow;
    private final int rows;
    private final ArrowBuf payload;
    private final @Nullable ArrowBuf offsets;
    private final byte @Nullable [] validity;
    private final boolean mapped;

    private BlockBuffers(BlockView view, ArrowBuf payload, @Nullable ArrowBuf offsets, boolean mapped) {
        this.firstRow = view.firstRow();
        this.rows = view.rows();
        this.payload = payload;
        this.offsets = offsets;
        this.validity = view.validity();
        this.mapped = mapped;
    }

    /** Takes the view over: it is closed when the last Arrow buffer that points into it is released. */
    static BlockBuffers of(BlockView view, int alignment, BufferAllocator allocator) {
        try (view) {
            boolean[] mapped = {true};
            ArrowBuf payload = buffer(view, view.payload(), alignment, allocator, mapped);
            ByteBuffer o = view.offsets();
            try {
                return new BlockBuffers(
                        view, payload, o == null ? null : buffer(view, o, 8, allocator, mapped), mapped[0]);
            } catch (RuntimeException | Error e) {
                payload.close();
                throw e;
            }
        }
    }

    private static ArrowBuf buffer(
            BlockView view, ByteBuffer bytes, int alignment, BufferAllocator allocator, boolean[] mapped) {
        int size = bytes.remaining();
        if (size == 0) {
            return allocator.getEmpty();
        }
        if (view.origin() == Origin.MAPPED) {
            long address = MemoryUtil.getByteBufferAddress(bytes);
            if (address % alignment == 0) {
                MappedBytes memory = new MappedBytes(size, address, bytes, view);
                try {
                    return allocator.wrapForeignAllocation(memory);
                } catch (RuntimeException | Error e) {
                    memory.release0(); // the allocator's limit was reached before it took the memory over
                    throw e;
                }
            }
        }
        mapped[0] = false;
        ArrowBuf copy = allocator.buffer(size);
        copy.setBytes(0, bytes.duplicate());
        return copy;
    }

    /** Memory of the mapped file. The ByteBuffer is kept reachable, for the collector unmaps what is not. */
    private static final class MappedBytes extends ForeignAllocation {
        private @Nullable ByteBuffer bytes;
        private final BlockView view;

        MappedBytes(long size, long address, ByteBuffer bytes, BlockView view) {
            super(size, address);
            this.bytes = bytes;
            this.view = view.retain();
        }

        @Override
        protected void release0() {
            if (bytes != null) { // only once
                bytes = null;
                view.close();
            }
        }
    }

    boolean mapped() {
        return mapped;
    }

    long firstRow() {
        return firstRow;
    }

    int rows() {
        return rows;
    }

    long endRow() {
        return firstRow + rows;
    }

    ArrowBuf payload() {
        return payload;
    }

    /** Where element i of the block begins in the payload; for i = rows its end. */
    long start(int i, int elementSize) {
        ArrowBuf o = offsets;
        return o == null ? (long) i * elementSize : o.getLong(8L * i);
    }

    @Nullable
    ArrowBuf offsets() {
        return offsets;
    }

    boolean isPresent(int i) {
        byte[] bits = validity;
        return bits == null || (bits[i >> 3] >> (i & 7) & 1) != 0;
    }

    boolean hasValidity() {
        return validity != null;
    }

    @Override
    public void close() {
        payload.close();
        ArrowBuf o = offsets;
        if (o != null) {
            o.close();
        }
    }
}
