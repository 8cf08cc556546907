package io.kohakuvault.kv;

import io.kohakuvault.codec.Utf8;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which keys a scan visits, in which direction and how many. Keys order as unsigned bytes; each method with a String
 * stands for its UTF-8 bytes. Immutable: each method answers a changed copy. Bounds only ever narrow: of two the
 * stricter holds.
 *
 * <p>A scan is resumed, in another process too, by {@code range.resumeAfter(key)} with the last key that it gave.
 */
public final class KvRange {
    private static final KvRange ALL = new KvRange(null, true, null, false, false, Long.MAX_VALUE);

    private final byte @Nullable [] low;
    private final boolean lowInclusive;
    private final byte @Nullable [] high;
    private final boolean highInclusive;
    private final boolean descending;
    private final long limit;

    private KvRange(
            byte @Nullable [] low,
            boolean lowInclusive,
            byte @Nullable [] high,
            boolean highInclusive,
            boolean descending,
            long limit) {
        this.low = low;
        this.lowInclusive = lowInclusive;
        this.high = high;
        this.highInclusive = highInclusive;
        this.descending = descending;
        this.limit = limit;
    }

    /**
     * All keys.
     *
     * @return the range, ascending, without a limit
     */
    public static KvRange all() {
        return ALL;
    }

    /**
     * The keys that begin with a prefix.
     *
     * @param prefix any bytes; empty for all keys
     * @return the range
     */
    public static KvRange prefix(byte[] prefix) {
        return new KvRange(prefix.clone(), true, aboveAllWith(prefix), false, false, Long.MAX_VALUE);
    }

    /**
     * {@link #prefix(byte[])} for text.
     *
     * @param prefix the text
     * @return the range
     */
    public static KvRange prefix(String prefix) {
        return prefix(Utf8.encode(prefix));
    }

    /**
     * The least key above all keys with this prefix: the prefix without its trailing FFs, its last byte raised. Null:
     * there is none.
     */
    private static byte @Nullable [] aboveAllWith(byte[] prefix) {
        int length = prefix.length;
        while (length > 0 && prefix[length - 1] == (byte) 0xFF) {
            length--;
        }
        if (length == 0) {
            return null;
        }
        byte[] bound = Arrays.copyOf(prefix, length);
        bound[length - 1]++;
        return bound;
    }

    /**
     * Keys from this one on.
     *
     * @param key the least key
     * @return a changed copy
     */
    public KvRange from(byte[] key) {
        return atLeast(key, true);
    }

    private KvRange atLeast(byte[] key, boolean inclusive) {
        byte[] l = low;
        int order = l == null ? 1 : Arrays.compareUnsigned(key, l);
        boolean stricter = order > 0 || (order == 0 && lowInclusive && !inclusive);
        return stricter ? new KvRange(key.clone(), inclusive, high, highInclusive, descending, limit) : this;
    }

    private KvRange atMost(byte[] key, boolean inclusive) {
        byte[] h = high;
        int order = h == null ? -1 : Arrays.compareUnsigned(key, h);
        boolean stricter = order < 0 || (order == 0 && highInclusive && !inclusive);
        return stricter ? new KvRange(low, lowInclusive, key.clone(), inclusive, descending, limit) : this;
    }

    /**
     * {@link #from(byte[])} for text.
     *
     * @param key the least key
     * @return a changed copy
     */
    public KvRange from(String key) {
        return from(Utf8.encode(key));
    }

    /**
     * Keys above this one.
     *
     * @param key the greatest key that is not visited
     * @return a changed copy
     */
    public KvRange above(byte[] key) {
        return atLeast(key, false);
    }

    /**
     * {@link #above(byte[])} for text.
     *
     * @param key the greatest key that is not visited
     * @return a changed copy
     */
    public KvRange above(String key) {
        return above(Utf8.encode(key));
    }

    /**
     * Keys below this one.
     *
     * @param key the least key that is not visited
     * @return a changed copy
     */
    public KvRange below(byte[] key) {
        return atMost(key, false);
    }

    /**
     * {@link #below(byte[])} for text.
     *
     * @param key the least key that is not visited
     * @return a changed copy
     */
    public KvRange below(String key) {
        return below(Utf8.encode(key));
    }

