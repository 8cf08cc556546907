package io.kohakuvault.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The data of the workloads, the same as {@code datagen.py}'s: everything is an output of SplitMix64 under a seed. */
final class PeerData {
    private static final byte[] POOL = new byte[65_536 + 64];

    static {
        for (int i = 0; i < POOL.length; i++) {
            POOL[i] = (byte) ('a' + below(21, i, 26));
        }
    }

    private PeerData() {}

    /** Output i of the generator, from 0. */
    static long out(long seed, long i) {
        long z = seed + (i + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    static long below(long seed, long i, long bound) {
        return Long.remainderUnsigned(out(seed, i), bound);
    }

    static long[] outs(long seed, int count) {
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
            values[i] = out(seed, i);
        }
        return values;
    }

    static byte[] key(int i) {
        return ByteBuffer.allocate(16).putLong(out(1, i)).putLong(i).array();
    }

    static byte[] value(int i) {
        ByteBuffer bytes = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
        for (int word = 0; word < 32; word++) {
            bytes.putLong(out(2, 32L * i + word));
        }
        bytes.put(0, (byte) (bytes.get(0) & 0x7F));
        return bytes.array();
    }

    static double fraction(long seed, long i) {
        return (out(seed, i) >>> 11) * 0x1p-53 * 100;
    }

    static String text(int i) {
        return new String(POOL, (int) below(22, i, 65_536), 8 + (int) below(20, i, 33), StandardCharsets.US_ASCII);
    }
}
