package io.kohakuvault.internal.block.guard;

import io.kohakuvault.internal.block.BlockData;
import io.kohakuvault.internal.block.BlockReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The least and the greatest element of a block of variable size, in the order of their unsigned bytes. The first
 * sixteen bytes are compared as two numbers: that decides nearly always, for equal short elements too.
 */
final class ByteBounds {
    private static final int NEAR = 2 * Long.BYTES;

    private final ByteBuffer payload;
    private final Bound min = new Bound();
    private final Bound max = new Bound();

    private ByteBounds(ByteBuffer payload) {
        this.payload = payload.duplicate().order(ByteOrder.BIG_ENDIAN);
    }

    /** An element that has been seen: which one, and how it begins. */
    private static final class Bound {
        int index = -1;
        int from;
        int length;
        long high;
        long low;

        void take(int index, int from, int length, long high, long low) {
            this.index = index;
            this.from = from;
            this.length = length;
            this.high = high;
            this.low = low;
        }
    }

    /**
     * Which elements they are, the first of equal ones.
     *
     * @param present which rows are, null for all
     * @return the least and the greatest; null when no row is present
     */
    static int @Nullable [] of(BlockData block, byte @Nullable [] present) {
        ByteBounds bounds = new ByteBounds(block.payload());
        int rows = block.entry().rowCount();
        int end = block.start(0);
        for (int i = 0; i < rows; i++) {
            int from = end;
            end = block.start(i + 1);
            if (BlockReader.isPresent(present, i)) {
                bounds.add(i, from, end - from);
            }
        }
        return bounds.min.index < 0 ? null : new int[] {bounds.min.index, bounds.max.index};
    }

    private void add(int index, int from, int length) {
        long high = part(from, length);
        long low = part(from + Long.BYTES, length - Long.BYTES);
        if (min.index < 0) {
            min.take(index, from, length, high, low);
            max.take(index, from, length, high, low);
        } else if (compare(from, length, high, low, min) < 0) {
            min.take(index, from, length, high, low);
        } else if (compare(from, length, high, low, max) > 0) {
            max.take(index, from, length, high, low);
        }
    }

    /** Up to eight bytes as a number that is in their order; zeros behind the last one. */
    private long part(int from, int length) {
        if (length <= 0) {
            return 0;
        }
        if (from <= payload.limit() - Long.BYTES) {
            long bytes = payload.getLong(from);
            return length >= Long.BYTES ? bytes : bytes & -1L << (Long.SIZE - Byte.SIZE * length);
        }
        long bytes = 0;
        for (int i = 0; i < Math.min(Long.BYTES, length); i++) {
            bytes |= (payload.get(from + i) & 0xFFL) << (Long.SIZE - Byte.SIZE * (i + 1));
        }
        return bytes;
    }

    private int compare(int from, int length, long high, long low, Bound other) {
        if (high != other.high) {
            return Long.compareUnsigned(high, other.high);
        }
        if (low != other.low) {
            return Long.compareUnsigned(low, other.low);
        }
        return length > NEAR && other.length > NEAR
                ? compareRest(from, length, other)
                : Integer.compare(length, other.length); // the longer one has zeros where the shorter has ended
    }

    private int compareRest(int from, int length, Bound other) {
        ByteBuffer a = payload.slice(from + NEAR, length - NEAR);
        ByteBuffer b = payload.slice(other.from + NEAR, other.length - NEAR);
        int at = a.mismatch(b);
        if (at < 0) {
            return 0;
        }
        return at == a.limit() || at == b.limit()
                ? Integer.compare(length, other.length)
                : Integer.compare(a.get(at) & 0xFF, b.get(at) & 0xFF);
    }
}
