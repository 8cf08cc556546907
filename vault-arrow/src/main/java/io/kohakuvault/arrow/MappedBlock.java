package io.kohakuvault.arrow;

import io.kohakuvault.spi.BlockView;
import io.kohakuvault.spi.Origin;
import java.nio.ByteBuffer;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.ForeignAllocation;
import org.apache.arrow.memory.util.MemoryUtil;
import org.jspecify.annotations.Nullable;

/** A block of the mapped file as Arrow buffers by address. Not thread-safe; must be closed. */
final class MappedBlock implements AutoCloseable {
    private final ArrowBuf payload;
    private final @Nullable ArrowBuf offsets;

    private MappedBlock(ArrowBuf payload, @Nullable ArrowBuf offsets) {
        this.payload = payload;
        this.offsets = offsets;
    }

    /** Whether Arrow can take a block as it stands. */
    static boolean isPossible(BlockView view, int alignment) {
        if (view.origin() != Origin.MAPPED) {
            return false;
        }
        ByteBuffer offsets = view.offsets();
        return MemoryUtil.getByteBufferAddress(view.payload()) % alignment == 0
                && (offsets == null || MemoryUtil.getByteBufferAddress(offsets) % 8 == 0);
    }

    /** The buffers of a block for which that is possible. They keep it until the last of them is released. */
    static MappedBlock of(BlockView view, BufferAllocator allocator) {
        ArrowBuf payload = buffer(view, view.payload(), allocator);
        ByteBuffer offsets = view.offsets();
        try {
            return new MappedBlock(payload, offsets == null ? null : buffer(view, offsets, allocator));
        } catch (RuntimeException | Error e) {
            payload.close();
            throw e;
        }
    }

    private static ArrowBuf buffer(BlockView view, ByteBuffer bytes, BufferAllocator allocator) {
        int size = bytes.remaining();
        if (size == 0) {
            return allocator.getEmpty();
        }
        MappedBytes memory = new MappedBytes(size, MemoryUtil.getByteBufferAddress(bytes), bytes, view);
        try {
            return allocator.wrapForeignAllocation(memory);
        } catch (RuntimeException | Error e) {
            memory.release0(); // the allocator's limit was reached before it took the memory over
            throw e;
        }
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

    ArrowBuf payload() {
        return payload;
    }

    @Nullable
    ArrowBuf offsets() {
        return offsets;
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