    /**
     * Keys up to and with this one.
     *
     * @param key the greatest key
     * @return a changed copy
     */
    public KvRange through(byte[] key) {
        return atMost(key, true);
    }

    /**
     * {@link #through(byte[])} for text.
     *
     * @param key the greatest key
     * @return a changed copy
     */
    public KvRange through(String key) {
        return through(Utf8.encode(key));
    }

    /**
     * What {@link #through(byte[])} was called before.
     *
     * @param key the greatest key
     * @return a changed copy
     * @deprecated goes with 1.0; use {@link #through(byte[])}, which says that the key is in it
     */
    @Deprecated(forRemoval = true)
    @SuppressWarnings("InlineMeSuggester") // it goes soon
    public KvRange to(byte[] key) {
        return through(key);
    }

    /**
     * What {@link #through(String)} was called before.
     *
     * @param key the greatest key
     * @return a changed copy
     * @deprecated goes with 1.0; use {@link #through(String)}, which says that the key is in it
     */
    @Deprecated(forRemoval = true)
    @SuppressWarnings("InlineMeSuggester") // it goes soon
    public KvRange to(String key) {
        return through(key);
    }

    /**
     * The same keys in the other direction.
     *
     * @return a changed copy: descending if this is ascending, and the other way round
     */
    public KvRange reversed() {
        return new KvRange(low, lowInclusive, high, highInclusive, !descending, limit);
    }

    /**
     * At most so many keys, the first ones in the scan's direction.
     *
     * @param most at least 0
     * @return a changed copy
     */
    public KvRange limit(long most) {
        if (most < 0) {
            throw new IllegalArgumentException("a limit must be at least 0, but was " + most);
        }
        return new KvRange(low, lowInclusive, high, highInclusive, descending, most);
    }

    /**
     * What is left of this range behind a key in the scan's direction. The limit stays as it is.
     *
     * @param key the last key that was given
     * @return a changed copy
     */
    public KvRange resumeAfter(byte[] key) {
        if (!contains(key)) {
            throw new IllegalArgumentException("the key to go on behind is not in " + this);
        }
        return descending ? below(key) : above(key);
    }

    /**
     * Whether a key lies between the bounds.
     *
     * @param key any key
     * @return true when it does
     */
    public boolean contains(byte[] key) {
        byte[] l = low;
        byte[] h = high;
        int fromLow = l == null ? 1 : Arrays.compareUnsigned(key, l);
        int fromHigh = h == null ? -1 : Arrays.compareUnsigned(key, h);
        return (fromLow > 0 || (fromLow == 0 && lowInclusive)) && (fromHigh < 0 || (fromHigh == 0 && highInclusive));
    }

    /**
     * The lower bound.
     *
     * @return a copy, or null for none
     */
    public byte @Nullable [] low() {
        byte[] l = low;
        return l == null ? null : l.clone();
    }

    /**
     * Whether the lower bound is itself in the range.
     *
     * @return true after {@link #from}
     */
    public boolean lowInclusive() {
        return lowInclusive;
    }

    /**
     * The upper bound.
     *
     * @return a copy, or null for none
     */
    public byte @Nullable [] high() {
        byte[] h = high;
        return h == null ? null : h.clone();
    }

    /**
     * Whether the upper bound is itself in the range.
     *
     * @return true after {@link #to}
     */
    public boolean highInclusive() {
        return highInclusive;
    }

    /**
     * The direction.
     *
     * @return true from the greatest key to the least
     */
    public boolean isDescending() {
        return descending;
    }

    /**
     * How many keys are visited at most.
     *
     * @return {@link Long#MAX_VALUE} for no limit
     */
    public long limit() {
        return limit;
    }

    @Override
    public String toString() {
        return (lowInclusive ? "[" : "(") + text(low) + ", " + text(high) + (highInclusive ? "]" : ")")
                + (descending ? " descending" : "") + (limit == Long.MAX_VALUE ? "" : " limit " + limit);
    }

    private static String text(byte @Nullable [] key) {
        return key == null ? "…" : "x'" + java.util.HexFormat.of().formatHex(key, 0, Math.min(32, key.length)) + "'";
    }
}
