package io.kohakuvault.arrow;

import java.nio.ByteBuffer;

/** Bitmaps as Arrow has them: bit {@code i & 7} of byte {@code i >> 3}. */
final class Bits {
    /** The lowest seven bits of each byte. */
    private static final long LOW_BITS = 0x7F7F7F7F7F7F7F7FL;

    private static final long HIGH_BITS = 0x8080808080808080L;

    /** Moves the lowest bit of byte i to bit 56 + i. */
    private static final long GATHER = 0x0102040810204080L;

    private Bits() {}

    static byte[] of(long bits) {
        return new byte[Math.toIntExact((bits + 7) >> 3)];
    }

    /** Sets count bits. */
    static void set(byte[] bits, long at, long count) {
        long end = at + count;
        while (at < end && (at & 7) != 0) {
            set(bits, at++);
        }
        for (; end - at >= 8; at += 8) {
            bits[(int) (at >> 3)] = -1;
        }
        while (at < end) {
            set(bits, at++);
        }
    }

    private static void set(byte[] bits, long at) {
        bits[(int) (at >> 3)] |= (byte) (1 << (at & 7));
    }

    /** Copies count bits to where none is set. Answers how many of them are 0. */
    static int copy(byte[] from, int fromAt, byte[] to, int at, int count) {
        int ones = 0;
        int i = 0;
        for (; i < count && ((at + i) & 7) != 0; i++) {
            ones += copy(from, fromAt + i, to, at + i);
        }
        for (; count - i >= 8; i += 8) {
            int source = fromAt + i;
            int shift = source & 7;
            int eight = (from[source >> 3] & 0xFF) >> shift;
            if (shift != 0) {
                eight |= from[(source >> 3) + 1] << (8 - shift);
            }
            to[(at + i) >> 3] = (byte) eight;
            ones += Integer.bitCount(eight & 0xFF);
        }
        for (; i < count; i++) {
            ones += copy(from, fromAt + i, to, at + i);
        }
        return count - ones;
    }

    private static int copy(byte[] from, int fromAt, byte[] to, int at) {
        int bit = from[fromAt >> 3] >> (fromAt & 7) & 1;
        to[at >> 3] |= (byte) (bit << (at & 7));
        return bit;
    }

    /** Bytes 0 and not 0 to bits, to where none is set. */
    static void pack(ByteBuffer bytes, int from, byte[] to, long at, long count) {
        int i = 0;
        for (; i < count && ((at + i) & 7) != 0; i++) {
            pack(bytes.get(from + i), to, at + i);
        }
        for (; count - i >= 8; i += 8) {
            long eight = bytes.getLong(from + i); // the first byte lowest, since buffers are little-endian
            long truths = ((((eight & LOW_BITS) + LOW_BITS) | eight) & HIGH_BITS) >>> 7;
            to[(int) ((at + i) >> 3)] = (byte) ((truths * GATHER) >>> 56);
        }
        for (; i < count; i++) {
            pack(bytes.get(from + i), to, at + i);
        }
    }

    private static void pack(byte value, byte[] to, long at) {
        if (value != 0) {
            set(to, at);
        }
    }
}
