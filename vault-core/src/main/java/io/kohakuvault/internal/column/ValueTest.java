package io.kohakuvault.internal.column;

import io.kohakuvault.codec.DType;
import io.kohakuvault.internal.block.BlockData;
import io.kohakuvault.internal.block.Numbers;
import io.kohakuvault.internal.block.guard.ZoneMap;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Whether elements of a column are wanted. Of nulls it is not asked. */
public interface ValueTest extends ZoneMap.Test {
    /** Whether element i of a block is wanted. */
    boolean holds(BlockData block, int i);

    /**
     * Marks the rows [first, last) of a block that are wanted.
     *
     * @param words bits, 64 in each; row i of the block is bit offset + i
     */
    default void mark(BlockData block, int first, int last, long[] words, int offset) {
        for (int i = first; i < last; i++) {
            if (holds(block, i)) {
                words[(offset + i) >> 6] |= 1L << (offset + i);
            }
        }
    }

    /** Integers, and what is stored as such in the same order; of u64 without a sign. */
    record Longs(DType.IntegerType type, long least, long greatest) implements ValueTest {
        @Override
        public boolean mayHold(BlockData bounds, int min, int max) {
            return compare(Numbers.getLong(bounds, type, min), greatest) <= 0
                    && compare(Numbers.getLong(bounds, type, max), least) >= 0;
        }

        @Override
        public boolean holdsAll(BlockData bounds, int min, int max) {
            return holds(bounds, min) && holds(bounds, max);
        }

        @Override
        public boolean holds(BlockData block, int i) {
            long value = Numbers.getLong(block, type, i);
            return compare(value, least) >= 0 && compare(value, greatest) <= 0;
        }

        @Override
        public void mark(BlockData block, int first, int last, long[] words, int offset) {
            if (type.elementSizeBytes() != Long.BYTES) {
                ValueTest.super.mark(block, first, last, words, offset);
                return;
            }
            // Without a branch a row: half of them may be wanted, in no order.
            long flip = type.equals(DType.U64) ? Long.MIN_VALUE : 0;
            long low = least ^ flip;
            long high = greatest ^ flip;
            ByteBuffer payload = block.payload();
            for (int i = first; i < last; i++) {
                long value = payload.getLong(Long.BYTES * i) ^ flip;
                words[(offset + i) >> 6] |= (value >= low && value <= high ? 1L : 0L) << (offset + i);
            }
        }

        private int compare(long a, long b) {
            return type.equals(DType.U64) ? Long.compareUnsigned(a, b) : Long.compare(a, b);
        }
    }

    /** Floating-point numbers; NaN lies in no range, and no bounds of a block tell of it. */
    record Doubles(DType.FloatingType type, double least, double greatest) implements ValueTest {
        @Override
        public boolean mayHold(BlockData bounds, int min, int max) {
            return Numbers.getDouble(bounds, type, min) <= greatest && Numbers.getDouble(bounds, type, max) >= least;
        }

        @Override
        public boolean holds(BlockData block, int i) {
            double value = Numbers.getDouble(block, type, i);
            return value >= least && value <= greatest;
        }

        @Override
        public void mark(BlockData block, int first, int last, long[] words, int offset) {
            if (type.elementSizeBytes() != Double.BYTES) {
                ValueTest.super.mark(block, first, last, words, offset);
                return;
            }
            ByteBuffer payload = block.payload();
            for (int i = first; i < last; i++) {
                double value = payload.getDouble(Double.BYTES * i);
                words[(offset + i) >> 6] |= (value >= least && value <= greatest ? 1L : 0L) << (offset + i);
            }
        }
    }

    /** Elements of variable size by their bytes. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record ByteRange(byte @Nullable [] least, byte @Nullable [] greatest, boolean inclusive) implements ValueTest {
        @Override
        public boolean mayHold(BlockData bounds, int min, int max) {
            return isNotAbove(bounds, min) && isNotBelow(bounds, max);
        }

        @Override
        public boolean holdsAll(BlockData bounds, int min, int max) {
            return holds(bounds, min) && holds(bounds, max);
        }

        @Override
        public boolean holds(BlockData block, int i) {
            return isNotBelow(block, i) && isNotAbove(block, i);
        }

        private boolean isNotBelow(BlockData block, int i) {
            return least == null || compare(block, i, least) >= 0;
        }

        private boolean isNotAbove(BlockData block, int i) {
            return greatest == null || compare(block, i, greatest) < (inclusive ? 1 : 0);
        }

        private static int compare(BlockData block, int i, byte[] bound) {
            int start = block.start(i);
            int length = block.start(i + 1) - start;
            int common = Math.min(length, bound.length);
            for (int at = 0; at < common; at++) {
                int difference = (block.payload().get(start + at) & 0xFF) - (bound[at] & 0xFF);
                if (difference != 0) {
                    return difference;
                }
            }
            return length - bound.length;
        }
    }

    /**
     * Elements that are the same bytes.
     *
     * @param size bytes of an element, 0 for a variable size
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record SameBytes(byte[] wanted, int size) implements ValueTest {
        @Override
        public boolean mayHold(BlockData bounds, int min, int max) {
            return true;
        }

        @Override
        public boolean holds(BlockData block, int i) {
            int start = size > 0 ? i * size : block.start(i);
            int length = size > 0 ? size : block.start(i + 1) - start;
            if (length != wanted.length) {
                return false;
            }
            byte[] bytes = new byte[length];
            block.payload().get(start, bytes);
            return Arrays.equals(bytes, wanted);
        }
    }

    /** Truth values, of which any byte but zero is true. */
    record Truth(boolean wanted) implements ValueTest {
        @Override
        public boolean mayHold(BlockData bounds, int min, int max) {
            return true;
        }

        @Override
        public boolean holds(BlockData block, int i) {
            return (block.payload().get(i) != 0) == wanted;
        }
    }
}
