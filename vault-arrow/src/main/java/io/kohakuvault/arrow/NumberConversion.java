package io.kohakuvault.arrow;

import java.nio.ByteBuffer;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.util.Float16;

/** Numbers of one size that become numbers of another, or others of the same size. */
enum NumberConversion {
    /** Bytes 0 and not 0 become bits: done by whom the buffers belong to, since bits have no address. */
    BITS(1, 0) {
        @Override
        void convert(ByteBuffer from, int at, ArrowBuf to, long target) {
            throw new AssertionError("bits are packed");
        }
    },
    /** The unscaled value of a decimal, to 128 bits. */
    DECIMAL(8, 16) {
        @Override
        void convert(ByteBuffer from, int at, ArrowBuf to, long target) {
            long value = from.getLong(at);
            to.setLong(target, value);
            to.setLong(target + 8, value >> 63);
        }
    },
    /** An unsigned integer of 64 bits, to a decimal of 128. */
    U64_TO_DECIMAL(8, 16) {
        @Override
        void convert(ByteBuffer from, int at, ArrowBuf to, long target) {
            to.setLong(target, from.getLong(at));
            to.setLong(target + 8, 0);
        }
    },
    U32_TO_I64(4, 8) {
        @Override
        void convert(ByteBuffer from, int at, ArrowBuf to, long target) {
            to.setLong(target, from.getInt(at) & 0xFFFFFFFFL);
        }
    },
    U16_TO_I32(2, 4) {
        @Override
        void convert(ByteBuffer from, int at, ArrowBuf to, long target) {
            to.setInt(target, from.getShort(at) & 0xFFFF);
        }
    },
    U8_TO_I16(1, 2) {
        @Override
        void convert(ByteBuffer from, int at, ArrowBuf to, long target) {
            to.setShort(target, from.get(at) & 0xFF);
        }
    },
    F16_TO_F32(2, 4) {
        @Override
        void convert(ByteBuffer from, int at, ArrowBuf to, long target) {
            to.setFloat(target, Float16.toFloat(from.getShort(at)));
        }
    },
    S_TO_US(8, 8) {
        @Override
        void convert(ByteBuffer from, int at, ArrowBuf to, long target) {
            to.setLong(target, Math.multiplyExact(from.getLong(at), 1_000_000L));
        }
    },
    MS_TO_US(8, 8) {
        @Override
        void convert(ByteBuffer from, int at, ArrowBuf to, long target) {
            to.setLong(target, Math.multiplyExact(from.getLong(at), 1_000L));
        }
    },
    NS_TO_US(8, 8) {
        @Override
        void convert(ByteBuffer from, int at, ArrowBuf to, long target) {
            to.setLong(target, Math.floorDiv(from.getLong(at), 1_000L));
        }
    };

    private final int sourceBytes;
    private final int targetBytes;

    NumberConversion(int sourceBytes, int targetBytes) {
        this.sourceBytes = sourceBytes;
        this.targetBytes = targetBytes;
    }

    int sourceBytes() {
        return sourceBytes;
    }

    int targetBytes() {
        return targetBytes;
    }

    /** Converts a number; an ArithmeticException when it does not fit. */
    abstract void convert(ByteBuffer from, int at, ArrowBuf to, long target);

    /** Converts several. What a null has in its place is not looked at: it may be anything. */
    void convert(ByteBuffer from, int at, ArrowBuf to, long target, long count) {
        for (long i = 0; i < count; i++) {
            convert(from, (int) (at + i * sourceBytes), to, target + i * targetBytes);
        }
    }
}
