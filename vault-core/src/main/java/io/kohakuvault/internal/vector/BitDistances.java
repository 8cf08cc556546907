package io.kohakuvault.internal.vector;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** In how many bits vectors differ from a query, 64 at a time. */
final class BitDistances extends Distances {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] query;
    private final long[] longs;

    /** @param query not copied */
    BitDistances(byte[] query) {
        this.query = query;
        this.longs = new long[query.length / 8];
        for (int i = 0; i < longs.length; i++) {
            longs[i] = (long) LONGS.get(query, 8 * i);
        }
    }

    @Override
    void of(VectorBlock block, int[] at, int count, float[] into) {
        byte[] bits = block.bytes();
        for (int i = 0; i < count; i++) {
            into[i] = differing(bits, at[i]);
        }
    }

    private int differing(byte[] bits, int at) {
        int differing = 0;
        for (int i = 0; i < longs.length; i++) {
            differing += Long.bitCount(longs[i] ^ (long) LONGS.get(bits, at + 8 * i));
        }
        for (int i = 8 * longs.length; i < query.length; i++) {
            differing += Integer.bitCount((query[i] ^ bits[at + i]) & 0xFF);
        }
        return differing;
    }
}
