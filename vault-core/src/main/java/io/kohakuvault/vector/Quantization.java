package io.kohakuvault.vector;

/**
 * Makes small vectors of floats: an eighth of a byte or a byte a number, as sqlite-vec's functions make them. The usual
 * recipe is to search by the small ones for some more than are wanted, and to order these by the floats ({@link
 * VectorQuery#withIds}). Thread-safe.
 *
 * <pre>{@code
 * VectorKVault bits = vault.vectors("notes_bits", VectorOptions.bits(384));
 * bits.insert(Quantization.bits(vector), "note 1");
 * }</pre>
 */
public final class Quantization {
    /** sqlite-vec divides by this; of type float there too. */
    private static final float STEP = (float) (2.0 / 255);

    private Quantization() {}

    /**
     * A bit for each number: 1 where it is greater than 0. It is what sqlite-vec's {@code vec_quantize_binary} gives.
     *
     * @param vector the numbers, a multiple of 8 of them
     * @return the bits for a table of {@link VectorType#BIT}
     * @throws IllegalArgumentException for another number of them, and for NaN
     */
    public static byte[] bits(float[] vector) {
        byte[] bits = new byte[bytes(vector.length)];
        for (int i = 0; i < vector.length; i++) {
            if (vector[i] > 0) {
                bits[i >> 3] |= (byte) (1 << (i & 7));
            } else if (Float.isNaN(vector[i])) {
                throw notANumber(i);
            }
        }
        return bits;
    }

    /**
     * Bits as a table has them.
     *
     * @param bits a multiple of 8 of them
     * @return eight a byte, the first in the lowest place
     * @throws IllegalArgumentException for another number of them
     */
    public static byte[] bits(boolean[] bits) {
        byte[] packed = new byte[bytes(bits.length)];
        for (int i = 0; i < bits.length; i++) {
            if (bits[i]) {
                packed[i >> 3] |= (byte) (1 << (i & 7));
            }
        }
        return packed;
    }

    /**
     * {@link #bits(boolean[])} the other way round.
     *
     * @param packed eight a byte, the first in the lowest place
     * @return eight times as many bits
     */
    public static boolean[] booleans(byte[] packed) {
        boolean[] bits = new boolean[8 * packed.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = (packed[i >> 3] >> (i & 7) & 1) != 0;
        }
        return bits;
    }

    /**
     * A byte for each number: -1 to 1 becomes -128 to 126, in equal steps, as sqlite-vec's {@code
     * vec_quantize_int8(vector, 'unit')} does it. What is outside becomes -128 or 127, as with sqlite-vec from 0.1.7
     * on. Made for vectors of length 1; where their numbers are much smaller, multiply first to use all the steps.
     *
     * @param vector the numbers
     * @return the bytes for a table of {@link VectorType#INT8}
     * @throws IllegalArgumentException for NaN
     */
    public static byte[] int8(float[] vector) {
        byte[] bytes = new byte[vector.length];
        for (int i = 0; i < vector.length; i++) {
            if (Float.isNaN(vector[i])) {
                throw notANumber(i);
            }
            double step = (vector[i] + 1.0) / STEP - 128;
            bytes[i] = (byte) Math.max(-128, Math.min(127, step));
        }
        return bytes;
    }

    private static IllegalArgumentException notANumber(int index) {
        return new IllegalArgumentException("a vector must hold numbers, but the one at index " + index + " is NaN");
    }

    private static int bytes(int bits) {
        if (bits % 8 != 0) {
            throw new IllegalArgumentException("a vector of bits has a multiple of 8 of them, but there are " + bits);
        }
        return bits / 8;
    }
}
