package io.kohakuvault.vector;

/** What the elements of a table's vectors are. */
public enum VectorType {
    /** Floats of 32 bits. */
    F32,
    /** Whole numbers from -128 to 127, a byte each. */
    INT8,
    /**
     * Bits, eight a byte, the first in the lowest place. Of such vectors there is the {@linkplain Metric#HAMMING
     * Hamming distance} alone.
     */
    BIT;

    /**
     * How many bytes a vector takes in the file, and as {@code byte[]}.
     *
     * @param dimensions how many elements it has; of bits a multiple of 8
     * @return the bytes
     */
    public int bytes(int dimensions) {
        return switch (this) {
            case F32 -> 4 * dimensions;
            case INT8 -> dimensions;
            case BIT -> dimensions / 8;
        };
    }
}
