package io.kohakuvault.internal.kv;

import io.kohakuvault.kv.KvRange;
import java.util.Arrays;

/** Ranges within ranges. */
final class Bounds {
    private Bounds() {}

    /** The part of a range from a key on; the stricter of both lower bounds holds. */
    static KvRange narrowLow(KvRange range, byte[] key, boolean inclusive) {
        return inclusive ? range.from(key) : range.above(key);
    }

    /** The part of a range up to a key; the stricter of both upper bounds holds. */
    static KvRange narrowHigh(KvRange range, byte[] key, boolean inclusive) {
        return inclusive ? range.through(key) : range.below(key);
    }

    /**
     * Whether a key may be the bound of a part: it lies in the range, or on an edge that is as exclusive as the part's.
     */
    static boolean mayBound(KvRange range, byte[] key, boolean inclusive) {
        if (inclusive) {
            return range.contains(key);
        }
        byte[] low = range.low();
        byte[] high = range.high();
        return (low == null || Arrays.compareUnsigned(key, low) >= 0)
                && (high == null || Arrays.compareUnsigned(key, high) <= 0);
    }
}
