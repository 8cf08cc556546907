package io.kohakuvault.arrow;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which Arrow types a consumer gets. {@link #exact()} hands columns out as they are stored, by address wherever that is
 * possible; each of the others says what a consumer cannot take, and has those columns converted, which copies them.
 * Immutable.
 */
public final class ArrowProfile {
    private static final ArrowProfile EXACT = new ArrowProfile("exact", false, false, false, false, false, false);

    private final String name;
    private final boolean widensFloat16;
    private final boolean widensUnsigned;
    private final boolean microseconds;
    private final boolean shortOffsets;
    private final boolean listsWithOffsets;
    private final boolean bool8;

    private ArrowProfile(
            String name,
            boolean widensFloat16,
            boolean widensUnsigned,
            boolean microseconds,
            boolean shortOffsets,
            boolean listsWithOffsets,
            boolean bool8) {
        this.name = name;
        this.widensFloat16 = widensFloat16;
        this.widensUnsigned = widensUnsigned;
        this.microseconds = microseconds;
        this.shortOffsets = shortOffsets;
        this.listsWithOffsets = listsWithOffsets;
        this.bool8 = bool8;
    }

    /**
     * As columns are stored.
     *
     * @return the default
     */
    public static ArrowProfile exact() {
        return EXACT;
    }

    /**
     * For DuckDB, which takes all but 16-bit floats.
     *
     * @return a profile
     */
    public static ArrowProfile duckDb() {
        return EXACT.withFloat16Widened().named("DuckDB");
    }

    /**
     * For Spark (3.5 and 4), which has no unsigned integers, no 16-bit floats, timestamps in microseconds alone,
     * offsets
     * of 32 bits and no lists of a fixed size. Times of day are refused.
     *
     * @return a profile
     */
    public static ArrowProfile spark() {
        return EXACT.withFloat16Widened()
                .withUnsignedWidened()
                .withMicroseconds()
                .withShortOffsets()
                .withListOffsets()
                .named("Spark");
    }

    private ArrowProfile named(String other) {
        return new ArrowProfile(
                other, widensFloat16, widensUnsigned, microseconds, shortOffsets, listsWithOffsets, bool8);
    }

    /**
     * 16-bit floats as 32-bit ones.
     *
     * @return a changed copy
     */
    public ArrowProfile withFloat16Widened() {
        return new ArrowProfile(name, true, widensUnsigned, microseconds, shortOffsets, listsWithOffsets, bool8);
    }

    /**
     * Unsigned integers as the next larger signed ones, those of 64 bits as decimals of 20 digits.
     *
     * @return a changed copy
     */
    public ArrowProfile withUnsignedWidened() {
        return new ArrowProfile(name, widensFloat16, true, microseconds, shortOffsets, listsWithOffsets, bool8);
    }

    /**
     * Timestamps in microseconds, those in nanoseconds rounded down. Times of day, of which such a consumer knows
     * nothing, are refused.
     *
     * @return a changed copy
     */
    public ArrowProfile withMicroseconds() {
        return new ArrowProfile(name, widensFloat16, widensUnsigned, true, shortOffsets, listsWithOffsets, bool8);
    }

    /**
     * Texts and bytes as Utf8 and Binary, whose offsets have 32 bits, and not as LargeUtf8 and LargeBinary.
     *
     * @return a changed copy
     */
    public ArrowProfile withShortOffsets() {
        return new ArrowProfile(name, widensFloat16, widensUnsigned, microseconds, true, listsWithOffsets, bool8);
    }

    /**
     * Vectors of one shape as List and not as FixedSizeList.
     *
     * @return a changed copy
     */
    public ArrowProfile withListOffsets() {
        return new ArrowProfile(name, widensFloat16, widensUnsigned, microseconds, shortOffsets, true, bool8);
    }

    /**
     * {@code bool} as Arrow's {@code arrow.bool8}, a byte each, by address and not packed into bits. DuckDB takes it;
     * other consumers may see integers of 8 bits. Vectors of bool stay bits.
     *
     * @return a changed copy
     */
    public ArrowProfile withBool8() {
        return new ArrowProfile(
                name, widensFloat16, widensUnsigned, microseconds, shortOffsets, listsWithOffsets, true);
    }

    boolean widensFloat16() {
        return widensFloat16;
    }

    boolean widensUnsigned() {
        return widensUnsigned;
    }

    boolean inMicroseconds() {
        return microseconds;
    }

    boolean hasShortOffsets() {
        return shortOffsets;
    }

    boolean hasListOffsets() {
        return listsWithOffsets;
    }

    boolean hasBool8() {
        return bool8;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ArrowProfile p
                && p.widensFloat16 == widensFloat16
                && p.widensUnsigned == widensUnsigned
                && p.microseconds == microseconds
                && p.shortOffsets == shortOffsets
                && p.listsWithOffsets == listsWithOffsets
                && p.bool8 == bool8;
    }

    @Override
    public int hashCode() {
        return Objects.hash(widensFloat16, widensUnsigned, microseconds, shortOffsets, listsWithOffsets, bool8);
    }

    @Override
    public String toString() {
        return "ArrowProfile[" + name + "]";
    }
}
