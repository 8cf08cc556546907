package io.kohakuvault.arrow;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.jspecify.annotations.Nullable;

/** Hands buffers to vectors of elements of one size, and makes those that they need besides. */
final class VectorBuffers {
    private final ColumnMapping mapping;
    private final BufferAllocator allocator;

    VectorBuffers(ColumnMapping mapping, BufferAllocator allocator) {
        this.mapping = mapping;
        this.allocator = allocator;
    }

    /**
     * Loads elements of one size.
     *
     * @param ones a bitmap of ones that vectors share; null where each has its own
     * @param own takes the buffers that are made here, for the caller to close
     */
    void loadFixed(
            FieldVector vector,
            ArrowFieldNode node,
            ArrowBuf valid,
            ArrowBuf data,
            @Nullable ArrowBuf ones,
            List<ArrowBuf> own) {
        int count = node.getLength();
        switch (mapping.layout()) {
            case FIXED, BITS -> vector.loadFieldBuffers(node, List.of(valid, data));
            case FIXED_LIST -> {
                vector.loadFieldBuffers(node, List.of(valid));
                loadItems(vector, count, data, ones, own);
            }
            case LIST -> {
                ArrowBuf offsets = own(own, allocator.buffer(4L * (count + 1)));
                for (int i = 0; i <= count; i++) {
                    offsets.setInt(4L * i, Math.multiplyExact(i, mapping.perRow()));
                }
                vector.loadFieldBuffers(node, List.of(valid, offsets));
                loadItems(vector, count, data, ones, own);
            }
            case VARIABLE, NESTED -> throw new AssertionError("elements of variable size have offsets");
        }
    }

    /** Items need no bitmap of their own: without one, Arrow would allocate it. */
    private void loadItems(FieldVector vector, int count, ArrowBuf data, @Nullable ArrowBuf ones, List<ArrowBuf> own) {
        int items = Math.multiplyExact(count, mapping.perRow());
        vector.getChildrenFromFields()
                .get(0)
                .loadFieldBuffers(new ArrowFieldNode(items, 0), List.of(bitmap(null, 0, items, ones, own), data));
    }

    /**
     * A bitmap of the elements that are there.
     *
     * @param bits null where all are 1
     */
    ArrowBuf bitmap(byte @Nullable [] bits, int nulls, int count, @Nullable ArrowBuf ones, List<ArrowBuf> own) {
        if (ones != null && (bits == null || nulls == 0) && ones.capacity() * 8 >= count) {
            return ones;
        }
        ArrowBuf bitmap = own(own, allocator.buffer((count + 7L) / 8));
        if (bits == null) {
            bitmap.setOne(0, bitmap.capacity());
        } else {
            bitmap.setBytes(0, bits);
        }
        return bitmap;
    }

    static ArrowBuf own(List<ArrowBuf> own, ArrowBuf buffer) {
        own.add(buffer);
        return buffer;
    }
}
